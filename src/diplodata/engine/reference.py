"""Doubtful values: frictionless, the reference, decides what no SQL test can decide with certainty."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from diplodata.model.schema import Field

#: Plain forms; a value that the reference takes in another form is reported as ``lexical-form``.
_PLAIN = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
    "integer": re.compile(r"[+-]?[0-9]+", re.ASCII),
    "number": re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|-?INF", re.ASCII),
    "year": re.compile(r"-?[0-9]{4,}", re.ASCII),
}

#: A year of XML Schema (gYear), which the reference takes only from 0 to 9999 (Table Schema v2, year).
_YEAR = re.compile(r"-?([1-9][0-9]{3,}|0[0-9]{3})", re.ASCII)

#: Constraints that are decided in SQL for every type, or here beside the reference.
_ELSEWHERE = ("categories", "itemMaxLength", "jsonSchema", "required", "unique", "uniqueItems")

#: Constraints whose limit must be a value of the field's type.
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")

#: Digits behind the point in the normal form of a number; both engines write the same.
SCALE = 15


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reference says of one value."""

    value: str
    #: ``type``, ``lexical``, the keyword of a broken constraint, or ``normal`` for a good value of a key.
    keyword: str
    #: Equal for values that are equal; only with ``normal``.
    normal: str | None = None


class Judge:
    """Judges texts as values of one field.

    * The reference's own reader decides; the few departures follow the specification and are in docs/conformance.md.
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        self._read = _reader(field)
        self._plain = _PLAIN.get(field.type) if field.format == "default" and not field.options else None
        self._documents = _document_check(dict(field.constraints).get("jsonSchema"))

    def verdicts(self, values: Iterable[str], *, with_normal: bool) -> Iterator[Verdict]:
        """Yield a verdict for each thing that is wrong with each value, and the normal form of good ones.

        Args:
            values: distinct values, none of them missing.
            with_normal: whether the field is part of a key.
        """
        for value in values:
            cell, notes = self._judged(value)
            yield from (Verdict(value, keyword) for keyword in notes)
            if "type" in notes:
                continue
            if self._plain and not self._plain.fullmatch(value):
                yield Verdict(value, "lexical")
            if with_normal and (text := _normal(cell)) is not None:
                yield Verdict(value, "normal", text)

    def _judged(self, value: str) -> tuple[Any, list[str]]:
        if self._field.type == "year" and _YEAR.fullmatch(value) and self._field.format == "default":
            return int(value), [] if len(value) > 4 else self._read(value)[1]
        if self._field.type == "number" and "snan" in value.lower():
            return None, ["type"]
        if self._field.type == "integer" and (group := self._field.options.get("groupChar")):
            value = value.replace(str(group), "")
        cell, notes = self._read(value)
        if not notes and self._documents is not None and not self._documents(cell):
            notes = ["jsonSchema"]
        return cell, notes


def _reader(field: Field) -> Callable[[str], tuple[Any, list[str]]]:
    """Return a function from a text to its value and the keywords that it breaks."""
    from frictionless import Field as ReferenceField
    from frictionless import Schema as ReferenceSchema

    constraints = {key: limit for key, limit in field.constraints if key not in _ELSEWHERE and field.type != "string"}
    options = {key: value for key, value in field.options.items() if (field.type, key) != ("integer", "groupChar")}
    descriptor = {"name": field.name, "type": field.type, "format": field.format, **options}
    reference = ReferenceField.from_descriptor(descriptor | ({"constraints": constraints} if constraints else {}))
    reference.schema = ReferenceSchema(fields=[], missing_values=[])
    read_cell = reference.create_cell_reader()
    _refuse_unreadable_limits(reference.create_value_reader(), constraints)

    def read(value: str) -> tuple[Any, list[str]]:
        try:
            cell, notes = read_cell(value)
        except (ArithmeticError, TypeError, ValueError):
            # The reference stumbles when a value and a limit cannot be compared, as times with and without a zone.
            return None, ["type"]
        return cell, list(notes or ())

    return read


def _refuse_unreadable_limits(read_value: Callable[[Any], Any], constraints: Mapping[str, Any]) -> None:
    for keyword in _BOUNDS:
        if keyword in constraints and read_value(constraints[keyword]) is None:
            raise ValueError(f"the limit {constraints[keyword]!r} of {keyword} is no value of the type")


def _document_check(schema: Any) -> Callable[[Any], bool] | None:
    if not isinstance(schema, Mapping):
        return None
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(dict(schema), retriever=_never)
    return lambda cell: bool(validator.is_valid(cell))


def _never(address: str) -> Any:
    raise ValueError(f"{address} is not read")


def problem(field: Field) -> str | None:
    """Say why the reference cannot read a field at all; None when it can."""
    from frictionless import FrictionlessException

    try:
        Judge(field)
    except FrictionlessException as error:
        return str(error.error.note)
    except (TypeError, ValueError, re.error) as error:
        return str(error)
    return None


def _normal(cell: Any) -> str | None:
    """Return a text that is equal for equal values; None for what equals nothing, not even itself."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, Decimal | float | int):
        return _normal_number(Decimal(cell))
    if isinstance(cell, datetime.datetime):
        return f"utc {cell.astimezone(datetime.UTC).isoformat()}" if cell.tzinfo else cell.isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, dict | list | tuple):
        return json.dumps(cell, sort_keys=True, default=str)
    return str(cell)


def _normal_number(number: Decimal) -> str | None:
    if number.is_nan():
        return None
    if not number.is_finite():
        return str(number)
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -SCALE and abs(number) < 10**20:
        return f"{abs(number) if number == 0 else number:.{SCALE}f}"
    return str(number.normalize())
