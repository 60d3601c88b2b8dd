"""A package of the standard, damaged in many places at once, comes back byte for byte."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diplodata import fix
from diplodata.mending.cell import Cell
from diplodata.standard import tables

BASE = Path(__file__).parents[1] / "base"
NAMES = tuple(sorted(path.stem for path in (BASE / "data").glob("*.csv")))

#: Each example validates 14 tables several times.
FEW = settings(max_examples=settings.default.max_examples // 8, suppress_health_check=list(HealthCheck))

#: What can be done to any cell that holds something, and be undone.
OF_ANY: Mapping[str, Callable[[str], str]] = {
    "space before": lambda value: f" {value}",
    "spaces behind": lambda value: f"{value} \u00a0",
    "line break behind": lambda value: f"{value}\r\n",
    "zero-width space": lambda value: f"{value[:1]}\u200b{value[1:]}",
    "mark": lambda value: f"\ufeff{value}",
    "direction mark and space": lambda value: f"\u200e {value}",
}

#: What can be done to a whole file, and be undone.
OF_FILES: Mapping[str, Callable[[str], bytes]] = {
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "semicolons": lambda text: _delimited(text, ";").encode(),
    "a saved spreadsheet": lambda text: f"sep=;\n{_delimited(text, ';')}".replace("\n", "\r\n").encode(),
    "tabs in UTF-16": lambda text: _delimited(text, "\t").encode("utf-16"),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 1).encode(),
    "columns": lambda text: _text([[*row[3:], *row[:3]] for row in _rows(text)]).encode(),
}


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def _text(rows: list[list[str]], delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _delimited(text: str, delimiter: str) -> str:
    return _text(_rows(text), delimiter)


def _damaged(draw: st.DrawFn, table: str, name: str, value: str) -> str:
    field = next(item for item in tables.schema("1.0", table).fields if item.name == name)
    ways = [*OF_ANY]
    if field.annotations.kind in ("date", "edtf") and "-0" in value:
        ways.append("date")
    cell = Cell(field, value)
    if cell.is_text and not cell.repeats_source and unicodedata.normalize("NFD", value) != value:
        ways.append("form")
    way = draw(st.sampled_from(ways))
    if way == "date":
        return value.replace("-0", "-")
    return unicodedata.normalize("NFD", value) if way == "form" else OF_ANY[way](value)


@st.composite
def damages(draw: st.DrawFn) -> dict[str, bytes]:
    """Return damaged files by the name of their table."""
    found: dict[str, bytes] = {}
    for table in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        text = (BASE / "data" / f"{table}.csv").read_bytes().decode()
        rows = _rows(text)
        places = [(row, place) for row in range(1, len(rows)) for place, cell in enumerate(rows[row]) if cell]
        for row, place in draw(st.lists(st.sampled_from(places), max_size=4, unique=True)):
            rows[row][place] = _damaged(draw, table, rows[0][place], rows[row][place])
        shape = draw(st.sampled_from(("", *OF_FILES)))
        # csv leaves a carriage return without quotes when records end with a line feed.
        text = _text(rows)
        found[table] = OF_FILES[shape](text) if shape and "\r" not in text else text.encode()
    return found


@given(damages())
@FEW
def test_what_was_damaged_is_as_before(files: Mapping[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = shutil.copytree(BASE, Path(name) / "package")
        for table, raw in files.items():
            (folder / "data" / f"{table}.csv").write_bytes(raw)
        done = fix(folder)
        for table in NAMES:
            good = (BASE / "data" / f"{table}.csv").read_bytes().decode()
            bad = (folder / "data" / f"{table}.csv").read_bytes().decode()
            # Quotes that a damaged value needed stay.
            assert _rows(bad) == _rows(good), (table, done.left, done.after.by_code)
            assert "\r" not in bad
        assert done.after.valid
        assert not fix(folder).files
