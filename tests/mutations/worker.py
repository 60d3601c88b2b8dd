"""diplodata in a process of its own: a source a line comes in, what came of it goes out, with time and memory.

Run as ``python -m mutations.worker``.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from diplodata import validate
from diplodata.errors import DiplodataError
from diplodata.model.report import Report


def run(source: str) -> dict[str, Any]:
    """Validate a source and say what came of it: ``report``, ``refused``, or the stumble as text."""
    started = time.process_time()
    try:
        report = validate(source)
        assert isinstance(report, Report)
        json.dumps(report.to_dict())
        outcome = "report"
    except DiplodataError:
        outcome = "refused"
    except Exception:  # noqa: BLE001 - whatever it is, it is a stumble
        outcome = traceback.format_exc(limit=-6)
    return {"outcome": outcome, "seconds": time.process_time() - started, "megabytes": peak() / 1024}


def peak() -> int:
    """Return the largest memory of this process in KiB.

    ``ru_maxrss`` would begin with that of the process that started this one.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
