"""Any table goes through any two formats and comes back, or is refused beforehand."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from diplodata.conversion import DOCUMENTS, TARGETS, columns_of, convert_opened
from diplodata.errors import ConversionError
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage
from target_names import target_name

#: Formats of tables that are read as well as written.
FORMATS = tuple(name for name in TARGETS if name not in ("duckdb", *DOCUMENTS))

#: Tables of one package: what reads a format is started once for all of them.
TOGETHER = 10

#: Tables that are tried.
TABLES = 200_000 if os.environ.get("DIPLODATA_DEEP") == "1" else 1_000

_WORDS = (
    "NA null true True FALSE 1 0 007 -0 +1 1.10 1e5 NaN -INF 2020-01-05 9223372036854775808 -9223372036854775809 0.1 "
    "1.50 2.25 1e+300 1E400 [] {} [1] \\N NULL =1+1 # -0.0 199X 2016-12-31T23:59:60Z 2020-01-05T10:00:00Z 1_0 ١٢ "
    "_x0041_ _x0041_x0042_"
).split()
_MARKS = ["", " x ", '"', '""', ",", ";", "\t", "x\ny", "x\r\ny", "\r", "'", "\ufeff", "é", "e\u0301", "\U0001f54a"]
_ODD = ["\u202e", "\u2028", "\x85", "\x0b", "\x1c", "\x01", "\uffff", "\ud7ff", "a b", " ", "\u00a0", "\u200b"]
_NASTY = st.sampled_from([*_WORDS, *_MARKS, *_ODD])
_FREE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
_TEXTS: dict[str, st.SearchStrategy[str]] = {
    "string": _NASTY | _FREE,
    "any": _NASTY,
    "integer": st.integers(-(2**70), 2**70).map(str) | st.integers(-9, 9).map(str),
    "boolean": st.sampled_from(["true", "false"]),
    "number": st.floats(allow_nan=False).map(repr) | st.decimals(-99, 99, places=2).map(str),
    "date": st.dates().map(str),
    "datetime": st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    "array": st.lists(st.integers(0, 9), max_size=2).map(json.dumps),
}
_NAMES = st.sampled_from(["a", "b", "A", "id", "x y", "é", '"', ",", "_row", "c1", "select", "a\nb", "#", "1", "rowid"])
_MISSING = st.sampled_from([None, None, [""], ["", "NA"], ["NA"], []])


@dataclass(frozen=True)
class Table:
    """A table as texts and no values, and what its schema says; no fields for a table without a schema."""

    names: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    fields: tuple[str, ...]
    missing: list[str] | None

    @property
    def empty_is_value(self) -> bool:
        return bool(self.fields) and self.missing is not None and "" not in self.missing

    def write(self, folder: Path, name: str) -> dict[str, Any]:
        """Write the table, and return its descriptor."""
        resource: dict[str, Any] = {"name": name, "path": f"{name}.json", "type": "table", "format": "json"}
        if self.fields:
            pairs = zip(self.names, self.fields, strict=True)
            resource["schema"] = {"fields": [{"name": name, "type": kind} for name, kind in pairs]}
            if self.missing is not None:
                resource["schema"]["missingValues"] = self.missing
        records = [dict(zip(self.names, row, strict=True)) for row in self.rows]
        (folder / f"{name}.json").write_text(json.dumps(records), encoding="utf-8")
        return resource

    def found(self, folder: Path, name: str) -> list[list[str | None]]:
        """Read the table back as texts and no values."""
        records = json.loads((folder / f"{name}.json").read_bytes())
        return [[text_of(record[name]) for name in self.names] for record in records]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    names = draw(st.lists(_NAMES, min_size=1, max_size=3, unique=True))
    kinds = [draw(st.sampled_from(sorted(_TEXTS))) for _ in names]
    # Mostly what the type takes, so that columns are typed; now and then what it does not.
    cells = [st.one_of(_TEXTS[kind], _TEXTS[kind], _TEXTS[kind], st.none(), _NASTY) for kind in kinds]
    rows = draw(st.lists(st.tuples(*cells), max_size=3))
    return Table(tuple(names), tuple(rows), tuple(kinds) if draw(st.booleans()) else (), draw(_MISSING))


class Kept(dict[str, Any]):
    """The processes that read formats, kept from one table to the next."""

    def close(self) -> None:
        while self:
            self.popitem()[1].close()


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    found = Kept()
    yield found
    found.close()


@contextmanager
def opened(path: Path, kept: Kept) -> Iterator[OpenedPackage]:
    package = replace(open_source(path), kept=kept)
    try:
        yield package
    finally:
        package.container.close()


def text_of(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def write_package(folder: Path, tables: dict[str, Table]) -> None:
    resources = [table.write(folder, name) for name, table in tables.items()]
    descriptor = json.dumps({"name": "x", "resources": resources})
    (folder / "datapackage.json").write_text(descriptor, encoding="utf-8")


def is_taken(package: OpenedPackage, name: str, to: str) -> bool:
    """Whether a format holds a table."""
    resource = package.package.resource(name)
    assert resource is not None
    try:
        columns_of(package, resource, to)
    except ConversionError:
        return False
    return True


@settings(max_examples=TABLES // TOGETHER)
@given(
    drawn=st.lists(tables(), min_size=TOGETHER, max_size=TOGETHER),
    first=st.sampled_from(FORMATS),
    second=st.sampled_from(FORMATS),
)
def test_tables_come_back_through_two_formats_or_are_refused(
    kept: Kept, drawn: list[Table], first: str, second: str
) -> None:
    note(f"{first}, then {second}")
    work = Path(tempfile.mkdtemp(prefix="pairs-"))
    try:
        wanted = {f"t{number}": table for number, table in enumerate(drawn)}
        write_package(work, wanted)
        with opened(work, kept) as package:
            wanted = {
                name: table
                for name, table in wanted.items()
                if is_taken(package, name, first) and is_taken(package, name, second)
            }
        if not wanted:
            return
        write_package(work, wanted)
        place = work
        for step, to in enumerate((first, second, "json")):
            there = work / target_name(f"{step}", to)
            with opened(place, kept) as package:
                done = convert_opened(package, there, to)
            place = there
            # A workbook has no empty texts; where they are no values anyway, none is lost.
            assert done.level in ("bytes", "lexical", "value" if to == "xlsx" else "")
            assert not done.losses
        for name, table in wanted.items():
            is_emptied = "xlsx" in (first, second)
            assert table.found(place, name) == [
                [cell or None if is_emptied else cell for cell in row] for row in table.rows
            ]
            assert not is_emptied or not table.empty_is_value or "" not in {cell for row in table.rows for cell in row}
    finally:
        shutil.rmtree(work)
