"""What a conversion keeps is measured for each column, and nothing below the value is written unless that is allowed."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from diplodata.conversion import Conversion, Wish, convert, convert_table
from diplodata.errors import ConversionError, UsageError
from target_names import target_name
from test_conversion import descriptor_of, read_csv, tables_of, write_csv, write_descriptor

ALLOWED = Wish(allow_loss=True)


def package(folder: Path, content: str | bytes, fields: Sequence[dict[str, Any]] = (), **members: Any) -> Path:
    """A package of one table ``t``, in the format of its path."""
    resource = {"name": "t", "path": "t.csv", "type": "table", **members}
    if fields:
        resource["schema"] = {"fields": list(fields), **members.get("schema", {})}
    resource["format"] = resource["path"].rpartition(".")[2]
    write_descriptor(folder, {"name": "generic", "resources": [resource]})
    data = content.encode() if isinstance(content, str) else content
    (folder / resource["path"]).write_bytes(data)
    return folder


def levels(done: Conversion) -> dict[str, str]:
    return {item.field: item.level for item in done.columns}


CANONICAL = 'a,b\n1,x\n,"y,""z"""\n3,"two\nlines"\n'
#: Bytes of the same table -> the level at which they are kept.
FORMS = {
    CANONICAL: "bytes",
    CANONICAL.replace("\n", "\r\n"): "lexical",
    CANONICAL.removesuffix("\n"): "lexical",
    # As long as the one way to write it: one line end is longer, and the last one is left out.
    'a,b\r\n1,x\n,"y,""z"""\n3,"two\nlines"': "lexical",
    CANONICAL.replace("x", '"x"'): "lexical",
    "\ufeff" + CANONICAL: "lexical",
}


@pytest.mark.parametrize("to", ["csv", "json"])
@pytest.mark.parametrize("form", FORMS)
def test_bytes_are_promised_where_they_come_back(form: str, to: str, tmp_path: Path) -> None:
    source = package(tmp_path / "source", form)
    done = convert(source, tmp_path / target_name("there", to), to)
    assert levels(done) == dict.fromkeys("ab", FORMS[form])
    convert(tmp_path / target_name("there", to), tmp_path / "back", "csv")
    assert ((tmp_path / "back" / "t.csv").read_bytes() == form.encode()) == (FORMS[form] == "bytes")


@pytest.mark.parametrize("dialect", [{"delimiter": ";"}, {"quoteChar": "'"}, {"skipInitialSpace": True}])
def test_bytes_are_not_promised_of_another_dialect(dialect: dict[str, Any], tmp_path: Path) -> None:
    text = f"a{dialect.get('delimiter', ',')}b\n1{dialect.get('delimiter', ',')}x\n"
    source = package(tmp_path / "source", text, dialect=dialect)
    assert levels(convert(source, tmp_path / "there", "json")) == dict.fromkeys("ab", "lexical")


def test_empty_cells_of_a_single_column_are_reckoned_with_their_quotes(tmp_path: Path) -> None:
    source = package(tmp_path / "source", 'a\n""\nx\n')
    assert levels(convert(source, tmp_path / "there", "ndjson")) == {"a": "bytes"}


def test_the_reference_package_is_kept_byte_for_byte(reference: Path, tmp_path: Path) -> None:
    done = convert(reference, tmp_path / "there", "parquet")
    assert done.level == "bytes"
    assert len(done.columns) == sum(len(read_csv(path)[0]) for path in (reference / "data").glob("*.csv"))
    assert convert(reference, tmp_path / "nested.json", "nested").level == "lexical"


TYPED = [
    {"name": "n", "type": "integer"},
    {"name": "x", "type": "number"},
    {"name": "d", "type": "date"},
    {"name": "t", "type": "datetime"},
    {"name": "b", "type": "boolean"},
]


def types_of(folder: Path) -> list[str]:
    return [str(item.type) for item in pq.read_schema(folder / "t.parquet")]


