"""Parquet files and workbooks that were made to harm: one finding each, in bounded time and memory, and no reader left."""

from __future__ import annotations

import contextlib
import datetime
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from diplodata import Options, open_package, validate
from diplodata.conversion import convert
from diplodata.errors import ConversionError, UsageError
from diplodata.formats import reader_process
from diplodata.formats.isolated import FORMATS
from diplodata.formats.reader_process import ReaderPool
from diplodata.formats.refusal import ReadingError
from diplodata.model.limits import DEFAULT_LIMITS, Limits
from diplodata.model.report import Report

#: Seconds that one hostile file may take, start of the reader included.
PATIENCE = 20

#: What the memory of this process may grow by.
GROWTH = 256 * 1024 * 1024

REFUSED = {"limit-exceeded", "source-error"}


def table(rows: int = 1000) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(range(rows)),
            "name": pa.array([f"name {number % 7}" for number in range(rows)]),
            "day": pa.array([datetime.date(2020, 1, 1 + number % 28) for number in range(rows)]),
            "share": pa.array([number / 3 for number in range(rows)]),
        }
    )


def good(path: Path, **options: Any) -> bytes:
    pq.write_table(table(), path, write_page_checksum=True, **options)
    return path.read_bytes()


def codes(report: Report) -> list[str]:
    return [item.code for item in report.findings if item.severity == "error"]


def limits(report: Report) -> list[Any]:
    return [item.limit for item in report.findings if item.code == "limit-exceeded"]


def look(path: Path) -> Report:
    """Validate a file, and see that neither time nor memory runs away and no reader is left."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    report = validate(path, Options(limit=0))
    assert time.monotonic() - start < PATIENCE
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < GROWTH
    assert readers() == []
    return report


def readers() -> list[int]:
    """Return the reader processes that this one has started and that are still there."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"reader_child.py" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def test_a_good_file_is_good(tmp_path: Path) -> None:
    good(tmp_path / "t.parquet")
    report = look(tmp_path / "t.parquet")
    assert codes(report) == []
    assert report.resources[0].rows == 1000


# Damage


@pytest.mark.parametrize("form", ["v1", "v2", "dictionary-off"])
def test_flipped_bits_are_found_or_harmless(form: str, tmp_path: Path, scale: int) -> None:
    options = {"v1": {}, "v2": {"data_page_version": "2.0"}, "dictionary-off": {"use_dictionary": False}}[form]
    path = tmp_path / "t.parquet"
    raw = good(path, compression="none", **options)
    chance = random.Random(f"{form} 1")  # noqa: S311
    kept = 0
    for _ in range(12 * scale):
        damaged = bytearray(raw)
        for _ in range(chance.choice([1, 1, 3, 20])):
            damaged[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        report = look(path)
        assert len(codes(report)) <= 1
        assert set(codes(report)) <= REFUSED | {"duplicate-label", "blank-label", "nul-in-cell"}
        kept += not codes(report)
    assert kept < 12 * scale


def test_a_flipped_bit_in_a_page_is_found_by_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": pa.array(range(1000))}), path, compression="none", use_dictionary=False,
                   write_page_checksum=True, write_statistics=False)  # fmt: skip
    raw = bytearray(path.read_bytes())
    raw[2000] ^= 1
    path.write_bytes(raw)
    report = look(path)
    assert codes(report) == ["source-error"]
    assert "checksum" in next(item.message for item in report.findings if item.code == "source-error")


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_is_refused(share: float, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    raw = good(path)
    path.write_bytes(raw[: int(len(raw) * share)])
    assert codes(look(path)) == ["source-error"]


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    raw = good(path)
    path.write_bytes(b"PARE" + raw[4:-4] + b"PARE")
    assert codes(look(path)) == ["source-error"]


@pytest.mark.parametrize("length", [0, 2**31 - 1, 2**32 - 1])
def test_a_forged_length_of_the_metadata_is_refused(length: int, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    raw = good(path)
    path.write_bytes(raw[:-8] + struct.pack("<I", length) + b"PAR1")
    assert codes(look(path)) == ["source-error"]


def test_forged_counts_of_values_are_refused(tmp_path: Path) -> None:
    """Every number of values in the metadata, one at a time, becomes a billion."""
    path = tmp_path / "t.parquet"
    rows = 123_457
    pq.write_table(pa.table({"a": pa.array(range(rows))}), path, compression="none")
    raw = path.read_bytes()
    honest, forged = varint(rows), varint(1_000_003)
    assert len(honest) == len(forged)
    place, places = raw.find(honest), []
    while place >= 0:
        places.append(place)
        place = raw.find(honest, place + 1)
    assert len(places) >= 3
    for place in places:
        path.write_bytes(raw[:place] + forged + raw[place + len(forged) :])
        report = look(path)
        assert codes(report) in (["source-error"], ["limit-exceeded"]) or report.resources[0].rows == rows


def varint(number: int) -> bytes:
    """Return a number as Thrift's compact protocol writes an i64."""
    number *= 2
    parts = []
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


# Bombs


def test_a_dictionary_bomb_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"a": bomb}), path, compression="zstd", dictionary_pagesize_limit=2**30)
    assert path.stat().st_size < 100_000
    report = look(path)
    assert codes(report) == ["limit-exceeded"]
    assert limits(report) in (["reader_memory_bytes"], ["reader_text_bytes"])


