"""What a hint says to write is a value of the type, and the hint is there."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from diplodata import validate
from diplodata.catalogue.wording import TYPE_EXAMPLES
from diplodata.model.report import Report


def judged(folder: Path, value: str, **field: Any) -> Report:
    resource = {"name": "t", "path": "t.csv", "type": "table", "schema": {"fields": [{"name": "a", **field}]}}
    (folder / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}), encoding="utf-8")
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["a"], [value]])
    return validate(folder)


@pytest.mark.parametrize("kind", TYPE_EXAMPLES)
def test_what_a_hint_says_to_write_is_right(kind: str, tmp_path: Path) -> None:
    wrong = judged(tmp_path, "01:07 h", type=kind)
    assert [(item.code, TYPE_EXAMPLES[kind] in item.hint) for item in wrong.findings] == [("type-error", True)]
    assert judged(tmp_path, TYPE_EXAMPLES[kind], type=kind).valid


def test_a_pattern_says_its_format_and_options_of_a_field_go_first(tmp_path: Path) -> None:
    (pattern,) = judged(tmp_path, "2020", type="date", format="%d.%m.%Y").findings
    assert "%d.%m.%Y" in pattern.hint
    (own,) = judged(tmp_path, "2020", type="boolean", trueValues=["yes"], falseValues=["no"]).findings
    assert "true" not in own.hint