@pytest.mark.parametrize(
    ("row", "types"),
    [
        ("1,0.5,1899-12-31,2020-01-05T10:00:00Z,true",
         ["int64", "double", "date32[day]", "timestamp[us, tz=UTC]", "bool"]),
        ("9223372036854775808,1.50,0001-01-01,2020-01-05T10:00:00.25,false",
         ["decimal128(19, 0)", "decimal128(3, 2)", "date32[day]", "timestamp[us]", "bool"]),
        ("007,1e5,2020-1-5,2016-12-31T23:59:60Z,1", ["string"] * 5),
        ("-0,-0.00,2020-02-30,2020-01-05T10:00:00+02:00,yes", ["string"] * 5),
        ("+1,1E5,199X,2020-01-05T10:00:00.250Z,TRUE", ["string"] * 5),
        (f"1{'0' * 38},0.{'1' * 39},10000-01-01,2020-01-05,0", ["string"] * 5),
        ("1_0,NaN,,,", ["string", "double", "date32[day]", "timestamp[us, tz=UTC]", "bool"]),
        (",-INF,,,", ["int64", "double", "date32[day]", "timestamp[us, tz=UTC]", "bool"]),
    ],
)  # fmt: skip
def test_a_parquet_column_is_typed_when_every_text_comes_back(row: str, types: list[str], tmp_path: Path) -> None:
    source = package(tmp_path / "source", f"n,x,d,t,b\n{row}\n", TYPED)
    done = convert(source, tmp_path / "there", "parquet")
    assert types_of(tmp_path / "there") == types
    assert set(levels(done).values()) == {"bytes"}
    best = ["int64", "double", "date32[day]", "timestamp[us, tz=UTC]", "bool"]
    told = [bool(item.reason) for item in done.columns]
    assert told == [found != wanted for found, wanted in zip(types_of(tmp_path / "there"), best, strict=True)]
    convert(tmp_path / "there", tmp_path / "back", "csv")
    assert (tmp_path / "back" / "t.csv").read_bytes() == (source / "t.csv").read_bytes()


def test_the_first_cell_that_keeps_a_column_text_is_named(tmp_path: Path) -> None:
    source = package(tmp_path / "source", "n\n1\n2\n007\n008\n", TYPED[:1])
    done = convert(source, tmp_path / "there", "parquet")
    column = done.columns[0]
    assert (column.type, column.level, column.row, column.value) == ("string", "bytes", 4, "007")
    assert done.kept_as_text == ("t.n stays text: '007' would come back as another text from integer (t.csv row 4).",)


def test_decimals_of_different_lengths_stay_text(tmp_path: Path) -> None:
    source = package(tmp_path / "source", "x\n1.50\n2.5\n", TYPED[1:2])
    convert(source, tmp_path / "there", "parquet")
    assert types_of(tmp_path / "there") == ["string"]


def test_decimals_take_the_digits_that_they_need(tmp_path: Path) -> None:
    source = package(tmp_path / "source", "x\n1.50\n-12345.75\n0.00\n", TYPED[1:2])
    convert(source, tmp_path / "there", "parquet")
    assert types_of(tmp_path / "there") == ["decimal128(7, 2)"]


# Empty texts and no values


EMPTIES = '[{"a":"","b":"x"},{"a":null,"b":"NA"},{"a":"[]","b":"{}"},{"a":"NULL","b":"\\\\N"}]'


@pytest.mark.parametrize("to", ["csv", "tsv", "json", "ndjson", "parquet", "sqlite"])
@pytest.mark.parametrize("missing", [["", "NA"], ["NA"], None])
def test_empty_texts_and_no_values_stay_apart(missing: list[str] | None, to: str, tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]
    more = {} if missing is None else {"schema": {"fields": fields, "missingValues": missing}}
    source = package(tmp_path / "source", EMPTIES, path="t.json", **more)
    done = convert(source, tmp_path / target_name("there", to), to)
    assert done.level == "lexical"
    convert(tmp_path / target_name("there", to), tmp_path / "back", "json")
    assert json.loads((tmp_path / "back" / "t.json").read_bytes()) == json.loads(EMPTIES)


def test_the_word_for_no_value_is_none_of_the_texts(tmp_path: Path) -> None:
    source = package(tmp_path / "source", EMPTIES, path="t.json")
    convert(source, tmp_path / "there", "csv")
    assert descriptor_of(tmp_path / "there")["resources"][0]["dialect"]["nullSequence"] == "\\NULL"


def test_delimited_text_without_empty_texts_needs_no_word_for_no_value(tmp_path: Path) -> None:
    source = package(tmp_path / "source", '[{"a":"x"},{"a":null}]', path="t.json")
    convert(source, tmp_path / "there", "csv")
    assert "nullSequence" not in descriptor_of(tmp_path / "there")["resources"][0]["dialect"]


