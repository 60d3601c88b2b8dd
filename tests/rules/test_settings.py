"""What a package says about rules in its descriptor changes what is found, and nothing that it excuses is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from diplodata import Options, validate
from diplodata.model.finding import SEVERITIES
from diplodata.model.report import Report
from diplodata.rules import settings
from diplodata.rules.rule import rules

TESTS = Path(__file__).parents[1]
BASE = TESTS / "base"

#: A case whose package has one meeting by video with a city; its descriptor is written anew here.
MEETING = TESTS / "cases/virtual-with-place-off/package/data/meetings.csv"

REASON = "The mayor sat in the town hall."


def ruled(
    folder: Path, wishes: dict[str, Any] | None, meetings: Path | None = None, *, is_whole: bool = False
) -> Report:
    """Validate the base package with other wishes about rules; of a package with other meetings, these alone."""
    shutil.copytree(BASE, folder)
    place = folder / "datapackage.json"
    descriptor = json.loads(place.read_text(encoding="utf-8"))
    del descriptor["diplodata"]["rules"]
    if wishes is not None:
        descriptor["diplodata"]["rules"] = wishes
    place.write_text(json.dumps(descriptor), encoding="utf-8")
    if meetings:
        shutil.copy(meetings, folder / "data/meetings.csv")
    return validate(folder, Options(limit=0, resources=("meetings",) if meetings and not is_whole else ()))


def waiver(**members: str) -> dict[str, Any]:
    """Return wishes that waive the finding on the meeting, and switch off what the meeting has beside it."""
    item = {"code": "virtual-with-place", "record_id": "test:mtg-a", "reason": REASON, **members}
    return {"severity": {"record-without-evidence": "off"}, "waive": [item]}


def test_the_base_package_is_free_of_findings_when_all_rules_are_asked(tmp_path: Path) -> None:
    assert ruled(tmp_path / "base", None).findings == ()


@pytest.mark.parametrize("field", [{}, {"field": "city"}])
def test_a_waived_finding_is_listed_with_its_reason_and_not_counted(field: dict[str, str], tmp_path: Path) -> None:
    report = ruled(tmp_path / "waived", waiver(**field), MEETING)
    assert report.findings == ()
    assert dict(report.by_code) == {}
    (waived,) = report.waived
    assert (waived.finding.code, waived.finding.record_id, waived.reason) == (
        "virtual-with-place",
        "test:mtg-a",
        REASON,
    )
    assert report.to_dict()["waived"][0]["reason"] == REASON


def test_a_waiver_of_another_field_excuses_nothing(tmp_path: Path) -> None:
    report = ruled(tmp_path / "unused", waiver(field="venue"), MEETING, is_whole=True)
    assert (report.by_code["virtual-with-place"], report.by_code["waiver-unused"]) == (1, 1)
    assert report.waived == ()


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_severity_of_the_package_takes_the_place_of_that_of_the_rule(severity: str, tmp_path: Path) -> None:
    wishes = {"severity": {"record-without-evidence": "off", "virtual-with-place": severity}}
    report = ruled(tmp_path / "severity", wishes, MEETING)
    assert [(item.code, item.severity) for item in report.findings] == [("virtual-with-place", severity)]
    assert report.valid is (severity != "error")


@pytest.mark.parametrize("code", rules())
def test_every_rule_can_be_switched_off(code: str) -> None:
    read = settings.read({"severity": {code: "off"}}, "datapackage.json")
    assert (read.off, read.problems, dict(read.severity)) == ({code}, (), {})


@pytest.mark.parametrize(
    "code", ["constraint-error", "primary-key", "foreign-key", "reference-missing", "no-such-rule"]
)
def test_what_is_no_rule_can_be_neither_set_nor_waived(code: str) -> None:
    item = {"code": code, "record_id": "test:mtg-a", "reason": REASON}
    read = settings.read({"severity": {code: "off"}, "waive": [item]}, "datapackage.json")
    assert [(item.code, item.pointer) for item in read.problems] == [
        ("profile-error", f"/diplodata/rules/severity/{code}"),
        ("profile-error", "/diplodata/rules/waive/0/code"),
    ]
    assert (read.off, read.waivers) == (frozenset(), ())
