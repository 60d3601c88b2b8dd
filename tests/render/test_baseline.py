"""Only what a baseline does not know fails; moved rows are known, and the comparison sees all findings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplodata import Options, baseline, validate
from diplodata.errors import UsageError
from diplodata.model.finding import Finding
from diplodata.model.report import Report
from diplodata.render import RENDERERS

SCHEMA = {
    "fields": [
        {"name": "id", "type": "integer"},
        {"name": "day", "type": "date"},
        {"name": "n", "type": "integer", "constraints": {"maximum": 5}},
    ]
}

ROWS = ["1,2020-01-01,1", "2,soon,1", "3,soon,9", "4,2020-01-01,x", "x,never,8"]


def package(folder: Path, rows: Sequence[str]) -> Path:
    """Write a package of one table."""
    folder.mkdir(exist_ok=True)
    resources = [
        {"name": "t", "path": "t.csv", "schema": SCHEMA},
        {"name": "u", "data": [{"id": "x"}], "schema": {"fields": [{"name": "id", "type": "integer"}]}},
    ]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    (folder / "t.csv").write_text("\n".join(["id,day,n", *rows, ""]), encoding="utf-8")
    return folder


def write(report: Report, path: Path) -> Path:
    path.write_text(RENDERERS["json"](report), encoding="utf-8")
    return path


@pytest.fixture
def known(tmp_path: Path) -> Path:
    return write(validate(package(tmp_path / "p", ROWS), Options(limit=0)), tmp_path / "known.json")


def test_the_same_package_has_nothing_new(tmp_path: Path, known: Path) -> None:
    report = validate(tmp_path / "p", Options(baseline=known))
    assert not report.valid
    assert not report.fails_at("info")
    assert all(item.known for item in report.findings)
    assert report.counts["known"] == len(report.findings) == 8
    assert report.counts["fixed"] == 0


def test_moved_rows_are_known(tmp_path: Path, known: Path) -> None:
    package(tmp_path / "p", ["9,2020-01-01,1", *reversed(ROWS), "8,2020-01-01,1"])
    report = validate(tmp_path / "p", Options(baseline=known))
    assert (report.counts["known"], report.counts["fixed"]) == (8, 0)
    assert not report.fails_at("info")


def test_a_new_finding_fails(tmp_path: Path, known: Path) -> None:
    package(tmp_path / "p", [*ROWS, "7,2020-01-01,77"])
    report = validate(tmp_path / "p", Options(baseline=known))
    assert [item.value for item in report.findings if not item.known] == ["77"]
    assert report.fails_at("error")
    assert "1 new, 8 known, 0 fixed" in RENDERERS["text"](report)


def test_one_more_of_the_same_is_new(tmp_path: Path, known: Path) -> None:
    package(tmp_path / "p", [*ROWS, "7,soon,1"])
    report = validate(tmp_path / "p", Options(baseline=known))
    assert [item.value for item in report.findings if not item.known] == ["soon"]
    assert report.fails_at("error")


def test_what_is_gone_is_counted(tmp_path: Path, known: Path) -> None:
    package(tmp_path / "p", ROWS[:2])
    report = validate(tmp_path / "p", Options(baseline=known))
    assert (report.counts["known"], report.counts["fixed"]) == (2, 6)
    assert not report.fails_at("error")


@pytest.mark.parametrize("limit", [0, 1, 2, 100])
def test_the_limit_is_for_display_alone(tmp_path: Path, limit: int) -> None:
    many = [f"{number},soon,1" for number in range(30)]
    known = write(validate(package(tmp_path / "p", many), Options(limit=0)), tmp_path / "known.json")
    package(tmp_path / "p", [*many, "30,never,1"])
    report = validate(tmp_path / "p", Options(baseline=known, limit=limit))
    assert report.counts["known"] == 31
    assert report.count("error") == 32
    assert report.fails_at("error")
    assert len(report.findings) == (32 if limit in (0, 100) else limit)
    # The new one is shown, whatever the limit.
    assert "never" in [item.value for item in report.findings]


def test_findings_of_other_resources_are_not_gone(tmp_path: Path, known: Path) -> None:
    report = validate(tmp_path / "p", Options(baseline=known, resources=("u",)))
    assert (report.counts["known"], report.counts["fixed"]) == (1, 0)


def test_records_are_told_apart_by_their_identifiers() -> None:
    here, there = (Finding("x", "error", "m", resource="r", record_id=name, value="v") for name in ("a", "b"))
    assert here.fingerprint != there.fingerprint


def test_findings_on_files_are_told_apart_by_their_message() -> None:
    here, there = (Finding("x", "error", text, resource="r") for text in ("a", "b"))
    assert here.fingerprint != there.fingerprint


MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "resource": st.sampled_from("ab"),
        "record_id": st.sampled_from("ab"),
        "value": st.sampled_from(["a", "b", "None", "a\x1fb"]),
        "fields": st.sampled_from([(), ("a",), ("a", "b"), ("a\x1fb",)]),
        "pointer": st.sampled_from("ab"),
    },
)


@given(here=MEMBERS, there=MEMBERS, rows=st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_fingerprints_are_equal_when_what_they_are_about_is(
    here: dict[str, object], there: dict[str, object], rows: tuple[int, int]
) -> None:
    first, second = (
        Finding("x", "error", f"row {row}", row=row, line=row, **members)  # type: ignore[arg-type]
        for row, members in zip(rows, (here, there), strict=True)
    )
    assert (first.fingerprint == second.fingerprint) is ({"fields": (), **here} == {"fields": (), **there})


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12), st.integers(0, 4))
def test_comparing_is_subtracting_multisets(before: list[str], after: list[str], limit: int) -> None:
    def findings(values: list[str]) -> list[Finding]:
        return [Finding("x", "error", "m", resource="r", row=row, value=value) for row, value in enumerate(values, 2)]

    known = Counter(item.fingerprint for item in findings(before))
    report = Report("t", "s", None, "2020-01-01", (), tuple(findings(after)), {("x", "error"): len(after)})
    compared = baseline.compare(report, known, limit)
    new = (Counter(after) - Counter(before)).total()
    assert compared.counts["known"] == len(after) - new
    assert compared.counts["fixed"] == (Counter(before) - Counter(after)).total()
    assert compared.fails_at("error") is (new > 0)
    shown = [item for item in compared.findings if not item.known]
    assert len(shown) == (new if not limit else min(new, limit))
    assert [item.row for item in compared.findings] == sorted(item.row or 0 for item in compared.findings)


BAD = {
    "no JSON": b"findings",
    "no report": b'{"resources": []}',
    "a list": b"[]",
    "another version": b'{"report_version": "2.0", "findings": [], "counts": {}}',
    "no findings": b'{"report_version": "1.0", "counts": {"error": 0, "warning": 0, "info": 0}}',
    "no fingerprint": b'{"report_version": "1.0", "findings": [{}], "counts": {"error": 1, "warning": 0, "info": 0}}',
    "findings that are texts": b'{"report_version": "1.0", "findings": ["x"], "counts": {"error": 1}}',
    "counts that are null": b'{"report_version": "1.0", "findings": [], "counts": null}',
    "not all findings": b'{"report_version": "1.0", "findings": [], "counts": {"error": 3, "warning": 0, "info": 0}}',
    "not UTF-8": b'{"report_version": "\xff"}',
}


@pytest.mark.parametrize("name", BAD)
def test_a_baseline_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_bytes(BAD[name])
    with pytest.raises(UsageError, match=r"known\.json"):
        validate(package(tmp_path / "p", ROWS), Options(baseline=path))


def test_a_baseline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(UsageError, match="cannot be read"):
            validate(package(tmp_path / "p", ROWS), Options(baseline=path))


def test_a_report_that_leaves_findings_out_is_no_baseline(tmp_path: Path) -> None:
    known = write(validate(package(tmp_path / "p", ROWS), Options(limit=1)), tmp_path / "known.json")
    with pytest.raises(UsageError, match="--limit 0"):
        validate(tmp_path / "p", Options(baseline=known))