def test_an_empty_text_that_is_no_value_anyway_becomes_none_in_a_workbook(tmp_path: Path) -> None:
    done = convert(package(tmp_path / "source", EMPTIES, path="t.json"), tmp_path / "x.xlsx", "xlsx")
    assert levels(done) == {"a": "value", "b": "lexical"}
    assert (done.columns[0].row, done.losses) == (2, ())


# Losses


def with_cell(small: Path, folder: Path, column: str, text: str) -> Path:
    source = shutil.copytree(small, folder)
    path = source / "data" / "participants.csv"
    header, *rows = read_csv(path)
    rows[1][header.index(column)] = text
    write_csv(path, [header, *rows])
    return source


@pytest.mark.parametrize("to", ["json", "parquet", "nested", "duckdb"])
def test_an_allowed_loss_is_listed_and_nothing_else_is_lost(to: str, small: Path, tmp_path: Path) -> None:
    source = with_cell(small, tmp_path / "source", "party_size", "seven")
    done = convert(source, tmp_path / target_name("there", to), to, ALLOWED)
    assert [(item.resource, item.row, item.field, item.value) for item in done.losses] == [
        ("participants", 3, "party_size", "seven")
    ]
    assert done.report()["level"] == "lost"
    if to != "duckdb":
        convert(tmp_path / target_name("there", to), tmp_path / "back", "csv")
        wanted = with_cell(small, tmp_path / "wanted", "party_size", "")
        assert tables_of(tmp_path / "back") == tables_of(wanted)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("y" * 32_768, "y" * 32_767),
        ("\U0001f54a" * 16_384, "\U0001f54a" * 16_383),
        ("a\ufffeb", "a\ufffdb"),
        ("a\uffffb", "a\ufffdb"),
        ("_x0041_x0042_", "-x0041_x0042_"),
        ("_x0041_x0000_" + "y" * 32_768, ("-x0041_x0000_" + "y" * 32_768)[:32_767]),
    ],
)
def test_what_is_left_of_a_cell_in_a_workbook_is_what_is_said(text: str, left: str, tmp_path: Path) -> None:
    source = package(tmp_path / "source", json.dumps([{"a": "x", "b": "1"}, {"a": text, "b": "2"}]), path="t.json")
    with pytest.raises(ConversionError, match="row 3, a"):
        convert(source, tmp_path / "x.xlsx", "xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
    done = convert(source, tmp_path / "x.xlsx", "xlsx", ALLOWED)
    assert {(item.row, item.field, item.value) for item in done.losses} == {(3, "a", text)}
    assert levels(done) == {"a": "lost", "b": "lexical"}
    convert(tmp_path / "x.xlsx", tmp_path / "back", "csv")
    assert read_csv(tmp_path / "back" / "t.csv") == [["a", "b"], ["x", "1"], [left, "2"]]


def test_a_last_row_that_a_sheet_loses_is_listed(tmp_path: Path) -> None:
    source = package(tmp_path / "source", "a,b\nx,y\n,\n")
    done = convert(source, tmp_path / "x.xlsx", "xlsx", ALLOWED)
    assert [(item.row, item.field) for item in done.losses] == [(3, None)]
    convert(tmp_path / "x.xlsx", tmp_path / "back", "csv")
    assert read_csv(tmp_path / "back" / "t.csv") == [["a", "b"], ["x", "y"]]


def test_columns_without_rows_that_json_loses_are_listed(tmp_path: Path) -> None:
    source = package(tmp_path / "source", "a,b\n")
    with pytest.raises(ConversionError, match="no rows"):
        convert(source, tmp_path / "there", "json")
    done = convert(source, tmp_path / "there", "json", ALLOWED)
    assert [(item.resource, item.row, item.field) for item in done.losses] == [("t", None, None)]


# Formulas


def test_formulas_are_escaped_and_counted_and_numbers_stay(tmp_path: Path) -> None:
    cells = ["=1+1", "+49 30", "@x", "-x", "\tx", "'=1", "-5", "+7.5e3", "plain", "'plain", "", "-"]
    source = package(tmp_path / "source", "a,b\n" + "".join(f'"{cell}",1\n' for cell in cells))
    done = convert(source, tmp_path / "there", "csv", Wish(spreadsheet_safe=True))
    wanted = ["'=1+1", "'+49 30", "'@x", "'-x", "'\tx", "''=1", "-5", "+7.5e3", "plain", "'plain", "", "'-"]
    assert [row[0] for row in read_csv(tmp_path / "there" / "t.csv")[1:]] == wanted
    assert {item.field: (item.escaped, item.level) for item in done.columns} == {"a": (7, "lost"), "b": (0, "lexical")}
    # One mark taken away from each cell that would be marked gives the data back.
    back = [text[1:] if text.lstrip("'")[:1] in "=+-@\t\r" and text[:1] == "'" else text for text in wanted if text]
    assert back == [cell for cell in cells if cell]
    plain = convert(source, tmp_path / "plain", "csv")
    assert [row[0] for row in read_csv(tmp_path / "plain" / "t.csv")[1:]] == cells
    assert plain.level == "lexical"


def test_a_name_of_a_column_that_is_a_formula_is_refused(tmp_path: Path) -> None:
    source = package(tmp_path / "source", "=a,b\n1,2\n")
    with pytest.raises(ConversionError, match="=a"):
        convert(source, tmp_path / "there", "csv", Wish(spreadsheet_safe=True))


@pytest.mark.parametrize("to", ["json", "parquet", "xlsx", "bundle"])
def test_formulas_are_escaped_in_delimited_text_alone(to: str, small: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="csv and tsv"):
        convert(small, tmp_path / "there", to, Wish(spreadsheet_safe=True))


# The command line


def run(*arguments: str | Path, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    call = [sys.executable, "-m", "diplodata", "convert", *map(str, arguments)]
    return subprocess.run(call, input=given, capture_output=True, timeout=60, check=False)


def test_losses_are_told_in_lines_and_all_of_them_reported(tmp_path: Path) -> None:
    cells = [{"a": f"{number}\uffff"} for number in range(12)]
    source = package(tmp_path / "source", json.dumps(cells), path="t.json")
    target, report = tmp_path / "x.xlsx", tmp_path / "report.json"
    done = run(source, target, "--to", "xlsx", "--report", report)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert b"t.json (t) row 2, a is not converted: holds NUL" in done.stderr
    assert not target.exists()
    assert not report.exists()
    done = run(source, target, "--to", "xlsx", "--report", report, "--allow-loss")
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 0
    assert lines[0].startswith("Lost: t row 2, a: holds NUL")
    assert lines[10:] == ["Lost: 2 more; --report lists all.", f"{target}: 1 table, 12 rows."]
    told = json.loads(report.read_bytes())
    assert [item["row"] for item in told["losses"]] == list(range(2, 14))
    assert told["columns"] == [
        {"resource": "t", "field": "a", "type": "string", "level": "lost",
         "reason": "has cells that the target cannot hold"}
    ]  # fmt: skip


def test_quiet_says_nothing_and_keeps_errors(small: Path, tmp_path: Path) -> None:
    done = run(small, tmp_path / "there", "--to", "json", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    again = run(small, tmp_path / "there", "--to", "json", "--quiet")
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)


def test_the_summary_says_how_much_was_kept(small: Path, tmp_path: Path) -> None:
    done = run(small, tmp_path / "there", "--to", "parquet")
    assert done.stderr.endswith(b"; every file can be had back byte for byte.\n")
    again = run(tmp_path / "there", tmp_path / "again", "--to", "csv")
    assert again.stderr.endswith(b"; every cell comes back as the same text.\n")


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "sqlite", "xlsx", "bundle", "nested"])
def test_what_comes_by_standard_input_is_converted(form: str, small: Path, tmp_path: Path) -> None:
    content = io.BytesIO()
    if form in ("csv", "json", "parquet"):
        convert_table(small, content, form, "meetings")
        given = content.getvalue()
    else:
        convert(small, tmp_path / target_name("given", form), form)
        given = (tmp_path / target_name("given", form)).read_bytes()
    done = run("-", tmp_path / "there", "--to", "csv", given=given)
    assert done.returncode == 0, done.stderr
    found = {path.stem: path.read_bytes() for path in (tmp_path / "there").rglob("*.csv")}
    name = "meetings" if len(found) > 1 else "stdin"
    assert found[name] == (small / "data" / "meetings.csv").read_bytes()


def test_a_descriptor_by_standard_input_has_no_files(small: Path, tmp_path: Path) -> None:
    done = run("-", tmp_path / "there", "--to", "csv", given=(small / "datapackage.json").read_bytes())
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == []
