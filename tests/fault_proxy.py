"""A proxy before an S3 server that lets chosen requests go wrong, as networks and stores do."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: (number of the request, method, path) -> fault, or the empty text.
Script = Callable[[int, str, str], str]

#: What can be done to a request: an answer of the store that was not carried out, a connection that ends before or
#: after it was carried out, an answer cut short, and conditions that are ignored.
FAULTS = ("409", "500", "503", "reset", "lost", "cut")
IGNORING = "ignoring"

_ERROR = '<?xml version="1.0"?><Error><Code>{}</Code><Message>Injected.</Message></Error>'
_CODES = {"409": "ConditionalRequestConflict", "500": "InternalError", "503": "SlowDown"}


def no_faults(_: int, __: str, ___: str) -> str:
    """Let every request pass."""
    return ""


class FaultProxy(ThreadingHTTPServer):
    """Counts requests, and does to each what the script says."""

    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = (host, port)
        self.script: Script = no_faults
        self.seen: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """The endpoint for clients."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def begin(self, script: Script = no_faults) -> None:
        """Forget the requests so far, and follow another script."""
        with self._lock:
            self.seen, self.script = [], script

    def fault(self, method: str, path: str) -> str:
        """Count a request, and return what is done to it."""
        with self._lock:
            self.seen.append((method, path))
            return self.script(len(self.seen) - 1, method, path)

    def handle_error(self, *_: object) -> None:
        """Say nothing of connections that ended, as they are meant to."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultProxy

    def handle_one_request(self) -> None:
        super().handle_one_request()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        fault = self.server.fault(self.command, self.path)
        if fault in _CODES:
            self._send(int(fault), {"Content-Type": "application/xml"}, _ERROR.format(_CODES[fault]).encode())
            return
        if fault == "reset":
            self._reset()
            return
        status, headers, data = self._forward(body, without_conditions=fault == IGNORING)
        if fault == "lost":
            self._reset()
        else:
            self._send(status, headers, data, cut=fault == "cut")

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _answer  # noqa: N815 # names of the base class

    def _forward(self, body: bytes, *, without_conditions: bool) -> tuple[int, dict[str, str], bytes]:
        headers = dict(self.headers.items())
        if without_conditions:
            headers = {name: value for name, value in headers.items() if not name.lower().startswith("if-")}
        connection = http.client.HTTPConnection(*self.server.behind, timeout=30)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def _send(self, status: int, headers: dict[str, str], data: bytes, *, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        length = headers.get("Content-Length", str(len(data))) if self.command == "HEAD" else str(len(data))
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command == "HEAD":
            return
        if cut:
            self.wfile.write(data[: len(data) // 2])
            self._reset()
        else:
            self.wfile.write(data)

    def _reset(self) -> None:
        """End the connection in the hardest way."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
