"""Each form of a report is one that its readers take, and says what the report says."""

from __future__ import annotations

import dataclasses
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import junitparser
import pytest
import sarif_pydantic

from diplodata import Options, validate
from diplodata.model.addresses import CODES
from diplodata.model.report import REPORT_VERSION, Report
from diplodata.render import RENDERERS, markdown_report
from diplodata.standard import registry
from render.made import any_report, broken


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return broken(tmp_path_factory.mktemp("forms") / "package")


@pytest.fixture(scope="module")
def good(small: Path) -> Report:
    return validate(small)


def codes(report: Report) -> list[str]:
    return [item.code for item in report.findings]


def test_the_broken_package_has_findings_of_each_severity(report: Report) -> None:
    assert all(report.count(level) for level in ("error", "warning", "info"))
    assert len(report.findings) == sum(report.by_code.values()) >= 8


def test_every_form_gives_the_same_bytes_again(report: Report) -> None:
    for name, render in RENDERERS.items():
        assert render(report) == render(report), name


def test_json_has_the_published_form(report: Report, good: Report) -> None:
    form = jsonschema_rs.validator_for(registry.report_schema(), validate_formats=True)
    for item in (report, good, any_report("text")):
        assert [str(problem) for problem in form.iter_errors(json.loads(RENDERERS["json"](item)))] == []


def test_the_published_form_refuses_what_is_no_report(report: Report) -> None:
    form = jsonschema_rs.validator_for(registry.report_schema(), validate_formats=True)
    data = json.loads(RENDERERS["json"](report))
    for change in ({"valid": "no"}, {"extra": 1}, {"as_of": "soon"}, {"findings": [{"code": "x"}]}):
        assert not form.is_valid(data | change), change
    for name in data:
        assert not form.is_valid({key: value for key, value in data.items() if key != name}), name


