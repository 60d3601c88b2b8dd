"""Doubtful values: frictionless, the reference, decides what no SQL test can decide with certainty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from diplodata.model.schema import Field

#: Plain forms; a value that the reference takes in another form is reported as ``lexical-form``.
_PLAIN = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
    "integer": re.compile(r"[+-]?[0-9]+", re.ASCII),
    "number": re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|-?INF", re.ASCII),
    "year": re.compile(r"[0-9]{4}", re.ASCII),
}

#: Constraints that are decided in SQL for every type, never here.
_ELSEWHERE = ("required", "unique", "itemMaxLength", "uniqueItems")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reference says of one value."""

    value: str
    #: ``type``, ``lexical``, or the keyword of a broken constraint.
    keyword: str


def verdicts(field: Field, values: Iterable[str]) -> Iterator[Verdict]:
    """Yield a verdict for each thing that is wrong with each value; nothing for good values.

    Args:
        field: the field; its constraints are asked as well, unless its type is string.
        values: distinct values, none of them missing.
    """
    read = _reader(field)
    plain = _PLAIN.get(field.type) if field.format == "default" and not field.options else None
    for value in values:
        notes = read(value)
        for keyword in notes:
            yield Verdict(value, keyword)
        if "type" not in notes and plain and not plain.fullmatch(value):
            yield Verdict(value, "lexical")


def _reader(field: Field) -> Any:
    """Return a function from a text to the keywords that it breaks."""
    from frictionless import Field as ReferenceField
    from frictionless import Schema as ReferenceSchema

    constraints = {key: limit for key, limit in field.constraints if key not in _ELSEWHERE and field.type != "string"}
    descriptor = {"name": field.name, "type": field.type, "format": field.format, **field.options}
    reference = ReferenceField.from_descriptor(descriptor | ({"constraints": constraints} if constraints else {}))
    reference.schema = ReferenceSchema(fields=[], missing_values=[])
    read_cell = reference.create_cell_reader()

    def read(value: str) -> list[str]:
        try:
            _, notes = read_cell(value)
        except (ArithmeticError, TypeError, ValueError):
            # The reference stumbles over some values (sNaN with a bound); none of them is valid.
            return ["type"]
        return list(notes or ())

    return read


def schema_problem(field: Field) -> str | None:
    """Say why the reference cannot read a field at all; None when it can."""
    from frictionless import FrictionlessException

    try:
        _reader(field)
    except FrictionlessException as error:
        return str(error.error.note)
    except (TypeError, ValueError, re.error) as error:
        return str(error)
    return None
