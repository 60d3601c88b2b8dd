"""The same records give the same findings in every form: CSV, Parquet, NDJSON, records, bundle, nested, and lines."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import DEEP
from diplodata import Options, validate
from diplodata.standard import tables

Record = dict[str, Any]
Tables = Mapping[str, Sequence[Record]]

#: What is compared: codes about values and members of records. Keys and rules need all tables.
CODES = ("constraint-error", "extra-label", "json-type", "lexical-form", "nul-in-cell", "type-error")

HEAD = {"diplodata": {"standard": "1.0", "prefixes": ["test"]}}
PACKAGE = {"name": "twins", "title": "Twins", "version": "1.0.0"}

MEETING = {
    "title": "Session",
    "title_language": "en",
    "status": "held",
    "format": "in_person",
    "start_date": "2020-05-26",
    "source_id": "test:src-a",
}
PARTICIPANT = {"name_as_given": "Delegation", "role": "delegation", "attendance": "attended", "source_id": "test:src-a"}

#: Texts that a cell of CSV can hold, good in one field and bad in most.
TEXTS = st.sampled_from(
    ["a", "en", "held", "2020-02-30", "2020-13", "https://example.org/", "http://exa mple", "Q1", "test:org-a", "Ж", " x ",
     "a\nb", "x" * 600, "y" * 2500, "25:00", "BLR", "Europe/Minsk", '"', "1", "true"]
)  # fmt: skip
ITEMS = st.lists(st.sampled_from(["https://a.example/", "urn:x:1", "no", "z" * 2100, "ж"]), min_size=1, max_size=4)

#: Values that only JSON can hold.
ODD = st.one_of(
    st.sampled_from(
        [None, "", 0, 5, 10**18, True, 1.5, 2.0, {}, {"a": 1}, [], [""], ["a b"], [1], [None], "n\0l", ["x\0"]]
    ),
    TEXTS,
    ITEMS,
)

FIELDS = {name: tuple(tables.properties("1.0", name).items()) for name in ("meetings", "participants")}


def _of_cells(kind: str) -> st.SearchStrategy[Any]:
    """Return values that mean the same in a cell of text."""
    return {"array": ITEMS, "integer": st.integers(-5, 10**6)}.get(kind, TEXTS)


@st.composite
def mutated(draw: st.DrawFn, table: str, *, as_cells: bool) -> Record:
    """Draw what is changed in a record: field -> value; a field that is left out is None."""
    names = draw(st.lists(st.sampled_from(FIELDS[table]), min_size=0, max_size=4, unique_by=lambda item: item[0]))
    changes = {}
    for name, item in names:
        if name == "meeting_id" or (name == "id" and as_cells):
            continue
        if draw(st.integers(0, 5)) == 0:
            changes[name] = ...
        elif name != "id":
            changes[name] = draw(_of_cells(item["type"]) if as_cells else ODD)
    return changes


def _changed(record: Record, changes: Record) -> Record:
    merged = record | changes
    return {key: value for key, value in merged.items() if value is not ...}


@st.composite
def packages(draw: st.DrawFn, *, as_cells: bool) -> Tables:
    meetings, participants = [], []
    for number in range(draw(st.integers(3, 12))):
        identity = f"test:mtg-{number:03}"
        meetings.append(
            _changed({"id": identity, **MEETING}, draw(mutated("meetings", as_cells=as_cells)) | {"id": identity})
        )
        for place in range(draw(st.integers(0, 3))):
            changes = draw(mutated("participants", as_cells=as_cells))
            own = {"id": f"test:par-{number:03}-{place}", "meeting_id": identity}
            participants.append(_changed(own | PARTICIPANT, changes))
    return {"meetings": meetings, "participants": participants}


def _found(source: Path, schema: str | None = None) -> Counter[tuple[Any, ...]]:
    report = validate(source, Options(limit=0, schema=schema))
    return Counter(
        (item.code, item.record_id, item.field, item.value) for item in report.findings if item.code in CODES
    )


def _document(folder: Path, data: Mapping[str, Any]) -> Counter[tuple[Any, ...]]:
    path = folder / "document.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return _found(path)


def _nested(tables: Tables, meetings: Sequence[Record]) -> dict[str, Any]:
    inside = [
        meeting
        | {
            "participants": [
                {key: value for key, value in row.items() if key != "meeting_id"}
                for row in tables["participants"]
                if row["meeting_id"] == meeting["id"]
            ]
        }
        for meeting in meetings
    ]
    return HEAD | {"meetings": inside}


def as_bundle(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    return _document(folder, HEAD | {"package": PACKAGE, **tables})


def as_nested(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    return _document(folder, _nested(tables, tables["meetings"]))


def as_lines_nested(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    path = folder / "nested.ndjson"
    lines = [json.dumps(_nested(tables, [meeting])) for meeting in tables["meetings"]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return _found(path)


def as_lines_bundle(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    path = folder / "bundles.jsonl"
    # With participants beside its meetings a document is a bundle.
    lines = [json.dumps({**HEAD, "participants": [], name: [row]}) for name, rows in tables.items() for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return _found(path)


def _each(
    folder: Path, tables: Tables, write: Callable[[Path, str, Sequence[Record]], Path]
) -> Counter[tuple[Any, ...]]:
    total: Counter[tuple[Any, ...]] = Counter()
    for name, rows in tables.items():
        total += _found(write(folder, name, rows), name)
    return total


def _write_records(folder: Path, name: str, rows: Sequence[Record]) -> Path:
    path = folder / f"{name}-records.json"
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return path


def _write_lines(folder: Path, name: str, rows: Sequence[Record]) -> Path:
    path = folder / f"{name}-flat.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) or "\n", encoding="utf-8")
    return path


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    return " ".join(value) if isinstance(value, list) else str(value)


def _columns(name: str, rows: Sequence[Record]) -> dict[str, list[str | None]]:
    return {field: [_cell(row.get(field)) for row in rows] for field, _ in FIELDS[name]}


def _write_csv(folder: Path, name: str, rows: Sequence[Record]) -> Path:
    path = folder / f"{name}.csv"
    columns = _columns(name, rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([cell or "" for cell in row] for row in zip(*columns.values(), strict=True))
    return path


def _write_parquet(folder: Path, name: str, rows: Sequence[Record]) -> Path:
    path = folder / f"{name}.parquet"
    columns = _columns(name, rows)
    pq.write_table(pa.table({key: pa.array(cells, pa.string()) for key, cells in columns.items()}), path)
    return path


def as_records(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    return _each(folder, tables, _write_records)


def as_flat_lines(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    return _each(folder, {name: rows for name, rows in tables.items() if rows}, _write_lines)


def as_csv(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    return _each(folder, tables, _write_csv)


def as_parquet(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    return _each(folder, tables, _write_parquet)


#: Forms that hold JSON values, and forms whose cells are texts.
IN_JSON = (as_nested, as_lines_nested, as_lines_bundle, as_records, as_flat_lines)
IN_CELLS = (as_csv, as_parquet)

FEW = settings(max_examples=100 if DEEP else 6, suppress_health_check=list(HealthCheck))


def _compare(folder: Path, drawn: Tables, forms: Sequence[Callable[[Path, Tables], Counter[tuple[Any, ...]]]]) -> None:
    expected = as_bundle(folder, drawn)
    for form in forms:
        found = form(folder, drawn)
        assert found == expected, f"{form.__name__}: more {found - expected}, less {expected - found}"


@FEW
@given(drawn=packages(as_cells=False))
def test_every_json_form_gives_the_same_findings(tmp_path_factory: pytest.TempPathFactory, drawn: Tables) -> None:
    _compare(tmp_path_factory.mktemp("twins"), drawn, IN_JSON)


@FEW
@given(drawn=packages(as_cells=True))
def test_every_form_gives_the_same_findings(tmp_path_factory: pytest.TempPathFactory, drawn: Tables) -> None:
    _compare(tmp_path_factory.mktemp("twins"), drawn, (*IN_JSON, *IN_CELLS))


def _as_other_csv(folder: Path, tables: Tables) -> Counter[tuple[Any, ...]]:
    return as_csv(folder, {"meetings": [tables["meetings"][0] | {"status": "hold"}], "participants": []})


def test_the_comparison_sees_a_difference(tmp_path: Path) -> None:
    drawn = {"meetings": [{"id": "test:mtg-1", **MEETING}], "participants": []}
    _compare(tmp_path, drawn, [as_csv])
    with pytest.raises(AssertionError, match="_as_other_csv"):
        _compare(tmp_path, drawn, [_as_other_csv])
