"""Bad input and wrong usage: exit code 2 and one clear line, or exit code 1 and a finding; never a traceback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest

from diplodata.cli import main

#: Seconds after which a run counts as hanging; the slowest takes one.
PATIENCE = 15

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """Files to lay out, arguments to run with, and what must come of it."""

    arguments: tuple[str, ...]
    files: Files = field(default_factory=dict)
    code: int = 2
    #: A text that the message must hold; for exit code 1 the code of a finding.
    says: str = ""


def package(change: Mapping[str, Any] | None = None, **members: Any) -> Files:
    """Return a package of one good table, with members of its resource and of its descriptor changed."""
    item = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a", "type": "integer"}]}, **members}
    item = {key: value for key, value in item.items() if value is not ...}
    return {"datapackage.json": json.dumps({"resources": [item], **(change or {})}).encode(), "t.csv": b"a\n1\n"}


def raw(text: bytes) -> Files:
    """Return a package with a descriptor of these bytes."""
    return {"datapackage.json": text, "t.csv": b"a\n1\n"}


V = ("validate", ".")
V2 = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
DEEP = 100_000

NOT_READABLE: dict[str, Call] = {
    "missing folder": Call(("validate", "nowhere"), says="nowhere"),
    "missing file": Call(("validate", "nowhere/datapackage.json"), says="nowhere"),
    "empty folder": Call(V, says="datapackage.json"),
    "missing bare table": Call(("validate", "none.csv"), says="none.csv"),
    "missing schema": Call(("validate", "t.csv", "--schema", "none.json"), package(), says="none.json"),
    "broken schema": Call(("validate", "t.csv", "--schema", "s.json"), {**package(), "s.json": b"[1"}, says="s.json"),
    "schema is an array": Call(
        ("validate", "t.csv", "--schema", "s.json"), {**package(), "s.json": b"[]"}, says="object"
    ),
    "schema is a folder": Call(("validate", "t.csv", "--schema", "s"), {**package(), "s/x": b""}, says="regular file"),
    "schema of a package": Call((*V, "--schema", "s.json"), {**package(), "s.json": b"{}"}, says="--schema"),
    "empty descriptor": Call(V, raw(b""), says="datapackage.json"),
    "broken JSON": Call(V, raw(b'{"resources": [}'), says="line 1"),
    "JSON array": Call(V, raw(b"[]"), says="object"),
    "JSON text": Call(V, raw(b'"resources"'), says="object"),
    "JSON null": Call(V, raw(b"null"), says="object"),
    "object without resources": Call(V, raw(b"{}"), says="resources"),
    "not UTF-8": Call(V, raw('{"name": "é", "resources": []}'.encode("latin-1")), says="datapackage.json"),
    "UTF-16": Call(V, raw('{"resources": []}'.encode("utf-16")), says="datapackage.json"),
    "byte-order mark": Call(V, raw(b'\xef\xbb\xbf{"resources": []}'), says="datapackage.json"),
    "repeated key": Call(V, raw(b'{"resources": [], "resources": []}'), says="resources"),
    "repeated key inside": Call(V, raw(b'{"resources": [{"name": "t", "name": "u"}]}'), says="name"),
    "NaN": Call(V, raw(b'{"resources": [], "x": NaN}'), says="line 1"),
    "infinity": Call(V, raw(b'{"resources": [], "x": Infinity}'), says="line 1"),
    "lone surrogate": Call(V, raw(b'{"resources": [], "x": "\\ud800"}'), says="datapackage.json"),
    "trailing text": Call(V, raw(b'{"resources": []} x'), says="line 1"),
    "single quotes": Call(V, raw(b"{'resources': []}"), says="line 1"),
    "deep arrays": Call(V, raw(b"[" * DEEP + b"]" * DEEP), says="datapackage.json"),
    "deep objects": Call(V, raw(b'{"resources":' * DEEP + b"1" + b"}" * DEEP), says="datapackage.json"),
    "descriptor is a folder": Call(V, {"datapackage.json/x": b""}, says="datapackage.json"),
    "unknown extension": Call(("validate", "t.docx"), {"t.docx": b"x"}, says=".csv"),
    "file without extension": Call(("validate", "t"), {"t": b"x"}, says="source"),
    "zip that is none": Call(("validate", "t.zip"), {"t.zip": b"x"}, says="zip"),
    "empty zip": Call(("validate", "t.zip"), {"t.zip": b""}, says="zip"),
    "document of an unknown standard": Call(
        ("validate", "b.json"), {"b.json": b'{"diplodata": {"standard": "7.0"}}'}, says="7.0"
    ),
    "document with a strange standard": Call(
        ("validate", "b.json"), {"b.json": b'{"diplodata": {"standard": ["1.0"]}}'}, says="standard"
    ),
    "document with a strange declaration": Call(("validate", "b.json"), {"b.json": b'{"diplodata": 5}'}, says="1.0"),
    "data file as source": Call(("validate", "t.json"), {"t.json": b'[{"a": 1}]'}, says="t.json"),
    "NUL in the name of the source": Call(("validate", "\x01"), says="no such"),
}

WRONG_USAGE: dict[str, Call] = {
    "no such command": Call(("valdate", "."), says="valdate"),
    "no such option": Call(("validate", "--strict"), says="--strict"),
    "two sources": Call(("validate", ".", "."), package()),
    "unknown report format": Call((*V, "--format", "jsn"), package(), says="json"),
    "unknown fail-on": Call((*V, "--fail-on", "fatal"), package(), says="fatal"),
    "fail-on in the wrong case": Call((*V, "--fail-on", "Error"), package(), says="error"),
    "as-of that is no day": Call((*V, "--as-of", "yesterday"), package(), says="YYYY-MM-DD"),
    "as-of that is in no calendar": Call((*V, "--as-of", "2020-02-30"), package(), says="YYYY-MM-DD"),
    "as-of in another form": Call((*V, "--as-of", "20200226"), package(), says="YYYY-MM-DD"),
    "as-of as a week": Call((*V, "--as-of", "2020-W09-3"), package(), says="YYYY-MM-DD"),
    "unknown resource": Call((*V, "--resource", "u"), package(), says="u"),
    "negative limit": Call((*V, "--limit", "-1"), package(), says="-1"),
    "limit that is no number": Call((*V, "--limit", "all"), package(), says="all"),
    "report into a missing folder": Call((*V, "--output", "none/report.txt"), package(), says="report.txt"),
    "report onto a folder": Call((*V, "--output", "d"), {**package(), "d/x": b""}, says="d"),
    "convert without format": Call(("convert", ".", "out"), package(), says="--to"),
    "convert without target": Call(("convert", "."), package(), says="TARGET"),
    "convert to an unknown format": Call(("convert", ".", "out", "--to", "xml"), package(), says="xml"),
    "convert a missing folder": Call(("convert", "nowhere", "out", "--to", "csv"), says="nowhere"),
    "convert a generic package to a bundle": Call(
        ("convert", ".", "out", "--to", "bundle"), package(), says="standard"
    ),
    "convert onto a file": Call(("convert", ".", "old", "--to", "json"), {**package(), "old": b"kept"}, says="exists"),
    "convert into a filled folder": Call(
        ("convert", ".", "old", "--to", "json"), {**package(), "old/x": b"kept"}, says="exists"
    ),
    "convert onto itself": Call(("convert", ".", ".", "--to", "json"), package(), says="exists"),
    "convert a table that cannot be read": Call(("convert", ".", "out", "--to", "json"), package(path="none.csv")),
    "convert a ragged table": Call(("convert", ".", "out", "--to", "json"), {**package(), "t.csv": b"a\n1,2\n"}),
    "explain an unknown code": Call(("explain", "typ-error"), says="type-error"),
    "show an unknown schema": Call(("schema", "show", "meeting"), says="meeting"),
    "export an unknown table": Call(("schema", "export", "meeting"), says="meeting"),
    "export in an unknown form": Call(("schema", "export", "--as", "xml"), says="xml"),
    "list an unknown standard": Call(("schema", "list", "--standard", "0.9"), says="0.9"),
}

NUMBERS_AND_TEXTS: tuple[Any, ...] = (5, "x", True, None, [], {}, [5], "")

FINDINGS: dict[str, Call] = {
    "empty table": Call(V, {**package(), "t.csv": b""}, 1, "source-error"),
    "empty bare table": Call(("validate", "t.csv"), {"t.csv": b""}, 1, "source-error"),
    "bare JSON table without strict JSON": Call(("validate", "t.ndjson"), {"t.ndjson": b"{'a': 1}"}, 1, "source-error"),
    "table that is a folder": Call(
        V, {"datapackage.json": package()["datapackage.json"], "t.csv/x": b""}, 1, "scheme-error"
    ),
    "table that is missing": Call(V, package(path="none.csv"), 1, "scheme-error"),
    "table that is no text": Call(V, {**package(), "t.csv": bytes(range(256)) * 40}, 1, ""),
    "Parquet that is none": Call(V, {**package(path="t.parquet"), "t.parquet": b"PAR1PAR1"}, 1, "source-error"),
    "resources that are empty": Call(V, raw(b'{"resources": []}'), 1, "profile-error"),
    **{
        f"resources {value!r}": Call(V, package({"resources": value}), 1, "profile-error")
        for value in (5, "x", None, {})
    },
    **{
        f"resource {value!r}": Call(V, package({"resources": [value]}), 1, "profile-error")
        for value in NUMBERS_AND_TEXTS
    },
    **{f"name {value!r}": Call(V, package(name=value), 1, "profile-error") for value in (5, None, [], {}, ...)},
    **{f"path {value!r}": Call(V, package(path=value), 1, "") for value in (5, None, True, {}, [], [5], "", ...)},
    **{f"schema {value!r}": Call(V, package(schema=value), 1, "") for value in (5, True, [], {}, [5], "x")},
    **{
        f"fields {value!r}": Call(V, package(schema={"fields": value}), 1, "schema-error")
        for value in NUMBERS_AND_TEXTS
    },
    **{
        f"field {member} {value!r}": Call(
            V, package(schema={"fields": [{"name": "a", "type": "integer", member: value}]}), 1, "schema-error"
        )
        for member, values in {
            "name": (5, None, [], {}),
            "type": (5, [], {}, "colour"),
            "constraints": (5, "x", [5], {"minimum": "x"}, {"enum": 5}, {"pattern": "("}, {"required": "perhaps"}),
            "missingValues": (5, "x", {}, [[]]),
        }.items()
        for value in values
    },
    **{
        f"{key} {value!r}": Call(
            V, package(schema={"fields": [{"name": "a", "type": "integer"}], key: value}), 1, "schema-error"
        )
        for key, values in {
            "primaryKey": (5, [5], {}, "b", [["a"]]),
            "foreignKeys": (5, "x", [5], [{}], [{"fields": ["a"]}], [{"fields": ["a"], "reference": 5}]),
            "missingValues": (5, {}, [5]),
            "fieldsMatch": (5, "some", {}),
        }.items()
        for value in values
    },
    **{
        f"dialect {value!r}": Call(V, package(dialect=value), 1, "")
        for value in (5, [], {"delimiter": 5}, {"delimiter": ""})
    },
    **{
        f"encoding {value!r}": Call(V, package(encoding=value), 1, "")
        for value in (5, [], {}, "utf-99", "base64", "idna")
    },
    **{f"bytes {value!r}": Call(V, package(bytes=value), 1, "") for value in ("4", -1, [], 5)},
    **{f"hash {value!r}": Call(V, package(hash=value), 1, "") for value in (5, [], "sha256:00", "00")},
    **{f"format {value!r}": Call(V, package(format=value), 1, "") for value in (5, [], {})},
    **{
        f"second field {value!r}": Call(
            V, package(schema={"fields": [{"name": "a", "type": "integer"}, value]}), 1, "schema-error"
        )
        for value in NUMBERS_AND_TEXTS
    },
    **{
        f"uniqueKeys {value!r}": Call(
            V,
            package(V2, schema={"fields": [{"name": "a", "type": "integer"}], "uniqueKeys": value}),
            1,
            "schema-error",
        )
        for value in (5, "a", {}, [5], [[]], [[5]], [["b"]])
    },
    **{
        f"categories {value!r}": Call(
            V,
            package(V2, schema={"fields": [{"name": "a", "type": "integer", "categories": value}]}),
            1,
            "schema-error",
        )
        for value in (5, "x", {}, [{}], [{"label": "x"}], [[]])
    },
    **{
        f"dialect {value!r}": Call(V, package(dialect=value), 1, "")
        for value in (
            {"quoteChar": ""},
            {"quoteChar": 5},
            {"header": "no"},
            {"headerRows": "x"},
            {"headerRows": 5},
            {"headerRows": ["x"]},
            {"commentRows": ["x"]},
            {"commentRows": {}},
            {"lineTerminator": 5},
            {"nullSequence": 5},
            {"escapeChar": 5},
            {"skipInitialSpace": 5},
        )
    },
    "diplodata is a number": Call(V, package({"diplodata": 5}), 1, "profile-error"),
    "diplodata without a standard": Call(V, package({"diplodata": {}}), 1, "profile-error"),
    "diplodata with a strange standard": Call(V, package({"diplodata": {"standard": [1]}}), 1, "profile-error"),
    "diplodata with strange prefixes": Call(
        V, package({"name": "t", "diplodata": {"standard": "1.0", "prefixes": {"x": 5}}}), 1, "profile-error"
    ),
    "nested with strange meetings": Call(
        ("validate", "n.json"),
        {"n.json": b'{"diplodata": {"standard": "1.0", "prefixes": ["test"]}, "meetings": [5]}'},
        1,
        "profile-error",
    ),
    "nested with strange parts": Call(
        ("validate", "n.json"),
        {
            "n.json": b'{"diplodata": {"standard": "1.0", "prefixes": ["test"]}, "meetings": [{"id": [], "participants": 5}]}'
        },
        1,
        "profile-error",
    ),
    "bundle with a strange package": Call(
        ("validate", "b.json"),
        {
            "b.json": b'{"diplodata": {"standard": "1.0", "prefixes": ["test"]}, "package": {"resources": [{"name": []}]}, "meetings": []}'
        },
        1,
        "",
    ),
}

COMMAND_LINES = {**NOT_READABLE, **WRONG_USAGE}

Runs = Mapping[str, "Future[tuple[subprocess.CompletedProcess[str], list[str]]]"]


def lay_out(call: Call, folder: Path) -> None:
    """Write the files of a call."""
    folder.mkdir(exist_ok=True)
    for name, data in call.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def changed(call: Call, folder: Path) -> list[str]:
    """Return the files that are new, other or gone since a call was laid out."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return sorted(name for name in {*files, *call.files} if files.get(name) != call.files.get(name))


