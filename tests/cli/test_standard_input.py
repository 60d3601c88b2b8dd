"""``diplodata validate -``: what comes by standard input is told by what it holds."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

MEETING = {
    "id": "test:mtg-a",
    "title": "Session",
    "title_language": "en",
    "status": "hold",
    "format": "in_person",
    "start_date": "2020-05-26",
    "source_id": "test:src-a",
}
DOCUMENT = {"diplodata": {"standard": "1.0", "prefixes": ["test"]}, "meetings": [MEETING]}


def _parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({name: pa.array([value], pa.string()) for name, value in MEETING.items()}), stream)
    return stream.getvalue()


def _zip(folder: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, path.relative_to(folder))
    return stream.getvalue()


def validate(raw: bytes, *options: str) -> tuple[int, dict[str, Any] | str]:
    """Return the exit code, and the report or the words on standard error."""
    command = [sys.executable, "-m", "diplodata", "validate", "-", "--format", "json", *options]
    done = subprocess.run(command, input=raw, capture_output=True, check=False, timeout=60)
    assert b"Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr.decode()


LINE = json.dumps(DOCUMENT)

#: What comes -> (bytes, options, format of the first resource).
KINDS = {
    "document": (json.dumps(DOCUMENT, indent=2).encode(), (), "records"),
    "record": (json.dumps(MEETING).encode(), (), "records"),
    "records": (json.dumps([MEETING], indent=1).encode(), ("--schema", "meetings"), "records"),
    "documents in lines": (f"{LINE}\n{LINE}\n".encode(), (), "ndjson"),
    "records in lines": (
        f"\n{json.dumps(MEETING)}\n{json.dumps(MEETING)}\n".encode(),
        ("--schema", "meetings"),
        "ndjson",
    ),
    "csv": (("\n".join(map(",".join, (MEETING, MEETING.values()))) + "\n").encode(), ("--schema", "meetings"), "csv"),
    "parquet": (_parquet(), ("--schema", "meetings"), "parquet"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told(kind: str) -> None:
    raw, options, form = KINDS[kind]
    code, report = validate(raw, *options)
    assert isinstance(report, dict), report
    assert code == 1
    assert report["subject"] == "-"
    assert report["resources"][0]["format"] == form
    assert ("constraint-error", "hold") in {(item["code"], item.get("value")) for item in report["findings"]}


def test_an_archive_is_told(small: Path) -> None:
    code, report = validate(_zip(small))
    assert isinstance(report, dict), report
    assert (code, report["valid"], report["standard"]) == (0, True, "1.0")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "nothing on standard input"),
        (b"\x1f\x8b\x08", "unpack it first"),
        (b'{"resources": [{"name": "a", "path": "a.csv"}]}', "name the file"),
        (b'{"a": 1', "not strict JSON"),
        (b"5", ""),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(raw: bytes, words: str) -> None:
    code, said = validate(raw)
    if not words:
        # Anything that begins otherwise is a table of text.
        assert isinstance(said, dict)
        assert code in (0, 1)
        return
    assert code == 2
    assert isinstance(said, str)
    assert words in said
    assert "diplodata-stdin" not in said
    assert len(said.strip().splitlines()) == 1


def test_a_broken_document_is_a_finding() -> None:
    code, report = validate(LINE[:-1].encode())
    assert isinstance(report, dict), report
    assert code == 1
    assert [item["code"] for item in report["findings"]] == ["json-syntax"]
    assert report["findings"][0]["path"] == "stdin.json"
