"""Values with a type of their own mean in JSON what they mean to the reference, type by type of field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frictionless
import pytest

from diplodata import Options, validate

TYPES = (
    "any", "array", "boolean", "date", "datetime", "duration", "geojson", "geopoint", "integer", "list", "number",
    "object", "string", "time", "year", "yearmonth",
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    True, 0, 7, 2020, 12345, -3, 1.5, 2**70, "", "7", "x", "true", "2020-01-05", "1.5,2", [], [1, 2], ["a", "b"],
    [1.5, 2.25], [[1], 2], [None], [500, 2], {}, {"lon": 1, "lat": 2}, {"type": "Point", "coordinates": [1.5, 2]},
)  # fmt: skip

#: (value, type) in which the verdict differs, each for a reason that stands in docs/conformance.md.
DEPARTURES = {
    # A truth value is no year, and a pair of anything no year and month.
    "true": {"year"},
    "[1, 2]": {"yearmonth"},
    '["a", "b"]': {"yearmonth"},
    "[1.5, 2.25]": {"yearmonth"},
    "[[1], 2]": {"yearmonth"},
    "[500, 2]": {"yearmonth"},
    # A year of XML Schema may have more than four digits.
    "12345": {"year"},
    str(2**70): {"year"},
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("form", ["json", "ndjson", "inline"])
def test_native_values_are_judged_as_the_reference_judges_them(form: str, kind: str, tmp_path: Path) -> None:
    fields = [{"name": "k", "type": "string"}, {"name": "a", "type": kind}]
    rows = [{"k": "x", "a": value} for value in VALUES]
    item: dict[str, Any] = {"name": "t", "type": "table", "schema": {"fields": fields}}
    if form == "inline":
        item["data"] = rows
    else:
        item |= {"path": f"t.{form}", "format": form}
        text = json.dumps(rows) if form == "json" else "\n".join(map(json.dumps, rows))
        (tmp_path / f"t.{form}").write_text(text, encoding="utf-8")
    descriptor = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": [item]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (task,) = frictionless.Package(descriptor, basepath=str(tmp_path)).validate().tasks
    theirs = {error.row_number - 2 for error in task.errors if isinstance(error, frictionless.errors.CellError)}
    report = validate(tmp_path, Options(limit=0))
    ours = {(item.row or 0) - 2 for item in report.findings if item.severity == "error"}
    assert len(ours) == report.count("error")
    differ = {json.dumps(VALUES[place]) for place in ours ^ theirs}
    assert differ == {value for value, kinds in DEPARTURES.items() if kind in kinds}
