"""Files whose dialect or encoding is not declared: the verdict of the reference, from both readers, in every use case."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pytest

from diplodata import Options, open_package, validate
from diplodata.conversion import TARGETS, convert
from diplodata.formats import EXACT_READERS, READERS
from diplodata.formats.csv_guess import guess
from diplodata.formats.text_table import OddFileError, TextTable
from diplodata.package.locate import open_source
from diplodata.release.publish import publish
from target_names import target_name

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA = {"fields": [{"name": "id", "type": "integer"}, {"name": "name"}, {"name": "score", "type": "number"}]}

RUSSIAN = "id;name;score\r\n1;Иванов Пётр Сергеевич;2.5\r\n2;Сидорова Анна Петровна;3\r\n3;Кузнецов Олег;4\r\n"
POLISH = "id;name;score\r\n1;Łódź, Kraków, Świętokrzyskie;2.5\r\n2;Zażółć gęślą jaźń;3\r\n"
JAPANESE = "id,name,score\n1,東京都,2.5\n2,大阪府,3\n"
PLAIN = "id,name,score\n1,a,2.5\n2,b,3\n"

#: What is not declared -> bytes of a file with that; the reference makes the same guess of each.
GUESSED: Mapping[str, bytes] = {
    "plain": PLAIN.encode(),
    "a mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "tabs": PLAIN.replace(",", "\t").encode(),
    "bars": PLAIN.replace(",", "|").encode(),
    "header alone": b"id;name;score\n",
    "spaces before quotes": b'id, "name", score\n1, "a, b", 2.5\n',
    "a label misspelt": b"id;nme;score\n1;a;2.5\n",
    "labels in another case": b"ID;Name;Score\n1;a;2.5\n",
    "a cell of a wrong type": b"id;name;score\n1;a;2.5\nx;b;3\n",
    "decimal commas": b"id;name;score\n1;a;2,5\n2;b;3,5\n",
    "a short row": b"id;name;score\n1;a\n" + b"2;b;3\n" * 40,
    "a long row": b"id;name;score\n1;a;2.5;x\n" + b"2;b;3\n" * 40,
    "an empty row": b"id;name;score\n1;a;2.5\n\n2;b;3\n",
    "line breaks in cells": b'id;name;score\r\n1;"a\nb";2.5\r\nx;"c";3\r\n',
    "cp1251": RUSSIAN.encode("cp1251"),
    "cp1251 with commas": RUSSIAN.replace(";", ",").encode("cp1251"),
    "koi8-u": RUSSIAN.encode("koi8-u"),
    "cp1250": POLISH.encode("cp1250"),
    "Shift JIS": JAPANESE.encode("shift_jis"),
    "UTF-16": b"\xff\xfe" + RUSSIAN.replace(";", "\t").encode("utf-16-le"),
    "UTF-16 from the other end": b"\xfe\xff" + RUSSIAN.replace(";", "\t").encode("utf-16-be"),
    "UTF-16 without a mark": RUSSIAN.replace(";", ",").encode("utf-16-le"),
    "Excel's CSV UTF-8": b"\xef\xbb\xbf" + RUSSIAN.encode(),
    "CR alone": PLAIN.replace("\n", "\r").encode(),
    "CR alone and semicolons": PLAIN.replace("\n", "\r").replace(",", ";").encode(),
    "CR in a cell": b"id,name,score\n1,a\rb,2.5\n2,b,3\n",
    "LF, CR LF and CR": b"id,name,score\r\n1,a,2.5\n2,b,3\r4,d,5\n",
    "LF and CR LF beside line breaks in cells": b'id,name,score\r\n1,"a\nb",2.5\r\n2,b,3\n3,c,4\r\n',
    "a mark inside": b"id,name,score\n1,a,2.5\n\xef\xbb\xbf2,b,3\n",
    "beyond the first bytes": b"id,name,score\n" + b"1,a,2.5\n" * 15_000 + b"1,\xe9,2.5\n",
}

#: Codes that are not findings of the reference.
OURS = ("byte-order-mark", "dialect-assumed", "line-ends", "lexical-form", "schema-missing", "stray-quote")


def lay(folder: Path, files: Mapping[str, bytes], **members: Any) -> Path:
    """Write a package with one table."""
    folder.mkdir(exist_ok=True)
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    item = {"name": "t", "type": "table", "format": "csv", "schema": SCHEMA} | members
    text = json.dumps({"$schema": V2, "name": "test", "resources": [item]})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return folder


def ours(folder: Path) -> list[tuple[str, int | None, str | None]]:
    """Return (code, row, field) of the findings that the reference could have."""
    findings = validate(folder, Options(limit=0)).findings
    return sorted(
        (item.code, None if item.code.endswith("-label") else item.row, item.field or "")
        for item in findings
        if item.code not in OURS
    )


def theirs(folder: Path) -> list[tuple[str, int | None, str | None]]:
    report = frictionless.validate(str(folder / "datapackage.json"))
    return sorted(
        (error.type, getattr(error, "row_number", None), getattr(error, "field_name", None) or "")
        for task in report.tasks
        for error in task.errors
    )


@pytest.mark.parametrize("what", GUESSED)
def test_findings_are_those_of_the_reference(what: str, tmp_path: Path) -> None:
    folder = lay(tmp_path / "p", {"t.csv": GUESSED[what]}, path="t.csv")
    found, wanted = ours(folder), theirs(folder)
    # Place and field of some findings on shape are ours alone.
    apart = ("encoding-error", "extra-cell", "blank-row")
    assert [item[0] for item in found] == [item[0] for item in wanted]
    assert [item for item in found if item[0] not in apart] == [item for item in wanted if item[0] not in apart]


@pytest.mark.parametrize("what", GUESSED)
def test_both_readers_read_the_same(what: str, tmp_path: Path) -> None:
    with open_source(lay(tmp_path / "p", {"t.csv": GUESSED[what]}, path="t.csv")) as opened:
        resource = opened.package.resources[0]
        exact = EXACT_READERS["csv"](opened, resource)
        rows = rows_of(exact)
        fast = READERS["csv"](opened, resource)
        try:
            read = rows_of(fast)
        except OddFileError:
            return
    # Empty rows are found by the exact reader, or by a check behind the fast one.
    assert ([row for row in read if any(row[name] for name in row if name != "_row")], fast.labels) == (
        rows,
        exact.labels,
    )
    told = [item.to_dict() for item in exact.findings if item.code != "blank-row"]
    assert [item.to_dict() for item in fast.findings] == told


def rows_of(table: TextTable) -> list[dict[str, Any]]:
    rows = [row for batch in table.batches for row in pa.Table.from_batches([batch]).to_pylist()]
    table.settle()
    return rows


@pytest.mark.parametrize("what", ["semicolons", "cp1251", "UTF-16", "Excel's CSV UTF-8", "CR alone and semicolons"])
@pytest.mark.parametrize("to", [target for target in TARGETS if target not in ("bundle", "duckdb", "nested")])
def test_a_conversion_makes_the_same_guess(what: str, to: str, tmp_path: Path) -> None:
    folder = lay(tmp_path / "p", {"t.csv": GUESSED[what]}, path="t.csv")
    target = tmp_path / target_name("target", to)
    assert ["was read" in line for line in convert(folder, target, to).assumed] == [True]
    report = validate(target, Options(limit=0))
    assert [item.code for item in report.findings] == []
    with open_package(folder) as before, open_package(target) as after:
        assert after.table("t").to_pylist() == before.table("t").to_pylist()
    expected = {"cp1251": RUSSIAN, "UTF-16": RUSSIAN, "Excel's CSV UTF-8": RUSSIAN}.get(what, PLAIN.replace(",", ";"))
    names = [line.split(";")[1] for line in expected.splitlines()[1:]]
    with open_package(folder) as reader:
        assert reader.table("t")["name"].to_pylist() == names


def test_a_release_makes_the_same_guess(tmp_path: Path) -> None:
    folder = lay(tmp_path / "p", {"t.csv": GUESSED["cp1251"]}, path="t.csv")
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8")) | {"version": "1.0.0"}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    publish(tmp_path / "site", folder)
    written = next((tmp_path / "site").rglob("t.csv")).read_text(encoding="utf-8")
    assert written == RUSSIAN.replace(";", ",").replace("\r\n", "\n")


def zipped(raw: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", raw)
    return stream.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, zipped])
@pytest.mark.parametrize("what", ["semicolons", "cp1251", "UTF-16", "a cell of a wrong type"])
def test_packed_files_are_guessed_alike(what: str, pack: Any, tmp_path: Path) -> None:
    extension = "gz" if pack is gzip.compress else "zip"
    packed = lay(tmp_path / "a", {f"t.csv.{extension}": pack(GUESSED[what])}, path=f"t.csv.{extension}")
    plain = lay(tmp_path / "b", {"t.csv": GUESSED[what]}, path="t.csv")
    assert ours(packed) == ours(plain) == theirs(packed)
    convert(packed, tmp_path / "target", "csv")
    assert (tmp_path / "target" / "t.csv").is_file()


def test_what_is_declared_is_not_looked_at(tmp_path: Path) -> None:
    dialect = {"delimiter": ",", "skipInitialSpace": False}
    folder = lay(tmp_path / "p", {"t.csv": GUESSED["cp1251"]}, path="t.csv", encoding="utf-8", dialect=dialect)
    with open_source(folder) as opened:
        assert not guess(opened, opened.package.resources[0])
    assert [item.code for item in validate(folder).findings] == ["encoding-error"]


def test_a_sample_made_of_quotes_is_sniffed_in_bounded_time(tmp_path: Path) -> None:
    # The time of Python's sniffer grows with the square of such a text: all of it would take a minute.
    folder = lay(tmp_path / "p", {"t.csv": b"x;y\n" + b',"' * 50_000 + b"\n"}, path="t.csv")
    start = time.process_time()
    with open_source(folder) as opened:
        assert not guess(opened, opened.package.resources[0])
    assert time.process_time() - start < 5
