"""Doubtful values: frictionless, the reference, decides what no SQL test can decide with certainty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from diplodata.engine import durations
from diplodata.engine.normal import SCALE, normal_form
from diplodata.engine.plain_form import plain_form
from diplodata.model.schema import Field

__all__ = ["SCALE", "Judge", "Verdict", "judge_of"]

#: A year of XML Schema (gYear), which the reference takes only from 0 to 9999 (Table Schema v2, year).
_YEAR = re.compile(r"-?([1-9][0-9]{3,}|0[0-9]{3})", re.ASCII)

#: Constraints that are decided in SQL for every type, or here beside the reference.
_ELSEWHERE = ("categories", "itemMaxLength", "jsonSchema", "required", "unique", "uniqueItems")

#: Constraints whose limit must be a value of the field's type.
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")

#: A number in brackets or behind a minus sign of typography: stripped, it would be another number.
_SIGNED_OTHERWISE = re.compile(r"\([^0-9]*[0-9].*\)|[^0-9]*\u2212[^0-9]*[0-9].*", re.DOTALL)

#: From a text to its value and the keywords that it breaks.
_Read = Callable[[str], tuple[Any, list[str]]]


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
        self._read = _year_reader(field) if field.type == "year" else _reader(field)
        self._is_plain = plain_form(field)
        self._categories = _whole_categories(field)
        self._documents = _document_check(dict(field.constraints).get("jsonSchema"))
        self._durations = _duration_limits(field)

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
            if self._is_plain and not self._is_plain(value):
                yield Verdict(value, "lexical")
            if with_normal and (text := normal_form(cell)) is not None:
                yield Verdict(value, "normal", text)

    def _judged(self, value: str) -> tuple[Any, list[str]]:
        if self._field.type == "number" and "snan" in value.lower():
            return None, ["type"]
        if self._field.type == "integer" and (group := self._field.options.get("groupChar")):
            value = value.replace(str(group), "")
        if self._field.options.get("bareNumber") is False:
            if _SIGNED_OTHERWISE.fullmatch(value.strip()):
                return None, ["type"]
            value = _with_fraction(value, str(self._field.options.get("decimalChar") or "."))
        cell, notes = self._read(value)
        if "type" not in notes and self._categories is not None and cell not in self._categories:
            notes = [*notes, "categories"]
        if not notes and self._documents is not None and not self._documents(cell):
            notes = ["jsonSchema"]
        if "type" not in notes and self._durations:
            notes = [*notes, *durations.broken(cell, self._durations)]
        return cell, notes


def _with_fraction(value: str, point: str) -> str:
    """Put a zero before a fraction behind a sign of currency: the reference would strip the point with the sign."""
    match = re.match(rf"[^0-9-]*{re.escape(point)}(?=[0-9])", value)
    return f"0{point}{value[match.end() :]}" if match else value


def _reader(field: Field) -> _Read:
    """Return a function from a text to its value and the keywords that it breaks."""
    elsewhere = (*_ELSEWHERE, *_BOUNDS) if field.type == "duration" else _ELSEWHERE
    given = field.constraints if field.type != "string" else ()
    constraints = {key: _without_groups(limit, field) for key, limit in given if key not in elsewhere}
    read_cell = _reference_reader(field, constraints)

    @cache
    def with_only(*keywords: str) -> Callable[[str], tuple[Any, Any]]:
        return _reference_reader(field, {key: constraints[key] for key in keywords})

    def read(value: str) -> tuple[Any, list[str]]:
        try:
            cell, notes = read_cell(value)
        except (ArithmeticError, TypeError, ValueError):
            # Some limit cannot be compared with the value, as times with and without a zone; it is not kept.
            cell, _ = with_only()(value)
            return cell, [key for key in constraints if not _keeps(with_only(key), value)]
        return cell, list(notes or ())

    return read


def _without_groups(limit: Any, field: Field) -> Any:
    """Leave out the characters between groups of digits, which the reference knows in numbers alone."""
    group = field.options.get("groupChar") if field.type == "integer" else None
    if group and isinstance(limit, list | tuple):
        return [_without_groups(item, field) for item in limit]
    return limit.replace(str(group), "") if group and isinstance(limit, str) else limit


def _reference_reader(field: Field, constraints: Mapping[str, Any]) -> Callable[[str], tuple[Any, Any]]:
    """Return the reference's own reader of cells, without missing values."""
    from frictionless import Field as ReferenceField
    from frictionless import Schema as ReferenceSchema

    options = {key: value for key, value in field.options.items() if (field.type, key) != ("integer", "groupChar")}
    descriptor = {"name": field.name, "type": field.type, "format": field.format, **options}
    reference = ReferenceField.from_descriptor(descriptor | ({"constraints": constraints} if constraints else {}))
    reference.schema = ReferenceSchema(fields=[], missing_values=[])
    read_cell: Callable[[str], tuple[Any, Any]] = reference.create_cell_reader()
    _refuse_unreadable_limits(reference.create_value_reader(), constraints)
    return read_cell


