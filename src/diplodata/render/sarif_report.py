"""The report as SARIF 2.1.0, for code scanning services and editors."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from diplodata.catalogue import ENTRIES
from diplodata.model.addresses import BASE
from diplodata.model.finding import Finding
from diplodata.model.report import Report
from diplodata.render import wording
from diplodata.render.escaping import MESSAGE_SHOWN, cut
from diplodata.render.json_report import text_of
from diplodata.rules.rule import rules

#: Severity -> level (SARIF 2.1.0, 3.27.10).
_LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "note"}

#: Name of our fingerprint with its version, which changes with the way it is made (SARIF 2.1.0, 3.27.17).
_FINGERPRINT = "diplodata/v1"

#: Characters of a path that stand for themselves in an address (RFC 3986, pchar).
_SAFE = "/:@!$&'()*+,;="


def render(report: Report) -> str:
    """Return the report as one SARIF run."""
    waived = [item.finding for item in report.waived]
    firsts = {item.code: item for item in reversed((*report.findings, *waived))}
    codes = sorted(firsts)
    rules = [_rule(firsts[code]) for code in codes]
    results = [_result(report, item, codes) for item in report.findings]
    results += [
        _result(report, item.finding, codes)
        | {"suppressions": [{"kind": "external", "status": "accepted", "justification": cut(item.reason)}]}
        for item in report.waived
    ]
    name, _, version = report.tool.partition(" ")
    driver = {"name": name, "version": version, "informationUri": BASE, "rules": rules}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The folder in which the tool was started."}}},
        "results": results,
        "invocations": [_invocation(report)],
        "properties": {"subject": report.subject, "counts": report.counts},
    }
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return text_of({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(example: Finding) -> dict[str, Any]:
    """Return what is known of a code (SARIF 2.1.0, 3.49)."""
    entry = ENTRIES[example.code] if example.code in ENTRIES else rules()[example.code].entry
    return {
        "id": example.code,
        "name": "".join(part.capitalize() for part in example.code.split("-")),
        "shortDescription": {"text": entry.summary},
        "help": {"text": entry.fix},
        "helpUri": example.help,
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
        "properties": {"tags": ["data"]},
    }


def _result(report: Report, finding: Finding, codes: Sequence[str]) -> dict[str, Any]:
    text = " ".join(part for part in (finding.message, finding.hint) if part)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": cut(text, MESSAGE_SHOWN)},
        "locations": [_location(report, finding)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
    }
    if report.comparison is not None:
        result["baselineState"] = "unchanged" if finding.known else "new"
    members = ("resource", "row", "column", "field", "record_id", "pointer")
    known = {name: getattr(finding, name) for name in members}
    result["properties"] = {
        name: cut(value) if isinstance(value, str) else value for name, value in known.items() if value is not None
    }
    return result


def _location(report: Report, finding: Finding) -> dict[str, Any]:
    """Return where a finding is: file and line if it has one; the place in the table is its logical location."""
    physical: dict[str, Any] = {"artifactLocation": _artifact(report.location(finding.path))}
    line = wording.line_of(report, finding)
    if line is not None:
        physical["region"] = {"startLine": line}
        if finding.value is not None:
            physical["region"]["snippet"] = {"text": cut(finding.value)}
    name = " ".join(part for part in (cut(finding.resource or ""), wording.row_of(finding)) if part)
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.resource is not None:
        full = ".".join([name, *(cut(field) for field in finding.fields[:1])])
        location["logicalLocations"] = [{"name": cut(finding.resource), "fullyQualifiedName": full}]
    return location


def _artifact(path: str) -> dict[str, Any]:
    """Return a relative address below the folder in which the tool was started, or an absolute one."""
    if "://" in path:
        return {"uri": urllib.parse.quote(path, safe=_SAFE + "?#[]%")}
    quoted = urllib.parse.quote(path, safe=_SAFE, errors="backslashreplace")
    if path.startswith("/"):
        return {"uri": f"file://{quoted}"}
    # A colon in the first segment would make it a scheme (RFC 3986, 4.2).
    first, slash, rest = quoted.partition("/")
    return {"uri": first.replace(":", "%3A") + slash + rest, "uriBaseId": "SRCROOT"}


def _invocation(report: Report) -> dict[str, Any]:
    """Return how the run went (SARIF 2.1.0, 3.20); it says which findings are not in the log."""
    texts = [
        f"{item.code}: {item.number - item.shown} more of {item.number} are not in this file; --limit 0 shows all."
        for item in wording.by_code(report)
        if item.number > item.shown
    ]
    notes = [{"level": "note", "message": {"text": text}} for text in (*texts, *wording.skipped(report))]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}
