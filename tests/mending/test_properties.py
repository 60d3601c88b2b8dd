"""Random damage of good tables: what fix must hold whatever it is given."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diplodata import fix, validate
from diplodata.fixing.fix import Fixing
from diplodata.formats.csv_split import Dialect, Splitter
from diplodata.mending.rewriting import written
from diplodata.model.report import Report

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"pattern": "[a-z]+[0-9]*", "required": True}},
        {"name": "day", "type": "date"},
        {"name": "state", "type": "string", "constraints": {"enum": ["in_person", "held", "unknown"]}},
        {"name": "note", "type": "string", "constraints": {"maxLength": 40}},
    ],
    "primaryKey": ["id"],
}
HEADER = ("id", "day", "state", "note")

#: Notes that are awkward to write: delimiters, quotes, line breaks, other scripts, nothing.
NOTES = st.sampled_from(("", "x", "a, b", "a;b", 'say "a"', "line\nbreak", "Zürich", "Łódź", "會議", " two  spaces "))

#: What can be undone: the damaged value has one right value.
MECHANICAL: Mapping[str, Callable[[str], str]] = {
    "id": lambda value: f" {value}\t",
    "day": lambda value: value.replace("-0", "-"),
    "state": lambda value: f"{value} ",
    "note": lambda value: value,
}

#: What cannot be undone without asking.
WRONG = st.sampled_from(
    ("", "2020-13-40", "2020-2-30", "nobody", "Held", " 7", "\u200b", "e\u0301", "x" * 50, '"', "a\nb")
)

LINE_ENDS = st.sampled_from(("\n", "\r\n", "mixed"))
ENCODINGS = st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "windows-1252"))


@dataclass(frozen=True)
class Damaged:
    """A table as it was, and what became of it."""

    good: list[list[str]]
    bad: list[list[str]]
    raw: bytes
    members: Mapping[str, Any]


@st.composite
def tables(draw: st.DrawFn) -> Damaged:
    """Make a good table, then damage cells and the shape of its file."""
    number = draw(st.integers(1, 6))
    good = [
        [
            f"r{row}",
            draw(st.sampled_from(("2020-05-06", "1999-12-31", "2021-01-10"))),
            draw(st.sampled_from(("held", "in_person"))),
            draw(NOTES),
        ]
        for row in range(number)
    ]
    bad = [[*row] for row in good]
    for row, place, is_mechanical in draw(
        st.lists(st.tuples(st.integers(0, number - 1), st.integers(0, 3), st.booleans()), max_size=5)
    ):
        damage = MECHANICAL[HEADER[place]]
        bad[row][place] = damage(good[row][place]) if is_mechanical else draw(WRONG)
    order = draw(st.sampled_from(((0, 1, 2, 3), (1, 0, 2, 3), (3, 2, 1, 0))))
    delimiter = draw(st.sampled_from((",", ";", "\t")))
    members = draw(st.sampled_from(({}, {"encoding": "utf-8"}, {"dialect": {"delimiter": ","}})))
    dialect = Dialect(delimiter=delimiter)
    ends = draw(LINE_ENDS)
    lines = []
    for count, row in enumerate([list(HEADER), *bad]):
        cells = [written(row[place], dialect, is_quoted=draw(st.booleans())) for place in order]
        end = ("\n", "\r\n", "\r")[count % 3] if ends == "mixed" else ends
        lines.append(delimiter.join(cells) + end)
    return Damaged(good, bad, encoded("".join(lines), draw(ENCODINGS)), members)


def encoded(text: str, encoding: str) -> bytes:
    """Encode a text, as UTF-8 where the encoding does not have all of it."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode()


def lay_out(folder: Path, table: Damaged) -> Path:
    item = {"name": "t", "path": "t.csv", "schema": SCHEMA, **table.members}
    (folder / "datapackage.json").write_text(json.dumps({"$schema": V2, "resources": [item]}), encoding="utf-8")
    (folder / "t.csv").write_bytes(table.raw)
    return folder / "t.csv"


def assert_not_grown(before: Report, after: Report) -> None:
    grown = {key: number for key, number in after.totals.items() if number > before.totals.get(key, 0)}
    assert not grown


def mended(folder: Path, *, unsafe: bool) -> Fixing:
    """Mend twice; return the result of the first time."""
    done = fix(folder, unsafe=unsafe)
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    after = validate(folder)
    assert_not_grown(done.before, after)
    assert after.totals == done.after.totals
    again = fix(folder, unsafe=unsafe)
    assert not again.files
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == first
    return done


