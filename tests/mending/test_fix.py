"""What fix mends, what it leaves alone, and that everything else stays byte for byte."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from diplodata import fix, validate
from diplodata.cli import main
from diplodata.errors import LimitError, MendingError, SourceError, StagingError, UsageError
from diplodata.package import staging

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"pattern": "[a-z]+", "required": True}},
        {"name": "day", "type": "date"},
        {"name": "state", "type": "string", "constraints": {"enum": ["in_person", "held", "unknown"]}},
        {"name": "note", "type": "string"},
    ],
    "primaryKey": ["id"],
}
GOOD = b"id,day,state,note\na,2020-05-06,held,x\nb,2020-05-07,in_person,y\n"


def lay_out(folder: Path, raw: bytes, schema: Mapping[str, Any] | None = SCHEMA, **members: Any) -> Path:
    """Write a package of one table and return its file."""
    item = {"name": "t", "path": "t.csv", **({"schema": schema} if schema else {}), **members}
    (folder / "datapackage.json").write_text(json.dumps({"$schema": V2, "resources": [item]}), encoding="utf-8")
    (folder / "t.csv").write_bytes(raw)
    return folder / "t.csv"


def kinds(folder: Path, *, unsafe: bool = False) -> list[str]:
    """Mend a package, and return the kinds of repair that were made in its table."""
    before = validate(folder).totals
    done = fix(folder, unsafe=unsafe)
    after = validate(folder).totals
    assert done.after.totals == after
    assert all(number <= before.get(key, 0) for key, number in after.items())
    found = [item for item in done.files if item.path == "t.csv"]
    assert not fix(folder, unsafe=unsafe).files, "a second run changes something"
    return [
        *(repair.kind for item in found for repair in item.repairs),
        *(kind for item in found for mend in item.cells for kind in mend.kinds),
    ]


@dataclass(frozen=True)
class Case:
    """Bytes of a table, those that it gets, and the repairs that say so."""

    before: bytes
    after: bytes
    kinds: Sequence[str]
    members: Mapping[str, Any]
    schema: Mapping[str, Any] | None
    unsafe: bool


def case(
    before: bytes,
    after: bytes,
    *repairs: str,
    schema: Mapping[str, Any] | None = SCHEMA,
    unsafe: bool = False,
    **members: Any,
) -> Case:
    return Case(before, after, repairs, members, schema, unsafe)


HEAD = b"id,day,state,note\n"
ROW = b"a,2020-05-06,held,x\n"
TEXT = "id,day,state,note\na,2020-05-06,held,Łódź\nb,2020-05-06,held,żółć gęślą jaźń\n"
WESTERN = (
    "id,day,state,note\na,2020-05-06,held,Zürich\nb,2020-05-06,held,Genève\nc,2020-05-06,held,Köln und Überlingen\n"
)
SEMICOLONS = {"delimiter": ";"}

MENDED: dict[str, Case] = {
    "mark": case(b"\xef\xbb\xbf" + GOOD, GOOD, "byte-order-mark"),
    "mark, CR LF stays": case(
        b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"), GOOD.replace(b"\n", b"\r\n"), "byte-order-mark"
    ),
    "mark inside": case(HEAD + b"\xef\xbb\xbf" + ROW, HEAD + ROW, "byte-order-mark"),
    "mark inside, before a quote": case(
        HEAD + b'\xef\xbb\xbf"a",2020-05-06,held,x\n', HEAD + b'"a",2020-05-06,held,x\n', "byte-order-mark"
    ),
    "semicolons": case(GOOD.replace(b",", b";"), GOOD, "delimiter"),
    "semicolons against a declared comma": case(
        GOOD.replace(b",", b";"), GOOD, "delimiter", dialect={"delimiter": ",", "header": True}
    ),
    "commas against a declared semicolon": case(GOOD, GOOD.replace(b",", b";"), "delimiter", dialect=SEMICOLONS),
    "semicolons with commas in cells": case(
        b'id;day;state;note\na;2020-05-06;held;x, y\nb;2020-05-06;held;"p;q"\n',
        HEAD + b'a,2020-05-06,held,"x, y"\nb,2020-05-06,held,"p;q"\n',
        "delimiter",
    ),
    "a saved spreadsheet": case(
        b"sep=;\r\n" + GOOD.replace(b",", b";").replace(b"\n", b"\r\n"),
        GOOD,
        "separator-line",
        "delimiter",
        "line-ends",
    ),
    "a saved spreadsheet against a full dialect": case(
        b"sep=;\r\n" + GOOD.replace(b",", b";").replace(b"\n", b"\r\n"),
        GOOD,
        "separator-line",
        "delimiter",
        "line-ends",
        dialect={"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
    ),
    "UTF-16": case(TEXT.encode("utf-16"), TEXT.encode(), "encoding"),
    "UTF-16 against declared UTF-8": case(TEXT.encode("utf-16"), TEXT.encode(), "encoding", encoding="utf-8"),
    "western": case(WESTERN.encode("windows-1252"), WESTERN.encode(), "encoding"),
    "western against declared UTF-8": case(
        WESTERN.encode("windows-1252"), WESTERN.encode(), "encoding", encoding="utf-8"
    ),
    "mixed line ends": case(
        HEAD + b'a,2020-05-06,held,x\r\nb,2020-05-06,held,"x\r\ny"\nc,,,\r',
        HEAD + b'a,2020-05-06,held,x\nb,2020-05-06,held,"x\r\ny"\nc,,,\n',
        "line-ends",
    ),
    "carriage returns": case(GOOD.replace(b"\n", b"\r"), GOOD, "line-ends"),
    "line ends as declared": case(
        GOOD.replace(b"\n", b"\r\n", 1),
        GOOD.replace(b"\n", b"\r\n"),
        "line-ends",
        dialect={"lineTerminator": "\r\n"},
    ),
    "columns": case(
        b'note,id,state,day\n"x, y",a,held,2020-05-06\n\n,b,,\n',
        b'id,day,state,note\na,2020-05-06,held,"x, y"\n\nb,,,\n',
        "column-order",
    ),
    "columns and dates": case(
        b"day,id,state,note\n2020-5-6,a,held,x\n", HEAD + b"a,2020-05-06,held,x\n", "column-order", "date-padding"
    ),
    "dates": case(
        HEAD + b'a,2020-5-6,held,x\nb,"2020-5-07","held",x\n',
        HEAD + b'a,2020-05-06,held,x\nb,"2020-05-07","held",x\n',
        *["date-padding"] * 2,
    ),
    "spaces": case(HEAD + b" a ,2020-05-06,held ,  x \n", HEAD + b"a,2020-05-06,held,  x \n", *["untrimmed-text"] * 2),
    "codes": case(
        HEAD + b"a,,In Person,\nb,,HELD,\nc,,hel,\nd,,unknwon,\n",
        HEAD + b"a,,in_person,\nb,,held,\nc,,held,\nd,,unknwon,\n",
        *["near-miss-code"] * 3,
        unsafe=True,
    ),
    "comments": case(
        b"# a;b;c;d\n" + GOOD.replace(b",", b";"),
        b"# a;b;c;d\n" + GOOD,
        "delimiter",
        dialect={"commentChar": "#", "headerRows": [2]},
    ),
    "spaces behind the delimiter": case(
        b'id, day, state, note\n a, 2020-5-6, held, "x, y"\n',
        b'id, day, state, note\na, 2020-05-06, held, "x, y"\n',
        "untrimmed-text",
        "date-padding",
        dialect={"skipInitialSpace": True},
    ),
    "single quotes": case(
        HEAD + b"a,'2020-5-6',held,'it''s'\n",
        HEAD + b"a,'2020-05-06',held,'it''s'\n",
        "date-padding",
        dialect={"quoteChar": "'"},
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_is_mended(name: str, tmp_path: Path) -> None:
    wanted = MENDED[name]
    table = lay_out(tmp_path, wanted.before, wanted.schema, **wanted.members)
    assert kinds(tmp_path, unsafe=wanted.unsafe) == list(wanted.kinds)
    assert table.read_bytes() == wanted.after


STAYS: dict[str, Case] = {
    "good": case(GOOD, GOOD),
    "CR LF": case(GOOD.replace(b"\n", b"\r\n"), b""),
    "no line end": case(GOOD.rstrip(), b""),
    "declared encoding": case(WESTERN.encode("windows-1252"), b"", encoding="windows-1252"),
    "declared semicolons": case(GOOD.replace(b",", b";"), b"", dialect=SEMICOLONS),
    "damaged UTF-8": case(TEXT.encode().replace("ź".encode(), b"\xc5", 1), b""),
    "NUL": case(GOOD.replace(b"x", b"\0"), b""),
    "a day that is not there": case(HEAD + b"a,2020-2-30,held,x\nb,2020-13-1,held,x\n", b""),
    "a key that would stand twice": case(HEAD + b"a,,,\n a,,,\n", b""),
    "codes without --unsafe": case(HEAD + b"a,,In Person,\nb,,HELD,\n", b""),
    "spaces that nobody minds": case(HEAD + b"a,,held,  x  y \n", b""),
    "only spaces": case(HEAD + b"a,,  ,x\n", b""),
    "ragged rows in another order": case(b"day,id,state,note\n2020-05-06,a,held\n", b""),
    "columns by name": case(
        b"day,id,state,note\n2020-05-06,a,held,x\n", b"", schema={**SCHEMA, "fieldsMatch": "equal"}
    ),
    "an unclosed quote": case(HEAD + b'a,,,"x\nb,,,y\n', b""),
    "a carriage return that may be of a cell": case(HEAD + b"a,,,x\ry\n" + b"b,,,z\n", b""),
    "blank rows": case(HEAD + b"\n" + ROW + b"\n", b""),
    "another form in a text of another package": case("id,day,state,note\na,,,e\u0301 \u200b\n".encode(), b""),
}


@pytest.mark.parametrize("name", STAYS)
def test_stays_as_it_is(name: str, tmp_path: Path) -> None:
    wanted = STAYS[name]
    table = lay_out(tmp_path, wanted.before, wanted.schema, **wanted.members)
    os.utime(table, ns=(1, 1))
    assert kinds(tmp_path) == []
    assert table.read_bytes() == wanted.before
    assert table.stat().st_mtime_ns == 1


def test_an_empty_file_stays_empty(tmp_path: Path) -> None:
    table = lay_out(tmp_path, b"")
    assert kinds(tmp_path) == []
    assert table.read_bytes() == b""


def test_a_file_that_hides_errors_is_left_alone_and_named(tmp_path: Path) -> None:
    raw = WESTERN.replace("held", "hidden").encode("windows-1252")
    table = lay_out(tmp_path, raw, encoding="utf-8")
    done = fix(tmp_path)
    assert table.read_bytes() == raw
    assert not done.files
    assert "constraint-error from 0 to 3" in done.left["t.csv"]
    assert 'state "hidden"' in done.left["t.csv"]


def test_a_file_that_hides_errors_does_not_keep_others_from_being_mended(tmp_path: Path) -> None:
    table = lay_out(tmp_path, b"\xef\xbb\xbf" + GOOD)
    hiding = WESTERN.replace("held", "hidden").encode("windows-1252")
    (tmp_path / "u.csv").write_bytes(hiding)
    descriptor = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"].append({"name": "u", "path": "u.csv", "schema": SCHEMA, "encoding": "utf-8"})
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert kinds(tmp_path) == ["byte-order-mark"]
    assert table.read_bytes() == GOOD
    assert (tmp_path / "u.csv").read_bytes() == hiding


# Tables of the standard


@pytest.fixture
def base(small: Path, tmp_path: Path) -> Path:
    return shutil.copytree(small, tmp_path / "base")


def change(base: Path, table: str, old: str, new: str) -> None:
    path = base / "data" / f"{table}.csv"
    text = path.read_bytes().decode()
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode())


def value(base: Path, table: str, row: int, field: str) -> str:
    with (base / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))[row - 2][field]


#: What a title holds -> what it holds afterwards.
TITLES = {
    " a  b\u00a0\u3000c ": "a b\u00a0c",
    "a\u200bb\u00adc\u2060d\ufeff": "abcd",
    "a\tb\r\nc": "a b c",
    "\u200ea\u202eb\u2066": "ab",
    "e\u0301te\u0301": "\u00e9t\u00e9",
    "a\u0308\u200b\u0301": "\u00e4\u0301",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u0915\u094d\u200d\u0937\u200b": "\u0915\u094d\u200d\u0937",
    "a\u200cb\u200d": "ab",
    "\u0645\u200c\u200cx": "\u0645\u200cx",
    "\U0001f469\u200d\U0001f4bb": "\U0001f469\U0001f4bb",
    "bell\x07": "bell",
}


def test_texts_of_the_standard_are_cleaned(base: Path) -> None:
    with (base / "data" / "meetings.csv").open("a", encoding="utf-8", newline="") as stream:
        for number, title in enumerate(TITLES):
            cells = ["held", "unknown", "2020", *[""] * 13, "test:src-release"]
            row = [f"test:mtg-x{number:02}", title, "en", "", "test:org-council", "", "", "", *cells, *[""] * 4]
            csv.writer(stream, lineterminator="\n").writerow(row)
    done = fix(base)
    titles = [value(base, "meetings", 6 + number, "title") for number in range(len(TITLES))]
    assert titles == list(TITLES.values())
    assert done.after.valid, done.after.findings
    assert not fix(base).files


def test_what_repeats_a_source_is_changed_only_where_a_rule_says_so(base: Path) -> None:
    change(base, "participants", "T. Minister", "T. Ministe\u0301re")
    before = (base / "data" / "participants.csv").read_bytes()
    codes = validate(base).by_code
    fix(base)
    is_same = (base / "data" / "participants.csv").read_bytes() == before
    # The rule not-nfc decides; without it the name is as the source gives it.
    assert is_same is ("not-nfc" not in codes)
    change(base, "participants", "Minister of Tests", " Minister  of Tests")
    fix(base)
    assert value(base, "participants", 2, "title_as_given") == "Minister of Tests"


def test_a_space_in_an_identifier_goes_and_its_references_are_found(base: Path) -> None:
    change(base, "meetings", "\ntest:mtg-20210301-video,", "\ntest:mtg-20210301-video ,")
    change(base, "meetings", "2021-03-01", "2021-3")
    assert fix(base).after.valid
    assert value(base, "meetings", 3, "start_date") == "2021-03"


def test_a_date_that_would_break_a_rule_of_its_row_stays(base: Path) -> None:
    change(base, "meetings", "held,in_person,2020-05-26,2020-05-26", "held,in_person,2020-05-26,2020-5-1")
    done = fix(base)
    assert value(base, "meetings", 2, "end_date") == "2020-5-1"
    assert done.after.by_code == {"constraint-error": 1}


def test_a_required_text_of_spaces_stays(base: Path) -> None:
    change(base, "meetings", "Video meeting of the Test Council", "  ")
    done = fix(base)
    assert value(base, "meetings", 3, "title") == "  "
    assert done.after.by_code == {"untrimmed-text": 1}


def test_a_table_of_the_standard_in_a_western_encoding_becomes_utf_8(base: Path) -> None:
    change(base, "meetings", "Test Hall", "Grüner Saal zu Köln, über der Straße".replace(",", ""))
    good = (base / "data" / "meetings.csv").read_bytes()
    raw = good.decode().encode("windows-1252").replace(b",", b";").replace(b"\n", b"\r\n")
    (base / "data" / "meetings.csv").write_bytes(raw)
    assert not validate(base).valid
    done = fix(base)
    assert done.after.valid
    assert (base / "data" / "meetings.csv").read_bytes() == good
    assert "Köln" in done.files[0].repairs[0].before


# The descriptor


@pytest.mark.parametrize("prefix", ["sha256:", "md5:", ""])
def test_bytes_and_hash_that_were_right_are_right_again(prefix: str, tmp_path: Path) -> None:
    raw = HEAD + b"a,2020-5-6,held,x\n"
    table = lay_out(tmp_path, raw)
    digest = hashlib.new(prefix.rstrip(":") or "md5", raw).hexdigest()
    item = f'"bytes": {len(raw)},  "hash":"{prefix}{digest}", "schema": {json.dumps(SCHEMA)}, "x": "\\u00e9"'
    text = f'{{"$schema": "{V2}", "n": 1.50e0,\n\t"resources" : [ {{"name":"t","path": "t.csv", {item} }} ]\n}}'
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    before = validate(tmp_path).by_code
    done = fix(tmp_path)
    new = table.read_bytes()
    wanted = text.replace(f'"bytes": {len(raw)}', f'"bytes": {len(new)}')
    wanted = wanted.replace(digest, hashlib.new(prefix.rstrip(":") or "md5", new).hexdigest())
    assert (tmp_path / "datapackage.json").read_text(encoding="utf-8") == wanted
    assert [item.path for item in done.files] == ["t.csv", "datapackage.json"]
    assert done.after.by_code == {code: number for code, number in before.items() if code != "lexical-form"}


def test_bytes_and_hash_that_were_wrong_stay(tmp_path: Path) -> None:
    lay_out(tmp_path, HEAD + b"a,2020-5-6,held,x\n", bytes=1, hash="sha256:" + "0" * 64)
    before = (tmp_path / "datapackage.json").read_bytes()
    assert kinds(tmp_path) == ["date-padding"]
    assert (tmp_path / "datapackage.json").read_bytes() == before


# Files that are left alone


def test_other_files_are_named_with_the_reason(tmp_path: Path) -> None:
    raw = HEAD + b"a,2020-5-6,held,x\n"
    for name in ("a.csv", "b.csv", "shared.csv"):
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "c.csv").write_bytes(raw)
    (tmp_path / "records.json").write_text('[{"id": "a", "day": "2020-05-06"}]', encoding="utf-8")
    (tmp_path / "linked.csv").symlink_to("a.csv")
    paths: dict[str, Any] = {
        "parts": ["a.csv", "c.csv"],
        "one": "shared.csv",
        "other": "shared.csv",
        "records": "records.json",
        "linked": "linked.csv",
        "absent": "absent.csv",
        "remote": "https://example.org/t.csv",
        "outside": "../t.csv",
    }
    resources = [{"name": name, "path": path, "schema": SCHEMA} for name, path in paths.items()]
    odd = {"delimiter": 1, "headerRows": ["x"]}
    resources.append({"name": "odd", "path": "b.csv", "schema": SCHEMA, "dialect": odd})
    resources.append({"name": "inline", "data": [["id"], ["a"]], "schema": SCHEMA})
    (tmp_path / "datapackage.json").write_text(json.dumps({"$schema": V2, "resources": resources}), encoding="utf-8")
    done = fix(tmp_path)
    assert not done.files
    addresses = {"https://example.org/t.csv", "../t.csv"}
    names = {"a.csv", "b.csv", "shared.csv", "records.json", "linked.csv", "absent.csv", "inline"}
    assert set(done.left) == names | addresses
    assert all(left.strip() for left in done.left.values())
    assert (tmp_path / "linked.csv").is_symlink()


def test_more_findings_than_can_be_looked_at_are_refused(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "id", "constraints": {"enum": ["a"]}}]}
    table = lay_out(tmp_path, b"id\n" + b" a\n" * 100_001, schema)
    with pytest.raises(LimitError, match="mended_findings"):
        fix(tmp_path)
    assert table.read_bytes().startswith(b"id\n a\n")


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx", "t.csv.gz", "t.ndjson", "t.zip", "t.csv.zip", "t.txt"])
def test_sources_that_are_not_mended_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(MendingError, match="not mended"):
        fix(tmp_path / name)


def test_a_document_is_refused(small: Path, tmp_path: Path) -> None:
    from diplodata import convert

    convert(small, tmp_path / "bundle.json", "bundle")
    with pytest.raises(MendingError, match="convert"):
        fix(tmp_path / "bundle.json")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        fix(tmp_path / "none.csv")
    with pytest.raises(SourceError):
        fix(tmp_path)
    lay_out(tmp_path, GOOD)
    with pytest.raises(UsageError):
        fix(tmp_path, schema="meetings")


def test_a_bare_table_is_mended_by_its_schema(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    table = tmp_path / "my table.csv"
    table.write_bytes(HEAD.replace(b",", b"\t") + b"a\t2020-5-6\theld\tx\n")
    assert fix(table, schema=schema).after.valid
    assert table.read_bytes() == HEAD + b"a,2020-05-06,held,x\n"
    tabs = tmp_path / "t.tsv"
    tabs.write_bytes(HEAD.replace(b",", b"\t") + b"a\t2020-5-6\theld\tx\n")
    assert fix(tabs, schema=schema).after.valid
    assert tabs.read_bytes() == HEAD.replace(b",", b"\t") + b"a\t2020-05-06\theld\tx\n"


# Writing


def test_permissions_stay_and_nothing_is_left_beside(tmp_path: Path) -> None:
    table = lay_out(tmp_path, b"\xef\xbb\xbf" + GOOD)
    table.chmod(0o640)
    names = sorted(tmp_path.iterdir())
    fix(tmp_path)
    assert table.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == names


def test_nothing_is_exchanged_when_a_file_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"other")
    with pytest.raises(StagingError, match="b changed meanwhile"):
        staging.exchange(tmp_path, {"a": (b"1", b"2"), "b": (b"1", b"2")})
    assert (tmp_path / "a").read_bytes() == b"1"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a", "b"]


def test_links_are_not_written_through(tmp_path: Path) -> None:
    raw = HEAD + b"a,2020-5-6,held,x\n"
    table = lay_out(tmp_path, raw, bytes=len(raw))
    link = tmp_path / "other.json"
    link.symlink_to("datapackage.json")
    with pytest.raises(MendingError, match="symbolic link"):
        fix(link)
    with pytest.raises(StagingError, match="symbolic link"):
        staging.exchange(tmp_path, {"other.json": (b"", b"")})
    bare = tmp_path / "other.csv"
    bare.symlink_to("t.csv")
    assert "link" in fix(bare).left["other.csv"]
    assert bare.is_symlink()
    assert table.read_bytes() == raw


def test_what_was_exchanged_comes_back_when_a_later_rename_fails(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"1")
    beside = tmp_path / "beside"
    beside.write_bytes(b"2")
    # A file cannot be renamed onto a folder.
    with pytest.raises(OSError, match=r"(?i)directory"):
        staging._rename({tmp_path / "a": beside, tmp_path / "b": tmp_path / "b" / "c"}, {tmp_path / "a": b"1"})
    assert (tmp_path / "a").read_bytes() == b"1"


def test_a_folder_that_cannot_be_written_to_gives_one_line(tmp_path: Path) -> None:
    lay_out(tmp_path, b"\xef\xbb\xbf" + GOOD)
    tmp_path.chmod(0o555)
    # Whoever runs the test, the folder is of somebody who may not write to it; everything is imported before.
    program = """
