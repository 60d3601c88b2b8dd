"""Records that others published are taken unchanged, with what they refer to, or not at all."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from diplodata import Options, validate
from diplodata.errors import MendingError, UsageError
from diplodata.model.given import Given
from diplodata.start.adopt import adopt
from diplodata.start.init import Beginning, init

BASE = Path(__file__).parents[1] / "base"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A package of all tables without records."""
    folder = tmp_path / "mine"
    init(folder, Beginning("exmfa", "Meetings", "all"))
    for path in (folder / "data").iterdir():
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return folder


def records(folder: Path, table: str) -> dict[str, dict[str, str]]:
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: {key: value for key, value in row.items() if value} for row in csv.DictReader(stream)}


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def first(table: str) -> str:
    return next(iter(records(BASE, table)))


def test_what_is_taken_is_what_was_published_with_its_sources(mine: Path) -> None:
    done = adopt(BASE, [first("persons"), first("organizations")], mine)
    assert {table for table, _ in done.taken} == {"organizations", "persons", "sources"}
    assert done.present == ()
    for table, name in done.taken:
        assert records(mine, table)[name] == records(BASE, table)[name]
    report = validate(mine, Options(given=Given(shared=BASE)))
    assert report.valid, report.findings
    assert "shared-record-modified" not in report.by_code
    assert json.loads((mine / "datapackage.json").read_text(encoding="utf-8"))["diplodata"]["prefixes"] == [
        "exmfa",
        "test",
    ]


def test_a_second_time_nothing_changes(mine: Path) -> None:
    before_it = adopt(BASE, [first("persons")], mine)
    before = content(mine)
    again = adopt(BASE, [first("persons")], mine)
    assert (again.taken, again.present) == ((), before_it.taken)
    assert content(mine) == before


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_file_is_written_on_as_it_is_written(end: str, delimiter: str, mine: Path) -> None:
    descriptor = mine / "datapackage.json"
    data = json.loads(descriptor.read_text(encoding="utf-8"))
    for item in data["resources"]:
        item["dialect"] = {"delimiter": delimiter}
    descriptor.write_text(json.dumps(data), encoding="utf-8")
    for path in (mine / "data").iterdir():
        path.write_bytes((path.read_text(encoding="utf-8").strip().replace(",", delimiter) + end).encode())
    adopt(BASE, [first("persons")], mine)
    raw = (mine / "data" / "persons.csv").read_bytes().decode()
    assert raw.count(end) == raw.count("\n") == 2
    assert validate(mine).valid


@pytest.mark.parametrize("problem", ["unknown", "no table", "no column", "other content", "hash"])
def test_what_cannot_be_taken_leaves_everything_as_it_was(problem: str, mine: Path, tmp_path: Path) -> None:
    person, source = first("persons"), tmp_path / "theirs"
    shutil.copytree(BASE, source)
    descriptor = mine / "datapackage.json"
    data = json.loads(descriptor.read_text(encoding="utf-8"))
    path = mine / "data" / "persons.csv"
    if problem == "unknown":
        person = "test:per-nobody"
    elif problem == "no table":
        data["resources"] = [item for item in data["resources"] if item["name"] != "persons"]
    elif problem == "no column":
        path.write_text("id,name,name_language\n", encoding="utf-8")
    elif problem == "other content":
        adopt(source, [person], mine)
        data = json.loads(descriptor.read_text(encoding="utf-8"))
        path.write_text(path.read_text(encoding="utf-8").replace(",en,", ",fr,"), encoding="utf-8")
    else:
        next(item for item in data["resources"] if item["name"] == "persons")["hash"] = "sha256:" + "0" * 64
    descriptor.write_text(json.dumps(data), encoding="utf-8")
    before = content(mine)
    with pytest.raises((UsageError, MendingError)):
        adopt(source, [person], mine)
    assert content(mine) == before
