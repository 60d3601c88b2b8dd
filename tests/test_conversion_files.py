"""A package in one file, database or workbook: nothing is lost, other programs can use it, and strangers' are read."""

import csv
import io
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from diplodata import Options, validate
from diplodata.conversion import TARGETS, convert, convert_table
from diplodata.errors import ConversionError, DiplodataError, SourceError, UsageError
from diplodata.formats.reader_process import ReaderPool
from diplodata.formats.refusal import ReadingError
from diplodata.model.limits import Limits
from diplodata.standard import registry
from diplodata.standard.tables import schema
from diplodata.start.template import Template
from diplodata.start.template import write as write_template
from target_names import target_name
from test_conversion import (
    TRAPS,
    Table,
    descriptor_of,
    generic_tables,
    read_csv,
    tables_of,
    write_csv,
    write_descriptor,
)

FILES = ("sqlite", "xlsx")
READ = tuple(name for name in TARGETS if name != "duckdb")
REQUIRED = ("organizations", "meetings", "participants", "statements", "sources")


@pytest.fixture(scope="module")
def least(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of the standard with the required tables alone."""
    folder = shutil.copytree(small, tmp_path_factory.mktemp("least") / "package")
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [item for item in descriptor["resources"] if item["name"] in REQUIRED]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def content_of(path: Path) -> Any:
    """Return what a conversion wrote; of a document its tables, as its metadata tell of the file it was made from."""
    if path.is_dir():
        return {item.relative_to(path): item.read_bytes() for item in sorted(path.rglob("*")) if item.is_file()}
    if path.suffix == ".json":
        return {key: rows for key, rows in json.loads(path.read_text(encoding="utf-8")).items() if key != "package"}
    return path.read_bytes()


def test_every_format_is_the_same_from_every_other(least: Path, tmp_path: Path) -> None:
    """What A becomes does not depend on whether it came through B, so A to B to A is A, for every pair."""
    direct = {to: tmp_path / target_name(f"direct-{to}", to) for to in READ}
    for to, path in direct.items():
        convert(least, path, to)
    for source in READ:
        for to in READ:
            path = tmp_path / target_name(f"{source}-{to}", to)
            convert(direct[source], path, to)
            assert content_of(path) == content_of(direct[to]), f"{source} to {to}"


def write_package(folder: Path, tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        write_csv(folder / "data" / f"{name}.csv", [table.labels, *table.rows], table.quoting)
    resources = [table.resource(name) for name, table in tables.items()]
    write_descriptor(folder, {"name": "generic", "resources": resources})


def assert_kept(tables: dict[str, Table], work: Path, to: str) -> None:
    """Either nothing is written, or every table comes back cell for cell."""
    source, there, back = work / "source", work / target_name("there", to), work / "back"
    write_package(source, tables)
    try:
        convert(source, there, to)
    except ConversionError:
        assert [path.name for path in work.iterdir()] == ["source"]
        return
    convert(there, back, "csv")
    for name in tables:
        assert read_csv(back / "data" / f"{name}.csv") == read_csv(source / "data" / f"{name}.csv")


@pytest.mark.parametrize("to", FILES)
@settings(max_examples=10)
@given(tables=st.lists(generic_tables(), min_size=1, max_size=4))
def test_generic_packages_come_back_or_are_refused(
    to: str, tmp_path_factory: pytest.TempPathFactory, tables: list[Table]
) -> None:
    work = tmp_path_factory.mktemp("generic")
    try:
        assert_kept({f"table-{number}": table for number, table in enumerate(tables)}, work, to)
    finally:
        shutil.rmtree(work)


@pytest.mark.parametrize("to", FILES)
def test_the_same_input_gives_the_same_bytes(to: str, small: Path, tmp_path: Path) -> None:
    call = "import sys; from diplodata import convert; convert(*sys.argv[1:])"
    for seed in ("1", "2"):
        path = tmp_path / target_name(seed, to)
        environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        subprocess.run([sys.executable, "-c", call, small, path, to], env=environment, check=True)
    assert (tmp_path / target_name("1", to)).read_bytes() == (tmp_path / target_name("2", to)).read_bytes()


# SQLite and DuckDB, as other programs see them


def asked(path: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def database(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "small.sqlite"
    assert convert(small, path, "sqlite").kept_as_text == ()
    return path


def test_sqlite_has_types_keys_and_indexes(database: Path) -> None:
    columns = {name: (kind, key) for _, name, kind, _, _, key in asked(database, "PRAGMA table_info(participants)")}
    assert columns["id"] == ("TEXT", 1)
    assert columns["party_size"] == ("INTEGER", 0)
    assert asked(database, "PRAGMA table_info(names)")[7][1:3] == ("is_preferred", "BOOLEAN")
    kinds = asked(database, "SELECT DISTINCT typeof(party_size) FROM participants")
    assert set(kinds) == {("integer",), ("null",)}
    references = {
        (own, parent, other)
        for _, _, parent, own, other, *_ in asked(database, "PRAGMA foreign_key_list(participants)")
    }
    assert {("meeting_id", "meetings", "id"), ("organization_id", "organizations", "id")} <= references
    indexed = {
        asked(database, f'PRAGMA index_info("{name}")')[0][2]
        for _, name, *_ in asked(database, "PRAGMA index_list(participants)")
    }
    assert {own for own, _, _ in references} <= indexed
    assert asked(database, "PRAGMA foreign_key_check") == []
    assert asked(database, "PRAGMA integrity_check") == [("ok",)]


def overview_of(small: Path) -> list[tuple[Any, ...]]:
    """What the view says, worked out from the CSV files."""
    tables = {}
    for path in (small / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = list(csv.DictReader(stream))
    names = {row["id"]: row["name"] for row in tables["organizations"]}
    return [
        (
            row["id"],
            names.get(row["organization_id"]),
            names.get(row["host_id"]),
            sum(item["meeting_id"] == row["id"] for item in tables["participants"]),
            sum(item["meeting_id"] == row["id"] for item in tables["statements"]),
        )
        for row in sorted(tables["meetings"], key=lambda row: row["id"])
    ]


_OVERVIEW = "SELECT id, organization, host, participants, statements FROM meeting_overview ORDER BY id"


def test_both_databases_have_an_overview_of_meetings(database: Path, small: Path, tmp_path: Path) -> None:
    convert(small, tmp_path / "x.duckdb", "duckdb")
    with duckdb.connect(tmp_path / "x.duckdb", read_only=True) as connection:
        assert connection.execute(_OVERVIEW).fetchall() == overview_of(small)
    assert asked(database, _OVERVIEW) == overview_of(small)
    assert any(row[3] for row in overview_of(small))


def test_datasette_links_references(database: Path) -> None:
    path = "/small/participants?_size=1"
    call = [sys.executable, "-m", "datasette", str(database), "--get", path]
    page = subprocess.run(call, capture_output=True, text=True, check=True, timeout=60).stdout
    linked = re.findall(r'href="(/small/organizations/[^"]+)"', page)
    assert linked
    row = subprocess.run([*call[:-1], f"{linked[0]}.json"], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(row.stdout)["rows"][0]


def test_duckdb_has_the_rows_types_and_keys(small: Path, tmp_path: Path) -> None:
    done = convert(small, tmp_path / "x.duckdb", "duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["x.duckdb"]
    with duckdb.connect(tmp_path / "x.duckdb", read_only=True) as base:
        for path in (small / "data").glob("*.csv"):
            rows = base.execute(f"SELECT * FROM {path.stem}").fetchall()
            told = [
                [
                    ""
                    if value is None
                    else str(value).lower()
                    if value in (True, False) and isinstance(value, bool)
                    else str(value)
                    for value in row
                ]
                for row in rows
            ]
            assert told == read_csv(path)[1:]
        types = dict(
            base.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'names'").fetchall()
        )
        assert (types["is_preferred"], types["id"]) == ("BOOLEAN", "VARCHAR")
        constraints = "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints()"
        found = {(table, kind, tuple(columns)) for table, kind, columns in base.execute(constraints).fetchall()}
        indexes = base.execute("SELECT count(*) FROM duckdb_indexes() WHERE table_name = 'participants'").fetchall()
    assert ("participants", "FOREIGN KEY", ("meeting_id",)) in found
    assert ("participants", "PRIMARY KEY", ("id",)) in found
    assert ("meetings", "FOREIGN KEY", ("parent_id",)) not in found
    assert indexes[0][0] >= 5
    assert "meetings.parent_id" in done.kept_as_text[0]


PARENTS = Table(
    ("id", "other"), (("1", "a"), ("2", "b")), (("id", "integer"), ("other", "string")), schema={"primaryKey": ["id"]}
)


def reference_to(resource: str, field: str = "id") -> dict[str, Any]:
    return {"foreignKeys": [{"fields": ["parent"], "reference": {"resource": resource, "fields": [field]}}]}


def family(children: Sequence[str], field: str = "id", parents: Table = PARENTS) -> dict[str, Table]:
    kind = "integer" if field == "id" else "string"
    rows = tuple((value, "x") for value in children)
    fields = (("parent", kind), ("note", "string"))
    child = Table(("parent", "note"), rows, fields, schema=reference_to("parents", field))
    return {"parents": parents, "children": child}


@pytest.mark.parametrize("to", ["sqlite", "duckdb"])
@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (family(["1", "2", "1"]), ""),
        (family(["a", "b"], "other"), ""),
        (family(["1", "7"]), "children.parent"),
        (
            family(
                ["1"], parents=Table(PARENTS.labels, (("1", "a"), ("1", "b")), PARENTS.fields, schema=PARENTS.schema)
            ),
            "parents.id",
        ),
        (
            family(
                ["a"], "other", Table(PARENTS.labels, (("1", "a"), ("2", "a")), PARENTS.fields, schema=PARENTS.schema)
            ),
            "children.parent",
        ),
    ],
    ids=["good", "not-the-primary-key", "orphan", "twice", "twice-and-not-the-primary-key"],
)
def test_a_key_that_does_not_hold_is_left_out_and_named(
    tables: dict[str, Table], said: str, to: str, tmp_path: Path
) -> None:
    """Content is not judged: rows are there in any case, and what they do not keep is said."""
    write_package(tmp_path / "source", tables)
    path = tmp_path / target_name("there", to)
    lines = convert(tmp_path / "source", path, to).kept_as_text
    assert bool(lines) == bool(said)
    assert said in "".join(lines)
    query = "SELECT parent FROM children"
    if to == "duckdb":
        with duckdb.connect(path, read_only=True) as base:
            rows = base.execute(query).fetchall()
    else:
        rows = asked(path, f"{query} ORDER BY rowid")
    assert [str(value) for (value,) in rows] == [row[0] for row in tables["children"].rows]


def test_rows_keep_their_order_whatever_their_key_says(tmp_path: Path) -> None:
    table = Table(("id",), (("3",), ("1",), ("2",)), (("id", "integer"),), schema={"primaryKey": ["id"]})
    assert_kept({"t": table}, tmp_path, "sqlite")
    assert asked(tmp_path / "there.sqlite", "SELECT id FROM t NOT INDEXED") == [(3,), (1,), (2,)]


def test_integers_beyond_64_bits_stay_text_and_are_named(tmp_path: Path) -> None:
    write_package(tmp_path / "source", {"t": TRAPS["big-integer"]})
    done = convert(tmp_path / "source", tmp_path / "x.sqlite", "sqlite")
    assert "t.a stays text" in done.kept_as_text[0]
    assert asked(tmp_path / "x.sqlite", "SELECT a, typeof(a) FROM t")[0] == ("9223372036854775808", "text")


# What a format cannot hold

WIDE = tuple(f"c{number}" for number in range(2_001))
LONG = Table(("a",), (("x",), ("y" * 32_768,)), None)
REFUSED: dict[str, tuple[str, dict[str, Table], tuple[str, ...]]] = {
    "long-cell": ("xlsx", {"t": LONG}, ("data/t.csv", "row 3", "a", "32,767")),
    "long-in-utf-16": ("xlsx", {"t": Table(("a",), (("\U0001f54a" * 16_384,),), None)}, ("row 2", "32,767")),
    "nonchar": ("xlsx", {"t": Table(("a",), (("\uffff",),), None)}, ("row 2", "U+FFFF")),
    "escapes": ("xlsx", {"t": Table(("a",), (("_x0041_x0042_",),), None)}, ("row 2", "escapes")),
    "empty-last-row": ("xlsx", {"t": Table(("a", "b"), (("x", "y"), ("", "")), None)}, ("row 3", "empty")),
    "blank-label": ("xlsx", {"t": Table(("a", ""), (("x", "y"),), None)}, ("column 2", "name")),
    "columns-sqlite": ("sqlite", {"t": Table(WIDE, (WIDE,), None)}, ("2,001", "2,000")),
    "case-sqlite": ("sqlite", {"t": Table(("a", "A"), (("x", "y"),), None)}, ("'a'", "'A'", "case")),
    "case-duckdb": ("duckdb", {"t": Table(("a", "A"), (("x", "y"),), None)}, ("'a'", "'A'", "case")),
    "blank-label-duckdb": ("duckdb", {"t": Table(("a", ""), (("x", "y"),), None)}, ("column 2", "name")),
    "own-name": ("sqlite", {"sqlite_t": TRAPS["quotes"]}, ("sqlite_t",)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_format_cannot_hold_is_refused_by_name(name: str, tmp_path: Path) -> None:
    to, tables, words = REFUSED[name]
    write_package(tmp_path / "source", tables)
    with pytest.raises(ConversionError) as caught:
        convert(tmp_path / "source", tmp_path / target_name("there", to), to)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_cell_of_the_most_characters_comes_back(tmp_path: Path) -> None:
    assert_kept({"t": Table(("a",), (("y" * 32_767,), ("_x0041_",)), None)}, tmp_path, "xlsx")
    assert (tmp_path / "back").is_dir()


def test_too_many_rows_for_a_sheet_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a\n" + b"1\n" * 1_048_576)
    with pytest.raises(ConversionError, match="1,048,575 rows"):
        convert(tmp_path / "t.csv", tmp_path / "x.xlsx", "xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize("to", [*FILES, "duckdb"])
def test_other_files_would_be_lost(to: str, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "notes.pdf").write_bytes(b"%PDF")
    resources = [TRAPS["quotes"].resource("t"), {"name": "notes", "path": "notes.pdf"}]
    write_csv(tmp_path / "source" / "data" / "t.csv", [("a", "b")])
    write_descriptor(tmp_path / "source", {"name": "generic", "resources": resources})
    with pytest.raises(ConversionError, match="notes"):
        convert(tmp_path / "source", tmp_path / target_name("there", to), to)


def test_no_value_and_an_empty_text_stay_apart_where_they_can(tmp_path: Path) -> None:
    """The two differ in tables whose schema says that an empty text is a value."""
    source = tmp_path / "source"
    described = {"fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}], "missingValues": ["-"]}
    resource = {"name": "t", "path": "t.json", "type": "table", "format": "json", "schema": described}
    write_descriptor(source, {"name": "generic", "resources": [resource]})
    (source / "t.json").write_text('[{"a": "", "b": "x"}, {"a": null, "b": "y"}]', encoding="utf-8")
    convert(source, tmp_path / "x.sqlite", "sqlite")
    assert asked(tmp_path / "x.sqlite", "SELECT a FROM t") == [("",), (None,)]
    convert(tmp_path / "x.sqlite", tmp_path / "back", "json")
    assert json.loads((tmp_path / "back" / "t.json").read_text()) == json.loads((source / "t.json").read_text())
    for to in ("csv", "tsv"):
        convert(source, tmp_path / to, to)
        dialect = descriptor_of(tmp_path / to)["resources"][0]["dialect"]
        assert dialect["nullSequence"] == "\\N"
        assert read_csv(tmp_path / to / f"t.{to}", dialect["delimiter"]) == [["a", "b"], ["", "x"], ["\\N", "y"]]
        convert(tmp_path / to, tmp_path / f"{to}-back", "json")
        assert json.loads((tmp_path / f"{to}-back" / "t.json").read_text()) == json.loads(
            (source / "t.json").read_text()
        )
        # No descriptor goes along with a table alone.
        with pytest.raises(ConversionError, match="empty text"):
            convert_table(source, io.BytesIO(), to)
    with pytest.raises(ConversionError, match="empty text"):
        convert(source, tmp_path / "x.xlsx", "xlsx")


# Databases of strangers


def stranger(path: Path, script: str) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path


def test_a_database_of_somebody_else_is_a_package(tmp_path: Path) -> None:
    path = stranger(
        tmp_path / "Their Data.sqlite",
        """CREATE TABLE "Big Parents" (id INTEGER PRIMARY KEY, name TEXT NOT NULL, share REAL, is_new BOOLEAN);
        CREATE TABLE children (parent INTEGER REFERENCES "big parents", made DATE);
        CREATE VIEW v AS SELECT * FROM children;
        CREATE VIRTUAL TABLE words USING fts5(word);
        INSERT INTO "Big Parents" VALUES (2, 'two', 0.5, 1), (1, 'one', 2, 0);
        INSERT INTO children VALUES (1, '2020-05'), (9, 7);""",
    )
    report = validate(path)
    assert [item.name for item in report.resources] == ["big-parents", "children"]
    assert report.by_code == {"foreign-key": 1}
    convert(path, tmp_path / "out", "csv")
    assert read_csv(tmp_path / "out" / "data" / "big-parents.csv") == [
        ["id", "name", "share", "is_new"],
        ["1", "one", "2", "false"],
        ["2", "two", "0.5", "true"],
    ]
    assert read_csv(tmp_path / "out" / "data" / "children.csv")[1:] == [["1", "2020-05"], ["9", "7"]]
    convert(tmp_path / "out", tmp_path / "again.sqlite", "sqlite")
    assert asked(tmp_path / "again.sqlite", 'SELECT * FROM "big-parents"') == [(1, "one", 2.0, 0), (2, "two", 0.5, 1)]


def test_values_of_other_types_than_declared_are_found(tmp_path: Path) -> None:
    path = stranger(tmp_path / "t.sqlite", "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), ('many'), (1.5);")
    report = validate(path)
    assert [(item.code, item.row, item.value) for item in report.findings] == [
        ("type-error", 3, "many"),
        ("type-error", 4, "1.5"),
    ]
    assert "stays text" in convert(path, tmp_path / "out.json", "sqlite").kept_as_text[0]


HOSTILE = {
    "blob": ("CREATE TABLE t (a); INSERT INTO t VALUES (x'00ff');", "bytes"),
    "computed": ("CREATE TABLE t (a, b AS (a || 'x')); INSERT INTO t(a) VALUES (1);", "computed"),
    "only-a-view": ("CREATE VIEW v AS SELECT 1 AS a;", "no plain table"),
    "endless-view": (
        "CREATE VIEW t AS WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a FROM n;",
        "no plain table",
    ),
    "only-virtual": ("CREATE VIRTUAL TABLE t USING fts5(a);", "no plain table"),
    "not-utf-8": ("CREATE TABLE t (a); INSERT INTO t VALUES (CAST(x'ff' AS TEXT));", "UTF-8"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plain_text_is_refused(name: str, tmp_path: Path) -> None:
    script, words = HOSTILE[name]
    path = stranger(tmp_path / "t.sqlite", script)
    report = validate(path)
    assert not report.valid
    assert words in report.findings[0].message
    with pytest.raises(ConversionError, match=words):
        convert(path, tmp_path / "out", "csv")
    assert [item.name for item in tmp_path.iterdir()] == ["t.sqlite"]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"x" * 5000])
def test_a_file_that_is_no_database_is_a_finding(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "t.sqlite").write_bytes(content)
    report = validate(tmp_path / "t.sqlite")
    assert [item.code for item in report.findings if item.severity == "error"] == ["format-error"]
    with pytest.raises(ConversionError):
        convert(tmp_path / "t.sqlite", tmp_path / "out", "csv")


def test_a_database_beyond_the_limit_is_not_read(database: Path) -> None:
    pool = ReaderPool(Limits(database_bytes=10_000))
    try:
        with database.open("rb") as stream, pytest.raises(ReadingError) as caught:
            list(pool.frames(stream.fileno(), {"format": "sqlite", "table": "names", "name": "names"}))
    finally:
        pool.close()
    assert caught.value.limit == "database_bytes"


@pytest.mark.parametrize("to", [*FILES, "duckdb"])
def test_a_full_disk_is_one_line_and_leaves_nothing(to: str, small: Path, tmp_path: Path) -> None:
    """The file may not grow beyond some kilobytes, as on a disk that is full."""
    call = (
        "import resource, signal, sys; from pathlib import Path; from diplodata.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "main(sys.argv[1:])"
    )
    target = tmp_path / target_name("there", to)
    arguments = [sys.executable, "-c", call, "convert", str(small), str(target), "--to", to]
    # Python would put cut bytecode where other runs find it.
    environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "defect" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_changes_that_lie_beside_a_database_are_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);")
        with pytest.raises(SourceError, match=r"t\.sqlite-wal"):
            validate(path)
    finally:
        connection.close()
    # The log is put into the database when the last program leaves it.
    assert validate(path).resources[0].rows == 1


def test_a_damaged_database_is_a_finding_or_read(database: Path, tmp_path: Path, scale: int) -> None:
    """Whatever bytes are changed, the tool ends with a report or with one line."""
    chance = random.Random(7)  # noqa: S311 - the same damage in every run
    good = database.read_bytes()
    path = tmp_path / "t.sqlite"
    outcomes = set()
    for _ in range(8 * scale):
        data = bytearray(good)
        for _ in range(40):
            data[chance.randrange(100, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            outcomes.add(validate(path, Options(limit=1)).valid)
        except DiplodataError:
            outcomes.add(None)
    assert False in outcomes or None in outcomes


def test_a_descriptor_in_a_database_names_no_other_files(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    resource = {"name": "t", "path": "../t.csv", "schema": "secret.json", "dialect": {"table": "t"}}
    text = json.dumps({"name": "x", "resources": [resource]}).replace("'", "''")
    script = f"""CREATE TABLE t (a); INSERT INTO t VALUES ('1');
        CREATE TABLE _datapackage (path TEXT, content TEXT); INSERT INTO _datapackage VALUES ('datapackage.json', '{text}');"""
    report = validate(stranger(tmp_path / "t.sqlite", script))
    assert "scheme-error" in report.by_code
    assert not report.valid


@pytest.mark.parametrize("text", ["{", "[]", '{"resources": 1}', '{"a": 1, "a": 2}'])
def test_a_broken_descriptor_in_a_database_is_one_line(text: str, tmp_path: Path) -> None:
    script = (
        f"CREATE TABLE _datapackage (path, content); INSERT INTO _datapackage VALUES ('datapackage.json', '{text}');"
    )
    with pytest.raises(SourceError, match="_datapackage"):
        validate(stranger(tmp_path / "t.sqlite", script))


# Workbooks


@pytest.fixture(scope="module")
def workbook(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "small.xlsx"
    convert(small, path, "xlsx")
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")


def sheet_number(path: Path, name: str) -> int:
    return re.findall(r'<sheet name="([^"]+)"', part(path, "xl/workbook.xml")).index(name) + 1


def test_a_workbook_guides_whoever_fills_it_in(workbook: Path) -> None:
    number = sheet_number(workbook, "meetings")
    sheet = part(workbook, f"xl/worksheets/sheet{number}.xml")
    assert 'state="frozen"' in sheet
    assert 'topLeftCell="A2"' in sheet
    listed = re.findall(r'<dataValidation type="list"[^>]*sqref="([A-Z]+)2:[A-Z]+1048576"><formula1>([^<]+)<', sheet)
    choices = {place: text.strip('"').split(",") for place, text in listed}
    assert choices["J"] == list(registry.codes("1.0", "meeting_format"))
    assert "How it was held." in part(workbook, f"xl/comments{number}.xml")
    assert re.findall(r'name="_datapackage"[^>]*state="veryHidden"', part(workbook, "xl/workbook.xml"))


def test_no_cell_of_a_workbook_is_a_date_or_a_formula(workbook: Path, small: Path) -> None:
    """Identifiers and dates are texts in cells of the text format, so that Excel leaves them alone when edited too."""
    number = sheet_number(workbook, "participants")
    sheet = part(workbook, f"xl/worksheets/sheet{number}.xml")
    assert "<f>" not in sheet
    kinds = set(re.findall(r'<c r="[A-Z]+\d+"[^>]*?( t="\w+")?/?>', sheet))
    assert kinds <= {' t="inlineStr"', ""}
    styles = re.findall(r"<xf [^>]*>", part(workbook, "xl/styles.xml").partition("<cellXfs")[2])
    columns = re.findall(r'<col min="(\d+)" max="(\d+)" [^>]*?(?:style="(\d+)" )?customWidth', sheet)
    header = read_csv(small / "data" / "participants.csv")[0]
    is_text = {
        name: 'numFmtId="49"' in styles[int(style or 0)]
        for first, last, style in columns
        for name in header[int(first) - 1 : int(last)]
    }
    assert len(is_text) == len(header)
    assert [name for name, found in is_text.items() if not found] == ["party_size"]


def with_rows(path: Path, sheets: dict[str, Sequence[Sequence[str]]]) -> None:
    """Type rows into a workbook below its headers, as a person does: a column of texts makes all that is typed text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, rows in sheets.items():
        place = f"xl/worksheets/sheet{sheet_number(path, name)}.xml"
        kinds = [item.type for item in schema("1.0", name).fields]
        lines = []
        for number, row in enumerate(rows, 2):
            cells = "".join(typed_cell(cell, kind) for cell, kind in zip(row, kinds, strict=False))
            lines.append(f'<row r="{number}">{cells}</row>')
        before, end, after = parts[place].decode().partition("</sheetData>")
        parts[place] = (before + "".join(lines) + end + after).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def typed_cell(text: str, kind: str) -> str:
    if not text:
        return "<c/>"
    if kind == "integer":
        return f"<c><v>{text}</v></c>"
    if kind == "boolean":
        return f'<c t="b"><v>{int(text == "true")}</v></c>'
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def test_a_filled_template_is_a_package_of_the_standard(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    assert write_template(path, Template("all", "test")) == 14
    assert validate(path).valid
    tables = {item.stem: read_csv(item) for item in (small / "data").glob("*.csv")}
    with_rows(path, {name: rows[1:] for name, rows in tables.items()})
    report = validate(path)
    assert (report.standard, report.by_code) == ("1.0", validate(small).by_code)
    convert(path, tmp_path / "out", "csv")
    assert tables_of(tmp_path / "out") == tables_of(small)
    assert validate(tmp_path / "out").valid


def test_a_mistake_in_a_template_is_found_in_its_row(tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    assert write_template(path, Template("required", "test", "mine")) == 5
    with_rows(path, {"organizations": [["test:org-x", "", "en"]]})
    found = [(item.resource, item.row, item.field, item.path) for item in validate(path).findings]
    assert ("organizations", 2, "name", "filled.xlsx") in found


@pytest.mark.parametrize(
    ("name", "wish"),
    [("t.csv", Template()), ("t.xlsx", Template(prefix="Not a prefix")), ("t.xlsx", Template(name="Not a name"))],
)
def test_a_template_that_cannot_be_is_refused(name: str, wish: Template, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_template(tmp_path / name, wish)
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_with_one_sheet_a_table_is_a_package(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "b.xlsx")
    for name in ("First Table", "second"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["id", "when"])
        sheet.write_row(1, 0, ["007", "2020-05"])
    book.close()
    report = validate(tmp_path / "b.xlsx")
    assert [(item.name, item.rows) for item in report.resources] == [("first-table", 1), ("second", 1)]
    convert(tmp_path / "b.xlsx", tmp_path / "out", "csv")
    assert read_csv(tmp_path / "out" / "data" / "first-table.csv") == [["id", "when"], ["007", "2020-05"]]


def test_long_and_forbidden_names_of_tables_come_back(tmp_path: Path) -> None:
    names = ["a" * 40, "a" * 41, "history", "a-b.c"]
    assert_kept(dict.fromkeys(names, TRAPS["quotes"]), tmp_path, "xlsx")
    assert (tmp_path / "back").is_dir()


def test_a_long_list_of_choices_stands_in_a_sheet(tmp_path: Path) -> None:
    choices = [f"choice-{number}" for number in range(100)]
    described = {"fields": [{"name": "a", "type": "string", "constraints": {"enum": choices}}]}
    resource = {"name": "t", "path": "t.csv", "schema": described}
    write_descriptor(tmp_path / "source", {"name": "generic", "resources": [resource]})
    write_csv(tmp_path / "source" / "t.csv", [("a",), ("choice-1",)])
    convert(tmp_path / "source", tmp_path / "b.xlsx", "xlsx")
    assert "_lists!$A$1:$A$100" in part(tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml")
    assert [item.name for item in validate(tmp_path / "b.xlsx").resources] == ["t"]


# One table


def run(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    call = [sys.executable, "-m", "diplodata", *map(str, arguments)]
    return subprocess.run(call, capture_output=True, timeout=60, check=False)


def test_one_table_goes_to_standard_output_or_to_a_file(small: Path, tmp_path: Path) -> None:
    done = run("convert", small, "-", "--to", "csv", "--resource", "meetings")
    assert (done.returncode, done.stdout) == (0, (small / "data" / "meetings.csv").read_bytes())
    path = tmp_path / "m.json"
    assert run("convert", small, path, "--to", "json", "--resource", "meetings").returncode == 0
    assert len(json.loads(path.read_text(encoding="utf-8"))) == len(read_csv(small / "data" / "meetings.csv")) - 1
    done = run("convert", small / "data" / "meetings.csv", "-", "--to", "tsv")
    assert done.stdout.splitlines()[0].startswith(b"id\ttitle\t")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-", "--to", "csv"), b"--resource"),
        (("-", "--to", "csv", "--resource", "nothing"), b"nothing"),
        (("-", "--to", "sqlite", "--resource", "meetings"), b"sqlite holds a whole package"),
        (("out", "--to", "xml", "--resource", "meetings"), b"xml"),
    ],
)
def test_what_is_no_single_table_is_one_line(
    arguments: tuple[str, ...], says: bytes, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("convert", small, *arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, b"", 1)
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("to", FILES)
def test_a_table_that_is_broken_leaves_nothing(to: str, tmp_path: Path) -> None:
    write_package(tmp_path / "source", {"t": TRAPS["quotes"], "u": TRAPS["quotes"]})
    (tmp_path / "source" / "data" / "u.csv").write_bytes(b"a,b\n1\n")
    with pytest.raises(ConversionError, match="row 2"):
        convert(tmp_path / "source", tmp_path / target_name("there", to), to)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