@given(tables(), st.booleans())
def test_a_damaged_table(table: Damaged, unsafe: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = lay_out(Path(name), table)
        done = mended(Path(name), unsafe=unsafe)
        raw = path.read_bytes()
    if not done.files:
        assert raw == table.raw
        return
    # What was mended can be read by anybody.
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline="")))
    is_in_order = tuple(rows[0]) == HEADER
    # An encoding of single bytes is guessed, and may be read as another one; all that is ASCII comes through.
    is_certain = not _is_guessed(table.raw)
    for number, row in enumerate(rows[1:]):
        cells = dict(zip(rows[0], row, strict=False))
        for place, field in enumerate(HEADER):
            was, good = table.bad[number][place], table.good[number][place]
            if was == good and (is_certain or good.isascii()) and is_in_order:
                assert cells[field] == good, "a cell that was not damaged has changed"
            elif is_in_order and field != "note":
                is_undone = was == MECHANICAL[field](good) and cells[field] == good
                assert is_undone or cells[field] in {was, was.strip(), *_mended(was)}


def _is_guessed(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return not raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return False


def _mended(value: str) -> set[str]:
    """Return what a wrong value may become."""
    return {"held", "2020-02-30"} if value in ("Held", "2020-2-30") else {value}


@given(st.lists(NOTES, min_size=1, max_size=4), st.sampled_from((";", "\t", "|")), st.sampled_from(("\r\n", "\r")))
@settings(max_examples=settings.default.max_examples * 2 // 5)
def test_what_is_mechanical_is_undone(notes: list[str], delimiter: str, end: str) -> None:
    """Damage that has one right value comes back, whatever the shape of the file."""
    good = [[f"r{row}", "2020-05-06", "held", note] for row, note in enumerate(notes)]
    bad = [[MECHANICAL[field](value) for field, value in zip(HEADER, row, strict=True)] for row in good]
    dialect = Dialect(delimiter=delimiter)
    lines = [delimiter.join(written(cell, dialect) for cell in row) + end for row in [list(HEADER), *bad]]
    with tempfile.TemporaryDirectory() as name:
        path = lay_out(Path(name), Damaged(good, bad, "".join(lines).encode("utf-16"), {}))
        done = mended(Path(name), unsafe=False)
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert done.after.valid
    assert rows[1:] == good


#: Bytes that a CSV file can stumble over.
SCRAPS = (
    *(
        "a",
        "b",
        "id",
        "1",
        " ",
        ",",
        ";",
        "\t",
        "|",
        '"',
        '""',
        "\n",
        "\r\n",
        "\r",
        "\ufeff",
        "\0",
        "\u200b",
        "é",
        "e\u0301",
    ),
    *("sep=;\n", "2020-5-6", "held", "Held ", "'", "#", "\\"),
)


@given(
    st.lists(st.sampled_from(SCRAPS), max_size=40).map("".join),
    st.sampled_from(("utf-8", "utf-16", "windows-1252")),
    st.sampled_from(({}, {"encoding": "utf-8"}, {"dialect": {"delimiter": ";"}}, {"dialect": {"commentChar": "#"}})),
)
def test_scraps_of_text_give_no_more_findings_and_come_to_an_end(
    text: str, encoding: str, members: Mapping[str, Any]
) -> None:
    raw = text.encode(encoding, "replace")
    with tempfile.TemporaryDirectory() as name:
        path = lay_out(Path(name), Damaged([], [], raw, members))
        done = mended(Path(name), unsafe=True)
        if not done.files:
            assert path.read_bytes() == raw


@given(st.text(alphabet=st.sampled_from("a ,;\"'\n\r\ufeff#"), max_size=12), st.booleans(), st.booleans())
def test_a_written_cell_is_read_as_its_value(value: str, is_quoted: bool, is_only: bool) -> None:
    for dialect in (Dialect(), Dialect(delimiter=";", quote="'"), Dialect(skip_initial_space=True)):
        cell = written(value, dialect, is_quoted=is_quoted, is_only=is_only)
        line = cell if is_only else f"x{dialect.delimiter}{cell}{dialect.delimiter}y"
        [record] = Splitter(dialect).records(f"{line}\n")
        assert record.cells == ([value] if is_only else ["x", value, "y"])
