"""What is said of two schemas holds: no value of the older one is refused when its data are said to stay valid."""

import json
import os
from typing import Any

import jsonschema
from frictionless import Schema as ReferenceSchema
from hypothesis import given, settings
from hypothesis import strategies as st

from diplodata.comparing.schemas import compare_schemas
from diplodata.errors import ComparisonError

DEEP = bool(os.environ.get("DIPLODATA_DEEP"))

VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 2, 3, 1.5, -1, "", "a", "b", "ab", "abc"]),
    lambda item: (
        st.lists(item, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c", "x_y"]), item, max_size=3)
    ),
    max_leaves=5,
)

SMALL = st.integers(0, 3)
NAMES = st.sampled_from(["a", "b", "c"])
TYPES = st.sampled_from(["null", "boolean", "object", "array", "number", "integer", "string"])


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "additionalProperties": inner,
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "anyOf": st.lists(inner, min_size=1, max_size=2),
        "const": VALUES,
        "contains": inner,
        "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
        "dependentSchemas": st.dictionaries(NAMES, inner, max_size=1),
        "else": inner,
        "enum": st.lists(VALUES, min_size=1, max_size=4, unique_by=lambda item: json.dumps(item, sort_keys=True)),
        "exclusiveMaximum": SMALL,
        "exclusiveMinimum": SMALL,
        "if": inner,
        "items": inner,
        "maxItems": SMALL,
        "maxLength": SMALL,
        "maxProperties": SMALL,
        "maximum": SMALL,
        "minContains": SMALL,
        "minItems": SMALL,
        "minLength": SMALL,
        "minProperties": SMALL,
        "minimum": SMALL,
        "multipleOf": st.sampled_from([1, 2, 4, 0.5]),
        "not": inner,
        "oneOf": st.lists(inner, min_size=1, max_size=2),
        "pattern": st.sampled_from(["^a", "b$", "^[ab]+$"]),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "^x_", "b"]), inner, max_size=2),
        "prefixItems": st.lists(inner, min_size=1, max_size=2),
        "properties": st.dictionaries(NAMES, inner, max_size=2),
        "propertyNames": inner,
        "required": st.lists(NAMES, max_size=2, unique=True),
        "then": inner,
        "title": st.sampled_from(["one", "two"]),
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "unevaluatedProperties": inner,
        "uniqueItems": st.booleans(),
        "$ref": st.sampled_from(["#", "#/$defs/one", "#/$defs/two"]),
    }
    some = st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True)
    return some.flatmap(lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})) | st.booleans()


SCHEMAS = st.recursive(st.booleans() | TYPES.map(lambda name: {"type": name}), _schemas, max_leaves=6)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Return two JSON Schemas, the second often made of the first by a few changes."""
    definitions = {name: draw(SCHEMAS) for name in ("one", "two")}
    old = draw(SCHEMAS)
    new = _changed(draw, old) if draw(st.integers(0, 4)) else draw(SCHEMAS)
    others = definitions | ({"two": _changed(draw, definitions["two"])} if draw(st.booleans()) else {})
    return tuple(
        item if isinstance(item, bool) else {**item, "$defs": defs}
        for item, defs in ((old, definitions), (new, others))
    )


def _changed(draw: st.DrawFn, schema: Any) -> Any:
    if not isinstance(schema, dict) or not schema:
        return draw(SCHEMAS)
    return _changed_keyword(draw, schema)


def _changed_keyword(draw: st.DrawFn, schema: dict[str, Any]) -> Any:
    name = draw(st.sampled_from(sorted(schema)))
    rest = {key: value for key, value in schema.items() if key != name}
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return rest
    if kind == 1:
        extra = draw(SCHEMAS)
        return schema | (extra if isinstance(extra, dict) else {})
    value = schema[name]
    if isinstance(value, bool | dict) and name not in ("const", "uniqueItems"):
        is_map = name in ("properties", "patternProperties", "dependentSchemas")
        if not is_map and name != "dependentRequired":
            return rest | {name: _changed(draw, value)}
        if is_map and value:
            return rest | {name: {key: _changed(draw, item) for key, item in value.items()}}
    if isinstance(value, int | float) and not isinstance(value, bool) and name not in ("const", "multipleOf"):
        return rest | {name: value + draw(st.sampled_from([-1, 1])) if value else 1}
    return rest


def is_schema(schema: Any) -> bool:
    return jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA).is_valid(schema)


def _is_valid(schema: Any, value: Any) -> bool | None:
    try:
        return jsonschema.Draft202012Validator(schema).is_valid(value)
    except RecursionError:  # a schema that refers to itself has no verdict
        return None


@settings(max_examples=6000 if DEEP else 60, deadline=None)
@given(pairs(), st.lists(VALUES, min_size=10, max_size=25))
def test_no_value_is_refused_of_which_it_is_said_that_it_stays_valid(
    schemas: tuple[Any, Any], values: list[Any]
) -> None:
    old, new = schemas
    try:
        found = compare_schemas(old, new)
    except ComparisonError:
        assert not all(is_schema(item) for item in schemas)
        return
    tried = [*values, *(example for _, example in found.examples)]
    for value in tried:
        before, after = _is_valid(old, value), _is_valid(new, value)
        if None in (before, after):
            continue
        if found.forward == "yes":
            assert after or not before, value
        if found.backward == "yes":
            assert before or not after, value
    for way, example in found.examples:
        judged = _is_valid(old, example), _is_valid(new, example)
        assert None in judged or judged == ((True, False) if way == "forward" else (False, True))


CONSTRAINTS: dict[str, st.SearchStrategy[Any]] = {
    "required": st.booleans(),
    "enum": st.lists(st.sampled_from(["1", "2", "a", "-"]), min_size=1, unique=True),
    "minLength": SMALL,
    "maxLength": SMALL,
    "pattern": st.sampled_from(["[0-9]+", "a"]),
}
NUMBERS = {"required": st.booleans(), "minimum": SMALL, "maximum": SMALL}
CELLS = ["", "-", "1", "2", "03", "1.5", "a", "true", "2020-01-01", "1_0", " 1", "abc"]


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["string", "integer", "number", "any", "boolean", "date"]))
    known = {"string": CONSTRAINTS, "integer": NUMBERS, "number": NUMBERS}.get(kind, {"required": st.booleans()})
    names = draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=2))
    field: dict[str, Any] = {"name": "a", "type": kind, "constraints": {name: draw(known[name]) for name in names}}
    return field | ({"missingValues": ["-"]} if draw(st.integers(0, 4)) == 0 else {})


@settings(max_examples=3000 if DEEP else 60, deadline=None)
@given(fields(), fields(), st.booleans())
def test_no_cell_is_refused_of_which_it_is_said_that_it_stays_valid(
    old: dict[str, Any], new: dict[str, Any], near: bool
) -> None:
    if near:
        new = old | {key: new[key] for key in ("constraints",) if new["type"] == old["type"]}
    found = compare_schemas({"fields": [old]}, {"fields": [new]})
    readers = [ReferenceSchema.from_descriptor({"fields": [field]}) for field in (old, new)]
    for cell in CELLS:
        good = [not reader.read_cells([cell])[1][0] for reader in readers]
        if found.forward == "yes":
            assert good[1] or not good[0], cell
        if found.backward == "yes":
            assert good[0] or not good[1], cell
