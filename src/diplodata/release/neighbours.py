"""What lies beside the releases and leads to them: the page of all versions, a feed, a sitemap.

They are made of the index and the records of the releases alone, so that every run can mend them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from diplodata.errors import ReleaseError, UsageError
from diplodata.model.limits import DEFAULT_TRANSFER_LIMITS
from diplodata.model.release import Index
from diplodata.published import forms
from diplodata.release import feeds, index, sign
from diplodata.release.sign import Signer
from diplodata.release.stores import SIGNATURE, Store
from diplodata.site import page

#: How often the neighbours are written anew when somebody publishes meanwhile.
_ROUNDS = 5


def write(store: Store, key: Signer | None) -> None:
    """Bring everything beside the releases up to date with the index, its signature too.

    Args:
        store: the place.
        key: what signs the index; None where it is not signed.

    Raises:
        ReleaseError: the index or a record cannot be read.
    """
    for _ in range(_ROUNDS):
        raw = store.read(index.NAME, index.LARGEST)
        if raw is None:
            return
        if key is not None:
            _sign(store, raw, key)
        for name, data in _files(store, index.read(raw, store.address(index.NAME))).items():
            store.put(name, data)
        # What somebody else published meanwhile must not be hidden behind older pages.
        if store.read(index.NAME, index.LARGEST) == raw:
            return


def _sign(store: Store, raw: bytes, key: Signer) -> None:
    """Sign an index that has no signature, or an old one, as after a run that was ended between the two."""
    signature = store.read(SIGNATURE, sign.LARGEST)
    if signature is None or not sign.fits(raw, signature, sign.INDEX):
        store.put(SIGNATURE, key.sign(raw, sign.INDEX))


def _files(store: Store, found: Index) -> dict[str, bytes]:
    records = [record(store, entry.path) for entry in found.releases]
    place = records[0].get("address")
    views = [
        {
            "version": entry.version,
            "created": entry.created,
            "title": found.title,
            "tables": item["counts"]["per_table"],
            "withdrawn": entry.yanked.reason if entry.yanked else "",
        }
        for entry, item in zip(found.releases, records, strict=True)
    ]
    files = {"feed.atom": feeds.atom(found, records, place)}
    if store.read(index.SITE, index.LARGEST) is None:
        files["index.html"] = page.releases(views).encode()
    return files | ({"sitemap.xml": feeds.sitemap(found, place)} if place else {})


def record(store: Store, path: str) -> dict[str, Any]:
    """Return the release.json of a release that the index lists.

    Raises:
        ReleaseError: it is not there, or is none.
    """
    name = f"{path}release.json"
    raw = store.read(name, DEFAULT_TRANSFER_LIMITS.record_bytes)
    if raw is None:
        raise ReleaseError(f"{store.address(name)} is absent, and the index lists the release.")
    data, findings = forms.judged(raw, "release", name, "release-record-malformed")
    for item in findings:
        raise ReleaseError(f"{store.address(name)}: {item.message}")
    assert data is not None
    return data


def address(descriptor: Mapping[str, Any], wished: str | None) -> str | None:
    """Return the address at which the target will be, ending with a slash; None when nobody said it.

    Args:
        descriptor: descriptor of the package; ``diplodata.site.address`` counts.
        wished: what the user said, which goes first.

    Raises:
        UsageError: it is no address of the web.
    """
    declared = descriptor.get("diplodata")
    site = declared.get("site") if isinstance(declared, Mapping) else None
    found = wished or (site.get("address") if isinstance(site, Mapping) else None)
    if not found:
        return None
    text = str(found)
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or not re.fullmatch(r"[!-~]+", text):
        raise UsageError(f"{text!r} is no address of the web, such as https://example.org/data/.")
    if parts.query or parts.fragment or parts.username is not None:
        raise UsageError(f"{text!r} is no address of a folder: it has a query, a fragment or a user.")
    return text if text.endswith("/") else f"{text}/"
