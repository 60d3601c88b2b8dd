"""The report for people: where, what, which rule, what to do; then the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from diplodata.model.finding import Finding
from diplodata.model.report import Report, ResourceReport
from diplodata.render import wording
from diplodata.render.escaping import MESSAGE_SHOWN, cut, line

#: Findings from which on a summary by code follows them.
_MANY = 10


def render(report: Report) -> str:
    """Return the report as text that ends with its counts."""
    return "".join(f"{line(text)}\n" for text in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield from _finding(finding)
    yield from _left_out(report)
    if len(report.findings) > _MANY:
        yield from _by_code(report)
    for item in report.resources:
        yield from _fields(item)
    yield from (f"{text}." for text in wording.skipped(report))
    yield f"{wording.subject(report)}."
    yield from (f"{text}." for text in (wording.waived(report), wording.compared(report)) if text)
    yield f"{wording.verdict(report)}: {wording.counts(report)}."


def _finding(finding: Finding) -> Iterator[str]:
    known = " (known)" if finding.known else ""
    yield f"{wording.place(finding)}: {finding.severity} {finding.code}{known}"
    yield f"    {cut(finding.message, MESSAGE_SHOWN)}"
    if finding.hint:
        yield f"    → {cut(finding.hint, MESSAGE_SHOWN)}"


def _left_out(report: Report) -> Iterator[str]:
    shown = Counter(finding.code for finding in report.findings)
    for code, number in report.by_code.items():
        if number > shown[code]:
            yield f"{code}: {number - shown[code]} more of {number} not shown; --limit 0 shows all."


def _by_code(report: Report) -> Iterator[str]:
    yield ""
    yield "By code:"
    for item in wording.by_code(report):
        number = f"{item.number:,} for information" if item.severity == "info" else f"{item.number:,} {item.severity}"
        plural = "" if item.number == 1 or item.severity == "info" else "s"
        first = f", first at {wording.place(item.first)}" if item.first else ""
        yield f"  {item.code}: {number}{plural}{first}"
        if item.first and item.first.hint:
            yield f"    → {cut(item.first.hint, MESSAGE_SHOWN)}"
    yield ""


def _fields(resource: ResourceReport) -> Iterator[str]:
    """Yield a table of the fields of a resource."""
    if resource.fields is None:
        return
    yield f"{cut(resource.name)}: {wording.counted(resource.rows or 0, 'row')}"
    head = ("field", "filled", "share", "distinct")
    body = [
        (cut(item.name, 60), f"{item.filled:,}", wording.percent(item.fill_rate), f"{item.distinct:,}")
        for item in resource.fields
    ]
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    for name, *numbers in (head, *body):
        right = (text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))
        yield f"  {name.ljust(widths[0])}  {'  '.join(right)}"
    yield ""
