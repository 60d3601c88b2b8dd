"""NDJSON of documents: the report is the same whoever screens the lines, and memory does not grow with them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from diplodata import Options, validate
from diplodata.documents import lines, sharing
from diplodata.errors import UsageError
from diplodata.model.limits import DEFAULT_LIMITS

HEAD = '{"diplodata": {"standard": "1.0", "prefixes": ["test"]}, "meetings": '

#: Lines that are not good -> code of the finding.
BAD = {
    HEAD + '[{"id": "test:mtg-a"}]}': "constraint-error",
    HEAD + '[{"note": ""}]}': "json-type",
    HEAD + "[]": "json-syntax",
    HEAD + '[], "meetings": []}': "json-duplicate-key",
    HEAD + "[NaN]}": "json-number",
    HEAD + '[], "package": {"a": 1e400}}': "json-number",
    HEAD + '["\\udc00"]}': "json-surrogate",
    HEAD + '[], "names": 5}': "profile-error",
    HEAD.replace("1.0", "0.9") + "[]}": "profile-error",
    '{"a": 1}': "profile-error",
    "[]": "profile-error",
    "5": "profile-error",
}


def document(number: int) -> str:
    meeting = {
        "id": f"test:mtg-{number}",
        "title": f"Session {number}",
        "title_language": "en",
        "status": "held",
        "format": "in_person",
        "start_date": "2020-05-26",
        "source_id": "test:src-a",
    }
    return HEAD + json.dumps([meeting]) + "}"


def write(path: Path, seed: int, number: int) -> dict[int, str]:
    """Write documents of which some are bad, blank lines among them; return line -> code."""
    chance = random.Random(seed)  # noqa: S311 - the same seed gives the same lines
    expected, text = {}, [document(0)]
    for line in range(2, number):
        kind = chance.random()
        if kind < 0.1:
            bad, code = chance.choice(list(BAD.items()))
            expected[line] = code
            text.append(bad)
        else:
            text.append("" if kind < 0.2 else document(line))
    end = chance.choice(["", "\n", "\r\n", "\n\n"])
    path.write_text("\n".join(text) + end, encoding="utf-8", newline="")
    return expected


def found(path: Path) -> list[tuple[str, int | None, int | None, str | None]]:
    report = validate(path, Options(limit=0))
    return [(item.code, item.line, item.column, item.pointer) for item in report.findings]


@pytest.mark.parametrize("seed", range(6))
def test_each_bad_line_is_found_and_no_other(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "documents.ndjson"
    expected = write(path, seed, 200)
    assert expected
    by_line: dict[int, set[str]] = {}
    for code, line, _, _ in found(path):
        by_line.setdefault(line or 0, set()).add(code)
    assert by_line.pop(0) == {"unchecked"}
    assert by_line.keys() == expected.keys()
    assert all(code in by_line[line] for line, code in expected.items())


#: What runs beside the tool -> its program; the good one is the tool's own.
SECOND = {
    "good": None,
    "gives several answers at once": None,
    "ends at once": "import sys",
    "answers with nonsense": "import sys\nprint('ready', flush=True)\nfor line in sys.stdin: print('nonsense', flush=True)",
    "answers with something else": "import sys\nprint('ready', flush=True)\nfor line in sys.stdin: print('[1]', flush=True)",
    "ends after one answer": None,
}


@pytest.mark.parametrize("second", SECOND)
def test_the_report_is_the_same_with_a_second_process(
    second: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "documents.ndjson"
    write(path, 7, 2000)
    alone = found(path)
    answers: list[bool] = []
    answer = sharing._Second.answer

    def noted(self: Any) -> Any:
        if second == "ends after one answer" and answers and self._process:
            self._process.kill()
            self._process.wait()
        if second == "gives several answers at once":
            time.sleep(0.02)
        result = answer(self)
        answers.append(result is not None)
        return result

    started = sharing._Second.__enter__

    def awaited(self: Any) -> Any:
        helper = started(self)
        helper.has_answer(30)
        return helper

    # The file is small, so that its lines would be screened before the other process is ready.
    monkeypatch.setattr(sharing._Second, "__enter__", awaited)
    monkeypatch.setattr(sharing._Second, "answer", noted)
    monkeypatch.setattr(sharing, "_SHARED", 0)
    monkeypatch.setattr(sharing, "_BLOCK", 5000)
    monkeypatch.setattr(sharing, "_WAITING", 3)
    monkeypatch.setattr(sharing, "_processors", lambda: 2)
    if SECOND[second]:
        program = tmp_path / "program"
        program.write_text(f"#!{sys.executable}\n{SECOND[second]}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))
    assert found(path) == alone
    # It has answered where it can, and only there.
    assert any(answers) is (SECOND[second] is None)
    assert all(answers) or second not in ("good", "gives several answers at once")


def test_a_second_process_that_cannot_be_started_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "documents.ndjson"
    write(path, 8, 300)
    alone = found(path)
    monkeypatch.setattr(sharing, "_SHARED", 0)
    monkeypatch.setattr(sharing, "_processors", lambda: 2)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such program"))
    assert found(path) == alone


def test_a_line_that_is_too_long_is_said_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "documents.ndjson"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(document(1) + "\n" + HEAD)
        for _ in range(DEFAULT_LIMITS.record_bytes // 2**20 + 2):
            stream.write(" " * 2**20)
        stream.write("\n" + document(2)[:-1] + "\n")
    assert [(code, line) for code, line, _, _ in found(path)][1:] == [("limit-exceeded", 2), ("json-syntax", 3)]


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    peaks = []
    for number in (2_000, 60_000):
        path = tmp_path / f"{number}.ndjson"
        path.write_text("".join(document(line) + "\n" for line in range(number)), encoding="utf-8")
        program = (
            "import resource, sys\nfrom diplodata.documents import lines\n"
            "report = lines.judged(sys.argv[1], limit=100)\n"
            "assert report.valid and report.resources[0].rows == int(sys.argv[2])\n"
            "who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)\n"
            "print(max(resource.getrusage(one).ru_maxrss for one in who))"
        )
        command = [sys.executable, "-c", program, str(path), str(number)]
        peaks.append(int(subprocess.run(command, capture_output=True, check=True, text=True).stdout) / 1024)
    assert peaks[1] - peaks[0] < 12, peaks


def test_good_lines_load_no_engine(tmp_path: Path) -> None:
    path = tmp_path / "documents.ndjson"
    path.write_text(document(1), encoding="utf-8")
    program = (
        "import sys\nfrom diplodata.documents import lines\n"
        "assert lines.judged(sys.argv[1], limit=100).valid\n"
        "print([name for name in ('duckdb', 'frictionless', 'jsonschema', 'pyarrow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_documents_take_no_schema_and_no_resources(tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_text(document(1), encoding="utf-8")
    with pytest.raises(UsageError, match="--schema"):
        validate(path, Options(schema="meetings"))
    with pytest.raises(UsageError, match="--resource"):
        validate(path, Options(resources=("meetings",)))


def test_records_in_lines_have_places(tmp_path: Path) -> None:
    path = tmp_path / "any.ndjson"
    good = {"id": "test:mtg-a", "title": "A", "title_language": "en", "status": "held", "format": "in_person"}
    good |= {"start_date": "2020-05-26", "source_id": "test:src-a"}
    rows = [good, good | {"id": "test:mtg-b", "status": "hold"}, good | {"id": "test:mtg-c", "other": 1}]
    text = [json.dumps(row) for row in rows]
    path.write_text("\n".join([text[0], "", "{", text[1], text[2]]), encoding="utf-8")
    report = validate(path, Options(limit=0, schema="meetings"))
    seen = {item.code: (item.row, item.line, item.column, item.pointer) for item in report.findings}
    assert seen["constraint-error"] == (3, 4, text[1].index('"hold"') + 1, "/status")
    assert seen["extra-label"] == (1, 5, text[2].index("1}") + 1, "/other")
    assert seen["source-error"][1] == 3
    assert [item.name for item in report.resources] == ["meetings"]


def test_counts_are_exact_and_findings_are_limited(tmp_path: Path) -> None:
    path = tmp_path / "documents.ndjson"
    path.write_text((document(1) + "\n" + document(1)[:-1] + "\n") * 30, encoding="utf-8")
    report = lines.judged(path, limit=5)
    assert report is not None
    assert report.by_code == {"json-syntax": 30, "unchecked": 1}
    assert sum(item.code == "json-syntax" for item in report.findings) == 5
    assert (report.resources[0].rows, report.valid, report.standard) == (60, False, "1.0")
