"""Requests to places: names resolved once, every number judged, redirects followed by hand."""

from __future__ import annotations

import datetime
import email.utils
import http.client
import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from diplodata.errors import AbsentError, FetchError, LimitError
from diplodata.model.limits import TransferLimits
from diplodata.remote import networks
from diplodata.remote.address import Address, redirected
from diplodata.remote.clock import Clock, Deadline
from diplodata.remote.connection import BROKEN, Connection
from diplodata.version import tool_version

_REDIRECTS = (301, 302, 303, 307, 308)
_ABSENT = (404, 410)

#: Answers after which a later attempt may succeed.
_LATER = (408, 425, 429, 500, 502, 503, 504)

_DIGITS = re.compile(r"[0-9]{1,18}")


class TransientError(FetchError):
    """An attempt failed in a way that another one may not."""

    def __init__(self, problem: str, wait: float | None = None, *, begins_anew: bool = False) -> None:
        super().__init__(problem)
        #: Seconds that the server asks to wait for.
        self.wait = wait
        #: Whether the bytes that are there are of no use to the next attempt.
        self.begins_anew = begins_anew


#: Host and port -> the numbers that they have.
Resolver = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the numbers of a host, as the machine resolves them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose body has not been read yet."""

    address: Address
    status: int
    headers: Mapping[str, str]
    _response: http.client.HTTPResponse
    _client: Client
    _connection: Connection

    @property
    def length(self) -> int | None:
        """Bytes that the body is said to have; None when that is not said.

        Raises:
            TransientError: it is said in a way that is no number.
        """
        text = self.headers.get("content-length")
        if text is None:
            return None
        if not _DIGITS.fullmatch(text.strip()):
            raise TransientError(f"the length {text[:40]!r} is no number")
        return int(text)

    def read(self, size: int) -> bytes:
        """Return the next bytes; none at the end.

        Raises:
            TransientError: the connection broke.
        """
        try:
            data = self._response.read1(size)
            if not data and self._response.length == 0:
                # Tells http.client that the connection is free for the next request.
                self._response.read()
        except BROKEN as error:
            raise TransientError(f"the connection broke: {_said(error)}") from error
        self._client.count(len(data))
        return data

    def close(self) -> None:
        """Leave what is left of the body; after it, the connection is of no more use."""
        if self._response.length == 0:
            self._response.read()
        if not self._response.isclosed():
            self._response.close()
            self._connection.close()


class Client:
    """Asks places for files.

    * Only the host that the user typed may have a number that is not public; a redirect must not lead to such a one.
    * A name is resolved once for each origin, and what is dialled are the numbers that were judged.
    """

    def __init__(self, typed: Address, limits: TransferLimits, clock: Clock, resolver: Resolver = resolve) -> None:
        self.limits = limits
        self.clock = clock
        self.deadline = Deadline.after(clock, limits.total_seconds)
        self._typed = typed
        self._resolve = resolver
        self._connections: dict[tuple[str, str, int], Connection] = {}
        #: Bytes that were received.
        self.received = 0

    def count(self, number: int) -> None:
        """Count received bytes.

        Raises:
            LimitError: they are more than one run may receive.
        """
        self.received += number
        if self.received > self.limits.total_bytes:
            raise LimitError(f"The run received more than {self.limits.total_bytes} bytes, the limit total_bytes.")

    def ask(self, address: Address, headers: Mapping[str, str]) -> Answer:
        """Ask for a file and follow redirects.

        Raises:
            TransientError: another attempt may succeed.
            AbsentError: there is no such file.
            FetchError: no attempt can succeed.
            LimitError: the run takes too long.
        """
        asked = address
        for _ in range(self.limits.redirects + 1):
            answer = self._ask_once(asked, headers)
            if answer.status not in _REDIRECTS:
                return _judged(answer, address)
            location = answer.headers.get("location", "")
            answer.close()
            asked = redirected(asked, location)
        raise FetchError(f"{address} leads from one redirect to the next, more than {self.limits.redirects} times.")

    def close(self) -> None:
        """Close all connections."""
        while self._connections:
            self._connections.popitem()[1].close()

    def _ask_once(self, address: Address, headers: Mapping[str, str]) -> Answer:
        connection = self._connected(address)
        was_open = connection.sock is not None
        standing = {"Accept-Encoding": "identity", "User-Agent": f"diplodata/{tool_version()}"}
        try:
            connection.request("GET", address.target, headers={**standing, **headers})
            response = connection.getresponse()
        except ssl.SSLCertVerificationError as error:
            connection.close()
            raise FetchError(f"{address}: the certificate is not trusted: {error.verify_message}.") from error
        except BROKEN as error:
            connection.close()
            if was_open:
                # A server may close a connection that it kept open, at any time; a fresh one shows whether it answers.
                return self._ask_once(address, headers)
            raise TransientError(_said(error)) from error
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(address, response.status, found, response, self, connection)

    def _connected(self, address: Address) -> Connection:
        held = self._connections.get(address.origin)
        if held is None:
            held = Connection(address, self._numbers_of(address), self.limits, self.deadline)
            self._connections[address.origin] = held
        return held

    def _numbers_of(self, address: Address) -> Sequence[str]:
        """Return the numbers of a host, all of which may be dialled; a connection keeps them for the whole run."""
        try:
            found = self._resolve(address.host, address.port)
        except (OSError, UnicodeError) as error:
            raise TransientError(f"the host {address.host} is not found: {_said(error)}") from error
        if address.host != self._typed.host:
            _refuse_private(address, found)
        return found


def _refuse_private(address: Address, numbers: Sequence[str]) -> None:
    """Refuse a host of which any number is not public."""
    for number in numbers:
        if not networks.is_public(number):
            raise FetchError(
                f"A redirect leads to {address.host}, which is {number}, no address of the public network."
            )


def _judged(answer: Answer, address: Address) -> Answer:
    """Return an answer that has the file, or a part of it."""
    packed = answer.headers.get("content-encoding", "identity").strip().lower()
    if answer.status in (200, 206) and packed in ("", "identity"):
        return answer
    # What is not read to its end cannot be followed by another answer.
    answer.close()
    if answer.status in (200, 206):
        raise FetchError(f"{address} comes packed by {packed[:40]}, though it was asked for as it is.")
    said = f"the server answers {answer.status}"
    if answer.status in _ABSENT:
        raise AbsentError(f"{address}: no such file; {said}.")
    if answer.status in _LATER:
        raise TransientError(said, _wait(answer.headers.get("retry-after")))
    if answer.status == 416:
        raise TransientError(f"{said}: it does not have the part that is missing", begins_anew=True)
    raise FetchError(f"{address}: {said}.")


def _wait(text: str | None) -> float | None:
    """Return the seconds of a header ``Retry-After`` (RFC 9110, 10.2.3)."""
    if text is None:
        return None
    if _DIGITS.fullmatch(text.strip()):
        return float(text)
    moment = email.utils.parsedate_to_datetime(text) if _is_date(text) else None
    if moment is None or moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _is_date(text: str) -> bool:
    return email.utils.parsedate_tz(text) is not None


def _said(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it takes too long"
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join((text or type(error).__name__).split()).rstrip(".")[:200]
