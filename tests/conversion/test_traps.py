"""Every trap table comes back from every format, or is refused in words that name what the format cannot hold."""

import csv
import functools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diplodata.conversion import TARGETS, convert
from diplodata.errors import ConversionError
from target_names import target_name

CASES = Path(__file__).parents[1] / "cases_conversion"

#: Formats of tables; documents hold tables of the standard alone.
FORMATS = tuple(name for name in TARGETS if name not in ("bundle", "nested"))

#: Members of a resource that speak of its file.
OF_FILES = ("path", "type", "format", "mediatype", "encoding", "dialect")

csv.field_size_limit(1_000_000)

CASE_NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())


@functools.cache
def outcomes(case: str) -> dict[str, Any]:
    """What becomes of a case, by format."""
    content = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = content["targets"]
    assert set(found) == set(FORMATS)
    return found


@functools.cache
def descriptor_of(case: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CASES / case / "package" / "datapackage.json").read_text(encoding="utf-8"))
    return content


def kept(to: str, form: str) -> list[str]:
    """The cases of a source format that a format holds."""
    return [
        case
        for case in CASE_NAMES
        if outcomes(case)[to] == "equal" and descriptor_of(case)["resources"][0]["format"] == form
    ]


def gathered(cases: list[str], folder: Path) -> dict[str, Any]:
    """Write one package of several cases, so that what reads a format is started once, and return its descriptor."""
    whole: dict[str, Any] = {"name": "traps"}
    resources = []
    for case in cases:
        descriptor = descriptor_of(case)
        (resource,) = descriptor["resources"]
        whole |= {key: value for key, value in descriptor.items() if key not in ("name", "resources")}
        resources.append({**resource, "name": case, "path": f"{case}/{resource['path']}"})
        shutil.copytree(CASES / case / "package", folder / case)
        (folder / case / "datapackage.json").unlink()
    whole["resources"] = resources
    (folder / "datapackage.json").write_text(json.dumps(whole), encoding="utf-8")
    return whole


def cells_of(path: Path) -> Any:
    """The cells of a table, read by the standard library."""
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


def said(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key not in OF_FILES}


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("to", FORMATS)
def test_traps_come_back(to: str, form: str, tmp_path: Path) -> None:
    source, there, back = tmp_path / "source", tmp_path / target_name("there", to), tmp_path / "back"
    source.mkdir()
    whole = gathered(kept(to, form), source)
    done = convert(source, there, to)
    assert done.level in ("bytes", "lexical")
    assert not done.losses
    if to == "duckdb":
        return  # it is written, and not read
    convert(there, back, form)
    found = json.loads((back / "datapackage.json").read_text(encoding="utf-8"))
    assert [said(item) for item in found.pop("resources")] == [said(item) for item in whole["resources"]]
    assert found == {key: value for key, value in whole.items() if key != "resources"}
    for item in whole["resources"]:
        assert cells_of(back / item["path"]) == cells_of(source / item["path"]), item["name"]


EMPTIED = [(case, to) for case in CASE_NAMES for to, outcome in outcomes(case).items() if outcome == "value"]


@pytest.mark.parametrize(("case", "to"), EMPTIED)
def test_traps_that_keep_their_values_alone_have_empty_texts_that_become_no_values(
    case: str, to: str, tmp_path: Path
) -> None:
    done = convert(CASES / case / "package", tmp_path / target_name("there", to), to)
    assert done.level == "value"
    convert(tmp_path / target_name("there", to), tmp_path / "back", "json")
    records = cells_of(CASES / case / "package" / "table.json")
    wanted = [{key: value or None for key, value in record.items()} for record in records]
    assert cells_of(tmp_path / "back" / "table.json") == wanted


def refusals() -> Iterator[tuple[str, str, str]]:
    for case in CASE_NAMES:
        for to, outcome in outcomes(case).items():
            if outcome not in ("equal", "value"):
                yield case, to, outcome["refused"]


@pytest.mark.parametrize(("case", "to", "words"), list(refusals()), ids=lambda item: item if len(item) < 40 else "")
def test_traps_that_a_format_does_not_hold_are_refused_by_name(case: str, to: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConversionError) as caught:
        convert(CASES / case / "package", tmp_path / target_name("there", to), to)
    assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_every_format_has_traps_that_it_holds_and_traps_that_it_refuses() -> None:
    for to in FORMATS:
        assert {outcomes(case)[to] == "equal" for case in CASE_NAMES} == {True, False}, to