import contextlib, os, sys
from diplodata import fix
from diplodata.cli import main
fix(sys.argv[1], write=False)
os.geteuid() or os.setuid(65534)
main(["fix", sys.argv[1]])
"""
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, f"/proc/self/fd/{folder}"],
            pass_fds=[folder],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.close(folder)
        tmp_path.chmod(0o755)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "t.csv").read_bytes() == b"\xef\xbb\xbf" + GOOD


# Hostile files


def test_a_huge_cell_and_line_breaks_in_cells(tmp_path: Path) -> None:
    huge = b'"' + b'x ""y\n' * 200_000 + b'"'
    raw = HEAD + b"a,2020-5-6,held," + huge + b'\nb,2020-5-7,"held ","p\r\nq"\n'
    table = lay_out(tmp_path, raw)
    assert kinds(tmp_path) == ["date-padding", "date-padding", "untrimmed-text"]
    assert table.read_bytes() == HEAD + b"a,2020-05-06,held," + huge + b'\nb,2020-05-07,"held","p\r\nq"\n'


# The command


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["fix", *arguments])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def test_diff_shows_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = b"\xef\xbb\xbfsep=;\r\n" + b"id;day;state;note\r\na;2020-5-6;held;\x1b[2J\r\n"
    table = lay_out(tmp_path, raw)
    assert run(str(tmp_path), "--diff") == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "--- t.csv (utf-8)",
        "+++ t.csv (utf-8)",
        "@@ -1,3 +1,2 @@",
        "-\\ufeffsep=;\\u000d",
        "-id;day;state;note\\u000d",
        "-a;2020-5-6;held;\\u001b[2J\\u000d",
        "+id,day,state,note",
        "+a,2020-05-06,held,\\u001b[2J",
    ]
    assert "delimiter: ; → ," in shown.err
    assert table.read_bytes() == raw


def test_diff_has_context_and_hunks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [b"r%s,2020-05-06,held,x\n" % bytes([97 + number // 26, 97 + number % 26]) for number in range(30)]
    rows[4] = rows[4].replace(b"05-06", b"5-6")
    rows[24] = rows[24].replace(b"05-06", b"5-6")
    lay_out(tmp_path, HEAD + b"".join(rows))
    assert run(str(tmp_path), "--diff") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("@@")] == ["@@ -3,7 +3,7 @@", "@@ -23,7 +23,7 @@"]
    assert sum(line.startswith(" ") for line in lines) == 12


def test_the_summary_counts_and_names_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(tmp_path, HEAD + b"a,2020-5-6,held,x\nb,2020-5-6,hidden,x\n")
    assert run(str(tmp_path)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "t.csv:",
        '    date-padding (2 times): row 2, day, "2020-5-6" → "2020-05-06"; row 3, day, "2020-5-6" → "2020-05-06"',
        f"{tmp_path}: 2 repairs made in 1 file.",
        "Left to do by hand: 1 error, 0 warnings (constraint-error 1).",
    ]


def test_what_is_refused_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.zip").write_bytes(b"x")
    assert run(str(tmp_path / "t.zip")) == 2
    assert capsys.readouterr().err.count("\n") == 1
