"""The packages of examples/: valid without a warning, of facts of the reference package, and read by frictionless."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from frictionless import validate as frictionless_validate

from diplodata import Options, validate
from diplodata.cli.root import root
from diplodata.conversion import convert
from diplodata.standard import tables

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"

#: Example -> the table and the number of its rows without which it shows nothing.
SOURCES: Mapping[str, tuple[str, int]] = {
    "publisher": ("participants", 8),
    "workbook/meetings.xlsx": ("participants", 6),
    "nested/meetings.json": ("evidence", 5),
}

#: Columns of the publisher's records that differ from those of the reference package: they are its own judgement.
OWN_COLUMNS = ("confidence", "id", "meeting_id", "meeting_type", "note", "x_desk")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def published(table: str) -> Mapping[str, dict[str, str]]:
    """Return the rows of the reference package by identifier."""
    return {row["id"]: row for row in rows_of(ROOT / "data" / f"{table}.csv")}


@pytest.mark.parametrize("name", SOURCES)
def test_examples_are_valid_without_a_warning(name: str) -> None:
    report = validate(EXAMPLES / name)
    assert report.findings == ()
    table, rows = SOURCES[name]
    assert {item.name: item.rows for item in report.resources}[table] == rows


@pytest.mark.parametrize("name", SOURCES)
def test_shared_records_are_those_of_the_reference_package(name: str, tmp_path: Path) -> None:
    folder = EXAMPLES / name
    if folder.is_file():
        convert(folder, tmp_path / "csv", "csv")
        folder = tmp_path / "csv"
    found = 0
    for path in sorted((folder / "data").glob("*.csv")):
        for row in rows_of(path):
            if row["id"].startswith("dd:"):
                assert row == published(path.stem)[row["id"]]
                found += 1
    assert found > 15


@pytest.mark.parametrize("table", ["meetings", "participants"])
def test_records_of_the_publisher_hold_facts_of_the_reference_package(table: str) -> None:
    for row in rows_of(EXAMPLES / "publisher" / "data" / f"{table}.csv"):
        original = published(table)[row["id"].replace("ex:", "dd:")]
        assert {key: row[key] for key in original if key not in OWN_COLUMNS} == {
            key: original[key] for key in original if key not in OWN_COLUMNS
        }


def test_schemas_of_the_publisher_are_those_of_its_profile(tmp_path: Path) -> None:
    publisher = EXAMPLES / "publisher"
    names = [path.stem for path in (publisher / "schemas").iterdir() if path.stem != "desks"]
    arguments = ["--as", "table-schema", "--profile", publisher, "--tables", ",".join(names), "--output", tmp_path]
    assert CliRunner().invoke(root, ["schema", "export", *map(str, arguments)]).exit_code == 0
    for path in tmp_path.iterdir():
        kept = json.loads((publisher / "schemas" / path.name).read_text(encoding="utf-8"))
        written = json.loads(path.read_text(encoding="utf-8"))
        if path.stem == "meetings":
            written["foreignKeys"].append({"fields": ["x_desk"], "reference": {"resource": "desks", "fields": ["id"]}})
        assert kept == written


@pytest.mark.usefixtures("no_network")
def test_frictionless_reads_the_publisher() -> None:
    publisher = EXAMPLES / "publisher"
    assert frictionless_validate(str(publisher / "datapackage.json")).valid


#: What is changed in the publisher's package -> (file, old text, new text, code and field that are then found).
MISTAKES: Mapping[str, tuple[str, str, str, tuple[str, str]]] = {
    "a desk that is not there": ("data/meetings.csv", ",asia\n", ",africa\n", ("foreign-key", "x_desk")),
    "no desk": ("data/meetings.csv", ",asia\n", ",\n", ("constraint-error", "x_desk")),
    "a code without its list": (
        "codelists/meeting_type.csv",
        "virtual_summit",
        "virtual_talks",
        ("code-not-listed", "meeting_type"),
    ),
    "attendance that the profile leaves out": (
        "data/participants.csv",
        ",attended,",
        ",invited,",
        ("constraint-error", "attendance"),
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_what_the_publisher_adds_is_checked(what: str, tmp_path: Path) -> None:
    file, old, new, expected = MISTAKES[what]
    package = shutil.copytree(EXAMPLES / "publisher", tmp_path / "package")
    text = (package / file).read_text(encoding="utf-8")
    assert old in text
    (package / file).write_text(text.replace(old, new), encoding="utf-8")
    report = validate(package, Options(resources=("meetings", "participants", "desks")))
    assert {(item.code, item.field) for item in report.findings} == {expected}


@pytest.mark.parametrize("to", ["parquet", "xlsx"])
def test_what_the_publisher_adds_goes_where_the_package_goes(to: str, tmp_path: Path) -> None:
    target = tmp_path / f"package.{to}"
    convert(EXAMPLES / "publisher", target, to)
    report = validate(target)
    assert report.findings == ()
    assert str(report.profile) == "https://example.org/profiles/newsroom.json 1.0.0"
    assert [item.name for item in report.resources][-1] == "desks"


def test_the_profile_types_the_column_of_the_publisher() -> None:
    described = json.loads((EXAMPLES / "publisher/schemas/meetings.json").read_text(encoding="utf-8"))
    names = [item["name"] for item in described["fields"]]
    assert names == [*tables.properties("1.0", "meetings"), "x_desk"]
