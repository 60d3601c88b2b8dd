"""Values with a type of their own, from JSON, Parquet and workbooks: which fields take them, and as which text.

* A value is known by its kind and its canonical text: ``int`` and ``7``, ``timestamp`` and ``2020-01-05T10:00:00``,
  ``list`` and its JSON. What the reference takes as a value of a field's type becomes a text that the field takes.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from diplodata.model.schema import Field

#: Kind -> types of the fields that take it (the reference's readers; year and geopoint as in Table Schema v2).
#: Texts, bytes that are texts, and nothing are for every field; ``any`` takes every kind.
_FITS: Mapping[str, tuple[str, ...]] = {
    "bool": ("boolean",),
    "int": ("integer", "number", "year"),
    "float": ("integer", "number"),
    "decimal": ("integer", "number"),
    "date": ("date",),
    "timestamp": ("date", "datetime"),
    "time": ("time",),
    "duration": ("duration",),
    "list": ("array", "geopoint", "list"),
    "map": ("geojson", "geopoint", "object"),
    "struct": ("geojson", "geopoint", "object"),
    "other": (),
}

#: Options of a boolean field, by the value that they spell.
_SPELLINGS = {"true": "trueValues", "false": "falseValues"}

_WHOLE = re.compile(r"(-?[0-9]+)\.0*")
_MIDNIGHT = re.compile(r"T00:00:00(Z|[+-][0-9]{2}:[0-9]{2}|)$")


def fits(kind: str, field: Field) -> bool:
    """Whether values of a kind can be values of a field."""
    return field.type == "any" or kind not in _FITS or field.type in _FITS[kind]


def writer(kind: str, field: Field) -> Callable[[str], str | None] | None:
    """Return how the canonical text of a kind is written in a field; None when it stays as it is.

    The function gives None for a value that the field does not take.
    """
    make = _WRITERS.get((kind, field.type))
    return make(field) if make else None


def json_text(value: Any) -> str:
    """Return a JSON value as text; decimals keep their digits."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json_text(str(key))}: {json_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _joined(text: str, delimiter: str, *, of_texts: bool) -> str | None:
    """Return a JSON array as one cell; as it is, when an item holds the delimiter."""
    items = json.loads(text, parse_float=_Digits)
    if not all(isinstance(item, str if of_texts else str | int | _Digits) for item in items):
        return None
    texts = [item if isinstance(item, str) else str(item).lower() for item in items]
    return text if any(delimiter in item for item in texts) else delimiter.join(texts)


class _Digits(Decimal):
    """A number of a JSON text, with its digits."""


def _boolean(field: Field) -> Callable[[str], str | None] | None:
    if not any(name in field.options for name in _SPELLINGS.values()):
        return None
    spelled = {text: (field.options.get(name) or [text])[0] for text, name in _SPELLINGS.items()}
    return spelled.get


def _integer(_: Field) -> Callable[[str], str | None]:
    def write(text: str) -> str:
        if "e" in text and float(text).is_integer():
            return str(int(float(text)))
        whole = _WHOLE.fullmatch(text)
        return whole[1] if whole else text

    return write


def _number(field: Field) -> Callable[[str], str | None] | None:
    mark = str(field.options.get("decimalChar", "."))
    return None if mark == "." else lambda text: text.replace(".", mark)


def _year(_: Field) -> Callable[[str], str | None]:
    return lambda text: text.zfill(4) if text.isdigit() else text


def _date(field: Field) -> Callable[[str], str | None] | None:
    if field.format in ("default", "any"):
        return None
    return lambda text: _formatted(text, field.format)


def _formatted(text: str, form: str) -> str:
    try:
        return datetime.datetime.fromisoformat(text).strftime(form)
    except ValueError:
        return text


def _date_of_timestamp(field: Field) -> Callable[[str], str | None]:
    write = _date(field)

    def day(text: str) -> str | None:
        # The reference takes midnight for a day, and no other time.
        date = _MIDNIGHT.sub("", text)
        return write(date) if write and date != text else date

    return day


def _time(field: Field) -> Callable[[str], str | None] | None:
    if field.format in ("default", "any"):
        return None
    return lambda text: _formatted(f"2000-01-01T{text}", field.format)


def _list(field: Field) -> Callable[[str], str | None]:
    delimiter = str(field.options.get("delimiter") or ",")
    of_texts = field.options.get("itemType", "string") == "string"
    return lambda text: _joined(text, delimiter, of_texts=of_texts)


def _geopoint(field: Field) -> Callable[[str], str | None]:
    return lambda text: _point(text, field.format)


def _point(text: str, form: str) -> str | None:
    value = json.loads(text, parse_float=_Digits)
    if isinstance(value, Mapping):
        return text if form == "object" else None
    if len(value) != 2 or not all(type(item) in (int, _Digits) for item in value):
        return None
    if form == "array":
        return text
    return ",".join(map(str, value)) if form == "default" else json_text({"lon": value[0], "lat": value[1]})


#: (kind, field type) -> makes the function that writes canonical texts in a field, or None when they stay.
_WRITERS: Mapping[tuple[str, str], Callable[[Field], Callable[[str], str | None] | None]] = {
    ("bool", "boolean"): _boolean,
    ("date", "date"): _date,
    ("decimal", "integer"): _integer,
    ("decimal", "number"): _number,
    ("float", "integer"): _integer,
    ("float", "number"): _number,
    ("int", "year"): _year,
    ("list", "geopoint"): _geopoint,
    ("list", "list"): _list,
    ("struct", "geopoint"): _geopoint,
    ("map", "geopoint"): _geopoint,
    ("time", "time"): _time,
    ("timestamp", "date"): _date_of_timestamp,
    ("timestamp", "datetime"): _date,
}
