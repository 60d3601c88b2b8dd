"""Every folder of tests/cases_diff is two states of a package and the changes that must be found between them."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from diplodata.comparing import bump_of, compare
from diplodata.model.changes import Changes
from diplodata.render.changes import CHANGE_RENDERERS
from diplodata.standard import registry

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "cases_diff").glob("*/expected.json"))

FORM = jsonschema_rs.validator_for(registry.changes_schema(), validate_formats=True)


def document(changes: Changes) -> dict[str, Any]:
    """Return the JSON document of changes, as it is written."""
    text = "".join(CHANGE_RENDERERS["json"](changes, bump_of(changes), 1))
    data: dict[str, Any] = json.loads(text)
    assert [item.message for item in FORM.iter_errors(data)] == []
    return data


def told(data: dict[str, Any]) -> dict[str, Any]:
    """Return what a case expects: the document without places, and of its tables those that are not equal."""
    tables = [item for item in data["tables"] if item["status"] != "equal"]
    return {key: data[key] for key in ("equal", "version", "metadata", "files")} | {"tables": tables}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    del expected["about"]
    found = document(compare(case / "old", case / "new"))
    assert told(found) == expected
    assert found["equal"] == (expected["version"]["step"] == "none")
    assert compare(case / "new", case / "new").equal


def test_every_step_and_every_action_has_a_case() -> None:
    documents = [json.loads((case / "expected.json").read_text(encoding="utf-8")) for case in CASES]
    assert {item["version"]["step"] for item in documents} == {"none", "patch", "minor", "major"}
    records = [record for item in documents for table in item["tables"] for record in table["records"]]
    assert {item["action"] for item in records} == {"added", "removed", "changed", "re-identified"}
    effects = {change["effect"] for item in documents for table in item["tables"] for change in table["schema"]}
    assert effects == {"compatible", "widening", "narrowing", "breaking", "cannot tell"}


def test_every_folder_says_what_it_expects() -> None:
    folders = {path for path in (Path(__file__).parents[1] / "cases_diff").iterdir() if path.is_dir()}
    assert folders == set(CASES)
