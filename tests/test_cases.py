"""Every folder of tests/cases is a small package with the findings that validate must give for it."""

from __future__ import annotations

import datetime
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from diplodata import Options, validate
from diplodata.catalogue.release_entries import OF_RELEASES
from diplodata.explain import entries
from diplodata.model.finding import Finding
from diplodata.model.given import Given
from diplodata.model.report import Report
from diplodata.render import json_report
from diplodata.rules.rule import rules
from diplodata.standard import registry

HERE = Path(__file__).parent
BASE = HERE / "base"
CASES = {folder.name: folder for folder in sorted((HERE / "cases").iterdir()) if folder.is_dir()}

#: Cases whose folder says how the package looks after the hint of the rule was followed.
FIXED = [name for name, folder in CASES.items() if (folder / "fixed").is_dir()]

#: Codes of findings on packages; those on releases have cases of their own, in tests/cases_verify.
CODES = sorted(entries().keys() - {entry.code for entry in OF_RELEASES})

#: Options that name a file or folder of the case.
GIVEN = ("previous", "registry", "shared", "snapshots")

#: Members by which expected and actual findings are paired; all others are compared when they are given.
PLACE = ("code", "resource", "row", "field")

#: The published form of the JSON report.
FORM = jsonschema_rs.validator_for(registry.report_schema(), validate_formats=True)

Reports = Mapping[str, "Future[Report]"]
Expected = Mapping[str, Any]


def read_expected(case: str) -> Expected:
    """Return what a case expects."""
    data: Expected = json.loads((CASES[case] / "expected.json").read_text(encoding="utf-8"))
    return data


def lay_out(case: str, target: Path, layers: Sequence[str] = ("package",)) -> Path:
    """Put the package of a case together and return the source to validate.

    Args:
        case: name of the case.
        target: folder that is made.
        layers: folders of the case that are laid over the base, one after the other.
    """
    expected = read_expected(case)
    if expected["base"]:
        shutil.copytree(BASE, target)
    for layer in layers:
        if (CASES[case] / layer).is_dir():
            shutil.copytree(CASES[case] / layer, target, dirs_exist_ok=True)
        for mark in list(target.rglob("*.remove")):
            mark.with_suffix("").unlink()
            mark.unlink()
    if not expected.get("zip"):
        return target / expected.get("source", ".")
    archive = target.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as stream:
        for path in sorted(target.rglob("*")):
            stream.write(path, path.relative_to(target))
    return archive


def options_of(case: str) -> Options:
    """Return the options of a case; what rules are given lies in its folder."""
    declared = dict(read_expected(case).get("options", {}))
    given = {name: CASES[case] / declared.pop(name) for name in GIVEN if name in declared}
    if "as_of" in declared:
        declared["as_of"] = datetime.date.fromisoformat(declared["as_of"])
    declared["resources"] = (*declared.get("resources", ()),)
    return Options(**{"limit": 0, **declared, "given": Given(**given)})


def run(case: str, target: Path) -> Report:
    """Validate the package of a case."""
    return validate(lay_out(case, target), options_of(case))


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    """Validate all cases that are asked for, side by side."""
    wanted = [
        item.callspec.params["case"] for item in request.session.items if "reports" in getattr(item, "fixturenames", ())
    ]
    root = tmp_path_factory.mktemp("cases")
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {case: pool.submit(run, case, root / case) for case in wanted}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, reports: Reports) -> None:
    report = reports[case].result()
    expected = read_expected(case)
    found = [as_members(item) for item in report.findings]
    assert described(found) == described(expected["findings"]), expected["about"]
    for wanted in expected["findings"]:
        pair = next((item for item in found if matches(item, wanted)), None)
        assert pair, f"{wanted} is not among {found}"
        found.remove(pair)
    assert report.valid is expected["valid"]
    assert [str(problem) for problem in FORM.iter_errors(json.loads(json_report.render(report)))] == []


@pytest.mark.parametrize("case", FIXED)
def test_what_the_rule_says_mends_it(case: str, tmp_path: Path) -> None:
    report = validate(lay_out(case, tmp_path / "fixed", ("package", "fixed")), options_of(case))
    found = [as_members(item) for item in report.findings if item.severity == "error" or item.code == code_of(case)]
    assert found == []


@pytest.mark.parametrize("code", rules())
def test_every_rule_has_a_failing_case_that_is_mended(code: str) -> None:
    mended = [case for case in FIXED if code_of(case) == code]
    failing = [case for case in mended if any(item["code"] == code for item in read_expected(case)["findings"])]
    assert failing, f"no failing case of {code} has a folder fixed/"


def as_members(finding: Finding) -> dict[str, Any]:
    """Return all members of a finding, empty ones too."""
    data: dict[str, Any] = json.loads(json.dumps(finding.to_dict()))
    return dict.fromkeys((*PLACE, "record_id", "pointer", "line", "value")) | data


def described(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the places of findings as sorted lines, one a finding."""
    return sorted(" ".join(str(item.get(name)) for name in PLACE) for item in findings)


def matches(finding: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a finding has every member that is wanted."""
    return all(finding.get(name) == value for name, value in wanted.items())


def code_of(case: str) -> str:
    """Return the code that a case is named for: the longest that begins its name."""
    names = [code for code in entries() if case == code or case.startswith(f"{code}-")]
    return max(names, key=len, default="")


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_failing_and_a_passing_case(code: str) -> None:
    findings = [read_expected(case)["findings"] for case in CASES if code_of(case) == code]
    fails = [any(item["code"] == code for item in items) for items in findings]
    assert True in fails, f"{code} has no failing case"
    assert False in fails, f"{code} has no passing case"


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_named_for_a_code(case: str) -> None:
    assert code_of(case), f"{case} begins with no code of the catalogue"
