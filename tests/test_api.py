"""The public names of the library: what they take, what they give, and how they fail."""

import datetime
import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata, resources
from pathlib import Path

import pyarrow as pa
import pytest

import diplodata
from diplodata import errors
from diplodata.errors import ConversionError, DiplodataError, FetchError, SourceError, UsageError
from diplodata.model.report import Report

MEETING = "dd:mtg-20200526-csto-cfm"


def submodules() -> list[str]:
    found = pkgutil.walk_packages(diplodata.__path__, "diplodata.")
    return [item.name for item in found if not item.name.endswith("__main__")]


def test_public_names_are_usable_after_every_submodule_was_imported(small: Path) -> None:
    """A submodule must not hide a function of its name."""
    for name in submodules():
        importlib.import_module(name)
    for name in diplodata.__all__:
        assert callable(getattr(diplodata, name)), name
    assert isinstance(diplodata.validate(small), Report)


def test_public_names_are_listed_and_no_others_are_there() -> None:
    assert set(diplodata.__all__) == {
        "Options",
        "Wishes",
        "compare",
        "convert",
        "fetch",
        "fix",
        "open_package",
        "publish",
        "validate",
        "verify",
        "yank",
    }
    with pytest.raises(AttributeError, match="guests"):
        diplodata.guests  # noqa: B018


def test_importing_the_library_imports_nothing_heavy() -> None:
    heavy = ("duckdb", "pyarrow", "frictionless", "jsonschema", "jinja2", "click", "pandas", "polars")
    program = f"import sys, diplodata; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_types_of_the_library_ship() -> None:
    assert resources.files("diplodata").joinpath("py.typed").is_file()


def test_the_version_is_that_of_the_distribution(small: Path) -> None:
    assert diplodata.validate(small).tool == f"diplodata {metadata.version('diplodata')}"


# open_package


def test_a_table_has_the_types_of_the_standard(reference: Path) -> None:
    with diplodata.open_package(reference) as package:
        meetings = package.table("meetings")
    types = {item.name: item.type for item in meetings.schema}
    assert types["start_date"] == pa.string()
    assert types["id"] == pa.string()
    row = meetings.filter(pa.compute.equal(meetings["id"], MEETING)).to_pylist()[0]
    assert (row["start_date"], row["format"], row["end_date"]) == ("2020-05-26", "videoconference", None)


def test_counts_are_integers_and_flags_are_booleans(small: Path) -> None:
    with diplodata.open_package(small) as package:
        tables = {name: package.table(name).schema for name in package.tables}
    assert tables["participants"].field("party_size").type == pa.int64()
    kinds = {item.type for schema in tables.values() for item in schema}
    assert kinds == {pa.string(), pa.int64(), pa.bool_()}


def test_a_package_tells_its_tables_and_its_descriptor(small: Path) -> None:
    with diplodata.open_package(str(small)) as package:
        assert package.tables == package.package.names
        assert package.package.standard == "1.0"
        assert package.package.prefixes == ("test",)


@pytest.mark.parametrize("to", ["parquet", "json", "bundle", "nested", "sqlite", "xlsx"])
def test_a_table_is_the_same_from_every_format(to: str, reference: Path, converted: Callable[[str], Path]) -> None:
    with diplodata.open_package(reference) as plain, diplodata.open_package(converted(to)) as other:
        assert other.table("decisions").equals(plain.table("decisions"))


def test_an_empty_table_has_its_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n", encoding="utf-8")
    with diplodata.open_package(tmp_path / "t.csv") as package:
        assert package.table("t").schema.names == ["a", "b"]
        assert package.table("t").num_rows == 0


def test_frames_keep_what_the_table_has(small: Path) -> None:
    with diplodata.open_package(small) as package:
        table, frame, other = (ask("participants") for ask in (package.table, package.to_pandas, package.to_polars))
    assert str(frame["party_size"].dtype) == "Int64"
    assert frame["id"].tolist() == table["id"].to_pylist()
    assert other.to_arrow().cast(table.schema).equals(table)


