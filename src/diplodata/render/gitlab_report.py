"""The report as GitLab Code Quality, a JSON array that merge requests show."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from diplodata.model.finding import Finding
from diplodata.model.report import Report
from diplodata.render import wording
from diplodata.render.escaping import MESSAGE_SHOWN, cut
from diplodata.render.json_report import text_of

#: Severity -> what GitLab calls it (Code Quality report format, severity).
_SEVERITIES: Mapping[str, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """Return an array of the findings; those that are waived come last, for information."""
    seen: Counter[str] = Counter()
    items = [_item(report, item, seen) for item in report.findings]
    for excused in report.waived:
        item = _item(report, excused.finding, seen)
        text = f"Waived ({cut(excused.reason)}): {item['description']}"
        items.append(item | {"description": text, "severity": _SEVERITIES["info"]})
    return text_of(items, indent=2) + "\n"


def _item(report: Report, finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    seen[finding.fingerprint] += 1
    return {
        "description": f"{wording.message(report, finding)} {cut(finding.hint, MESSAGE_SHOWN)}".rstrip(),
        "check_name": finding.code,
        "fingerprint": _unique(finding.fingerprint, seen[finding.fingerprint]),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": cut(report.location(finding.path)),
            "lines": {"begin": wording.line_of(report, finding) or 1},
        },
    }


def _unique(fingerprint: str, number: int) -> str:
    """Return a fingerprint that no other finding of the report has: GitLab shows one finding for each."""
    return fingerprint if number == 1 else hashlib.sha256(f"{fingerprint} {number}".encode()).hexdigest()[:16]
