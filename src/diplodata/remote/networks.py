"""Which numbers on the network are public: a server must not lead the tool to machines around the user."""

from __future__ import annotations

import ipaddress

#: Networks that Python counts as global and that lead elsewhere: NAT64, 6to4, Teredo and other special uses, and
#: addresses of version 4 within ones of version 6.
_DENIED = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10"))
)


def is_public(number: str) -> bool:
    """Whether an IP address is one of the public network.

    * The number is judged, never the text of a host: ``2130706433`` and ``0x7f.1`` are resolved to 127.0.0.1.
    """
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return address.version == 4 or not any(address in network for network in _DENIED)