def test_a_query_sees_the_tables_and_nothing_else(small: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with diplodata.open_package(small) as package:
        found = package.sql(
            "SELECT m.id, count(p.id) AS n FROM meetings m LEFT JOIN participants p ON p.meeting_id = m.id GROUP BY 1"
        )
        assert found.num_rows == package.table("meetings").num_rows
        assert sum(found["n"].to_pylist()) == package.table("participants").num_rows
        for query in (
            f"SELECT * FROM '{tmp_path}/secret.csv'",
            "SELECT * FROM guests",
            "SELECT",
            "CREATE TABLE t (a INTEGER)",
            "SELECT * FROM tmp_path",
        ):
            with pytest.raises(UsageError):
                package.sql(query)


def test_a_notebook_shows_the_tables_and_no_markup_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    descriptor = {
        "name": "x",
        "title": "<script>",
        "resources": [{"name": "t", "path": "t.csv", "type": "table", "title": "<b>"}],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with diplodata.open_package(tmp_path) as package:
        assert repr(package) == "<x: 1 tables>"
        shown = package._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "<td>&lt;b&gt;</td>" in shown


def test_an_unknown_table_is_a_usage_error(small: Path) -> None:
    with diplodata.open_package(small) as package, pytest.raises(UsageError, match="meetings"):
        package.table("guests")


def test_a_ragged_table_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")
    with diplodata.open_package(tmp_path / "t.csv") as package, pytest.raises(ConversionError, match="row 3"):
        package.table("t")


# Options and errors


def test_options_say_for_which_day_and_which_tables(small: Path) -> None:
    options = diplodata.Options(as_of=datetime.date(2026, 1, 2), resources=("meetings",))
    report = diplodata.validate(small, options)
    assert report.as_of == "2026-01-02"
    assert [item.name for item in report.resources] == ["meetings"]


def test_every_error_of_the_tool_is_a_diplodata_error() -> None:
    found = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, Exception)]
    assert all(issubclass(item, DiplodataError) and item.__name__.endswith("Error") for item in found)


@pytest.mark.parametrize(
    "call",
    [
        lambda place: diplodata.validate(place / "nothing"),
        lambda place: diplodata.open_package(place / "nothing"),
        lambda place: diplodata.convert(place / "nothing", place / "target", "csv"),
        lambda place: diplodata.publish(place / "target", place / "nothing"),
        diplodata.validate,
    ],
)
def test_an_absent_source_is_a_source_error(call: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        call(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "call",
    [
        lambda place: diplodata.verify(place / "nothing"),
        diplodata.verify,
        lambda place: diplodata.fetch(place / "nothing", place / "copy"),
        lambda place: diplodata.fetch(place, place.with_name("copy")),
    ],
)
def test_a_place_without_releases_is_a_fetch_error(call: Callable[[Path], object], tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(FetchError):
        call(place)
    assert [path.name for path in tmp_path.rglob("*")] == ["place"]


def test_an_unknown_resource_is_a_usage_error(small: Path) -> None:
    with pytest.raises(UsageError, match="guests"):
        diplodata.validate(small, diplodata.Options(resources=("guests",)))


@pytest.mark.usefixtures("no_network")
def test_nothing_dials_out(small: Path, tmp_path: Path) -> None:
    assert diplodata.validate(small).valid
    assert diplodata.publish(tmp_path / "site", small).is_new


# a bare table with a schema


def test_a_bare_table_is_checked_against_a_schema_from_the_side(tmp_path: Path) -> None:
    table, schema = tmp_path / "My Table.csv", tmp_path / "schema.json"
    table.write_text("a,b\n1,x\ntwo,y\n")
    schema.write_text('{"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}')
    report = diplodata.validate(table, diplodata.Options(schema=schema))
    assert [(item.code, item.row, item.field) for item in report.findings] == [("type-error", 3, "a")]


def test_the_schema_of_a_bare_table_may_be_a_table_of_the_standard(small: Path, tmp_path: Path) -> None:
    meetings = small / "data" / "meetings.csv"
    assert diplodata.validate(meetings, diplodata.Options(schema="meetings")).valid
    broken = tmp_path / "meetings.csv"
    broken.write_text(meetings.read_text(encoding="utf-8").replace("end_date", "ende"), encoding="utf-8")
    report = diplodata.validate(broken, diplodata.Options(schema="meetings"))
    assert [item.code for item in report.findings] == ["incorrect-label"]


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({"fields": [{"name": "a", "type": "number of guests"}]}, "schema-error"),
        ({"fields": [{"name": "a", "constraints": {"exclusiveMinimum": 1}}]}, "schema-error"),
        ({"fields": [{"name": "a"}], "$schema": "https://example.org/own.json"}, "profile-error"),
        (
            {
                "fields": [{"name": "a"}],
                "foreignKeys": [{"fields": "a", "reference": {"resource": "x", "fields": "b"}}],
            },
            "resource-error",
        ),
    ],
)
def test_what_is_wrong_with_the_schema_of_a_bare_table_is_a_finding(
    schema: dict[str, object], code: str, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("a\n1\n")
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    report = diplodata.validate(tmp_path / "t.csv", diplodata.Options(schema=tmp_path / "schema.json"))
    assert [item.code for item in report.findings] == [code]


def test_a_package_takes_no_schema_from_the_side(small: Path) -> None:
    with pytest.raises(UsageError, match="own schemas"):
        diplodata.validate(small, diplodata.Options(schema="meetings"))
