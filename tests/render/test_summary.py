"""How fields are filled: exact, for any table, in every form that shows it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplodata import Options, validate
from diplodata.engine.session import Session
from diplodata.errors import MemoryShortageError
from diplodata.model.report import FieldSummary
from diplodata.render import RENDERERS

VALUES = st.sampled_from(["", "NA", "1", "2", "1.0", "x", "2020-01-01"])


@given(rows=st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=20))
def test_numbers_are_those_of_the_table(rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("summary")
    names = ("a", "b", "c")
    schema = {
        "fields": [{"name": "a"}, {"name": "b", "type": "integer"}, {"name": "c", "type": "any"}],
        "missingValues": ["", "NA"],
    }
    (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([names, *rows])
    report = validate(folder / "t.csv", Options(schema=folder / "schema.json", summary=True))
    columns = {name: [row[at] for row in rows if row[at] not in ("", "NA")] for at, name in enumerate(names)}
    expected = tuple(FieldSummary(name, len(values), len(set(values)), len(rows)) for name, values in columns.items())
    assert report.resources[0].fields == expected


def test_every_table_of_the_reference_package_is_summed_up(reference: Path) -> None:
    report = validate(reference, Options(summary=True, resources=("meetings", "participants")))
    for item in report.resources:
        with (reference / item.path).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert item.fields is not None
        for field in item.fields:
            values = [row[field.name] for row in rows if row[field.name]]
            assert (field.filled, field.distinct, field.rows) == (len(values), len(set(values)), len(rows))


def test_nothing_is_summed_up_unless_it_is_asked(small: Path) -> None:
    assert all("fields" not in item for item in validate(small).to_dict()["resources"])


def test_it_is_in_every_form_for_people_and_in_json(small: Path) -> None:
    report = validate(small, Options(summary=True, resources=("meetings",)))
    fields = json.loads(RENDERERS["json"](report))["resources"][0]["fields"]
    assert fields[0] == {"name": "id", "filled": 4, "fill_rate": 1.0, "distinct": 4}
    for form in ("text", "markdown", "html"):
        text = RENDERERS[form](report)
        assert "100.00%" in text
        assert "distinct" in text.lower()


@pytest.mark.parametrize(
    ("filled", "rows", "rate"),
    [(0, 0, None), (0, 5, 0.0), (5, 5, 1.0), (1, 3, 0.3333), (99_999, 100_000, 0.9999), (1, 100_000, 0.0001)],
)
def test_a_share_is_whole_only_when_it_is(filled: int, rows: int, rate: float | None) -> None:
    assert FieldSummary("a", filled, filled, rows).fill_rate == rate


def test_tables_too_large_for_one_question_are_asked_field_by_field(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Options(summary=True, resources=("meetings",))
    usual = validate(small, asked).resources
    ask = Session.rows

    def short_of_memory(self: Session, query: str, parameters: object = ()) -> list[tuple[object, ...]]:
        if "count(DISTINCT" in query and "hash(" not in query:
            raise MemoryShortageError("short")
        return ask(self, query, parameters)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "rows", short_of_memory)
    assert validate(small, asked).resources == usual
