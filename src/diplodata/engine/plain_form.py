"""Plain forms: how the specification writes a value; the reference reads more than that."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from diplodata.model.schema import Field

IsPlain = Callable[[str], bool]

_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_TIME_PARTS = r"T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?"
_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

#: (type, format) -> the form of a value (Table Schema v2, Field Types; RFC 3986 for addresses, RFC 9562 for uuid).
_FORMS: Mapping[tuple[str, str], str] = {
    ("date", "default"): r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    ("datetime", "default"): rf"-?[0-9]{{4,}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}(\.[0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})?",
    ("duration", "default"): rf"-?P(?=[0-9T])([0-9]+Y)?([0-9]+M)?([0-9]+D)?({_TIME_PARTS})?",
    ("geopoint", "default"): rf"{_NUMBER}, ?{_NUMBER}",
    ("integer", "default"): r"[+-]?[0-9]+",
    # In the names of numbers, case need not be respected.
    ("number", "default"): rf"{_NUMBER}|[nN][aA][nN]|-?[iI][nN][fF]",
    ("string", "uri"): r"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9a-fA-F]{2})*",
    ("string", "uuid"): _UUID,
    ("time", "default"): _CLOCK,
    ("year", "default"): r"-?[0-9]{4,}",
    ("yearmonth", "default"): r"-?[0-9]{4,}-[0-9]{2}",
}


def plain_form(field: Field) -> IsPlain | None:
    """Return a test whether a good value of a field is written as the specification writes it; None when all are."""
    if field.type == "list":
        return _of_items(field)
    if field.type in ("array", "geojson", "object"):
        return _is_strict_json
    if (field.type, field.format) == ("string", "binary"):
        return _is_base64
    form = _FORMS.get((field.type, field.format))
    if form is None:
        return None
    fits = re.compile(form, re.ASCII).fullmatch
    bare = _bare(field)
    return lambda value: fits(bare(value)) is not None


def _bare(field: Field) -> Callable[[str], str]:
    """Return a function that takes what the options of a number allow out of a text (number, groupChar)."""
    group, point = str(field.options.get("groupChar") or ""), str(field.options.get("decimalChar") or ".")
    is_bare = field.options.get("bareNumber", True) is not False

    def bare(value: str) -> str:
        value = value if is_bare else re.sub(r"^[^0-9+.-]+|[^0-9]+$", "", value)
        value = value.replace(group, "") if group else value
        return value if point == "." else value.replace(point, ".")

    return bare if field.type in ("integer", "number") else lambda value: value


def _of_items(field: Field) -> IsPlain | None:
    is_plain = plain_form(Field(name=field.name, type=str(field.options.get("itemType") or "string")))
    delimiter = str(field.options.get("delimiter") or ",")
    return None if is_plain is None else lambda value: all(map(is_plain, value.split(delimiter)))


def _is_strict_json(value: str) -> bool:
    """Whether a text that the reference reads as JSON is strict: no NaN, and no key twice (RFC 8259, RFC 7493)."""
    try:
        json.loads(value, parse_constant=_refuse, object_pairs_hook=_distinct)
    except ValueError:
        return False
    return True


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
