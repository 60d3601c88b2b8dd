"""One line a finding, in the form that editors and ``grep`` jump to: ``path:line:column: severity code message``."""

from __future__ import annotations

from collections.abc import Iterator

from diplodata.model.finding import Finding
from diplodata.model.report import Report
from diplodata.render import wording
from diplodata.render.escaping import cut, line


def render(report: Report) -> str:
    """Return a line for each finding, then one with the counts."""
    return "".join(f"{line(text)}\n" for text in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield _finding(report, finding)
    if report.waived:
        yield f"{wording.waived(report)}."
    yield f"{wording.verdict(report)}: {wording.counts(report)}."


def _finding(report: Report, finding: Finding) -> str:
    """Return the line of a finding; what is about no line or column, or not known, is at the first."""
    place = f"{cut(report.location(finding.path))}:{wording.line_of(report, finding) or 1}:{finding.column or 1}"
    known = " (known)" if finding.known else ""
    return f"{place}: {finding.severity} {finding.code}{known} {wording.message(report, finding)}"
