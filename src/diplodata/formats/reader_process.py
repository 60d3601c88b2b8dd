"""The processes in which Parquet files and workbooks are read: started, asked, watched and ended from here.

* Nothing that a file does to its reader reaches this process: a crash, a hang or a bomb is a ReadingError.
* A process serves one file at a time and is used again; one that failed, or was left in the middle, is killed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from diplodata.formats.reader_child import END, HEADER, PROBLEM
from diplodata.formats.refusal import ReadingError
from diplodata.model.limits import DEFAULT_LIMITS, Limits

_CHILD = Path(__file__).with_name("reader_child.py")
_HEAD = struct.Struct("<cQ")

#: Bytes that a pipe holds, where that can be asked for: a frame, so that reader and engine work side by side.
_PIPE = 1024 * 1024

#: Variables that a process needs to find its libraries; nothing else is told to it.
_KEPT = ("DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "PATH", "TZDIR")

#: Arrow takes memory from the system, so that the limit holds and is met as an error.
_SET = {"ARROW_DEFAULT_MEMORY_POOL": "system", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}


class ReaderPool:
    """The reader processes of one run; close it when the run ends, whichever way."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._idle: list[_Process] = []
        self._all: list[_Process] = []
        # Should nobody close the pool, its processes end with it.
        self._end = weakref.finalize(self, _end, self._all)

    def start(self, form: str) -> None:
        """Start a process ahead of its first file, of that format, so that it gets ready meanwhile."""
        if not self._all:
            self._idle.append(self._started(form))

    def _started(self, form: str) -> _Process:
        process = _Process(self._limits, form)
        self._all.append(process)
        return process

    def frames(self, descriptor: int, request: Mapping[str, Any]) -> Iterator[tuple[int, pa.Buffer]]:
        """Yield what a reader says of a file, its header first.

        Args:
            descriptor: an open file; the reader takes no notice of its place, and leaves it.
            request: ``format``, and what the format takes.

        Raises:
            ReadingError: the file could not be read to its end.
        """
        process = self._idle.pop() if self._idle else self._started(str(request["format"]))
        size = os.fstat(descriptor).st_size
        left = self._limits.reader_text_bytes + self._limits.archive_ratio * size
        is_usable = False
        try:
            process.ask(descriptor, request)
            for kind, content in process.answers():
                if kind == PROBLEM:
                    told = json.loads(content.to_pybytes())
                    # One that met a limit may have little of it left.
                    is_usable = told["limit"] is None
                    raise ReadingError(str(told["problem"]), told["limit"])
                left -= content.size
                if left < 0:
                    raise ReadingError(
                        "its text is larger than the limits reader_text_bytes and archive_ratio allow",
                        "reader_text_bytes",
                    )
                yield kind, content
            is_usable = True
        finally:
            if is_usable:
                self._idle.append(process)
            elif process in self._all:
                self._all.remove(process)
                process.kill()

    def close(self) -> None:
        """End all processes."""
        self._end()


def _end(processes: list[_Process]) -> None:
    while processes:
        processes.pop().kill()


class _Process:
    """One reader process."""

    def __init__(self, limits: Limits, form: str) -> None:
        self._limits = limits
        self._requests, theirs = socket.socketpair()
        folders = str(Path(pa.__file__).parents[1]), str(_CHILD.parent)
        told = json.dumps(dataclasses.asdict(limits))
        with theirs:
            self._popen = subprocess.Popen(
                [sys.executable, "-IB", str(_CHILD), told, form, *folders],
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={name: os.environ[name] for name in _KEPT if name in os.environ} | _SET,
                # An interrupt from the terminal is for this process alone, which then ends its readers.
                start_new_session=True,
            )
        assert self._popen.stdout is not None
        self._answers = self._popen.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        _widen(self._answers)

    def ask(self, descriptor: int, request: Mapping[str, Any]) -> None:
        """Send a request with its file."""
        body = json.dumps(request).encode()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            # A process that has died says so where its answer is awaited.
            socket.send_fds(self._requests, [struct.pack("<Q", len(body))], [descriptor])
            self._requests.sendall(body)

    def answers(self) -> Iterator[tuple[int, pa.Buffer]]:
        """Yield (kind, content) up to the end or a problem; raises ReadingError."""
        self._left = float(self._limits.reader_wall_seconds)
        is_begun = False
        while True:
            kind, size = _HEAD.unpack(self._exactly(_HEAD.size))
            if size > 2 * self._limits.record_bytes:
                raise ReadingError("a row is larger than the limit record_bytes allows", "record_bytes")
            content = self._exactly(size)
            if kind[0] == END:
                return
            if not is_begun and kind[0] not in (HEADER, PROBLEM):
                raise ReadingError("its reader said nothing of its columns")
            is_begun = True
            yield kind[0], content
            if kind[0] == PROBLEM:
                return

    def _exactly(self, size: int) -> pa.Buffer:
        buffer = pa.allocate_buffer(size)
        view = memoryview(buffer).cast("B") if size else memoryview(b"")
        place = 0
        while place < size:
            self._wait()
            count = os.readv(self._answers, [view[place:]])
            if not count:
                raise self._death()
            place += count
        return buffer

    def _wait(self) -> None:
        """Wait until there is something to read; only the time of waiting counts."""
        before = time.monotonic()
        ready = self._poll.poll(max(self._left, 0) * 1000)
        self._left -= time.monotonic() - before
        if not ready:
            raise ReadingError("reading it takes longer than the limit reader_wall_seconds", "reader_wall_seconds")

    def _death(self) -> ReadingError:
        """Say why the process has ended."""
        code = self._popen.wait()
        if code == -signal.SIGXCPU:
            problem = "reading it takes more processor time than the limit reader_cpu_seconds"
            return ReadingError(problem, "reader_cpu_seconds")
        if code == -signal.SIGABRT:
            # How both libraries end when they are refused memory where they cannot do without.
            return ReadingError(
                "its reader stopped, as it does when it needs more than the limit reader_memory_bytes",
                "reader_memory_bytes",
            )
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ReadingError(f"its reader stopped ({name})")

    def kill(self) -> None:
        """End the process and give back what it held."""
        self._requests.close()
        with contextlib.suppress(ProcessLookupError):
            # It leads a session of its own, so that whatever it started ends as well.
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        assert self._popen.stdout is not None
        self._popen.stdout.close()


def _widen(pipe: int) -> None:
    """Let the pipe hold a batch, where the system can do so."""
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
