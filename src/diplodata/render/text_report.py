"""The report for people: where, what, which rule, what to do; then the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from diplodata.model.finding import Finding
from diplodata.model.report import Report


def render(report: Report) -> str:
    """Return the report as text that ends with its counts."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield printable(f"{place(finding)}: {finding.severity} {finding.code}")
        yield printable(f"    {finding.message}")
        if finding.hint:
            yield printable(f"    → {finding.hint}")
    yield from _left_out(report)
    for item in report.skipped:
        if item.reason.endswith("is not in the package"):
            continue  # tables may be left out; the JSON report names these rules as well
        yield printable(f"Skipped a part of {item.code}: {item.reason}.")
    rows = sum(item.rows or 0 for item in report.resources)
    tables = sum(item.rows is not None for item in report.resources)
    standard = f", standard {report.standard}" if report.standard else ""
    yield printable(f"{report.subject}: {counted(tables, 'table')}, {counted(rows, 'row')}{standard}.")
    yield f"{verdict(report)}: {counts(report)}."


def place(finding: Finding) -> str:
    """Say where a finding is: file, row, field, record."""
    parts = [finding.path or finding.resource or "package"]
    if finding.row is not None:
        where = f"row {finding.row}"
        if finding.line is not None and finding.line != finding.row:
            where += f" (line {finding.line})"
        parts.append(where)
    elif finding.line is not None:
        parts.append(f"line {finding.line}")
    if finding.fields:
        parts.append(", ".join(finding.fields))
    text = ", ".join(parts)
    return f"{text} ({finding.record_id})" if finding.record_id and "id" not in finding.fields else text


def verdict(report: Report) -> str:
    """Return the verdict in one word."""
    return "Valid" if report.valid else "Invalid"


def counts(report: Report) -> str:
    """Return the exact counts as words."""
    levels = [counted(report.count(level), level) for level in ("error", "warning")]
    if report.count("info"):
        levels.append(f"{report.count('info')} for information")
    return ", ".join(levels)


def _left_out(report: Report) -> Iterator[str]:
    shown = Counter(finding.code for finding in report.findings)
    for code, number in report.by_code.items():
        if number > shown[code]:
            yield f"{code}: {number - shown[code]} more of {number} not shown; --limit 0 shows all."


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def printable(text: str) -> str:
    """Return text in which nothing can move the cursor or change the terminal."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
