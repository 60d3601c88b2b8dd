"""Mending the packages of tests/cases: odd files of every kind, of which most are to be left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from diplodata import fix
from diplodata.errors import MendingError
from diplodata.fixing.fix import Fixing
from test_cases import CASES, lay_out, read_expected

#: Beginnings of the names of cases whose files are odd, or whose cells can be mended.
ODD = (
    *("blank", "byte-", "dialect", "duplicate", "encoding", "extra", "hash", "incorrect", "lexical", "line-ends"),
    *("missing-cell", "missing-label", "nul", "schema-form", "scheme", "source-error", "stray", "unmatched"),
    *("unsafe-path", "unterminated"),
)


def is_odd(case: str) -> bool:
    expected = read_expected(case)
    return case.startswith(ODD) and not expected["base"] and not expected.get("zip")


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mended(source: Path, schema: str | None) -> Fixing | None:
    """Mend a source; nothing when it is of a kind that is not mended."""
    try:
        return fix(source, schema=schema)
    except MendingError:
        return None


@pytest.mark.parametrize("case", [name for name in CASES if is_odd(name)])
def test_a_case_has_no_more_findings_and_is_mended_at_once(case: str, tmp_path: Path) -> None:
    source = lay_out(case, tmp_path / "package")
    schema = read_expected(case).get("options", {}).get("schema")
    before = files(tmp_path)
    done = mended(source, schema)
    if done is None:
        assert files(tmp_path) == before
        return
    grown = {key: number for key, number in done.after.totals.items() if number > done.before.totals.get(key, 0)}
    assert not grown
    after = files(tmp_path)
    changed = {path.relative_to(tmp_path / "package").as_posix() for path in after if after[path] != before.get(path)}
    assert changed == {item.path for item in done.files}
    assert not fix(source, schema=schema).files
    assert files(tmp_path) == after
