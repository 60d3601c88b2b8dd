"""Web addresses: parsed once, strictly, so that no two parts of the tool read one differently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from diplodata.errors import FetchError

_PORTS = {"http": 80, "https": 443}

#: What stays as it is in the path and query of an address; all else is percent-encoded.
_SAFE = "%/:=&?~#+!$,;'@()*[]"

#: Longest address that is followed.
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address without user, password and fragment."""

    scheme: str
    #: Name or number, in lower case and without brackets.
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a connection is made to."""
        return self.scheme, self.host, self.port

    @property
    def target(self) -> str:
        """What a request asks for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def below(self, path: str) -> Address:
        """Return the address of a file below this one, which is a folder."""
        return replace(self, path=self.path + quote(path, safe="/"))

    @property
    def parent(self) -> Address | None:
        """The folder that holds this one; None at the top."""
        above, _, name = self.path.rstrip("/").rpartition("/")
        return replace(self, path=f"{above}/") if name else None

    def __str__(self) -> str:
        # A query may hold what gives access, so it is not shown.
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}" + ("?…" if self.query else "")


def base(text: str) -> Address:
    """Return the address of a folder as a user typed it.

    Raises:
        FetchError: it is no address that can be fetched from.
    """
    address = parse(text)
    if address.query:
        raise FetchError("The address of a folder has no query: leave out the question mark and what follows it.")
    return address if address.path.endswith("/") else replace(address, path=f"{address.path}/")


def parse(text: str) -> Address:
    """Return an address.

    Raises:
        FetchError: it is not http or https, names a user, or cannot be read in one way only.
    """
    problem = _problem_of_text(text)
    if problem:
        raise FetchError(f"An address {problem}.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise FetchError(f"An address cannot be read: {error}.") from error
    problem = _problem_of_parts(parts)
    if problem:
        raise FetchError(f"An address {problem}.")
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    path = quote(parts.path, safe=_SAFE) or "/"
    return Address(scheme, host, _PORTS[scheme] if port is None else port, path, quote(parts.query, safe=_SAFE))


def redirected(address: Address, location: str) -> Address:
    """Return the address to which an answer leads.

    Raises:
        FetchError: it leads from https to http, or to what is no address.
    """
    problem = _problem_of_text(location)
    if problem:
        raise FetchError(f"{address} leads to an address that {problem}.")
    try:
        target = parse(urljoin(f"{address.scheme}://{_netloc(address)}{address.target}", location))
    except (FetchError, ValueError) as error:
        raise FetchError(f"{address} leads to what is not followed: {error}") from error
    if address.scheme == "https" and target.scheme == "http":
        raise FetchError(f"{address} leads from https to http ({target}), which is not followed.")
    return target


def _netloc(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


def _problem_of_text(text: str) -> str | None:
    if len(text) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    if any(ord(char) <= 0x20 or ord(char) == 0x7F or char == "\\" for char in text):
        return "holds a space, a control character or a backslash"
    return None


def _problem_of_parts(parts: SplitResult) -> str | None:
    if parts.scheme.lower() not in _PORTS:
        return f"begins with http:// or https://, not with {parts.scheme[:20] or 'nothing'}"
    if "@" in parts.netloc:
        return "must not name a user or password"
    if not parts.hostname or not parts.hostname.isascii() or "%" in parts.hostname:
        return "needs a host in ASCII; write an international name in its xn-- form"
    return None
