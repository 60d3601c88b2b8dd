"""A connection to numbers that have been judged, on which no server can keep the tool waiting beyond a deadline."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Sequence
from typing import Any

from diplodata.model.limits import TransferLimits
from diplodata.remote.address import Address
from diplodata.remote.clock import Deadline


class Connection(http.client.HTTPConnection):
    """A connection that dials given numbers, and keeps the name for ``Host`` and the certificate.

    * No proxy is asked and no file with passwords is read.
    """

    def __init__(self, address: Address, numbers: Sequence[str], limits: TransferLimits, deadline: Deadline) -> None:
        super().__init__(address.host, address.port)
        self._numbers = numbers
        self._limits = limits
        self._deadline = deadline
        self._is_secure = address.scheme == "https"
        self.default_port = 443 if self._is_secure else 80

    def connect(self) -> None:
        """Dial the numbers one after the other until one answers."""
        plain = self._dial()
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = _Timed(self._secured(plain), self._limits.read_seconds, self._deadline)
        except BaseException:
            plain.close()
            raise

    def _dial(self) -> socket.socket:
        problem: OSError | None = None
        for number in self._numbers:
            seconds = self._deadline.at_most(self._limits.connect_seconds)
            try:
                return socket.create_connection((number, self.port), seconds)
            except OSError as error:
                problem = error
        raise problem or OSError("no number to dial")

    def _secured(self, plain: socket.socket) -> socket.socket:
        if not self._is_secure:
            return plain
        plain.settimeout(self._deadline.at_most(self._limits.read_seconds))
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


class _Timed:
    """The part of a socket that http.client uses, with a time limit on each step that looks at the deadline."""

    def __init__(self, inner: socket.socket, seconds: float, deadline: Deadline) -> None:
        self._inner = inner
        self._seconds = seconds
        self._deadline = deadline

    def sendall(self, data: Any) -> None:
        self._inner.settimeout(self._deadline.at_most(self._seconds))
        self._inner.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._inner, self._seconds, self._deadline))

    def close(self) -> None:
        self._inner.close()


class _TimedReader(io.RawIOBase):
    """The bytes that a socket receives.

    * A server that sends a byte now and then never lets a step time out, so the deadline is looked at before each.
    """

    def __init__(self, inner: socket.socket, seconds: float, deadline: Deadline) -> None:
        self._inner = inner
        # Holds the socket open for as long as the answer is read, also when the connection is closed meanwhile.
        self._raw = inner.makefile("rb", buffering=0)
        self._seconds = seconds
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._inner.settimeout(self._deadline.at_most(self._seconds))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


#: What http.client and sockets raise when an answer does not come as it should.
BROKEN = (OSError, http.client.HTTPException, ValueError)
