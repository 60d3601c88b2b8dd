"""The reference as a long-lived process that is started again when it dies or hangs."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

#: (code, row, field)
Key = tuple[str, int | None, str | None]

#: Seconds for one package.
PATIENCE = 30

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Verdict:
    """What the reference says of one resource."""

    findings: Counter[Key] = field(default_factory=Counter)
    #: What it raised; None when it came to an end.
    crash: str | None = None


class Oracle:
    """Asks the reference about packages, one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def ask(self, folder: Path) -> None:
        """Let the reference judge a package; it works while others do."""
        process = self._process or self._start()
        assert process.stdin is not None
        process.stdin.write(json.dumps(str(folder)) + "\n")
        process.stdin.flush()

    def verdicts(self, names: list[str]) -> dict[str, Verdict]:
        """Return the verdict on each resource of the package that was asked about.

        Raises:
            AssertionError: the reference refuses the descriptor.
        """
        answer = self._answer()
        if answer is None:
            return {name: Verdict(crash="the reference died or hung") for name in names}
        assert not answer["refused"], f"the reference refuses the descriptor: {answer['refused']}"
        return {name: _verdict(item) for name, item in answer["resources"].items()}

    def _answer(self) -> Any:
        process = self._process or self._start()
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        if not line:
            self._stop()
            return None
        return json.loads(line)

    def _start(self) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(TESTS), "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "differential.reference_worker"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True, encoding="utf-8")
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _verdict(item: dict[str, Any]) -> Verdict:
    return Verdict(Counter((code, row, name) for code, row, name in item["findings"]), item["crash"])