def test_the_published_form_is_a_schema_that_refers_to_nothing_outside(report: Report) -> None:
    form = registry.report_schema()
    jsonschema.Draft202012Validator.check_schema(form)
    assert form["$id"] == f"{registry.BASE}report/{REPORT_VERSION}/report.schema.json"
    assert form["properties"]["report_version"]["const"] == REPORT_VERSION
    assert set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(form))) == {f"#/$defs/{name}" for name in form["$defs"]}
    python = jsonschema.Draft202012Validator(form, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    assert list(python.iter_errors(json.loads(RENDERERS["json"](report)))) == []


def test_a_finding_has_the_address_of_its_code(report: Report) -> None:
    for item in report.to_dict()["findings"]:
        assert item["help"] == f"https://w3id.org/diplodata/codes/{item['code']}"


def test_ndjson_has_a_line_for_each_finding_and_the_counts_last(report: Report) -> None:
    lines = [json.loads(line) for line in RENDERERS["ndjson"](report).splitlines()]
    assert lines[:-1] == json.loads(RENDERERS["json"](report))["findings"]
    assert lines[-1]["counts"] == report.to_dict()["counts"]
    assert lines[-1]["valid"] is report.valid


def test_concise_has_a_line_for_each_finding(report: Report) -> None:
    *lines, last = RENDERERS["concise"](report).splitlines()
    form = re.compile(r"^(.+?):(\d+):(\d+): (error|warning|info) ([a-z-]+) (.+)$")
    found = [form.match(line) for line in lines]
    assert [match and match[5] for match in found] == codes(report)
    assert last.startswith("Invalid: ")


def test_concise_names_files_from_where_the_tool_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(tmp_path / "package")
    monkeypatch.chdir(tmp_path)
    for source in ("package", "package/datapackage.json", tmp_path / "package"):
        assert "package/data/events.csv:" in RENDERERS["concise"](validate(source)), source
    monkeypatch.chdir(tmp_path / "package")
    assert "\ndata/events.csv:" in "\n" + RENDERERS["concise"](validate())


def test_a_row_is_no_line_where_lines_are_not_known(report: Report, tmp_path: Path) -> None:
    inline = next(line for line in RENDERERS["concise"](report).splitlines() if "inline, row 2" in line)
    assert re.search(r":1:1: error type-error inline, row 2: n ", inline)
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as stream:
        stream.writestr("datapackage.json", (Path(report.subject) / "datapackage.json").read_text(encoding="utf-8"))
        for path in ("data/events.csv", "places.csv", "free.csv"):
            stream.writestr(path, (Path(report.subject) / path).read_text(encoding="utf-8"))
    packed = validate(tmp_path / "p.zip")
    assert packed.by_code == report.by_code
    lines = RENDERERS["concise"](packed).splitlines()[:-1]
    assert all(re.match(r".*p\.zip:1:\d+: ", line) for line in lines)
    assert sum("events, row 3" in line for line in lines) == 2
    assert '"region"' not in RENDERERS["sarif"](packed)
    assert {item["location"]["lines"]["begin"] for item in json.loads(RENDERERS["gitlab"](packed))} == {1}


def test_sarif_is_valid_and_complete(report: Report) -> None:
    text = RENDERERS["sarif"](report)
    log = sarif_pydantic.Sarif.model_validate_json(text)
    run = log.runs[0]
    assert log.version == "2.1.0"
    rules = run.tool.driver.rules or []
    assert [rule.id for rule in rules] == sorted(set(codes(report)))
    for rule in json.loads(text)["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["helpUri"] == CODES + rule["id"]
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
    results = json.loads(text)["runs"][0]["results"]
    assert [item["ruleId"] for item in results] == codes(report)
    assert [item["partialFingerprints"] for item in results] == [
        {"diplodata/v1": item.fingerprint} for item in report.findings
    ]
    assert [rules[item["ruleIndex"]].id for item in results] == codes(report)


def test_sarif_names_lines_of_files(report: Report) -> None:
    results = json.loads(RENDERERS["sarif"](report))["runs"][0]["results"]
    lines = {item.line for item in report.findings if item.line}
    regions = [item["locations"][0]["physicalLocation"].get("region", {}).get("startLine") for item in results]
    assert set(regions) - {None} == lines
    # A cell with a line break stands before this row, so its line is not its number.
    assert any(item.line != item.row for item in report.findings if item.line)


def test_sarif_suppresses_what_is_waived_and_compares() -> None:
    results = json.loads(RENDERERS["sarif"](any_report("text")))["runs"][0]["results"]
    suppressed = [item["suppressions"][0]["justification"] for item in results if "suppressions" in item]
    assert suppressed == ["text", "text"]
    assert {item["baselineState"] for item in results} == {"new", "unchanged"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("data/a.csv", "copy/data/a.csv"),
        ("a b%.csv", "copy/a%20b%25.csv"),
        ("a#b?.csv", "copy/a%23b%3F.csv"),
        ("/outside.csv", "file:///outside.csv"),
        ("https://example.org/a.csv", "https://example.org/a.csv"),
        ("é.csv", "copy/%C3%A9.csv"),
    ],
)
def test_sarif_writes_paths_as_addresses(path: str, uri: str) -> None:
    report = any_report(path)
    location = json.loads(RENDERERS["sarif"](report))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == uri
    assert ("uriBaseId" in location["artifactLocation"]) is ("://" not in uri)


def test_sarif_says_what_is_left_out() -> None:
    notes = json.loads(RENDERERS["sarif"](any_report("text")))["runs"][0]["invocations"][0]
    texts = [item["message"]["text"] for item in notes["toolExecutionNotifications"]]
    assert any("6 more of 7" in text for text in texts)


def test_junit_has_a_case_for_each_code_and_resource(report: Report) -> None:
    suites = junitparser.JUnitXml.fromstring(RENDERERS["junit"](report).encode())
    cases = [(case.classname, case.name) for suite in suites for case in suite]
    found = {(item.resource or "package", item.code) for item in report.findings}
    clean = {(item.name, "valid") for item in report.resources} - {(name, "valid") for name, _ in found}
    assert sorted(cases) == sorted(found | clean)
    failed = {
        (case.classname, case.name)
        for suite in suites
        for case in suite
        if any(isinstance(result, junitparser.Failure) for result in case.result)
    }
    assert failed == {(item.resource or "package", item.code) for item in report.findings if item.severity == "error"}
    assert suites.tests == len(cases)
    assert suites.failures == len(failed)


def test_junit_of_a_good_package_passes(good: Report) -> None:
    suites = junitparser.JUnitXml.fromstring(RENDERERS["junit"](good).encode())
    assert suites.tests == len(good.resources)
    assert (suites.failures, suites.errors, suites.skipped) == (0, 0, 0)


def test_junit_skips_what_is_waived() -> None:
    suites = junitparser.JUnitXml.fromstring(RENDERERS["junit"](any_report("text")).encode())
    cases = {(case.classname, case.name): case for suite in suites for case in suite}
    assert [type(item) for item in cases["package", "type-error"].result] == [junitparser.Skipped]
    assert "waived" in cases["package", "profile-error"].system_out
    assert "waived" in cases["text", "type-error"].system_out


def test_github_has_an_annotation_for_each_finding(report: Report) -> None:
    *lines, last = RENDERERS["github"](report).splitlines()
    form = re.compile(r"^::(error|warning|notice) file=([^,:]+)(?:,line=(\d+))?,title=([a-z-]+)::(.+)$")
    found = [form.match(line) for line in lines]
    assert [match and match[4] for match in found] == codes(report)
    assert {match[1] for match in found if match} == {"error", "warning", "notice"}
    assert last.startswith("Invalid: ")


def test_gitlab_has_what_code_quality_asks_for(report: Report) -> None:
    items: list[dict[str, Any]] = json.loads(RENDERERS["gitlab"](report))
    assert [item["check_name"] for item in items] == codes(report)
    assert len({item["fingerprint"] for item in items}) == len(items)
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert item["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert item["location"]["lines"]["begin"] >= 1
        assert not item["location"]["path"].startswith("./")


def test_text_ends_with_a_summary_by_code_when_there_is_much(report: Report) -> None:
    text = RENDERERS["text"](report)
    assert "By code:" not in text
    assert text.splitlines()[-1].startswith("Invalid: ")


def test_text_sums_up_many_findings(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "n", "type": "integer"}]}
    (tmp_path / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (tmp_path / "t.csv").write_text("n\n" + "x\n" * 12 + "y,z\n", encoding="utf-8")
    lines = RENDERERS["text"](validate(tmp_path / "t.csv", Options(schema=tmp_path / "schema.json"))).splitlines()
    start = lines.index("By code:")
    assert lines[start + 1] == "  type-error: 13 errors, first at t.csv, row 2, n"
    assert lines[start + 2].startswith("    → ")
    assert lines[start + 3] == "  extra-cell: 1 error, first at t.csv, row 14"


def test_waived_findings_are_in_every_form_and_in_no_count() -> None:
    report = any_report("text")
    without = dataclasses.replace(report, waived=())
    assert report.counts == without.counts
    for name, render in RENDERERS.items():
        assert re.search("waived|suppressions", render(report), re.IGNORECASE), name
        assert not re.search('waived (?!": \\[\\])|suppressions', render(without), re.IGNORECASE), name


def test_the_summary_of_a_step_fits(report: Report) -> None:
    whole = markdown_report.totals(report)
    assert markdown_report.totals(report, len(whole.encode())) == whole
    for limit in (0, 100, 500, len(whole.encode()) - 1):
        text = markdown_report.totals(report, limit)
        kept, said = text.split("\nThe rest does not fit.\n")
        assert whole.startswith(kept)
        assert len(kept.encode()) <= limit
        assert said == ""
