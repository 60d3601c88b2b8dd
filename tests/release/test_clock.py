"""When a release was made: never the clock of the machine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from diplodata import publish
from diplodata.errors import ReleaseError
from diplodata.package.locate import open_source
from diplodata.release import clock
from small_packages import contents, index_of, make

COMMITTED = "2020-02-03T04:05:06 +0200"


def moment(source: Path) -> str:
    with open_source(source) as opened:
        return clock.moment_of(opened)


@pytest.fixture(autouse=True)
def no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")


def commit(folder: Path, *names: str) -> None:
    """Make a repository of a folder, with some of its files committed."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    dates = {"GIT_COMMITTER_DATE": COMMITTED, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "PATH": "/usr/bin:/bin"}
    for arguments in (["init", "-q"], ["add", "--", *names], ["commit", "-q", "-m", "Add"]):
        subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, env=dates)


def test_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert moment(make(tmp_path, created="2026-01-31T00:00:00Z")) == "1970-01-02T00:00:00Z"


@pytest.mark.parametrize("value", ["yesterday", "-1", "1.5", "9" * 30, "\u0661"])
def test_an_environment_that_is_no_number_is_refused(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(ReleaseError, match="SOURCE_DATE_EPOCH"):
        moment(make(tmp_path))


@pytest.mark.system
def test_then_the_commit(tmp_path: Path) -> None:
    source = make(tmp_path / "repository" / "package", created="2026-01-31T00:00:00Z")
    commit(tmp_path / "repository", "package")
    assert moment(source) == moment(source / "datapackage.json") == "2020-02-03T02:05:06Z"


@pytest.mark.system
def test_a_repository_that_does_not_know_the_package_says_nothing(tmp_path: Path) -> None:
    source = make(tmp_path / "repository" / "package", created="2026-01-31T00:00:00Z")
    (tmp_path / "repository" / "other.txt").write_text("x", encoding="utf-8")
    commit(tmp_path / "repository", "other.txt")
    assert moment(source) == "2026-01-31T00:00:00Z"


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z"),
        ("2026-01-31T01:30:00.25+02:00", "2026-01-30T23:30:00Z"),
        ("2026-01-31", "2026-01-31T00:00:00Z"),
    ],
)
def test_then_the_descriptor(created: str, expected: str, tmp_path: Path) -> None:
    assert moment(make(tmp_path, created=created)) == expected


def test_without_any_a_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="nothing says when"):
        publish(tmp_path / "site", make(tmp_path / "package"))
    assert not (tmp_path / "site").exists()


def test_on_another_day_nothing_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make(tmp_path / "package")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795478400")
    assert publish(tmp_path / "site", source).is_new
    before = contents(tmp_path / "site")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1895478400")
    assert not publish(tmp_path / "site", source).is_new
    assert contents(tmp_path / "site") == before
    found = index_of(tmp_path / "site")
    folder = tmp_path / "site" / "releases" / "1.0.0"
    made = [json.loads((folder / name).read_text("utf-8"))["created"] for name in ("release.json", "datapackage.json")]
    assert {found["updated"], found["releases"][0]["created"], *made} == {"2026-11-24T00:00:00Z"}
