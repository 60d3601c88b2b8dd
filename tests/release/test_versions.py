"""Which version a release gets, what is too low, what is told of the changes, and what is withdrawn."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from conftest import DEEP
from diplodata import Wishes, publish, validate, yank
from diplodata.cli import main
from diplodata.errors import ConversionError, ReleaseError, UsageError
from diplodata.release import semver
from diplodata.release.publish import AUTO, InvalidPackageError, Publication
from diplodata.standard import registry
from small_packages import ROWS, contents, index_of, make

#: Rows of the next release -> the step that they ask for.
STEPS = {
    "patch": ((1, "1.5"), (2, "2.75")),
    "minor": (*ROWS, (3, "3")),
    "major": ((1, "1.5"),),
}
AFTER = {"patch": "1.0.1", "minor": "1.1.0", "major": "2.0.0"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A target with release 1.0.0. Do not change it."""
    folder = tmp_path_factory.mktemp("first")
    assert publish(folder / "site", make(folder / "package")).is_new
    return folder / "site"


@pytest.fixture
def target(first: Path, tmp_path: Path) -> Path:
    """A copy of that target, which a test may change."""
    return shutil.copytree(first, tmp_path / "site")


def record_of(done: Publication) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((done.folder / "release.json").read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize("step", STEPS)
def test_the_version_follows_from_the_changes(step: str, target: Path, tmp_path: Path) -> None:
    source = make(tmp_path / "package", STEPS[step])
    done = publish(target, source, Wishes(version=AUTO))
    assert (done.version, done.is_new) == (AFTER[step], True)
    record = record_of(done)
    assert record["bump"]["level"] == step
    assert "table: 1 record was" in record["bump"]["reasons"][0]
    assert json.loads((done.folder / "datapackage.json").read_text(encoding="utf-8"))["version"] == done.version
    # The source is not touched, and asked again, nothing has changed.
    assert json.loads((source / "datapackage.json").read_text(encoding="utf-8"))["version"] == "1.0.0"
    before = contents(target)
    again = publish(target, source, Wishes(version=AUTO))
    assert (again.version, again.is_new, again.is_unchanged) == (done.version, False, True)
    assert contents(target) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_version_that_is_too_low_is_refused(step: str, target: Path, tmp_path: Path) -> None:
    before = contents(target)
    low = "1.0.0-beta.1" if step == "patch" else {"minor": "1.0.1", "major": "1.9.9"}[step]
    source = make(tmp_path / "package", STEPS[step], version=low)
    if step == "patch":
        # Below all that is published, there is nothing to compare with.
        assert publish(target, source).is_new
        return
    with pytest.raises(ReleaseError, match=rf"{AFTER[step]} \({step}: table: 1 record"):
        publish(target, source)
    assert contents(target) == before
    done = publish(target, source, Wishes(force_version="  The ministry counts differently. "))
    assert record_of(done)["bump"]["forced"] == "The ministry counts differently."
    # Published is published, without the reason being given again.
    assert not publish(target, source).is_new


@pytest.mark.parametrize(("step", "version"), [("patch", "1.0.1"), ("minor", "1.1.0-rc.1"), ("minor", "3.0.0")])
def test_a_version_that_is_high_enough_is_taken(step: str, version: str, target: Path, tmp_path: Path) -> None:
    assert publish(target, make(tmp_path / "package", STEPS[step], version=version)).version == version


def test_a_reason_that_is_none_and_a_version_that_is_none_are_refused(target: Path, tmp_path: Path) -> None:
    source = make(tmp_path / "package")
    for wishes in (Wishes(force_version=" "), Wishes(version="1.0.0"), Wishes(extras=("docx",))):
        with pytest.raises(UsageError):
            publish(target, source, wishes)


def test_the_changes_are_told_in_words_and_as_data(target: Path, tmp_path: Path) -> None:
    done = publish(target, make(tmp_path / "package", STEPS["minor"], version="1.1.0"))
    changes = json.loads((done.folder / "changes.json").read_text(encoding="utf-8"))
    assert list(jsonschema_rs.validator_for(registry.changes_schema()).iter_errors(changes)) == []
    assert (changes["old"]["version"], changes["new"]["version"]) == ("1.0.0", "1.1.0")
    assert changes["tables"][0]["records"][0]["key"] == {"a": "3"}
    words = (done.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert words.startswith("# generic, version 1.1.0\n")
    assert "1 record was added" in words
    assert str(tmp_path) not in words + json.dumps(changes)
    assert "This is the first release." in (target / "releases/1.0.0/CHANGELOG.md").read_text(encoding="utf-8")


def test_the_report_speaks_of_the_published_files(target: Path) -> None:
    folder = target / "releases" / "1.0.0"
    report = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    assert list(jsonschema_rs.validator_for(registry.report_schema()).iter_errors(report)) == []
    assert report["valid"]
    fresh = validate(folder / "datapackage.json")
    assert [item["sha256"] for item in report["resources"]] == [item.sha256 for item in fresh.resources]


def test_an_identifier_that_disappears_is_an_error(site: Path, small: Path, tmp_path: Path) -> None:
    target = shutil.copytree(site, tmp_path / "site")
    source = shutil.copytree(small, tmp_path / "source")
    data = json.loads((source / "datapackage.json").read_text(encoding="utf-8"))
    (source / "datapackage.json").write_text(json.dumps(data | {"version": "2.0.0"}), encoding="utf-8")
    lines = (source / "data" / "initiatives.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (source / "data" / "initiatives.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    before = contents(target)
    with pytest.raises(InvalidPackageError) as caught:
        publish(target, source)
    assert caught.value.report.by_code["id-disappeared"] == 1
    assert contents(target) == before


# Withdrawn


def test_a_withdrawn_release_stays_and_no_channel_leads_to_it(target: Path, tmp_path: Path) -> None:
    source = make(tmp_path / "package", STEPS["minor"], version="1.1.0")
    publish(target, source)
    before = contents(target / "releases")
    assert yank(target, "1.1.0", "  Wrong\nnumbers. ")
    assert contents(target / "releases") == before
    found = index_of(target)
    assert found["channels"] == {"latest": "1.0.0", "1": "1.0.0", "1.0": "1.0.0"}
    assert found["releases"][0]["yanked"] == {"reason": "Wrong numbers.", "date": "2026-11-24T00:00:00Z"}
    assert found["serial"] == 3
    for name in ("index.html", "feed.atom"):
        assert "Wrong numbers." in (target / name).read_text(encoding="utf-8")
    # Again, nothing changes; for another reason it is refused; and it is not published anew.
    states = contents(target)
    assert not yank(target, "1.1.0", "Wrong numbers.")
    with pytest.raises(ReleaseError, match="Wrong numbers"):
        yank(target, "1.1.0", "Other numbers.")
    assert not publish(target, source).is_new
    assert contents(target) == states


def test_all_withdrawn_leaves_no_channel(target: Path) -> None:
    yank(target, "1.0.0", "Wrong.")
    assert index_of(target)["channels"] == {}


def test_only_what_is_published_is_withdrawn(target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(target)
    with pytest.raises(ReleaseError, match=r"no version 9\.9\.9"):
        yank(target, "9.9.9", "Wrong.")
    with pytest.raises(UsageError):
        yank(target, "1.0.0", " ")
    with pytest.raises(ReleaseError):
        yank(tmp_path / "nothing", "1.0.0", "Wrong.")
    assert not (tmp_path / "nothing").exists()
    with pytest.raises(SystemExit) as caught:
        main(["yank", str(target), "1.0.0"])
    assert caught.value.code == 2
    assert "--reason" in capsys.readouterr().err
    assert contents(target) == before


# Immutable, whatever is done


class Publishing(RuleBasedStateMachine):
    """Publish, publish again, publish other bytes, withdraw: no file of a release ever changes."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.number = len(list(self.folder.iterdir()))
        self.target = self.folder / f"site-{self.number}"
        self.target.mkdir()
        self.rows: list[tuple[int, str]] = list(ROWS)
        self.published: dict[str, dict[str, bytes]] = {}
        self.serial = 0

    def source(self, version: str) -> Path:
        return make(self.folder / f"package-{self.number}", self.rows, version=version)

    @rule(value=st.integers(0, 3), version=st.sampled_from(["1.0.0", "1.0.1", "1.1.0", "2.0.0", AUTO]))
    def publish(self, value: int, version: str) -> None:
        self.rows[1] = (2, f"{value}.5")
        wishes = Wishes(version=AUTO if version == AUTO else None)
        try:
            done = publish(self.target, self.source("1.0.0" if version == AUTO else version), wishes)
        except ReleaseError:
            return
        assert done.is_new == (done.version not in self.published)
        self.published.setdefault(done.version, contents(done.folder))

    @rule(version=st.sampled_from(["1.0.0", "1.0.1", "2.0.0"]))
    def withdraw(self, version: str) -> None:
        if version in self.published:
            yank(self.target, version, "Wrong.")
        else:
            with pytest.raises(ReleaseError):
                yank(self.target, version, "Wrong.")

    @invariant()
    def no_release_changes(self) -> None:
        if not self.published:
            return
        found = index_of(self.target)
        assert found["serial"] >= self.serial
        self.serial = found["serial"]
        versions = [item["version"] for item in found["releases"]]
        assert versions == sorted(self.published, key=semver.order, reverse=True)
        for version, files in self.published.items():
            assert contents(self.target / "releases" / version) == files
        assert sorted(path.name for path in (self.target / "releases").iterdir()) == sorted(versions)


def test_no_file_of_a_release_ever_changes(tmp_path: Path) -> None:
    machine = type("Machine", (Publishing,), {"folder": tmp_path})
    counts = settings(max_examples=60 if DEEP else 2, stateful_step_count=20 if DEEP else 6)
    run_state_machine_as_test(machine, settings=counts)


# Further formats


def test_further_formats_lie_beside_and_are_the_same_each_time(tmp_path: Path) -> None:
    wishes = Wishes(extras=("xlsx", "sqlite", "xlsx"))
    source = make(tmp_path / "package", name="our-table")
    done = [publish(tmp_path / f"site-{number}", source, wishes) for number in range(2)]
    assert contents(tmp_path / "site-0") == contents(tmp_path / "site-1")
    for form in ("sqlite", "xlsx"):
        place = done[0].folder / f"our-table.{form}"
        assert place.name in (done[0].folder / "SHA256SUMS").read_text(encoding="utf-8")
        assert validate(place).valid
    assert "xlsxwriter" in record_of(done[0])["tool"]["libraries"]
    # Without them, it would be another release.
    with pytest.raises(ReleaseError, match="other content"):
        publish(tmp_path / "site-0", source)


def test_a_further_format_that_would_lose_something_is_refused(tmp_path: Path) -> None:
    source = make(tmp_path / "package")
    data = json.loads((source / "datapackage.json").read_text(encoding="utf-8"))
    data["resources"].append({"name": "notes", "path": "notes.md"})
    (source / "notes.md").write_text("A file that is no table.\n", encoding="utf-8")
    (source / "datapackage.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ConversionError, match="notes"):
        publish(tmp_path / "site", source, Wishes(extras=("sqlite",)))
    assert not (tmp_path / "site").exists()
    assert publish(tmp_path / "site", source).is_new
