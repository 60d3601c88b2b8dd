"""Reads files that can harm in a process of its own: Parquet and workbooks come in, text goes out.

* It is started by its path with ``-I``, so it needs nothing but the standard library, pyarrow and python-calamine;
  the process that starts it takes from it only the names of the frames.
* Requests come over a socket on standard input: eight bytes with a length, one open file beside them, then JSON.
* Answers go to standard output as frames: one byte that says what it is, eight bytes with a length, the content.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import socket
import struct
import sys
from collections.abc import Mapping
from typing import Any

#: What frames are.
HEADER, BATCH, ROWS, PROBLEM, END = b"HBRPE"

_FRAMES = {"header": HEADER, "batch": BATCH, "rows": ROWS}

#: Format -> module beside this one that reads it.
_READERS = {"parquet": "parquet_reader", "sqlite": "sqlite_reader", "workbook": "workbook_reader"}


class RefusedError(Exception):
    """A file is not read further; names the limit, if there is one."""

    def __init__(self, problem: str, limit: str | None = None) -> None:
        super().__init__(problem)
        self.problem = {"problem": problem, "limit": limit}


class Window:
    """An open file as a stream with a place of its own: whoever sent it reads it at the same time."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._place = 0
        self._size = os.fstat(number).st_size
        self.closed = False

    def read(self, size: int | None = -1) -> bytes:
        """Read up to that many bytes."""
        left = max(self._size - self._place, 0)
        data = os.pread(self._number, left if size is None or size < 0 else min(size, left), self._place)
        self._place += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        self._place = max((0, self._place, self._size)[whence] + offset, 0)
        return self._place

    def tell(self) -> int:
        """Return the place."""
        return self._place

    def readable(self) -> bool:
        """A stream for reading."""
        return True

    def writable(self) -> bool:
        """Never for writing."""
        return False

    def seekable(self) -> bool:
        """Seekable."""
        return True

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Leave the file to whoever opened it."""
        self.closed = True


def _send(kind: int, content: Any) -> None:
    data = memoryview(content).cast("B")
    for part in (struct.pack("<cQ", bytes((kind,)), len(data)), data):
        place = 0
        while place < len(part):
            place += os.write(1, part[place:])


def _json(members: Mapping[str, Any]) -> bytes:
    return json.dumps(members).encode("utf-8", "backslashreplace")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0].rstrip(".") or type(error).__name__


def _confine(limits: Mapping[str, int]) -> None:
    """Give up what a reader does not need; the processor time is given anew for each file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (limits["reader_memory_bytes"],) * 2)


def _start_clock(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _serve(requests: socket.socket, limits: Mapping[str, int]) -> None:
    """Read one file after another until nobody asks any more."""
    while True:
        head, files, _, _ = socket.recv_fds(requests, 8, 1)
        if not head:
            return
        request = json.loads(requests.recv(struct.unpack("<Q", head)[0], socket.MSG_WAITALL))
        _start_clock(limits["reader_cpu_seconds"])
        try:
            reader = importlib.import_module(_READERS[request["format"]])
            for name, content in reader.read(Window(files[0]), request, limits, RefusedError):
                _send(_FRAMES[name], _json(content) if name == "header" else content)
            _send(END, b"")
        except BrokenPipeError:
            return
        except RefusedError as error:
            _send(PROBLEM, _json(error.problem))
        except MemoryError:
            problem = "reading it takes more memory than the limit reader_memory_bytes"
            _send(PROBLEM, _json({"problem": problem, "limit": "reader_memory_bytes"}))
        except Exception as error:  # noqa: BLE001 - whatever a hostile file brings about is said of the file
            _send(PROBLEM, _json({"problem": _first_line(error), "limit": None}))
        finally:
            os.close(files[0])


def main() -> None:
    """Serve the requests of the process that started this one."""
    limits = json.loads(sys.argv[1])
    _confine(limits)
    sys.path.extend(sys.argv[3:])
    if sys.argv[2] == "parquet":
        import pyarrow.parquet  # noqa: F401 - while the first file is being opened

    with socket.socket(fileno=0) as requests:
        _serve(requests, limits)


if __name__ == "__main__":
    main()
