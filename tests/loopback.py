"""A web server on loopback that serves a folder, and does wrong what it is told to do wrong."""

from __future__ import annotations

import contextlib
import http.server
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from published_tree import sha256

#: What can be done wrong with one answer.
FAULTS = (
    "reset",
    "reset-inside",
    "short",
    "too-long",
    "wrong-length",
    "length-no-number",
    "500",
    "503",
    "503-later",
    "stall",
    "wrong-range",
    "unasked-part",
    "changed-tag",
    "flipped",
    "endless",
    "packed",
    "garbage",
    "no-headers",
    "404",
    "403",
    "redirect-round",
    "chunked-short",
    "empty",
)


@dataclass(frozen=True)
class Request:
    """A request as the server saw it."""

    path: str
    headers: dict[str, str]


#: Is asked for each request, with its number, what is done wrong; None for nothing.
Script = Callable[[int, Request], str | None]


def flawless(_number: int, _request: Request) -> str | None:
    return None


def at(name: str, fault: str) -> Script:
    """Return a script that does one thing wrong, with every request for a file."""
    return lambda _, request: fault if request.path.endswith(name) else None


@dataclass
class Server:
    """A server for the time of a ``with`` block."""

    root: Path
    script: Script = flawless
    #: Path -> address to which it leads.
    redirects: dict[str, str] = field(default_factory=dict)
    context: ssl.SSLContext | None = None
    #: Whether a part of a file is given when it is asked for.
    has_ranges: bool = True
    has_tags: bool = True
    requests: list[Request] = field(default_factory=list)
    #: Is called for each byte that drips.
    tick: Callable[[], object] = int

    def __enter__(self) -> Self:
        owner = self

        class Handler(_Handler):
            server_state = owner

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if self.context is not None:
            self._server.socket = self.context.wrap_socket(self._server.socket, server_side=True)
        self.stopped = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        scheme, host = ("http", "127.0.0.1") if self.context is None else ("https", "localhost")
        return f"{scheme}://{host}:{self.port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; together with delayed acknowledgements each answer would take 40 ms.
    disable_nagle_algorithm = True
    server_state: Server

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        request = Request(path, {name.lower(): value for name, value in self.headers.items()})
        state = self.server_state
        number = len(state.requests)
        state.requests.append(request)
        with contextlib.suppress(OSError):
            if path in state.redirects:
                self._plain(HTTPStatus.FOUND, Location=state.redirects[path])
                return
            fault = state.script(number, request)
            file = state.root / path.lstrip("/")
            if fault is None and not file.is_file():
                self._plain(HTTPStatus.NOT_FOUND)
            elif fault is None:
                self._serve(file.read_bytes())
            else:
                self._wrong(fault, file.read_bytes() if file.is_file() else b"nothing")

    def _plain(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _serve(self, raw: bytes, tag: str | None = None) -> None:
        """Serve a file, or the part of it that is asked for."""
        tag = tag or f'"{sha256(raw)[:16]}"'
        start, end, is_part = self._range(len(raw), tag)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if is_part else HTTPStatus.OK)
        if self.server_state.has_tags:
            self.send_header("ETag", tag)
        if self.server_state.has_ranges:
            self.send_header("Accept-Ranges", "bytes")
        if is_part:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(raw)}")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw[start:end])

    def _range(self, size: int, tag: str) -> tuple[int, int, bool]:
        """Return which bytes are served, and whether that is because they were asked for."""
        asked = self.headers.get("Range", "")
        if not asked.startswith("bytes=") or not self.server_state.has_ranges:
            return 0, size, False
        if self.headers.get("If-Range", tag) != tag:
            return 0, size, False
        first, _, last = asked.removeprefix("bytes=").partition("-")
        if not first:
            return max(0, size - int(last)), size, True
        return int(first), min(size, int(last) + 1 if last else size), True

    def _wrong(self, fault: str, raw: bytes) -> None:
        """Do one thing wrong, then close the connection."""
        self.close_connection = True
        half = len(raw) // 2
        if fault in _STATUS:
            self._plain(_STATUS[fault], Connection="close", **({"Retry_After": "2"} if fault == "503" else {}))
        elif fault == "503-later":
            self._plain(503, Connection="close", Retry_After="100000")
        elif fault == "redirect-round":
            self._plain(302, Connection="close", Location=self.path)
        elif fault == "changed-tag":
            self._serve(raw, '"changed"')
        elif fault == "flipped":
            self._headers(Content_Length=str(len(raw)))
            self._send(raw[:half] + bytes([raw[half] ^ 1]) + raw[half + 1 :] if raw else raw)
        else:
            getattr(self, "_" + fault.replace("-", "_"))(raw, half)

    def _headers(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def _send(self, raw: bytes) -> None:
        self.wfile.write(raw)
        self.wfile.flush()

    def _abort(self) -> None:
        """Close in a way that the other side sees as a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _reset(self, _raw: bytes, _half: int) -> None:
        self._abort()

    def _reset_inside(self, raw: bytes, half: int) -> None:
        self._headers(Content_Length=str(len(raw)), ETag=f'"{sha256(raw)[:16]}"')
        self._send(raw[:half])
        self._abort()

    def _short(self, raw: bytes, half: int) -> None:
        self._headers(Content_Length=str(len(raw)), ETag=f'"{sha256(raw)[:16]}"')
        self._send(raw[:half])

    def _too_long(self, raw: bytes, _half: int) -> None:
        self._headers()
        self._send(raw + b"more")

    def _wrong_length(self, raw: bytes, _half: int) -> None:
        self._headers(Content_Length=str(len(raw) + 7))
        self._send(raw + b"another")

    def _length_no_number(self, raw: bytes, _half: int) -> None:
        self._headers(Content_Length="many")
        self._send(raw)

    def _stall(self, raw: bytes, half: int) -> None:
        self._headers(Content_Length=str(len(raw)), ETag=f'"{sha256(raw)[:16]}"')
        self._send(raw[:half])
        self.server_state.stopped.wait(1)

    def _wrong_range(self, raw: bytes, half: int) -> None:
        self._headers(206, Content_Range=f"bytes 1-{len(raw) - 1}/{len(raw)}", Content_Length=str(len(raw) - 1))
        self._send(raw[1:])

    def _unasked_part(self, raw: bytes, half: int) -> None:
        self._headers(206, Content_Range=f"bytes 0-{half - 1}/{half}", Content_Length=str(half))
        self._send(raw[:half])

    def _endless(self, raw: bytes, _half: int) -> None:
        self._headers()
        while not self.server_state.stopped.is_set():
            self._send(raw or b"x")

    def _drip(self, raw: bytes, _half: int) -> None:
        self._headers(Content_Length=str(len(raw)))
        self._send_slowly(raw)

    def _drip_headers(self, _raw: bytes, _half: int) -> None:
        self._send_slowly(b"HTTP/1.1 200 OK\r\n" + b"X-More: x\r\n" * 95)

    def _send_slowly(self, raw: bytes) -> None:
        for number in range(len(raw)):
            if self.server_state.stopped.wait(0.0005):
                break
            self.server_state.tick()
            self._send(raw[number : number + 1])

    def _packed(self, raw: bytes, _half: int) -> None:
        self._headers(Content_Encoding="gzip", Content_Length=str(len(raw)))
        self._send(raw)

    def _garbage(self, _raw: bytes, _half: int) -> None:
        self._send(b"\x00\xff no protocol\r\n\r\n")

    def _no_headers(self, _raw: bytes, _half: int) -> None:
        self._send(b"HTTP/1.1 200 OK\r\nContent-Le")

    def _chunked_short(self, raw: bytes, half: int) -> None:
        self._headers(Transfer_Encoding="chunked")
        self._send(f"{len(raw):x}\r\n".encode() + raw[:half])

    def _empty(self, _raw: bytes, _half: int) -> None:
        self._headers(Content_Length="0")


_STATUS = {"500": 500, "503": 503, "404": 404, "403": 403}


class QuickClock:
    """A clock whose waits take no time and are written down."""

    def __init__(self) -> None:
        import datetime
        import time

        self._start = time.monotonic
        self.slept: list[float] = []
        self.moment = datetime.datetime(2026, 2, 2, tzinfo=datetime.UTC)

    def monotonic(self) -> float:
        return self._start() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def now(self) -> Any:
        return self.moment
