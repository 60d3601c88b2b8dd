"""The lines of one file, screened here and, where a second processor is free, in a process beside this one.

Python lets one thread at a time make values of JSON, so that it takes another process to use another processor.
Should that process fail in any way, its lines are screened here.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

from diplodata.documents.screening import Screen, Screened, Suspect

#: Bytes that are screened at a time.
_BLOCK = 1024 * 1024

#: Bytes of a file from which on it is worth a second process, which takes some tenths of a second to start.
_SHARED = 16 * 1024 * 1024

#: Blocks that the second process has before it, and blocks that may wait here for one of its answers.
_AHEAD, _WAITING = 2, 256

#: Bytes of answers that are read at a time.
_READ = 64 * 1024

#: Seconds after which a process that gives no answer is no longer waited for.
_PATIENCE = 60

Block = tuple[int, int]


def screened(path: Path) -> Iterator[Screened]:
    """Yield what comes of the lines of a file, block by block, in their order."""
    with path.open("rb") as stream, contextlib.ExitStack() as stack:
        size = os.fstat(stream.fileno()).st_size
        is_shared = size >= _SHARED and _processors() > 1
        helper = stack.enter_context(_Second(path)) if is_shared else None
        screen = Screen()
        waiting: deque[tuple[Block, Screened | None]] = deque()
        for block in _blocks(stream, size):
            if helper and helper.is_free() and helper.ask(block):
                waiting.append((block, None))
                continue
            waiting.append((block, screen.over(stream, *block)))
            while waiting and (waiting[0][1] or len(waiting) > _WAITING or (helper and helper.has_answer())):
                yield _next(waiting, helper, screen, stream)
        while waiting:
            yield _next(waiting, helper, screen, stream)


def _next(
    waiting: deque[tuple[Block, Screened | None]], helper: _Second | None, screen: Screen, stream: BinaryIO
) -> Screened:
    block, found = waiting.popleft()
    if found is None and helper:
        found = helper.answer()
    return found or screen.over(stream, *block)


def _blocks(stream: BinaryIO, size: int) -> Iterator[Block]:
    """Yield the parts of a file; each ends with a line."""
    start = 0
    while start < size:
        stream.seek(min(size, start + _BLOCK))
        while (piece := stream.readline(_BLOCK)) and not piece.endswith(b"\n"):
            continue
        end = stream.tell()
        yield start, end
        start = end


def _processors() -> int:
    """Return how many processors nobody else uses now; one where pipes cannot be waited for.

    * A second process that has to share a processor costs more than it saves.
    """
    if os.name != "posix":
        return 1
    number = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        running = int(Path("/proc/loadavg").read_text(encoding="ascii").split()[3].partition("/")[0])
    except (OSError, IndexError, ValueError):
        running = 1
    # This process is one of those that run.
    return max(1, number - max(0, running - 1))


class _Second:
    """A process that screens blocks of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._is_ready = False
        self.asked = 0

    def __enter__(self) -> Self:
        # -P: nothing is imported from the folder in which the tool is started.
        command = [sys.executable, "-P", "-m", "diplodata.documents.screening_child", str(self._path.absolute())]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def is_free(self) -> bool:
        """Whether the process has started, and has not enough to do."""
        if not self._is_ready and self._process and self.has_answer():
            # What it says first is that it is ready.
            self._unread = self._unread.partition(b"\n")[2]
            self._is_ready = True
        return self._is_ready and self.asked < _AHEAD

    def ask(self, block: Block) -> bool:
        """Give the process a block; False when it takes none."""
        if self._process is None or self._process.stdin is None:
            return False
        try:
            self._process.stdin.write(b"%d %d\n" % block)
            self._process.stdin.flush()
        except OSError:
            self._end()
            return False
        self.asked += 1
        return True

    def has_answer(self, seconds: float = 0) -> bool:
        """Whether an answer is there, or the process has ended; waits for so long and no longer."""
        # Read past any buffer of Python's, in which an answer would lie unseen by select.
        while self._process and self._process.stdout and b"\n" not in self._unread:
            if not select.select([self._process.stdout], [], [], seconds)[0]:
                return False
            data = os.read(self._process.stdout.fileno(), _READ)
            if not data:
                self._end()
            self._unread += data
        return True

    def answer(self) -> Screened | None:
        """Return what came of the block that was given first; None when the process failed."""
        self.asked -= 1
        try:
            if self.has_answer(_PATIENCE) and self._process:
                line, _, self._unread = self._unread.partition(b"\n")
                number, suspects, versions = json.loads(line)
                return Screened(number, tuple(Suspect(*item) for item in suspects), frozenset(versions))
        except (OSError, TypeError, ValueError):
            pass
        self._end()
        return None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()
