"""The report as JSON, the same bytes for the same input."""

from __future__ import annotations

import json

from diplodata.model.report import Report


def render(report: Report) -> str:
    """Return the report as JSON text; everything that is not ASCII is escaped, so no terminal can be tricked."""
    return json.dumps(report.to_dict(), indent=2) + "\n"
