"""The tables of this folder: both tools are asked about every entry, and both outcomes are exactly as written.

Whoever changes an outcome changes a line of a table, and with it the page docs/conformance.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from conformance import batch, cells, page, table
from conformance.outcome import Outcome, Reference, is_error
from conformance.record import both
from conformance.table import Entry

DEVIATIONS = table.read_all("deviations")
BEHAVIOURS = table.read_all("behaviours")
CELLS = table.files("cells")

Together = Mapping[str, tuple[Outcome, Outcome]]


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    """The reference, in its own process."""
    with Reference() as process:
        yield process


@pytest.mark.parametrize("name", DEVIATIONS)
def test_deviation(name: str, reference: Reference, tmp_path: Path) -> None:
    entry = DEVIATIONS[name]
    said, mine = both(reference, entry["package"], tmp_path / "package", entry.get("seconds"))
    assert said == entry["reference"], "the reference"
    assert mine == entry["ours"], "the tool"


@pytest.fixture(scope="module")
def together(reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> Together:
    """The outcomes of all behaviours that fit into one package; what does not is asked about alone."""
    return batch.outcomes(BEHAVIOURS, reference, tmp_path_factory.mktemp("together"))


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_behaviour(name: str, reference: Reference, together: Together, tmp_path: Path) -> None:
    entry = BEHAVIOURS[name]
    said, mine = together.get(name) or both(reference, entry["package"], tmp_path / "package")
    if "both" in entry:
        assert said == entry["both"], "the reference"
        assert mine == sorted([*entry["both"], *entry.get("warnings", [])]), "the tool"
    else:
        assert said == entry["reference"], "the reference"
        assert mine == entry["ours"], "the tool"


@pytest.mark.parametrize("name", CELLS)
def test_cells(name: str, reference: Reference, tmp_path: Path) -> None:
    tables = table.read(CELLS[name])
    outcomes = both(reference, cells.package_of(tables), tmp_path / "package")
    said, mine = (cells.verdicts(outcome, tables) for outcome in outcomes)
    wrong = [
        f"{who}: {cells.told(item, value)} {seen}, not {wanted}"
        for item, theirs, ours in zip(tables, said, mine, strict=True)
        for (value, *expected, _), *pair in zip(cells.cells_of(item), theirs, ours, strict=True)
        for who, seen, wanted in zip(("reference", "tool"), pair, expected, strict=True)
        if seen != wanted
    ]
    assert not wrong, "\n".join(wrong)


# The form of the tables


@pytest.mark.parametrize("name", DEVIATIONS)
def test_deviation_says_why(name: str) -> None:
    entry = DEVIATIONS[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert entry["class"] in table.CLASSES
    assert len(entry["input"]) > 1
    assert len(entry["reason"]) > 10
    assert len(entry["clause"]) > 3


@pytest.mark.parametrize("name", DEVIATIONS)
def test_deviation_is_of_its_class(name: str) -> None:
    entry = DEVIATIONS[name]
    said, mine = entry["reference"], entry["ours"]
    is_silent = said[:1] == ["hang"] or (said[:1] or [""])[0].startswith("crash: ")
    assert is_silent is (entry["class"] == "no-crash")
    assert belongs(entry["class"], said, mine)


def belongs(kind: str, said: Outcome, mine: Outcome) -> bool:
    """Whether two outcomes are such as a class of deviations promises."""
    errors = [line for line in mine if is_error(line)]
    return {
        "stricter": not said and bool(errors),
        "laxer": bool(said) and not errors,
        "no-crash": True,
        "said-once": 0 < len(errors) <= len(said) and errors != said,
        "otherwise": bool(said) and bool(errors) and errors != said,
        "says-more": bool(said) is bool(errors) and len(mine) > len(said),
        "not-there": True,
    }[kind]


def cited() -> Iterator[tuple[str, str]]:
    """Yield (where, deviation) for every entry outside the table of deviations whose outcomes differ."""
    for name, entry in BEHAVIOURS.items():
        if "both" not in entry:
            yield name, entry.get("deviation", "")
    for name, path in CELLS.items():
        for item in table.read(path):
            yield from ((f"{name}: {item['about']}", part["deviation"]) for part in item.get("differs", ()))


def test_every_difference_names_a_deviation() -> None:
    unknown = [where for where, name in cited() if name not in DEVIATIONS]
    assert not unknown


def test_no_agreement_names_a_deviation() -> None:
    assert not [name for name, entry in BEHAVIOURS.items() if "both" in entry and "deviation" in entry]


@pytest.mark.parametrize("path", [*table.files("deviations").values(), *table.files("behaviours").values()])
def test_tables_are_written_as_the_recorder_writes_them(path: Path, tmp_path: Path) -> None:
    entries: Sequence[Entry] = table.read(path)
    table.write(tmp_path / "again.json", entries)
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CELLS)
def test_no_value_waits_for_its_verdict(name: str) -> None:
    assert not [item["about"] for item in table.read(CELLS[name]) if "new" in item]


def test_the_page_is_what_the_tables_give() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(), "run make generate"


def test_a_reference_that_hangs_is_stopped_and_asked_again(reference: Reference, tmp_path: Path) -> None:
    slow, quick = DEVIATIONS["pattern-catastrophic"], BEHAVIOURS["number-of-first-row"]
    assert both(reference, slow["package"], tmp_path / "slow", 1.0)[0] == ["hang"]
    assert both(reference, quick["package"], tmp_path / "quick")[0] == quick["both"]


def test_many_behaviours_are_asked_about_together(together: Together) -> None:
    assert len(together) > 100
