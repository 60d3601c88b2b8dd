"""Time and peak memory of commands, each in a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took: the median of its runs, and the largest peak."""

    seconds: float
    #: MB, with the child processes that it waited for.
    peak: float
    runs: int


def measure(command: Sequence[str], runs: int, allowed: Sequence[int] = (0,)) -> Measured:
    """Run a command a few times.

    Args:
        command: program and arguments.
        runs: how often.
        allowed: exit codes that are as they should be.
    """
    times, peaks = [], []
    for _ in range(runs):
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            said = process.stderr.read() if process.stderr else b""
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        times.append(time.perf_counter() - start)
        peaks.append(usage.ru_maxrss * 1024 / 1e6)
        if process.returncode not in allowed:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {said.decode()[-2000:]}")
    return Measured(statistics.median(times), max(peaks), runs)
