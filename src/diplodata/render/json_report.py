"""The report as JSON, the same bytes for the same input."""

from __future__ import annotations

import json
from typing import Any

from diplodata.model.report import REPORT_VERSION, Report
from diplodata.render.escaping import without_commands


def render(report: Report) -> str:
    """Return the report as JSON text; everything that is not ASCII is escaped, so no terminal can be tricked."""
    return text_of(report.to_dict(), indent=2) + "\n"


def render_lines(report: Report) -> str:
    """Return a line of JSON for each finding, then for each waived one with the reason, then one with the counts."""
    items = [item.to_dict() for item in report.findings]
    items += [item.finding.to_dict() | {"waived": item.reason} for item in report.waived]
    last = {
        "report_version": REPORT_VERSION,
        "tool": report.tool,
        "subject": report.subject,
        "valid": report.valid,
        "counts": report.counts,
        "shown": len(report.findings),
    }
    return "".join(f"{text_of(item)}\n" for item in (*items, last))


def text_of(data: Any, indent: int | None = None) -> str:
    """Return JSON in ASCII, in which no lone surrogate stands (I-JSON, RFC 7493) and no build server sees a command."""
    text = without_commands(json.dumps(data, indent=indent))
    return without_commands(json.dumps(_whole(data), indent=indent)) if "\\ud" in text else text


def _whole(value: Any) -> Any:
    """Return a value whose texts hold no lone surrogates, as those of file names that are not UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list | tuple) else value
