"""Descriptors of fields: each type and format, with its options and the constraints that are legal for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from differential.cells import texts_of

Descriptor = dict[str, Any]

#: (type, format); formats of dates and times that are patterns are among them.
KINDS = (
    *(("string", form) for form in ("default", "default", "default", "email", "uri", "binary", "uuid")),
    *(("integer", "default"), ("integer", "default"), ("number", "default"), ("number", "default")),
    *(("boolean", "default"), ("object", "default"), ("array", "default"), ("list", "default")),
    *(("date", form) for form in ("default", "default", "any", "%d/%m/%Y", "%Y")),
    *(("time", form) for form in ("default", "any", "%H:%M")),
    *(("datetime", form) for form in ("default", "default", "any", "%Y-%m-%d %H:%M")),
    *(("year", "default"), ("yearmonth", "default"), ("duration", "default"), ("any", "default")),
    *(("geopoint", form) for form in ("default", "array", "object")),
    *(("geojson", form) for form in ("default", "topojson")),
)

#: Types whose values can be compared with each other, for keys.
KEY_KINDS = (
    ("string", "default"),
    ("string", "default"),
    ("integer", "default"),
    ("integer", "default"),
    ("number", "default"),
    ("date", "default"),
    ("datetime", "default"),
    ("time", "default"),
    ("boolean", "default"),
    ("year", "default"),
    ("yearmonth", "default"),
    ("duration", "default"),
    ("string", "uuid"),
    ("any", "default"),
    ("geopoint", "default"),
)

_ORDERED = ("date", "datetime", "integer", "number", "time", "year", "yearmonth")
_SIZED = ("array", "list", "object", "string")

#: Patterns of which some hold for a part of the value only, or hold for digits of other scripts.
PATTERNS = ("(ab|cd)+", "[a-z]+", "a|b", ".", "[0-9]{1,2}", "(é|e.)", "ab", "\\d+", "\\w+", "^a.*$", "[^x]*", "x?y?")

_JSON_SCHEMAS: Mapping[str, Descriptor] = {
    "array": {"type": "array", "maxItems": 2},
    "object": {"type": "object", "required": ["a"], "properties": {"a": {"type": "number"}}},
}


def make_field(chance: random.Random, name: str, kind: tuple[str, str] | None = None, *, is_v2: bool) -> Descriptor:
    """Return a field of a kind, or of any."""
    type_, form = kind or chance.choice(KINDS)
    field: Descriptor = {"name": name, "type": type_}
    if form != "default" or chance.random() < 0.1:
        field["format"] = form
    field |= _options(chance, type_)
    found = _constraints(chance, field, is_v2=is_v2)
    if found:
        field["constraints"] = found
    if is_v2 and type_ in ("integer", "string") and form == "default" and not found and chance.random() < 0.12:
        field["categories"] = _categories(chance, type_)
    if chance.random() < 0.08:
        field["missingValues"] = chance.choice([["-"], ["", "NA"], []])
    return field


def _options(chance: random.Random, type_: str) -> Descriptor:
    if type_ == "boolean" and chance.random() < 0.4:
        return chance.choice(
            [{"trueValues": ["y"], "falseValues": ["n"]}, {"trueValues": ["yes", "1"], "falseValues": ["no", ""]}]
        )
    if type_ == "list":
        offered: list[Descriptor] = [{}, {"delimiter": ";"}, {"itemType": "integer"}, {"itemType": "date"}]
        return chance.choice([*offered, {"delimiter": "|", "itemType": "number"}])
    if type_ == "number":
        offered = [{"decimalChar": ","}, {"groupChar": ","}, {"decimalChar": ",", "groupChar": "."}, {"groupChar": " "}]
        return chance.choice([{}, {}, {}, {}, *offered, {"bareNumber": False}, {"bareNumber": False, "groupChar": ","}])
    if type_ == "integer":
        return chance.choice([{}, {}, {}, {}, {}, {"bareNumber": False}, {"groupChar": ","}, {"groupChar": "."}])
    return {}


def _categories(chance: random.Random, type_: str) -> list[Any]:
    values = [0, 1, 7] if type_ == "integer" else ["a", "ab", "1", "é"]
    if chance.random() < 0.4:
        return [{"value": value, "label": f"label {value}"} for value in values]
    return values


def _constraints(chance: random.Random, field: Descriptor, *, is_v2: bool) -> Descriptor:
    type_ = field["type"]
    good = [text for text in texts_of(field).good if not text.lower().endswith("nan")]
    offered: dict[str, Callable[[], Any]] = {"required": lambda: chance.random() < 0.9}
    offered["unique"] = lambda: chance.random() < 0.9
    if type_ != "list":
        offered["enum"] = lambda: _members(chance, field, good)
    if type_ in _ORDERED:
        names = ("minimum", "maximum", *(("exclusiveMinimum", "exclusiveMaximum") if is_v2 else ()))
        offered |= dict.fromkeys(names, lambda: _native(chance, field, chance.choice(good)))
    if type_ in _SIZED:
        offered |= {"minLength": lambda: chance.randint(0, 3), "maxLength": lambda: chance.randint(1, 6)}
    if type_ == "string":
        offered["pattern"] = lambda: chance.choice(PATTERNS)
    if is_v2 and type_ in _JSON_SCHEMAS:
        offered["jsonSchema"] = lambda: _JSON_SCHEMAS[type_]
    if type_ in ("array", "geojson", "list", "object") and chance.random() < 0.9:
        del offered["unique"]  # the reference raises for it, and says nothing of the whole table
    if type_ in ("datetime", "time") and chance.random() < 0.85:
        # With a zone and without one, times cannot be compared: the reference raises, and says nothing more.
        offered = {key: value for key, value in offered.items() if "imum" not in key}
    names_chosen = chance.sample(sorted(offered), k=min(len(offered), chance.choice([0, 0, 1, 1, 2, 3])))
    return {name: offered[name]() for name in names_chosen}


def _members(chance: random.Random, field: Descriptor, good: list[str]) -> list[Any]:
    number = min(len(good), chance.randint(1, 4))
    return [_native(chance, field, text) for text in chance.sample(good, k=number)]


def _native(chance: random.Random, field: Descriptor, text: str) -> Any:
    """Return a limit as JSON has it, when the type is one of JSON; or the text."""
    if field["type"] in ("integer", "year") and text.isascii() and text.lstrip("-").isdigit() and chance.random() < 0.7:
        return int(text)
    if field["type"] == "number" and not field.keys() & {"decimalChar", "groupChar", "bareNumber"}:
        return float(text) if text.replace(".", "").lstrip("-").isdigit() and chance.random() < 0.7 else text
    if field["type"] == "boolean" and text in ("true", "false") and chance.random() < 0.5:
        return text == "true"
    return text
