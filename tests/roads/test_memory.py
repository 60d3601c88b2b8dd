"""A package that needs more memory than the engine may use is kept on disk; one that needs more even then is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diplodata import validate
from diplodata.engine import session
from diplodata.errors import MemoryShortageError

ROWS = 60_000


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one table with a key, and one repeated key in its last row."""
    schema = {"fields": [{"name": "id"}, {"name": "text"}], "primaryKey": ["id"]}
    rows = "".join(f"record-{number},{'text ' * 8}{number}\n" for number in range(ROWS))
    (tmp_path / "t.csv").write_text(f"id,text\n{rows}record-0,again\n", encoding="utf-8")
    resources = [{"name": "t", "type": "table", "path": "t.csv", "schema": schema}]
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": resources}), encoding="utf-8")
    return tmp_path


def test_a_shortage_of_memory_moves_the_tables_to_disk(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MEMORY_LIMIT", "4MB")
    report = validate(package)
    assert report.by_code == {"primary-key": 1}
    assert [item.row for item in report.findings] == [ROWS + 2]


def test_a_shortage_on_disk_is_said_in_one_line(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MEMORY_LIMIT", "4MB")
    monkeypatch.setattr(session, "_MEMORY_LIMIT_ON_DISK", "4MB")
    with pytest.raises(MemoryShortageError, match="more memory than its limit"):
        validate(package)
