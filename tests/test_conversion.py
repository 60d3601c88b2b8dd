"""Conversion loses nothing: what was written comes back byte for byte, or nothing is written at all."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import jsonschema_rs
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplodata import Options, handout, validate
from diplodata.conversion import DOCUMENTS, TARGETS, convert
from diplodata.errors import ConversionError, SourceError, UsageError
from diplodata.formats import WRITERS
from diplodata.handout import Handout
from diplodata.standard import export
from target_names import target_name

#: Formats with one file a table.
FILES = tuple(sorted(WRITERS))

#: Formats that are read as well as written.
READ = tuple(name for name in TARGETS if name != "duckdb")

#: A meeting whose facts are known from press releases of several ministries.
MEETING = "dd:mtg-20200526-csto-cfm"

Cells = list[list[str]]


def files_of(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def tables_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "data").glob("*.csv"))}


def read_csv(path: Path, delimiter: str = ",") -> Cells:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True, delimiter=delimiter))


def write_csv(path: Path, rows: Sequence[Sequence[str]], quoting: Any = csv.QUOTE_MINIMAL) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n", quoting=quoting).writerows(rows)


def descriptor_of(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return data


def write_descriptor(folder: Path, descriptor: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")


def there_and_back(source: Path, work: Path, to: str) -> Path:
    """Convert a package into a format and back to CSV."""
    there = work / target_name(f"there-{to}", to)
    back = work / f"back-{to}"
    convert(source, there, to)
    convert(there, back, "csv")
    return back


# The reference package


@pytest.mark.parametrize("to", READ)
def test_the_reference_package_comes_back_byte_for_byte(
    to: str, reference: Path, converted: Callable[[str], Path], tmp_path: Path
) -> None:
    back = tmp_path / "back"
    done = convert(converted(to), back, "csv")
    assert done.tables == len(tables_of(reference))
    assert done.kept_as_text == ()
    assert tables_of(back) == tables_of(reference)
    assert descriptor_of(back) == descriptor_of(reference)


def test_a_conversion_is_written_the_same_way_twice(converted: Callable[[str], Path], tmp_path: Path) -> None:
    convert(converted("csv"), tmp_path / "parquet", "parquet")
    assert files_of(tmp_path / "parquet") == files_of(converted("parquet"))


@pytest.mark.parametrize("to", FILES)
def test_the_schemas_that_the_descriptor_names_go_along(to: str, converted: Callable[[str], Path]) -> None:
    folder = converted(to)
    assert all((folder / item["schema"]).is_file() for item in descriptor_of(folder)["resources"])


# The reference package as Parquet, opened by other programs


def queried(query: str, *parameters: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query, parameters).fetchall()


def test_other_programs_count_the_same_rows(reference: Path, converted: Callable[[str], Path]) -> None:
    for source in sorted((reference / "data").glob("*.csv")):
        path = converted("parquet") / "data" / f"{source.stem}.parquet"
        found = {
            len(read_csv(source)) - 1,
            len(pd.read_parquet(path)),
            pl.read_parquet(path).height,
            queried("SELECT count(*) FROM read_parquet(?)", str(path))[0][0],
        }
        assert len(found) == 1, source.name


def test_other_programs_read_a_known_meeting(converted: Callable[[str], Path]) -> None:
    path = converted("parquet") / "data" / "meetings.parquet"
    wanted = ("2020-05-26", "videoconference")
    frame = pd.read_parquet(path).set_index("id").loc[MEETING]
    assert (frame["start_date"], frame["format"]) == wanted
    row = pl.read_parquet(path).filter(pl.col("id") == MEETING).select("start_date", "format").row(0)
    assert row == wanted
    query = "SELECT start_date, format FROM read_parquet(?) WHERE id = ?"
    assert queried(query, str(path), MEETING) == [wanted]


def wanted_types(table: str) -> dict[str, pa.DataType]:
    """The Parquet types of a table of the standard, from its Table Schema."""
    schema = json.loads(handout.files(Handout(names=(table,), form="table-schema"))[f"{table}.json"])
    known = {"integer": pa.int64(), "boolean": pa.bool_()}
    return {item["name"]: known.get(item["type"], pa.string()) for item in schema["fields"]}


def types_of(path: Path) -> dict[str, pa.DataType]:
    return {item.name: item.type for item in pq.read_schema(path)}


def test_parquet_types_are_those_of_the_standard(converted: Callable[[str], Path]) -> None:
    for path in sorted((converted("parquet") / "data").glob("*.parquet")):
        assert types_of(path) == wanted_types(path.stem)


def test_parquet_types_do_not_depend_on_the_content(small: Path, tmp_path: Path) -> None:
    source = shutil.copytree(small, tmp_path / "source")
    for path in (source / "data").iterdir():
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    convert(source, tmp_path / "parquet", "parquet")
    for path in sorted((tmp_path / "parquet" / "data").glob("*.parquet")):
        assert pq.read_metadata(path).num_rows == 0
        assert types_of(path) == wanted_types(path.stem)


def test_parquet_carries_the_table_schema(converted: Callable[[str], Path]) -> None:
    path = converted("parquet") / "data" / "meetings.parquet"
    metadata = pq.read_schema(path).metadata
    assert [item["name"] for item in json.loads(metadata[b"table_schema"])["fields"]] == list(types_of(path))


# Packages of the standard with columns and schemas of their own


@pytest.fixture(scope="module")
def extended(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of the standard whose meetings have columns of its own, described by a schema of its own."""
    folder = shutil.copytree(small, tmp_path_factory.mktemp("extended") / "package")
    schema = json.loads(handout.files(Handout(names=("meetings",), form="table-schema"))["meetings.json"])
    schema["fields"] += [
        {"name": "x_note", "type": "string", "title": "Note", "description": "A note."},
        {"name": "x_count", "type": "integer", "title": "Count", "description": "A count."},
        {"name": "x_flag", "type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
        {"name": "x_share", "type": "number", "title": "Share", "description": "A share."},
    ]
    (folder / "schemas").mkdir()
    (folder / "schemas" / "own.json").write_text(json.dumps(schema), encoding="utf-8")
    header, *rows = read_csv(folder / "data" / "meetings.csv")
    extra = [['7 "rooms", one hall\nand a garden', "7", "true", "0.50"], ["", "-1", "false", "2"], ["007", "", "", ""]]
    rows = [[*row, *extra[number % 3]] for number, row in enumerate(rows)]
    write_csv(folder / "data" / "meetings.csv", [[*header, "x_note", "x_count", "x_flag", "x_share"], *rows])
    descriptor = descriptor_of(folder)
    next(item for item in descriptor["resources"] if item["name"] == "meetings")["schema"] = "schemas/own.json"
    write_descriptor(folder, descriptor)
    assert validate(folder).valid
    return folder


@pytest.mark.parametrize("to", READ)
def test_the_small_package_comes_back(to: str, small: Path, tmp_path: Path) -> None:
    assert tables_of(there_and_back(small, tmp_path, to)) == tables_of(small)


@pytest.mark.parametrize("to", READ)
def test_extension_columns_survive(to: str, extended: Path, tmp_path: Path) -> None:
    back = there_and_back(extended, tmp_path, to)
    assert tables_of(back) == tables_of(extended)
    schemas = [item["schema"] for item in descriptor_of(back)["resources"] if item["name"] == "meetings"]
    own = json.loads((extended / "schemas" / "own.json").read_text(encoding="utf-8"))
    assert schemas == [own if to in DOCUMENTS else "schemas/own.json"]


@pytest.mark.parametrize("to", READ)
def test_extension_columns_are_judged_alike_in_every_format(to: str, extended: Path, tmp_path: Path) -> None:
    there = tmp_path / target_name("there", to)
    convert(extended, there, to)
    assert validate(there, Options(resources=("meetings",))).by_code == {}
    if to in DOCUMENTS:
        validator = jsonschema_rs.Draft202012Validator(export.as_json_schema("1.0", to))
        assert [str(error) for error in validator.iter_errors(json.loads(there.read_text("utf-8")))] == []


@pytest.mark.parametrize("name", ["x_note", "x_Note", "x_a__b", "x_", "x_é", "X_note", "remark"])
def test_names_of_columns_are_judged_alike_by_the_tool_and_by_the_schema(
    name: str, extended: Path, tmp_path: Path
) -> None:
    """What a package may call a column of its own does not depend on the format."""
    source = shutil.copytree(extended, tmp_path / "source")
    for path in (source / "schemas" / "own.json", source / "data" / "meetings.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("x_note", name), encoding="utf-8")
    schema = jsonschema_rs.Draft202012Validator(export.as_json_schema("1.0", "meetings") | {"required": []})
    assert validate(source, Options(resources=("meetings",))).valid == schema.is_valid({name: "text"})


@pytest.mark.parametrize("to", DOCUMENTS)
def test_a_schema_of_its_own_survives_in_a_document(to: str, extended: Path, tmp_path: Path) -> None:
    convert(extended, tmp_path / "document.json", to)
    assert validate(tmp_path / "document.json").valid
    resources = json.loads((tmp_path / "document.json").read_text(encoding="utf-8"))["package"]["resources"]
    schema = next(item for item in resources if item["name"] == "meetings")["schema"]
    assert schema == json.loads((extended / "schemas" / "own.json").read_text(encoding="utf-8"))


def test_extension_columns_are_typed_in_parquet(extended: Path, tmp_path: Path) -> None:
    convert(extended, tmp_path / "parquet", "parquet")
    types = types_of(tmp_path / "parquet" / "data" / "meetings.parquet")
    wanted = {"x_note": pa.string(), "x_count": pa.int64(), "x_flag": pa.bool_()}
    assert {name: types[name] for name in wanted} == wanted


# Generic packages


@dataclass(frozen=True)
class Table:
    """A table of a generic package as it is written to CSV."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    #: (name, type) of the fields; None for a table without a schema.
    fields: tuple[tuple[str, str], ...] | None
    quoting: Any = csv.QUOTE_ALL
    #: Further members of the schema.
    schema: dict[str, Any] = field(default_factory=dict)

    def resource(self, name: str) -> dict[str, Any]:
        item: dict[str, Any] = {"name": name, "path": f"data/{name}.csv", "type": "table", "format": "csv"}
        item["dialect"] = {"delimiter": ",", "skipInitialSpace": False, "header": True}
        if self.fields is not None:
            fields = [{"name": field_name, "type": kind} for field_name, kind in self.fields]
            item["schema"] = {"fields": fields, **self.schema}
        return item

    def write(self, folder: Path) -> None:
        write_csv(folder / "data" / "table.csv", [self.labels, *self.rows], self.quoting)
        write_descriptor(folder, {"name": "generic", "resources": [self.resource("table")]})


def assert_kept(table: Table, work: Path, to: str) -> None:
    """Hold the promise of losslessness for one table and one format.

    Either the conversion raises ConversionError, and then neither the target nor anything beside it was written. Or
    it ends well, and then so does the conversion back to CSV, and header and cells, as the csv module of Python reads
    them, are those of the source.
    """
    source, there, back = work / "source", work / target_name("there", to), work / "back"
    table.write(source)
    try:
        convert(source, there, to)
    except ConversionError:
        assert [path.name for path in work.iterdir()] == ["source"]
        return
    convert(there, back, "csv")
    assert read_csv(back / "data" / "table.csv") == read_csv(source / "data" / "table.csv")


TEXT, WHOLE, TRUTH, NUMBER = (("a", "string"), ("b", "string")), "integer", "boolean", "number"


def typed(kind: str) -> tuple[tuple[str, str], ...]:
    return (("a", kind), ("b", "string"))


LABELS = ("a", "b")
TRAPS = {
    "leading-zeros": Table(LABELS, (("007", "x"),), typed(WHOLE)),
    "plus-sign": Table(LABELS, (("+7", "x"), ("-0", "y")), typed(WHOLE)),
    "big-integer": Table(LABELS, (("9223372036854775808", "x"), ("123456789012345678901234567890", "")), typed(WHOLE)),
    "integer-limit": Table(LABELS, (("9223372036854775807", "x"), ("-9223372036854775808", "y")), typed(WHOLE)),
    "beyond-doubles": Table(LABELS, (("9007199254740993", "x"),), typed(WHOLE)),
    "not-an-integer": Table(LABELS, (("seven", "x"),), typed(WHOLE)),
    "booleans-in-two-forms": Table(LABELS, (("true", "x"), ("True", "y"), ("1", "z")), typed(TRUTH)),
    "trailing-zero": Table(LABELS, (("1.10", "x"), ("1e400", "y"), ("-0.0", "z"), ("1E5", "")), typed(NUMBER)),
    "plain-numbers": Table(LABELS, (("1.5", "x"), ("2", "y")), typed(NUMBER)),
    "not-a-number": Table(LABELS, (("NaN", "x"), ("-INF", "y")), typed(NUMBER)),
    "dates": Table(LABELS, (("2020-01-05", "x"), ("2020-1-5", "y"), ("0000-00-00", "z")), typed("date")),
    "declared-missing": Table(LABELS, (("NA", "x"), ("1", "NA")), typed(WHOLE), schema={"missingValues": ["", "NA"]}),
    "na-is-text": Table(LABELS, (("NA", "null"), ("None", "NULL"), ("nan", "-")), TEXT),
    "spaces": Table(LABELS, ((" x ", "\t"), ("\u00a0", "\u3000")), TEXT),
    "line-feed": Table(LABELS, (("x\ny", "\n"), ("\n\n", "")), TEXT),
    "carriage-return": Table(LABELS, (("x\ry", "z"), ("\r", "z")), TEXT),
    "both": Table(LABELS, (("x\r\ny", "\r\n"), ("\n\r", "z")), TEXT),
    "quotes": Table(LABELS, (('"', '""'), ("'", '","')), TEXT),
    "nul": Table(LABELS, (("x\0y", "z"),), TEXT),
    "byte-order-mark": Table(LABELS, (("\ufeffx", "\ufeff"),), TEXT),
    "decomposed": Table(LABELS, (("e\u0301", "é"),), TEXT),
    "beyond-the-basic-plane": Table(LABELS, (("\U0001f54a", "\U0010ffff"),), TEXT),
    "right-to-left": Table(LABELS, (("\u202eabc", "\u200b"),), TEXT),
    "separators": Table(LABELS, (("x\u2028y", "x\x85y"), ("x\x0by", "x\x1cy")), TEXT),
    "json-in-a-cell": Table(LABELS, (('{"a":1}', "[1]"),), (("a", "object"), ("b", "array"))),
    "any": Table(LABELS, (("1", "true"), ("x", "[1]")), (("a", "any"), ("b", "any"))),
    "years": Table(LABELS, (("2020", "x"), ("0999", "y")), typed("year")),
    "empty-row": Table(LABELS, (("x", "y"), ("", ""), ("z", "")), TEXT),
    "single-column": Table(("a",), (("x",), ("y",)), (("a", "string"),)),
    "single-column-empty-cell": Table(("a",), (("x",), ("",), ("y",)), (("a", "string"),)),
    "no-rows": Table(LABELS, (), TEXT),
    "no-rows-no-schema": Table(LABELS, (), None),
    "no-schema": Table(LABELS, (("1", "true"), ("007", "x")), None),
    "empty-column-no-schema": Table(LABELS, (("1", ""), ("2", "")), None),
    "column-that-starts-late": Table(("a", "b", "c"), (("1", "", "3"), ("1", "2", "3")), None),
    "repeated-label-no-schema": Table(("a", "a"), (("1", "2"),), None),
    "columns-in-another-order": Table(("b", "a"), (("1", "2"),), TEXT, schema={"fieldsMatch": "equal"}),
    "columns-left-out": Table(("b",), (("1",), ("2",)), TEXT, schema={"fieldsMatch": "superset"}),
    "further-columns": Table(("c", "a", "b"), (("0", "1", "2"),), TEXT, schema={"fieldsMatch": "subset"}),
    "padded-label": Table((" a", "b "), (("1", "2"),), TEXT),
    "label-with-a-line-end": Table(("a\nb", "b"), (("1", "2"),), (("a\nb", "string"), ("b", "string"))),
    "empty-label": Table(("a", ""), (("1", "2"),), TEXT),
    "wrong-label": Table(("a", "c"), (("1", "2"),), TEXT),
    "names-of-the-engine": Table(("_row", "c1"), (("1", "2"),), (("_row", "integer"), ("c1", "string"))),
}


#: Traps that are valid tables, so that there is no reason to refuse them.
PLAIN_TRAPS = (
    "leading-zeros plus-sign big-integer integer-limit beyond-doubles trailing-zero plain-numbers dates na-is-text "
    "spaces line-feed carriage-return both quotes byte-order-mark decomposed beyond-the-basic-plane right-to-left "
    "separators declared-missing booleans-in-two-forms no-rows single-column any years columns-in-another-order"
).split()


def judged(source: Path) -> Counter[tuple[str | None, str]]:
    """Count what validation finds by resource and code."""
    return Counter((item.resource, item.code) for item in validate(source, Options(limit=0)).findings)


def test_valid_tables_are_not_refused_and_are_judged_alike_in_every_format(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for trap in PLAIN_TRAPS:
        write_csv(source / "data" / f"{trap}.csv", [TRAPS[trap].labels, *TRAPS[trap].rows], TRAPS[trap].quoting)
    resources = [TRAPS[trap].resource(trap) for trap in PLAIN_TRAPS]
    write_descriptor(source, {"name": "generic", "resources": resources})
    verdict = judged(source)
    assert {code for _, code in verdict} <= {"lexical-form", "type-error"}
    for to in (*FILES, "sqlite", "xlsx"):
        there = tmp_path / target_name("there-" + to, to)
        convert(source, there, to)
        assert judged(there) == verdict, to


_NASTY_NUMBERS = "NA null true True FALSE 1 0 007 -0 +1 1.10 1e5 NaN 2020-01-05 9223372036854775808".split()
_NASTY_TEXTS = [
    "",
    " x ",
    '"',
    '""',
    ",",
    ";",
    "a,b",
    "x\ny",
    "x\r\ny",
    "\r",
    "'",
    "\ufeff",
    "é",
    "e\u0301",
    "\U0001f54a",
]
_NASTY_MARKS = ["\u202e", "#", "=1+1", "\\N", "\\", "[]", "{}", "a b", "\t", "\u2028", "-9223372036854775809"]
_NASTY = st.sampled_from([*_NASTY_NUMBERS, *_NASTY_TEXTS, *_NASTY_MARKS])
_FREE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
_CELLS: dict[str, st.SearchStrategy[str]] = {
    "string": _NASTY | _FREE,
    "integer": st.integers().map(str) | st.integers(-(2**70), 2**70).map(str) | _NASTY,
    "boolean": st.sampled_from(["true", "false", "True", "1", ""]),
    "number": st.decimals(allow_nan=True).map(str) | st.floats().map(repr) | _NASTY,
    "date": st.dates().map(str) | _NASTY,
}
_NAMES = st.sampled_from(["a", "b", "A", "id", "x y", "é", '"', ",", "_row", "c1", "select", "a\nb", "#", "1"])


@st.composite
def generic_tables(draw: st.DrawFn) -> Table:
    names = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    kinds = [draw(st.sampled_from(sorted(_CELLS))) for _ in names]
    rows = draw(st.lists(st.tuples(*(_CELLS[kind] for kind in kinds)), max_size=5))
    fields = tuple(zip(names, kinds, strict=True)) if draw(st.booleans()) else None
    return Table(tuple(names), tuple(rows), fields, draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])))


@pytest.mark.parametrize("to", FILES)
@given(table=generic_tables())
def test_generic_tables_come_back_or_are_refused(
    to: str, tmp_path_factory: pytest.TempPathFactory, table: Table
) -> None:
    work = tmp_path_factory.mktemp("generic")
    try:
        assert_kept(table, work, to)
    finally:
        shutil.rmtree(work)


def test_a_dialect_and_an_encoding_are_read_and_not_kept(tmp_path: Path) -> None:
    source = tmp_path / "source"
    resource = {"name": "table", "path": "table.csv", "encoding": "latin-1", "dialect": {"delimiter": ";"}}
    write_descriptor(source, {"name": "generic", "resources": [resource]})
    (source / "table.csv").write_bytes('a;b\r\né,;"x"""\r\n'.encode("latin-1"))
    convert(source, tmp_path / "csv", "csv")
    assert (tmp_path / "csv" / "table.csv").read_bytes() == 'a,b\n"é,","x"""\n'.encode()
    written = descriptor_of(tmp_path / "csv")["resources"][0]
    assert (written["encoding"], written["dialect"]["delimiter"]) == ("utf-8", ",")


@pytest.mark.parametrize("to", FILES)
def test_files_that_are_no_tables_are_copied(to: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    TRAPS["quotes"].write(source)
    (source / "docs").mkdir()
    (source / "docs" / "notes.pdf").write_bytes(b"%PDF-\x00\xff\r\n")
    descriptor = descriptor_of(source)
    descriptor["resources"].append({"name": "notes", "path": "docs/notes.pdf", "mediatype": "application/pdf"})
    write_descriptor(source, descriptor)
    convert(source, tmp_path / "there", to)
    assert (tmp_path / "there" / "docs" / "notes.pdf").read_bytes() == b"%PDF-\x00\xff\r\n"
    assert descriptor_of(tmp_path / "there")["resources"][1] == descriptor["resources"][1]


@pytest.mark.parametrize("to", FILES)
@pytest.mark.parametrize(
    ("table", "schema"),
    [
        ("data/table.csv", "data/table.json"),
        ("data/table.csv", "data/table.ndjson"),
        ("data/table.csv", "data/table.parquet"),
        ("datapackage.csv", "schema.json"),
        ("table.csv", "schema.csv"),
    ],
)
def test_a_table_takes_the_place_of_no_other_file(table: str, schema: str, to: str, tmp_path: Path) -> None:
    """A table gets another extension when it is converted; it must not meet a schema or the descriptor there."""
    source, there = tmp_path / "source", tmp_path / "there"
    resource = {"name": "table", "path": table, "type": "table", "format": "csv", "schema": schema}
    write_descriptor(source, {"name": "generic", "resources": [resource]})
    write_csv(source / table, [("a",), ("x",)])
    (source / schema).write_text(json.dumps({"fields": [{"name": "a", "type": "string"}]}), encoding="utf-8")
    try:
        convert(source, there, to)
    except ConversionError:
        assert not there.exists()
        return
    assert (there / schema).read_bytes() == (source / schema).read_bytes()
    assert validate(there).by_code == {}
    convert(there, tmp_path / "back", "csv")
    assert read_csv(tmp_path / "back" / descriptor_of(tmp_path / "back")["resources"][0]["path"]) == [["a"], ["x"]]


# What is refused


def assert_refused(source: Path, to: str, *words: str) -> None:
    """A conversion is refused in a message with these words, and nothing is written."""
    before = sorted(source.parent.iterdir())
    with pytest.raises(ConversionError) as caught:
        convert(source, source.parent / "target", to)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)
    assert sorted(source.parent.iterdir()) == before


#: Targets with a type for counts.
TYPED = tuple(name for name in TARGETS if name not in ("csv", "tsv"))


def with_count(small: Path, tmp_path: Path, count: str) -> Path:
    """A package of the standard whose second delegation has a party of a size that is spelled like this."""
    source = shutil.copytree(small, tmp_path / "source")
    path = source / "data" / "participants.csv"
    header, *rows = read_csv(path)
    rows[1][header.index("party_size")] = count
    write_csv(path, [header, *rows])
    return source


@pytest.mark.parametrize("count", ["seven", "7.5", "9223372036854775808"])
@pytest.mark.parametrize("to", TYPED)
def test_a_count_that_is_no_integer_is_refused_by_name(to: str, count: str, small: Path, tmp_path: Path) -> None:
    source = with_count(small, tmp_path, count)
    assert_refused(source, to, "data/participants.csv", "row 3", "party_size", count)


@pytest.mark.parametrize("to", [name for name in TYPED if name != "duckdb"])
def test_a_count_in_another_form_keeps_its_value_and_that_is_said(to: str, small: Path, tmp_path: Path) -> None:
    source = with_count(small, tmp_path, "007")
    there = tmp_path / target_name("there", to)
    done = convert(source, there, to)
    assert [(item.resource, item.field) for item in done.columns if item.level == "value"] == [
        ("participants", "party_size")
    ]
    assert done.level == "value"
    assert "participants.party_size keeps its values" in done.kept_as_text[0]
    assert "'007'" in done.kept_as_text[0]
    assert "data/participants.csv row 3" in done.kept_as_text[0]
    convert(there, tmp_path / "back", "csv")
    header, *rows = read_csv(tmp_path / "back" / "data" / "participants.csv")
    assert rows[1][header.index("party_size")] == "7"


ODD = {
    "short-row": (b"a,b\n1,2\n3\n5,6\n", "row 3"),
    "long-row": (b"a,b\n1,2\n3,4\n5,6,7\n", "row 4"),
    "unclosed-quote": (b'a,b\n1,2\n3,"x\n5,6\n', "row 3"),
    "unclosed-quote-that-swallows-rows": (b'a,b\n1,"x\n2,y\n3,"z\n', "row 2"),
    "stray-quote": (b'a,b\n1,"x"y\n', "row 2"),
    "blank-line": (b"a,b\n1,2\n\n3,4\n", "row 3"),
    "bad-byte": ("a,b\n1,éé\n2,".encode() + b"\xff\n", "row 3"),
    "empty-file": (b"", "table.csv"),
}


@pytest.mark.parametrize("to", FILES)
@pytest.mark.parametrize("name", ODD)
def test_odd_files_are_refused_by_row(name: str, to: str, tmp_path: Path) -> None:
    content, place = ODD[name]
    source = tmp_path / "source"
    TRAPS["no-rows"].write(source)
    (source / "data" / "table.csv").write_bytes(content)
    assert_refused(source, to, "data/table.csv", place)


def test_a_broken_descriptor_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_descriptor(source, {"name": "generic", "resources": [{"name": "table", "path": "../table.csv"}]})
    with pytest.raises(ConversionError):
        convert(source, tmp_path / "target", "csv")
    assert not (tmp_path / "target").exists()


def test_absent_files_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "source"
    TRAPS["quotes"].write(source)
    (source / "data" / "table.csv").unlink()
    assert_refused(source, "parquet", "data/table.csv")


@pytest.mark.parametrize("to", DOCUMENTS)
def test_a_package_without_the_standard_is_no_document(to: str, tmp_path: Path) -> None:
    TRAPS["quotes"].write(tmp_path / "source")
    assert_refused(tmp_path / "source", to, to)


@pytest.mark.parametrize("to", DOCUMENTS)
def test_a_document_has_no_place_for_other_resources(to: str, small: Path, tmp_path: Path) -> None:
    source = shutil.copytree(small, tmp_path / "source")
    (source / "notes.txt").write_text("Notes.\n", encoding="utf-8")
    descriptor = descriptor_of(source)
    descriptor["resources"].append({"name": "notes", "path": "notes.txt"})
    write_descriptor(source, descriptor)
    assert_refused(source, to, "notes")


def test_a_nested_document_has_no_place_for_a_row_without_its_meeting(small: Path, tmp_path: Path) -> None:
    source = shutil.copytree(small, tmp_path / "source")
    header, *rows = read_csv(source / "data" / "participants.csv")
    rows[0][header.index("meeting_id")] = "test:mtg-nowhere"
    write_csv(source / "data" / "participants.csv", [header, *rows])
    assert_refused(source, "nested", "participants", "test:mtg-nowhere")


@pytest.mark.parametrize("to", TARGETS)
def test_a_target_that_exists_is_left_alone(to: str, small: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "mine.txt").write_text("Mine.\n", encoding="utf-8")
    with pytest.raises(UsageError, match="exists"):
        convert(small, target, to)
    assert files_of(tmp_path) == {"target/mine.txt": b"Mine.\n"}


def test_an_unknown_format_is_refused(small: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="parquet"):
        convert(small, tmp_path / "target", "xml")


def test_an_absent_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        convert(tmp_path / "nothing", tmp_path / "target", "csv")
    assert list(tmp_path.iterdir()) == []


def test_a_document_adds_no_tables(tmp_path: Path) -> None:
    """A package that leaves out tables comes back from a nested document with the same ones."""
    source = shutil.copytree(Path(__file__).parent / "base", tmp_path / "source")
    descriptor = json.loads((source / "datapackage.json").read_text(encoding="utf-8"))
    kept = ("organizations", "meetings", "participants", "statements", "sources")
    descriptor["resources"] = [item for item in descriptor["resources"] if item["name"] in kept]
    (source / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for document in ("bundle", "nested"):
        convert(source, tmp_path / f"{document}.json", document)
        back = tmp_path / document
        convert(tmp_path / f"{document}.json", back, "csv")
        assert sorted(path.stem for path in (back / "data").iterdir()) == sorted(kept)
