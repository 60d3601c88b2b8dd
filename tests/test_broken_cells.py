"""One broken cell of each kind in a copy of the reference package: each gives its one finding, and nothing else does."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from diplodata import Options, validate
from diplodata.model.finding import Finding
from diplodata.model.report import Report
from diplodata.model.schema import Field
from diplodata.standard import registry, tables

ROOT = Path(__file__).parents[1]
VERSION = registry.latest()

#: How many records lie between two broken ones of a table, so that no two meet in one record.
STEP = 3


@dataclass(frozen=True, slots=True)
class Break:
    """A cell to break and the code of the finding that must come of it."""

    table: str
    field: str
    value: str
    code: str = "constraint-error"


BREAKS = (
    Break("evidence", "id", "dd:evd-Upper"),
    Break("organizations", "parent_id", "dd:per-nobody"),
    Break("evidence", "record_id", "mtg-1"),
    Break("evidence", "field_name", "Start date"),
    Break("participants", "name_as_given", "x" * 301),
    Break("agenda_items", "title", " Tests", "untrimmed-text"),
    Break("meetings", "ordinal", "3rd\u200b", "invisible-character"),
    Break("evidence", "asserted_value", "2020  05", "untrimmed-text"),
    Break("persons", "name_language", "EN"),
    Break("participants", "attendance", "present"),
    Break("participants", "role", "Head"),
    Break("organizations", "country_code", "be"),
    Break("memberships", "start_date", "2020-1"),
    Break("sources", "retrieved_date", "2020"),
    Break("meetings", "start_time", "24:00"),
    Break("meetings", "time_zone", "Minsk"),
    Break("statements", "url", "www.example.org"),
    Break("organizations", "same_as", "https://example.org/a no-uri"),
    Break("persons", "wikidata_id", "184"),
    Break("sources", "sha256", "A" * 64),
    Break("participants", "party_size", "0"),
    Break("statements", "votes_yes", "12.0", "type-error"),
    Break("statements", "votes_no", "012", "lexical-form"),
    Break("names", "is_preferred", "yes", "type-error"),
    Break("statements", "title", ""),
    Break("sources", "publisher_name", "x" * 301),
    Break("participants", "person_id", "dd:per-nobody", "foreign-key"),
    Break("statements", "publication_date", "2021-02-29", "impossible-date"),
    Break("persons", "name", "Two  spaces", "untrimmed-text"),
    Break("decisions", "description", "zero\u200bwidth", "invisible-character"),
    Break("statements", "languages", "en EN"),
    Break("statements", "languages", "fr en fr"),
    Break("names", "record_id", "dd:org-nobody", "record-missing"),
)

Place = tuple[str, str | None, int | None, str | None]


class Copy:
    """A copy of the reference package whose cells can be broken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.expected: dict[Place, str | None] = {}
        self._tables: dict[str, list[dict[str, str]]] = {}
        self._next: dict[str, int] = {}
        descriptor = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
        # A broken reference may leave a record to which nothing else refers, and a broken claim is none for the field.
        descriptor["diplodata"]["rules"]["severity"] = {"orphan-record": "off", "evidence-value-mismatch": "off"}
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("provenance"))
        shutil.copytree(ROOT / "schemas" / VERSION / "tables", folder / "schemas" / VERSION / "tables")

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the records of a table."""
        if table not in self._tables:
            with (self.folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
                self._tables[table] = list(csv.DictReader(stream))
        return self._tables[table]

    def take(self, table: str) -> int:
        """Return the index of the next record that may be broken."""
        self._next[table] = self._next.get(table, 0) + STEP
        return self._next[table]

    def break_cell(self, item: Break) -> None:
        """Break a cell, and note what is expected of it."""
        index = self.take(item.table)
        self.rows(item.table)[index][item.field] = item.value
        self.expect(item.code, item.table, index, item.field, item.value)

    def expect(self, code: str, table: str, index: int, field: str, value: str) -> None:
        """Note a finding; the first record is row 2."""
        self.expected[code, table, index + 2, field] = value or None

    def repeat_id(self) -> None:
        """Give a name the identifier of the record before it."""
        index, rows = self.take("names"), self.rows("names")
        rows[index]["id"] = rows[index - 1]["id"]
        self.expect("primary-key", "names", index, "id", rows[index]["id"])

    def swap_dates(self) -> None:
        """Swap the dates of the last meeting that lasted several days."""
        rows = self.rows("meetings")
        index = max(number for number, row in enumerate(rows) if row["start_date"] < row["end_date"])
        row = rows[index]
        row["start_date"], row["end_date"] = row["end_date"], row["start_date"]
        self.expect("end-before-start", "meetings", index, "end_date", row["end_date"])

    def save(self) -> None:
        """Write the tables that were changed."""
        for table, rows in self._tables.items():
            with (self.folder / "data" / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Copy, Report]]:
    """A copy with everything broken, and its report."""
    copy = Copy(tmp_path_factory.mktemp("broken"))
    for item in BREAKS:
        copy.break_cell(item)
    copy.repeat_id()
    copy.swap_dates()
    copy.save()
    return copy, validate(copy.folder, Options(limit=0))


def place(finding: Finding) -> Place:
    """Return where a finding is."""
    return (finding.code, finding.resource, finding.row, finding.field)


def test_every_broken_cell_gives_one_finding_and_nothing_else_does(broken: tuple[Copy, Report]) -> None:
    copy, report = broken
    assert sorted(map(place, report.findings), key=str) == sorted(copy.expected, key=str)
    assert report.count("error") == len(copy.expected)
    assert not report.valid


def test_every_finding_names_the_value_and_the_record(broken: tuple[Copy, Report]) -> None:
    copy, report = broken
    for finding in report.findings:
        record = copy.rows(str(finding.resource))[(finding.row or 0) - 2]
        assert (finding.value, finding.record_id) == (copy.expected[place(finding)], record["id"]), finding


def test_every_kind_of_the_standard_is_broken_once() -> None:
    kinds = {field.annotations.kind for table in registry.table_names(VERSION) for field in fields(table)}
    fields_broken = ((item.table, item.field) for item in BREAKS)
    broken = {field.annotations.kind for table, name in fields_broken for field in fields(table) if field.name == name}
    assert kinds - broken == set()


def fields(table: str) -> tuple[Field, ...]:
    """Return the fields of a table with what the standard says of them."""
    return tables.schema(VERSION, table).fields
