"""Words that all reports for people share: where a finding is, how many there are, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diplodata.model.finding import SEVERITIES, Finding
from diplodata.model.report import Report
from diplodata.render.escaping import MESSAGE_SHOWN, cut


def place(finding: Finding) -> str:
    """Say where a finding is: file, row, field, record."""
    parts = [cut(finding.path or finding.resource or "package")]
    where = row_of(finding)
    if where:
        parts.append(where)
    if finding.fields:
        parts.append(cut(", ".join(finding.fields)))
    text = ", ".join(parts)
    return f"{text} ({cut(finding.record_id)})" if finding.record_id and "id" not in finding.fields else text


def row_of(finding: Finding) -> str:
    """Say in which row a finding is, and in which line where that differs; the empty text when in none."""
    if finding.row is None:
        return "" if finding.line is None else f"line {finding.line}"
    is_other = finding.line is not None and finding.line != finding.row
    return f"row {finding.row}" + (f" (line {finding.line})" if is_other else "")


def line_of(report: Report, finding: Finding) -> int | None:
    """Return the line of the file at which a finding is; None when it is not known, or lies within an archive."""
    return None if report.folder is None else finding.line


def message(report: Report, finding: Finding) -> str:
    """Return the message for a form that names a line, with table and row in front of it where no line is known."""
    text = cut(finding.message, MESSAGE_SHOWN)
    if finding.row is None or line_of(report, finding) is not None:
        return text
    return f"{cut(finding.resource or 'package')}, {row_of(finding)}: {text}"


def verdict(report: Report) -> str:
    """Return the verdict in one word."""
    return "Valid" if report.valid else "Invalid"


def counts(report: Report) -> str:
    """Return the exact counts as words."""
    levels = [counted(report.count(level), level) + _known(report, level) for level in ("error", "warning")]
    if report.count("info"):
        levels.append(f"{report.count('info'):,} for information{_known(report, 'info')}")
    return ", ".join(levels)


def _known(report: Report, severity: str) -> str:
    number = report.known(severity)
    return f" ({number:,} known)" if number else ""


def compared(report: Report) -> str:
    """Say how the findings compare with the baseline; the empty text without one."""
    if report.comparison is None:
        return ""
    known = sum(map(report.known, SEVERITIES))
    new = sum(map(report.count, SEVERITIES)) - known
    return f"Compared with the baseline: {new:,} new, {known:,} known, {report.comparison.fixed:,} fixed"


def waived(report: Report) -> str:
    """Say how many findings the package waives; the empty text when it waives none."""
    number = len(report.waived)
    return f"{counted(number, 'finding')} {'is' if number == 1 else 'are'} waived by the package" if number else ""


def subject(report: Report) -> str:
    """Say what was looked at."""
    rows = sum(item.rows or 0 for item in report.resources)
    tables = sum(item.rows is not None for item in report.resources)
    standard = f", standard {report.standard}" if report.standard else ""
    profile = f", profile {cut(str(report.profile))}" if report.profile else ""
    return f"{cut(report.subject)}: {counted(tables, 'table')}, {counted(rows, 'row')}{standard}{profile}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


#: End of the reason for which a rule was not asked whose input was left out.
_NOT_GIVEN = "was not given"


def skipped(report: Report) -> Iterator[str]:
    """Say which rules could not be asked; those of tables and inputs that are not there are not worth a word."""
    for item in report.skipped:
        if not item.reason.endswith(("is not in the package", _NOT_GIVEN)):
            yield f"Skipped a part of {item.code}: {cut(item.reason)}"


def unasked(report: Report) -> str:
    """Say which rules were not asked because their input was not given; empty when all were."""
    names = [
        f"{item.code} ({item.reason.removesuffix(_NOT_GIVEN).strip()})"
        for item in report.skipped
        if item.reason.endswith(_NOT_GIVEN)
    ]
    return f"Not asked for want of their inputs: {', '.join(names)}" if names else ""


@dataclass(frozen=True, slots=True)
class CodeCount:
    """All findings of one code and severity."""

    code: str
    severity: str
    number: int
    #: Findings of them that the report shows.
    shown: int
    #: The first of them; None when none is shown.
    first: Finding | None


def by_code(report: Report) -> Sequence[CodeCount]:
    """Return the findings by code, the gravest and most frequent first."""
    firsts = {(item.code, item.severity): item for item in reversed(report.findings)}
    shown = Counter((item.code, item.severity) for item in report.findings)
    found = [
        CodeCount(code, severity, number, shown[code, severity], firsts.get((code, severity)))
        for (code, severity), number in report.totals.items()
        if number
    ]
    return sorted(found, key=lambda item: (SEVERITIES.index(item.severity), -item.number, item.code))


def percent(share: float | None) -> str:
    """Return a share of the rows for people."""
    return "–" if share is None else f"{share:.2%}"  # noqa: RUF001  # an en dash stands for nothing
