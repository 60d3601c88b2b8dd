"""Annotations for GitHub Actions: workflow commands that a run reads from its log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diplodata.model.finding import Finding
from diplodata.model.report import Report
from diplodata.render import wording
from diplodata.render.escaping import (
    MESSAGE_SHOWN,
    command_property,
    command_text,
    cut,
    line,
    printable,
    without_commands,
)

#: Severity -> workflow command.
_COMMANDS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """Return annotations, then the counts; a known finding is a notice."""
    verdict = line(f"{wording.verdict(report)}: {wording.counts(report)}.")
    waived = [f"{wording.waived(report)}."] if report.waived else []
    return "".join(f"{text}\n" for text in (*commands(report), *waived, verdict))


def commands(report: Report) -> Iterator[str]:
    """Yield a command for each finding."""
    for item in report.findings:
        yield without_commands(_command(report, item))


def _command(report: Report, finding: Finding) -> str:
    properties = {"file": printable(report.location(finding.path))}
    line_known = wording.line_of(report, finding)
    if line_known is not None:
        properties["line"] = str(line_known)
    properties["title"] = finding.code + (" (known)" if finding.known else "")
    listed = ",".join(f"{name}={command_property(value)}" for name, value in properties.items())
    place = wording.place(finding)
    texts = [f"{place}: {cut(finding.message, MESSAGE_SHOWN)}", cut(finding.hint, MESSAGE_SHOWN)]
    name = "notice" if finding.known else _COMMANDS[finding.severity]
    return f"::{name} {listed}::{command_text(chr(10).join(text for text in texts if text))}"
