"""A released table is read where it lies, over HTTP, by programs that know nothing of this one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import duckdb
import frictionless
import fsspec
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.http import HTTPFileSystem

import published_tree as trees
from loopback import Server

ROWS = [{"id": f"1.1.0-{number}", "name": f"name {number}"} for number in range(3)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(trees.make_tree(tmp_path_factory.mktemp("tree") / "site")) as running:
        yield running


@pytest.fixture
def parquet(server: Server) -> str:
    return f"{server.address}/releases/1.1.0/data/t.parquet"


def test_pandas(parquet: str) -> None:
    assert pd.read_parquet(parquet).to_dict("records") == ROWS


def test_polars(parquet: str) -> None:
    assert pl.read_parquet(parquet).to_dicts() == ROWS
    assert pl.scan_parquet(parquet).select("name").collect().to_series().to_list() == [row["name"] for row in ROWS]


def test_pyarrow_through_fsspec(parquet: str) -> None:
    with fsspec.open(parquet) as stream:
        assert pq.read_table(stream).to_pylist() == ROWS


class DatedFiles(HTTPFileSystem):  # type: ignore[misc]
    """Files over HTTP with a date, for which DuckDB asks and which fsspec does not give."""

    def modified(self, path: str) -> datetime.datetime:
        return datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def test_duckdb_through_fsspec(parquet: str) -> None:
    """DuckDB's own httpfs is an extension that it downloads, which no test may; fsspec stands in for it."""
    with duckdb.connect() as connection:
        connection.register_filesystem(DatedFiles())
        found = connection.execute("SELECT * FROM read_parquet(?) ORDER BY id", [parquet]).fetchall()
    assert [dict(zip(("id", "name"), row, strict=True)) for row in found] == ROWS


def test_frictionless(server: Server) -> None:
    address = f"{server.address}/releases/1.1.0/datapackage.json"
    package = frictionless.Package(address)
    assert package.get_resource("t").read_rows() == ROWS
    assert frictionless.validate(address).flatten(["type", "note"]) == []


def test_a_part_is_read_by_a_client_that_asks_for_it(server: Server, parquet: str) -> None:
    server.requests.clear()
    pl.read_parquet_metadata(parquet)
    assert any("range" in request.headers for request in server.requests)
