"""Run by test_crashes.py: publish again and again, each time in a child that strace ends at a chosen system call.

A line of JSON on standard input is one publish; the answer is a line with the exit status of the child. The modules are
loaded once, before any child, and none has been used, so that no child inherits a lock that nobody gives back.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from typing import Any

# Loaded here, for all children.
import duckdb  # noqa: F401
import jsonschema_rs  # noqa: F401
import pandas as pd  # noqa: F401 # pyarrow loads it where it is installed
import pyarrow.csv
import pyarrow.pandas_compat
import pyarrow.parquet  # noqa: F401

import diplodata.checks.reading
import diplodata.conversion.whole
import diplodata.formats.csv_table
import diplodata.formats.json_table
import diplodata.formats.parquet_table
import diplodata.release.publish  # noqa: F401
from diplodata import publish
from diplodata.errors import DiplodataError
from diplodata.release.stores.directory import Directory


def child(ready: int, wait: int, order: dict[str, Any]) -> int:
    """Publish; the tracer comes before, or when all is built and verified and is about to be committed."""

    def traced() -> None:
        os.write(ready, b"!")
        os.read(wait, 1)

    commit = Directory.commit

    def traced_commit(*arguments: Any) -> Any:
        traced()
        return commit(*arguments)

    if order["moment"] == "commit":
        Directory.commit = traced_commit  # type: ignore[method-assign]
    else:
        traced()
    try:
        publish(order["target"], order["source"])
    except (DiplodataError, OSError):
        # What the command line says in one line.
        return 2
    except BaseException:  # noqa: BLE001 # a child never goes on with what its parent does
        traceback.print_exc()
        return 3
    return 0


def run(order: dict[str, Any]) -> int:
    """Return the status of one publish: its exit code, or minus the number of the signal that ended it."""
    reading, writing = os.pipe()
    ready, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(writing)
        os.close(ready)
        os._exit(child(telling, reading, order))
    os.close(reading)
    os.close(telling)
    if not os.read(ready, 1):
        raise SystemExit("the child ended before it could be traced")
    os.close(ready)
    command = ["strace", "-f", "-y", "-s", "0", "-o", order["log"], *order["options"], "-p", str(pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        os.kill(pid, signal.SIGKILL)
        raise SystemExit(f"strace does not attach: {said}")
    os.write(writing, b"!")
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    tracer.communicate()
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{run(json.loads(line))}\n")
        sys.stdout.flush()
