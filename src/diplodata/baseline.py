"""Compare a report with an earlier one: what that one has already is known, and does not fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from diplodata import strict_json
from diplodata.errors import UsageError
from diplodata.model.finding import SEVERITIES, Finding
from diplodata.model.report import REPORT_VERSION, Comparison, Report

#: Fingerprint -> number of findings that have it.
Baseline = Mapping[str, int]


def read(file: str | Path, resources: Collection[str] = ()) -> Baseline:
    """Read the findings of a JSON report.

    Args:
        file: a JSON report with all its findings.
        resources: names of the resources that are checked, if not all: findings of the others are left out.

    Raises:
        UsageError: the file is missing, cannot be read, is no report, or does not hold all findings that it counts.
    """
    path = Path(file)
    if path.exists() and not path.is_file():
        raise UsageError(f"The baseline {file} cannot be read: it is no regular file.")
    try:
        data = strict_json.parse(path.read_bytes())
    except OSError as error:
        raise UsageError(f"The baseline {file} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    except strict_json.JsonProblemError as error:
        raise UsageError(f"The baseline {file} is not strict JSON: {error.problem}.") from error
    return _fingerprints(file, data, resources)


def _fingerprints(file: str | Path, data: Any, resources: Collection[str]) -> Baseline:
    version = data.get("report_version") if isinstance(data, dict) else None
    if not isinstance(version, str):
        raise UsageError(f"The baseline {file} is no report of diplodata; write one with --format json --limit 0.")
    if version.partition(".")[0] != REPORT_VERSION.partition(".")[0]:
        raise UsageError(f"The baseline {file} has the report version {version}; this tool reads {REPORT_VERSION}.")
    try:
        found = [(item.get("resource"), _text(item["fingerprint"])) for item in data["findings"]]
        counted = sum(int(data["counts"][level]) for level in SEVERITIES)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"The baseline {file} is damaged: its findings or counts are not those of a report."
        ) from error
    if len(found) != counted:
        raise UsageError(
            f"The baseline {file} holds {len(found)} of {counted} findings; write it with --format json --limit 0."
        )
    return Counter(text for name, text in found if not resources or name is None or name in resources)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def compare(report: Report, baseline: Baseline, limit: int) -> Report:
    """Return the report with the findings of a baseline marked as known.

    Args:
        report: a report with all its findings.
        baseline: what is known; findings with one fingerprint are known as often as it has them.
        limit: findings kept per code, new ones first; 0 keeps all.
    """
    left = Counter(baseline)
    findings: list[Finding] = []
    for item in report.findings:
        fingerprint = item.fingerprint
        is_known = left[fingerprint] > 0
        left[fingerprint] -= is_known
        findings.append(replace(item, known=True) if is_known else item)
    known = Counter((item.code, item.severity) for item in findings if item.known)
    comparison = Comparison(dict(sorted(known.items())), left.total())
    return replace(report, findings=_capped(findings, limit), comparison=comparison)


def _capped(findings: list[Finding], limit: int) -> tuple[Finding, ...]:
    """Keep so many findings of each code, in their order; new ones come before known ones when not all are kept."""
    if not limit:
        return tuple(findings)
    kept: Counter[str] = Counter()
    chosen: set[int] = set()
    for place, item in sorted(enumerate(findings), key=lambda pair: pair[1].known):
        if kept[item.code] < limit:
            kept[item.code] += 1
            chosen.add(place)
    return tuple(item for place, item in enumerate(findings) if place in chosen)