def _keeps(judge: Callable[[str], tuple[Any, Any]], value: str) -> bool:
    try:
        return not judge(value)[1]
    except (ArithmeticError, TypeError, ValueError):
        return False


def _year_reader(field: Field) -> _Read:
    """Return a reader of years: in the form of XML Schema, or as the reference reads them, compared as integers."""
    read_year = _reference_reader(replace(field, constraints=()), {})

    def year_of(value: Any) -> int | None:
        if isinstance(value, str) and _YEAR.fullmatch(value):
            return int(value)
        year: int | None = value if type(value) is int else read_year(value)[0]
        return year

    limits = [(key, _with_years(key, limit, year_of)) for key, limit in field.constraints]
    judge = _reader(Field(name=field.name, type="integer", constraints=tuple(limits)))

    def read(value: str) -> tuple[Any, list[str]]:
        year = year_of(value)
        return (None, ["type"]) if year is None else judge(str(year))

    return read


def _with_years(keyword: str, limit: Any, year_of: Callable[[Any], int | None]) -> Any:
    """Return a limit of years as integers; one that is no year stays, and is refused."""
    if keyword == "enum" and isinstance(limit, list):
        return [year for item in limit if (year := year_of(item)) is not None]
    year = year_of(limit) if keyword in _BOUNDS else None
    return limit if year is None else year


def _refuse_unreadable_limits(read_value: Callable[[Any], Any], constraints: Mapping[str, Any]) -> None:
    for keyword in _BOUNDS:
        if keyword in constraints and read_value(constraints[keyword]) is None:
            raise ValueError(f"the limit {constraints[keyword]!r} of {keyword} is no value of the type")


def _duration_limits(field: Field) -> durations.Limits:
    if field.type != "duration":
        return {}
    from frictionless.fields import DurationField

    return durations.limits(dict(field.constraints), DurationField(name=field.name).create_value_reader())


def _whole_categories(field: Field) -> list[int] | None:
    """Return the categories of an integer field as numbers; SQL compares those of other fields as texts."""
    values = dict(field.constraints).get("categories") if field.type == "integer" else None
    return None if values is None else [int(item) for item in values]


def _document_check(schema: Any) -> Callable[[Any], bool] | None:
    if not isinstance(schema, Mapping):
        return None
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(dict(schema), retriever=_never)
    return lambda cell: bool(validator.is_valid(cell))


def _never(address: str) -> Any:
    raise ValueError(f"{address} is not read")


def judge_of(field: Field) -> Judge | str:
    """Return the judge of a field, or say why the reference cannot read it at all."""
    from frictionless import FrictionlessException

    try:
        return Judge(field)
    except FrictionlessException as error:
        return str(error.error.note)
    except (TypeError, ValueError, re.error) as error:
        return str(error)
