"""The report as Markdown, for comments on merge requests and for the summary of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from diplodata.model.finding import Finding
from diplodata.model.report import Report
from diplodata.render import wording
from diplodata.render.escaping import MESSAGE_SHOWN, markdown


def render(report: Report) -> str:
    """Return the totals, then a list of the findings."""
    return totals(report) + "".join(f"{text}\n" for text in _findings(report))


def totals(report: Report, limit: int | None = None) -> str:
    """Return the counts by code and by resource, without single findings.

    Args:
        report: what is summed up.
        limit: most bytes; rows that do not fit are left out, and the last line says so. None for any number.
    """
    lines = [f"{text}\n" for text in _totals(report)]
    sizes = accumulate(len(text.encode()) for text in lines)
    kept = sum(limit is None or size <= limit for size in sizes)
    return "".join(lines[:kept]) + ("" if kept == len(lines) else "\nThe rest does not fit.\n")


def _totals(report: Report) -> Iterator[str]:
    yield f"## {wording.verdict(report)}: {wording.counts(report)}"
    yield ""
    yield f"{markdown(wording.subject(report))}."
    notes = (*wording.skipped(report), wording.unasked(report), wording.waived(report), wording.compared(report))
    for text in (item for item in notes if item):
        yield f"{markdown(text)}."
    if report.by_code:
        yield from _section("Findings by code", ("Code", "Severity", "Number", "First", "What to do"), _codes(report))
    if report.resources:
        yield from _section("Resources", ("Resource", "Rows", "Valid"), _resources(report))
    for item in report.resources:
        if item.fields is not None:
            rows = [
                (markdown(field.name), f"{field.filled:,}", wording.percent(field.fill_rate), f"{field.distinct:,}")
                for field in item.fields
            ]
            yield from _section(f"Fields of {markdown(item.name)}", ("Field", "Filled", "Share", "Distinct"), rows)


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from ("", f"### {title}", "")
    yield from (f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _codes(report: Report) -> Iterator[Sequence[str]]:
    for item in wording.by_code(report):
        first = markdown(wording.place(item.first)) if item.first else ""
        hint = markdown(item.first.hint) if item.first else ""
        yield item.code, item.severity, f"{item.number:,}", first, hint


def _resources(report: Report) -> Iterator[Sequence[str]]:
    for item in report.resources:
        yield markdown(item.name), "" if item.rows is None else f"{item.rows:,}", "yes" if item.valid else "no"


def _findings(report: Report) -> Iterator[str]:
    if report.findings:
        yield from ("", "### Findings", "")
    yield from (f"- {_finding(item)}" for item in report.findings)
    if report.waived:
        yield from ("", "### Waived by the package", "")
    yield from (f"- {_finding(item.finding)} Reason: {markdown(item.reason)}" for item in report.waived)
    left_out = [item for item in wording.by_code(report) if item.number > item.shown]
    if left_out:
        yield ""
    for item in left_out:
        yield f"- {item.number - item.shown:,} more of {item.code} are not shown; `--limit 0` shows all."


def _finding(finding: Finding) -> str:
    known = " (known)" if finding.known else ""
    texts = [markdown(finding.message, MESSAGE_SHOWN), markdown(finding.hint, MESSAGE_SHOWN)]
    head = f"**{finding.severity}** [{finding.code}]({finding.help}){known} in {markdown(wording.place(finding))}"
    return f"{head}: {' '.join(text for text in texts if text)}"