def test_a_row_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": ["x" * (DEFAULT_LIMITS.record_bytes + 1)]}), path, compression="zstd")
    report = look(path)
    assert limits(report) == ["record_bytes"]


def test_a_million_short_rows_from_nothing_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": pa.array([1] * 1_000_000)}), path)
    report = look(path)
    assert codes(report) == []
    assert report.resources[0].rows == 1_000_000


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({f"c{number}": [1] for number in range(DEFAULT_LIMITS.columns + 1)}), path)
    report = look(path)
    assert limits(report) == ["columns"]


def test_a_workbook_that_claims_a_huge_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    workbook(path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert codes(look(path))[0] in REFUSED | {"format-error"}


def workbook(path: Path, rows: str) -> None:
    """Write a workbook with one sheet, as little of one as is read."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    of_packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{of_packages}"><Relationship Id="r1" Type="{kinds}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kinds}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{of_packages}"><Relationship Id="r1" '
        f'Type="{kinds}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


# The reader process


@pytest.fixture
def pool() -> Iterator[Callable[..., ReaderPool]]:
    pools: list[ReaderPool] = []

    def make(**limits: int) -> ReaderPool:
        pools.append(ReaderPool(replace(Limits(), **limits)))
        return pools[-1]

    yield make
    for item in pools:
        item.close()
    assert readers() == []


def read(pool: ReaderPool, path: Path) -> int:
    """Read a Parquet file and return how many frames there were."""
    with path.open("rb") as stream:
        return sum(1 for _ in pool.frames(stream.fileno(), {"format": "parquet"}))


def test_one_process_reads_many_files(pool: Callable[..., ReaderPool], tmp_path: Path) -> None:
    good(tmp_path / "t.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1")
    readers_of = pool()
    for _ in range(5):
        assert read(readers_of, tmp_path / "t.parquet") == 2
        with pytest.raises(ReadingError):
            read(readers_of, tmp_path / "bad.parquet")
    assert len(readers()) == 1


def test_two_files_at_a_time_take_two_processes(pool: Callable[..., ReaderPool], tmp_path: Path) -> None:
    good(tmp_path / "t.parquet")
    readers_of = pool()
    with (tmp_path / "t.parquet").open("rb") as stream:
        frames = readers_of.frames(stream.fileno(), {"format": "parquet"})
        next(frames)
        assert read(readers_of, tmp_path / "t.parquet") == 2
        assert len(readers()) == 2
        assert sum(1 for _ in frames) == 1


def test_a_reader_that_is_left_in_the_middle_is_ended(pool: Callable[..., ReaderPool], tmp_path: Path) -> None:
    good(tmp_path / "t.parquet")
    with (tmp_path / "t.parquet").open("rb") as stream:
        frames = pool().frames(stream.fileno(), {"format": "parquet"})
        next(frames)
        frames.close()  # type: ignore[attr-defined]
    assert readers() == []


@pytest.mark.parametrize(
    ("number", "limit"),
    [(signal.SIGSEGV, None), (signal.SIGKILL, None), (signal.SIGABRT, "reader_memory_bytes"),
     (signal.SIGXCPU, "reader_cpu_seconds")],
)  # fmt: skip
def test_the_death_of_a_reader_is_told(
    number: signal.Signals, limit: str | None, pool: Callable[..., ReaderPool], tmp_path: Path
) -> None:
    pq.write_table(table(200_000), tmp_path / "t.parquet")
    readers_of = pool()
    with (tmp_path / "t.parquet").open("rb") as stream:
        frames = readers_of.frames(stream.fileno(), {"format": "parquet"})
        next(frames)
        os.kill(*readers(), number)
        with pytest.raises(ReadingError) as caught:
            list(frames)
    assert caught.value.limit == limit
    assert read(readers_of, tmp_path / "t.parquet") > 1


@pytest.mark.parametrize(
    ("limit", "value"),
    [("reader_wall_seconds", 0), ("reader_text_bytes", 10), ("reader_memory_bytes", 450 * 1024 * 1024),
     ("columns", 3), ("parquet_metadata_bytes", 10), ("record_bytes", 4)],
)  # fmt: skip
def test_every_limit_holds_and_is_named(
    limit: str, value: int, pool: Callable[..., ReaderPool], tmp_path: Path
) -> None:
    wide = pa.table({"a": ["x" * 300_000] * 2000, "b": [1] * 2000, "c": [1] * 2000, "d": [1] * 2000})
    pq.write_table(wide, tmp_path / "t.parquet", compression="zstd")
    also = {"reader_text_bytes": {"archive_ratio": 0}, "reader_memory_bytes": {"archive_ratio": 10**9}}
    with pytest.raises(ReadingError) as caught:
        read(pool(**{limit: value}, **also.get(limit, {})), tmp_path / "t.parquet")
    assert caught.value.limit == limit
    assert limit in caught.value.problem


def test_a_workbook_that_unpacks_to_more_than_the_memory_of_its_reader_is_refused(
    pool: Callable[..., ReaderPool], tmp_path: Path
) -> None:
    path = tmp_path / "t.xlsx"
    workbook(path, f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 4_000_000}</t></is></c></row>' * 100)
    assert path.stat().st_size < 1_000_000
    request = {"format": "workbook", "sheet": 1, "has_days": False}
    with path.open("rb") as stream, pytest.raises(ReadingError) as caught:
        list(pool(reader_memory_bytes=300 * 1024 * 1024).frames(stream.fileno(), request))
    assert caught.value.limit == "reader_memory_bytes"


def test_deep_columns_are_refused(pool: Callable[..., ReaderPool], tmp_path: Path) -> None:
    deep = pa.array([1])
    for _ in range(8):
        deep = pa.StructArray.from_arrays([deep], ["x"])
    pq.write_table(pa.table({"a": deep}), tmp_path / "t.parquet")
    with pytest.raises(ReadingError) as caught:
        read(pool(parquet_depth=5), tmp_path / "t.parquet")
    assert caught.value.limit == "parquet_depth"
    assert read(pool(), tmp_path / "t.parquet") == 2


def test_a_reader_has_little_of_this_process(pool: Callable[..., ReaderPool], tmp_path: Path) -> None:
    good(tmp_path / "t.parquet")
    os.environ["DIPLODATA_TEST"] = "not for readers"
    try:
        readers_of = pool()
        read(readers_of, tmp_path / "t.parquet")
    finally:
        del os.environ["DIPLODATA_TEST"]
    (process,) = readers()
    assert b"not for readers" not in Path(f"/proc/{process}/environ").read_bytes()
    listing = Path(f"/proc/{process}/limits").read_text(encoding="ascii")
    rows = {line[:25].strip(): line[25:].split()[0] for line in listing.splitlines()[1:]}
    assert rows["Max core file size"] == rows["Max file size"] == "0"
    assert rows["Max open files"] == "64"
    assert rows["Max address space"] == str(DEFAULT_LIMITS.reader_memory_bytes)
    assert int(rows["Max cpu time"]) <= DEFAULT_LIMITS.reader_cpu_seconds + 5


def test_an_interrupt_ends_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": [str(number) for number in range(3_000_000)]}), path)
    program = """
import os, pathlib, signal, sys, threading
from diplodata import validate
threading.Timer(float(sys.argv[2]), os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    validate(sys.argv[1])
except KeyboardInterrupt:
    pass
finally:
    print(pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
"""
    for delay in ("0.5", "0.9", "1.3"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(path), delay], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.stdout.strip() == "[]", done.stderr


def test_an_exception_ends_the_reader(tmp_path: Path) -> None:
    good(tmp_path / "t.parquet")

    def stumble() -> None:
        with open_package(tmp_path / "t.parquet") as package:
            assert package.table("t").num_rows == 1000
            assert len(readers()) == 1
            package.table("nothing")

    with pytest.raises(UsageError):
        stumble()
    assert readers() == []


def test_a_file_that_grows_while_it_is_read_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(table(100_000), path)
    pool = ReaderPool()
    try:
        with path.open("rb") as stream:
            frames = pool.frames(stream.fileno(), {"format": "parquet"})
            next(frames)
            with path.open("ab") as more:
                more.write(b"x" * 100_000)
            assert sum(1 for _ in frames) > 5
    finally:
        pool.close()


def test_conversion_refuses_what_validation_reports(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(good(path)[:-20])
    with pytest.raises(ConversionError):
        convert(path, tmp_path / "target", "csv")
    assert readers() == []


def test_the_reader_needs_nothing_of_the_package() -> None:
    """It is started by its path, so that neither an editable install nor a search path matters."""
    folder = Path(reader_process.__file__).parent
    for name in ("reader_child", "parquet_reader", "sqlite_reader", "workbook_reader"):
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        assert "import diplodata" not in text
        assert "from diplodata" not in text
    assert set(FORMATS) == {"ods", "parquet", "sqlite", "xls", "xlsx"}
