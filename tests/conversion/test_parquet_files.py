"""Parquet files say what they hold, can be read in part, and are the same bytes each time."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from diplodata import handout
from diplodata.conversion import convert
from diplodata.formats.parquet_table import ROW_GROUP
from diplodata.handout import Handout
from test_conversion import descriptor_of, read_csv, write_csv, write_descriptor

ROWS = 2 * ROW_GROUP + 10


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Parquet file of a table of some row groups, sorted by its first column."""
    folder = tmp_path_factory.mktemp("long")
    fields = [{"name": "n", "type": "integer"}, {"name": "day", "type": "date"}, {"name": "text", "type": "string"}]
    resource = {"name": "t", "path": "t.csv", "title": "Träume", "schema": {"fields": fields, "primaryKey": ["n"]}}
    descriptor = {"name": "generic", "licenses": [{"name": "CC0-1.0"}], "custom": [1, None], "resources": [resource]}
    write_descriptor(folder / "source", descriptor)
    rows = ((str(number), f"{1800 + number // 1000}-01-01", f"text {number}") for number in range(ROWS))
    write_csv(folder / "source" / "t.csv", [("n", "day", "text"), *rows])
    convert(folder / "source", folder / "there", "parquet")
    return folder / "there" / "t.parquet"


def test_a_file_carries_its_schema_and_its_package(long: Path) -> None:
    metadata = pq.read_schema(long).metadata
    schema = json.loads(metadata[b"table_schema"])
    assert ([item["name"] for item in schema["fields"]], schema["primaryKey"]) == (["n", "day", "text"], ["n"])
    package = json.loads(metadata[b"datapackage"])
    written = json.loads((long.parent / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = written.pop("resources")
    resource.pop("schema")
    assert package == {**written, "resources": [resource]}
    # Programs that know nothing of Arrow find them under the same names.
    with duckdb.connect() as base:
        found = base.execute("SELECT key FROM parquet_kv_metadata(?)", [str(long)]).fetchall()
    assert {b"table_schema", b"datapackage"} <= {key for (key,) in found}


def test_readers_can_pass_over_row_groups(long: Path) -> None:
    metadata = pq.read_metadata(long)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [ROW_GROUP, ROW_GROUP, 10]
    for group in groups:
        for number in range(group.num_columns):
            column = group.column(number)
            assert (column.compression, column.statistics.has_min_max) == ("ZSTD", True)
    spans = [(group.column(0).statistics.min, group.column(0).statistics.max) for group in groups]
    assert spans == [(0, ROW_GROUP - 1), (ROW_GROUP, 2 * ROW_GROUP - 1), (2 * ROW_GROUP, ROWS - 1)]
    assert str(pq.read_schema(long).field("day").type) == "date32[day]"
    assert pq.read_table(long, filters=[("n", "==", ROW_GROUP)]).num_rows == 1


def test_the_same_input_gives_the_same_bytes(long: Path, tmp_path: Path) -> None:
    call = "import sys; from diplodata import convert; convert(*sys.argv[1:])"
    environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7", "TZ": "UTC7", "LC_ALL": "C"}
    source, there = long.parent.parent / "source", tmp_path / "there"
    subprocess.run(
        [sys.executable, "-c", call, source, there, "parquet"], env=os.environ | environment, check=True, timeout=60
    )
    assert (there / "t.parquet").read_bytes() == long.read_bytes()


def test_tables_of_the_standard_have_one_schema_whatever_their_own_columns_hold(small: Path, tmp_path: Path) -> None:
    """A column of its own may not have one type in one release and another one in the next."""
    form = Handout(names=("organizations",), form="table-schema")
    schema = json.loads(handout.files(form)["organizations.json"])
    schema["fields"] += [{"name": "x_share", "type": "number"}, {"name": "x_day", "type": "date"}]
    found = []
    for name, share, day in (("first", "0.5", "2020-01-05"), ("second", "0.50", "2020-1-5"), ("third", "", "")):
        source = shutil.copytree(small, tmp_path / name)
        descriptor = descriptor_of(source)
        next(item for item in descriptor["resources"] if item["name"] == "organizations")["schema"] = schema
        write_descriptor(source, descriptor)
        path = source / "data" / "organizations.csv"
        header, *rows = read_csv(path)
        write_csv(path, [[*header, "x_share", "x_day"], *([*row, share, day] for row in rows)])
        convert(source, tmp_path / f"{name}-there", "parquet")
        there = tmp_path / f"{name}-there" / "data" / "organizations.parquet"
        found.append([(item.name, str(item.type)) for item in pq.read_schema(there)])
    assert found[0] == found[1] == found[2]
    assert found[0][-2:] == [("x_share", "string"), ("x_day", "string")]
