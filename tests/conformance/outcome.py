"""What each of the two tools says of a package, as sorted lines ``code row field`` that can be compared.

* The row of a label is that of the header.
* Primary keys and blank rows are about a row, unknown resources about a resource: their field does not count.
* In a package of several resources a line begins with the name of the resource and a colon.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import diplodata
from diplodata import Options
from diplodata.errors import SourceError
from diplodata.model.finding import Finding

#: Codes that are about a row or a resource, so that their field does not count.
_WITHOUT_FIELD = ("blank-row", "primary-key", "resource-error")

#: Seconds after which the reference is said to hang; on a busy machine no package here takes as many.
_PATIENCE = 60.0

Outcome = list[str]


def ours(descriptor: Path) -> Outcome:
    """Return what diplodata says; one line ``refused`` when it takes the source for no package at all."""
    try:
        report = diplodata.validate(descriptor, Options(limit=0))
    except SourceError:
        return ["refused"]
    assert sum(report.by_code.values()) == len(report.findings)
    assert report.valid is all(item.severity != "error" for item in report.findings)
    is_one = len(report.resources) < 2
    return sorted(_line_of_ours(item, is_one=is_one) for item in report.findings)


def _line_of_ours(item: Finding, *, is_one: bool) -> str:
    line = _line("" if is_one else item.resource, item.code, item.row, item.field)
    return line if item.severity == "error" else f"{line} ({item.severity})"


def _line(resource: str | None, code: str, row: int | None, field: str | None) -> str:
    parts = [code, "" if row is None else str(row), "" if code in _WITHOUT_FIELD else field or ""]
    return (f"{resource}: " if resource else "") + " ".join(part for part in parts if part)


def is_error(line: str) -> bool:
    """Whether a line of an outcome makes a package invalid."""
    return not line.endswith((" (warning)", " (info)"))


class Reference:
    """The reference in its own process: it may crash, or never come back.

    * A process that hangs is killed, and the next question starts a new one.
    """

    def __init__(self) -> None:
        self._process: multiprocessing.process.BaseProcess | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def ask(self, descriptor: Path) -> None:
        """Let the reference begin with a package."""
        if self._line is None:
            context = multiprocessing.get_context("spawn")
            self._line, other = context.Pipe()
            self._process = context.Process(target=_answer, args=(other,), daemon=True)
            self._process.start()
            other.close()
        self._line.send(str(descriptor))

    def answer(self, seconds: float | None = None) -> Outcome:
        """Return what it says; one line ``crash: NAME`` or ``hang`` when it says nothing."""
        assert self._line is not None
        if not self._line.poll(seconds or _PATIENCE):
            self._stop()
            return ["hang"]
        said: Outcome = self._line.recv()
        return said

    def _stop(self) -> None:
        if self._process is not None and self._line is not None:
            self._process.kill()
            self._process.join()
            self._line.close()
        self._process = self._line = None


def _answer(line: Connection) -> None:
    """Validate each package that is asked for; what cannot be foreseen is the name of an exception."""
    while True:
        try:
            descriptor = line.recv()
        except EOFError:
            return
        try:
            line.send(theirs(descriptor))
        except Exception as error:  # noqa: BLE001
            line.send([f"crash: {type(error).__name__}"])


def theirs(descriptor: str) -> Outcome:
    """Return what the reference says, in this process."""
    import frictionless

    report = frictionless.validate(descriptor, type="package", limit_errors=0)
    lines = [str(error.type) for error in report.errors]
    for task in report.tasks:
        lines += _lines_of_task(task, is_one=len(report.tasks) < 2)
    return sorted(lines)


def _lines_of_task(task: Any, *, is_one: bool) -> Iterator[str]:
    for error in task.errors:
        rows = getattr(error, "row_numbers", None) or [getattr(error, "row_number", None)]
        names = getattr(error, "field_names", None) or [getattr(error, "field_name", None)]
        yield _line("" if is_one else task.name, str(error.type), rows[0], names[0])
