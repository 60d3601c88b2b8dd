"""Reports for the tests of their forms: of a broken package, and made of any text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from diplodata import Options, validate
from diplodata.model.finding import SEVERITIES, Finding
from diplodata.model.report import Comparison, FieldSummary, Report, ResourceReport, SkippedRule, Waived

#: Texts that do harm where a report shows them raw.
PAYLOADS: Mapping[str, str] = {
    "clear the screen": "\x1b[2J\x1b[H",
    "title of the window": "\x1b]0;owned\x07",
    "one-byte escape": "\x9b2J",
    "workflow command": "::error file=x,line=1::owned",
    "workflow command in a line of its own": "a\n::set-output name=x::owned\r\n::add-mask::y",
    "workflow command after space": "  ::stop-commands::x",
    "old workflow command": "##[command]owned ##vso[task.setvariable]owned ##teamcity[x]",
    "percent codes": "100%0A::error::owned%25",
    "separators of properties": "a,line=7:b::c",
    "end of a script": "</script><script>alert(1)</script>",
    "element": "<img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "end of an attribute": '" onmouseover="alert(1)" x=\'',
    "comment and section": "<!-- ]]> <![CDATA[ &lt; &#60;",
    "template": "{{ 7 * 7 }} {% raw %} ${7*7}",
    "cells of a table": "a | b || c \\| d",
    "code": "`a` ```sh\nrm -rf\n```",
    "link and image": "[click](javascript:alert(1)) ![x](http://x.invalid/y.png) <http://x.invalid>",
    "bare links": "see http://x.invalid/ or www.x.invalid or a@x.invalid",
    "mentions": "@everyone #1 !2 &3 ~bug $4 :tada: %1",
    "markup": "*a* **b** _c_ ~~d~~ # e > f - g + h",
    "direction of text": "abc\u202efdp.exe\u2066\u2069\u200f\u200e",
    "invisible": "a\u200bb\u00adc\u2060\ufeff",
    "line ends": "a\rb\nc\vd\fe\x85f\u2028g\u2029h",
    "tabs and bells": "\t\a\b\x7f",
    "null": "a\x00b",
    "no characters of XML": "\ufffe\uffff\x01",
    "lone surrogate": "a\ud800b\udc80",
    "very long": "<x>" + "a|" * 500_000,
}


def lay_out(folder: Path, payload: str) -> Path:
    """Write a package in which a payload stands in values, labels, names and paths; one of 1 MB, in values alone."""
    is_long = len(payload) > 100_000
    value, payload = payload, "long" if is_long else payload
    resource = {
        "name": payload,
        "path": f"{payload}.csv",
        "schema": {
            "fields": [{"name": payload, "type": "integer"}, {"name": "b", "constraints": {"enum": [payload]}}],
            "primaryKey": payload,
            "foreignKeys": [{"fields": payload, "reference": {"resource": payload, "fields": payload}}],
        },
    }
    rows = {
        "name": "rows",
        "data": [["id", "b"], [value, "x"], [value, value], [value, ""]],
        "schema": {
            "fields": [
                {"name": "id", "constraints": {"unique": True}},
                {"name": "b", "type": "integer", "constraints": {"required": True}},
            ]
        },
    }
    descriptor = {"name": payload, "title": payload, "resources": [resource, rows]}
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def broken(folder: Path) -> Report:
    """Return the report of a package with findings of each severity, with all that reports can show."""
    folder.mkdir()
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "when", "type": "date"},
        {"name": "parent", "type": "integer"},
    ]
    schema = {
        "fields": fields,
        "primaryKey": "id",
        "foreignKeys": [{"fields": "parent", "reference": {"resource": "", "fields": "id"}}],
    }
    resources = [
        {"name": "events", "path": "data/events.csv", "schema": schema},
        {"name": "places", "path": "places.csv", "schema": {"fields": [{"name": "place"}]}},
        {"name": "free", "path": "free.csv"},
        {"name": "inline", "data": [{"n": "a"}], "schema": {"fields": [{"name": "n", "type": "integer"}]}},
    ]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "events.csv").write_text(
        'id,when,parent\n1,2020-01-01,\n2,"20\n20",9\n2,soon,1\n1_000,soon,1\n', encoding="utf-8"
    )
    (folder / "places.csv").write_text("place\nMinsk\n", encoding="utf-8")
    (folder / "free.csv").write_text("a\n1\n", encoding="utf-8")
    return validate(folder, Options(summary=True, rows=True))


def any_report(text: str, *, folder: str | None = "copy") -> Report:
    """Return a report in which a text stands wherever data can stand."""

    def finding(severity: str, **members: object) -> Finding:
        known: dict[str, object] = {
            "resource": text,
            "path": text,
            "fields": (text, text),
            "value": text,
            "limit": [text],
            "pointer": text,
            "record_id": text,
            "hint": text,
        }
        return Finding("type-error", severity, text, **(known | members))  # type: ignore[arg-type]

    findings = tuple(finding(level, row=3, line=4, column=1) for level in SEVERITIES)
    bare = Finding("profile-error", "error", text)
    elsewhere = finding("error", known=True, resource=None, path=None, row=1)
    waived = (Waived(finding("warning", row=5), text), Waived(bare, text))
    return Report(
        tool="diplodata 0.1.0",
        subject=text,
        standard="1.0",
        as_of="2020-05-26",
        resources=(ResourceReport(text, text, "csv", 3, 10, None, False, (FieldSummary(text, 2, 1, 3),)),),
        findings=(*findings, bare, elsewhere),
        totals={("type-error", level): 1 + (level == "error") for level in SEVERITIES}
        | {("profile-error", "error"): 7},
        places={("type-error", "error", text): 1, ("profile-error", "error", ""): 7},
        skipped=(SkippedRule("end-before-start", text or "x"),),
        waived=waived,
        folder=folder,
        comparison=Comparison({("type-error", "error"): 1}, 2),
        rows={(text, 3): ((text, text), (text, None))},
    )