def run(call: Call, folder: Path) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the tool in a folder with the files of a call; return what it did, and what it changed."""
    lay_out(call, folder)
    command = [sys.executable, "-m", "diplodata", *call.arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=4 * PATIENCE, check=False)
    return done, changed(call, folder)


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Run all command lines that are asked for, two at a time."""
    items = [item for item in request.session.items if "runs" in getattr(item, "fixturenames", ())]
    names = [item.callspec.params["name"] for item in items]  # type: ignore[attr-defined]
    root = tmp_path_factory.mktemp("calls")
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {name: pool.submit(run, COMMAND_LINES[name], root / str(at)) for at, name in enumerate(names)}


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_what_cannot_be_done_is_said_in_one_line(name: str, runs: Runs) -> None:
    done, touched = runs[name].result()
    assert "Traceback" not in done.stdout + done.stderr
    assert "defect of the tool" not in done.stderr
    assert (done.returncode, done.stdout, touched) == (2, "", [])
    message = [line for line in done.stderr.splitlines() if line and not line.startswith(("Usage: ", "Try "))]
    assert len(message) == 1, done.stderr
    assert COMMAND_LINES[name].says in message[0]


@pytest.fixture
def patience() -> Iterator[None]:
    """Give up after some seconds: a hang is a failure, not a wait."""

    def give_up(*_: object) -> NoReturn:
        raise TimeoutError("The tool hangs.")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("name", FINDINGS)
def test_what_is_wrong_with_data_is_a_finding(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lay_out(FINDINGS[name], tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as leaving:
        main([*FINDINGS[name].arguments])
    out, err = capfd.readouterr()
    assert (leaving.value.code, changed(FINDINGS[name], tmp_path)) == (1, []), err
    assert f" error {FINDINGS[name].says}" in out
    assert "Invalid" in out


@pytest.mark.parametrize("name", ["empty table", "resources 5", "path 5", "schema 5", "diplodata is a number"])
def test_a_finding_ends_the_process_with_1(name: str, tmp_path: Path) -> None:
    done, touched = run(FINDINGS[name], tmp_path)
    assert "Traceback" not in done.stdout + done.stderr
    assert (done.returncode, touched) == (1, [])
