"""The same checks of the measured package as a pandera schema over polars, as people write them today."""

import datetime
import json
import sys
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl

_TYPES = {"string": pl.String, "integer": pl.Int64, "date": pl.Date, "boolean": pl.Boolean}


def column(field: dict[str, Any], *, is_key: bool) -> pa.Column:
    """Return the pandera column of a Table Schema field."""
    limits = field.get("constraints", {})
    checks = []
    if "pattern" in limits:
        checks.append(pa.Check.str_matches(f"^(?:{limits['pattern']})$"))
    if "minLength" in limits or "maxLength" in limits:
        checks.append(pa.Check.str_length(limits.get("minLength", 0), limits.get("maxLength")))
    if "enum" in limits:
        checks.append(pa.Check.isin(limits["enum"]))
    kind = field.get("type", "string")
    read = datetime.date.fromisoformat if kind == "date" else int
    bounds = {key: read(limits[key]) for key in ("minimum", "maximum") if key in limits}
    if "minimum" in bounds:
        checks.append(pa.Check.ge(bounds["minimum"]))
    if "maximum" in bounds:
        checks.append(pa.Check.le(bounds["maximum"]))
    return pa.Column(_TYPES[kind], checks, nullable=not limits.get("required"), unique=is_key)


def main() -> None:
    """Validate the package whose descriptor is named; end with 1 when something is wrong."""
    descriptor = Path(sys.argv[1])
    resources = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
    tables: dict[str, pl.DataFrame] = {}
    wrong = 0
    for resource in resources:
        schema = resource["schema"]
        kinds = {field["name"]: _TYPES[field.get("type", "string")] for field in schema["fields"]}
        table = pl.read_csv(descriptor.parent / resource["path"], schema=kinds)
        keys = schema.get("primaryKey", [])
        columns = {field["name"]: column(field, is_key=field["name"] in keys) for field in schema["fields"]}
        try:
            pa.DataFrameSchema(columns, strict=True).validate(table, lazy=True)
        except pa.errors.SchemaErrors as error:
            wrong += len(error.failure_cases)
        tables[resource["name"]] = table
    for resource in resources:
        for key in resource["schema"].get("foreignKeys", []):
            (name,), (target,) = key["fields"], key["reference"]["fields"]
            parent = tables[key["reference"]["resource"]].select(target)
            wrong += len(tables[resource["name"]].join(parent, left_on=name, right_on=target, how="anti"))
    print(f"{wrong} failures")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
