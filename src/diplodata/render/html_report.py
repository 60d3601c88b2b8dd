"""The report as one HTML file: no scripts, nothing from elsewhere, and the rows that findings are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import jinja2

from diplodata import templating
from diplodata.model.finding import SEVERITIES, Finding
from diplodata.model.report import Report
from diplodata.render import wording
from diplodata.render.escaping import cut, markup_without_commands


@cache
def _environment() -> jinja2.Environment:
    return templating.environment(
        "diplodata.render",
        {
            "number": "{:,}".format,
            "percent": wording.percent,
            "place": wording.place,
            "shown": cut,
        },
    )


def render(report: Report) -> str:
    """Return the page."""
    environment = _environment()
    notes = (*wording.skipped(report), wording.unasked(report), wording.waived(report), wording.compared(report))
    page = environment.get_template("report.html").render(
        report=report,
        verdict=wording.verdict(report),
        counts=wording.counts(report),
        subject=wording.subject(report),
        notes=[text for text in notes if text],
        codes=wording.by_code(report),
        tables=list(_tables(report)),
        groups=_groups(report),
        **templating.style(environment, "report.css"),
    )
    return markup_without_commands(page) + "\n"


def _tables(report: Report) -> Iterator[dict[str, Any]]:
    """Yield a row for the package, if there are findings on it, and one for each resource."""
    rows = {item.name: item.rows for item in report.resources}
    of_package = [key for key in report.places if not key[2]]
    for name in (*([""] if of_package else []), *rows):
        numbers = {(code, level): number for (code, level, place), number in report.places.items() if place == name}
        yield {
            "name": name or "the package itself",
            "rows": rows.get(name),
            "numbers": [sum(number for (_, at), number in numbers.items() if at == level) for level in SEVERITIES],
            "codes": ", ".join(f"{code}: {number:,}" for (code, _), number in sorted(numbers.items())),
        }


def _groups(report: Report) -> Sequence[tuple[str, list[Finding]]]:
    """Return the findings by code, the gravest and most frequent code first."""
    codes = dict.fromkeys(item.code for item in wording.by_code(report))
    groups = ((code, [item for item in report.findings if item.code == code]) for code in codes)
    return [(code, findings) for code, findings in groups if findings]
