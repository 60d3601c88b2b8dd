"""What the quick look accepts, the reference accepts: random descriptors, most of them nearly right, are shown to both."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Mapping
from typing import Any

import frictionless
import pytest
from frictionless import fields as reference_fields
from frictionless.formats import CsvControl
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from diplodata.package import asking
from diplodata.package.plain import packages, schemas

#: Values of every kind, for members that expect one of them.
ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.0, 1.5, "", "x", "a b", "A", "é", "x\n", "no", "table", "$HOME/a.csv", "../a.csv"),
    *(
        [],
        [1],
        ["x"],
        ["x", "x"],
        [None],
        [{}],
        [[]],
        {},
        {"value": "-"},
        {"name": "x"},
        {"fields": []},
        {"fields": {}},
    ),
    *("https://example.org", "http://[", "md5:00", "sha256:00", "fmt:%Y", "string", "exact", "tabular-data-resource"),
]

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
NAMES = ["id", "a", "b", "A b", "é"]
TYPES = ["string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "duration"]
TYPES += ["object", "array", "list", "geopoint", "geojson", "any"]


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values).map(copy.deepcopy)


@st.composite
def objects(draw: st.DrawFn, members: Mapping[str, Any], needed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Draw an object with some of the members; one in a while gets a value of a wrong kind, or is left out."""
    chosen = draw(st.lists(st.sampled_from(sorted(members)), max_size=4, unique=True))
    result = {name: draw(strategy) for name, strategy in (needed or {}).items()}
    result |= {name: draw(members[name]) for name in chosen}
    if result and draw(st.integers(0, 24)) == 0:
        name = draw(st.sampled_from(sorted(result)))
        if draw(st.booleans()):
            del result[name]
        else:
            result[name] = draw(one_of(*ODD))
    if draw(st.integers(0, 39)) == 0:
        result[draw(st.sampled_from(EVERY_MEMBER))] = draw(one_of(*ODD))
    return result


#: Every member to which the reference gives a meaning, in any place, and some that it does not know.
EVERY_MEMBER = sorted(
    {*packages.PACKAGE, *packages.RESOURCE, *packages.DIALECT, *schemas.SCHEMA, *schemas.FIELD, "uniqueKeys", "x"}
)

TEXTS = one_of("a text", "Ünïcode", "")
EMAILS = one_of("ann@example.org", "a.b-c@mail.example.co", "ann", "a@localhost", "ann@exämple.org", "", "a_b@x9.info")
LICENCES = st.lists(objects({"title": TEXTS, "path": TEXTS}, {"name": TEXTS}), max_size=2)
PEOPLE = st.lists(objects({"title": TEXTS, "email": EMAILS, "path": TEXTS, "roles": one_of(["x"])}), max_size=2)
ABOUT = {"title": TEXTS, "description": TEXTS, "licenses": LICENCES, "sources": PEOPLE, "contributors": PEOPLE}

MISSING = one_of([], [""], ["", "-"], ["-", "-"], [{"value": "-"}], [{"value": "-", "label": "x"}, {"value": ""}])
REPEATED = one_of([{"value": "-", "label": "x"}, {"value": "", "label": "x"}], [{"value": "-"}, {"value": "-"}])
LIMITS: Mapping[str, Any] = {
    **dict.fromkeys(("required", "unique"), one_of(True, False)),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), one_of(1, "2020-01-01", 2.5)),
    **dict.fromkeys(("minLength", "maxLength"), one_of(0, 3)),
    "enum": one_of(["a", "b"], [1, 2], []),
    "pattern": one_of("[a-z]+", "("),
    "jsonSchema": one_of({}),
}

FIELDS = objects(
    {
        "title": TEXTS,
        "description": TEXTS,
        "rdfType": TEXTS,
        "format": one_of("default", "email", "uri", "any", "array", "topojson", "%Y-%m-%d", "fmt:%Y", "uuid"),
        "constraints": objects(LIMITS),
        "missingValues": MISSING | REPEATED,
        "example": one_of("a", "b", 1, 2, "1", "2020-01-01", True, 2.5, "", {}),
        "bareNumber": one_of(True, False),
        "decimalChar": one_of(",", "."),
        "groupChar": one_of(","),
        "trueValues": one_of(["yes"], []),
        "categories": one_of(["a"]),
        "delimiter": one_of(";"),
        "itemType": one_of("string", "integer", "date", "year"),
    },
    {"type": st.sampled_from(TYPES)},
)
KEYS = one_of("id", ["id"], "a", ["a"], ["a", "id"], [], "", ["z"])
REFERENCES = objects({"resource": one_of("", "t", "other")}, {"fields": KEYS})


@st.composite
def field_lists(draw: st.DrawFn) -> list[Any]:
    found = draw(st.lists(FIELDS, min_size=1, max_size=4))
    names = NAMES if draw(st.integers(0, 9)) else ["a"] * len(found)
    found = [draw(supported(item)) for item in found]
    return [{"name": name, **item} for name, item in zip(names, found, strict=False)]


@st.composite
def supported(draw: st.DrawFn, item: dict[str, Any]) -> dict[str, Any]:
    """Leave out, most of the time, the constraints and the example that the type does not take."""
    allowed = [*schemas._CONSTRAINTS.get(str(item.get("type")), ()), "unique"]
    if not draw(st.integers(0, 3)) or not isinstance(item.get("constraints", {}), dict):
        return item
    constraints = {key: limit for key, limit in item.get("constraints", {}).items() if key in allowed}
    return {key: value for key, value in item.items() if key != "example"} | {"constraints": constraints}


SCHEMAS = objects(
    {
        "name": one_of("table", "a b"),
        "title": TEXTS,
        "fieldsMatch": one_of("exact", "equal", "subset", "superset", "partial", "other"),
        "missingValues": MISSING | REPEATED,
        "primaryKey": KEYS,
        "foreignKeys": st.lists(objects({"x": TEXTS}, {"fields": KEYS, "reference": REFERENCES}), max_size=2),
        "uniqueKeys": one_of([["id"]]),
    },
    {"fields": field_lists()},
)
DIALECTS = objects(
    {
        "delimiter": one_of(",", ";"),
        "header": one_of(True, False),
        "headerRows": one_of([1], [1, 2], []),
        "commentChar": one_of("#"),
        "skipInitialSpace": one_of(True),
        "csv": one_of({"delimiter": ","}, 1),
        "name": one_of("x", "X y"),
        "$schema": one_of("https://datapackage.org/profiles/2.0/tabledialect.json"),
    }
)
PATHS = one_of("a.csv", "data/a.csv", ["a.csv", "b.csv"], "https://example.org/data/a.csv", "a b.csv", "http://x/$a")
RESOURCES = objects(
    {
        **ABOUT,
        "format": one_of("csv", "parquet"),
        "mediatype": one_of("text/csv"),
        "encoding": one_of("utf-8", "latin-1"),
        "bytes": one_of(0, 12),
        "hash": one_of("00", "md5:00", "sha256:ff", "sha1:00", ":"),
        "compression": one_of("gz", "no"),
        "dialect": DIALECTS,
        "schema": SCHEMAS | one_of("schema.json"),
        "type": one_of("table", "file", "x"),
        "profile": one_of("data-resource", "tabular-data-resource"),
        "data": one_of([], [{"a": 1}], {}, "a,b"),
    },
    {"name": one_of("t", "u", "v-1", "w", "x", "y", "z", "W x"), "path": PATHS},
)
PACKAGES = objects(
    {
        **ABOUT,
        "name": one_of("small", "two words", "ünï"),
        "homepage": TEXTS,
        "image": TEXTS,
        "keywords": one_of(["a"], []),
        "version": one_of("1.0.0"),
        "created": one_of("2020-01-01T00:00:00Z"),
        "profile": one_of("data-package", "tabular-data-package"),
        "$schema": one_of(V2, V2.replace("2.0", "1.0"), "https://example.org/own.json"),
        "x": one_of(None, 1),
    },
    {"resources": st.lists(RESOURCES, max_size=3)},
)


def refused(kind: Any, descriptor: Mapping[str, Any]) -> list[str]:
    """Return what the reference has against a descriptor."""
    asked = copy.deepcopy(dict(descriptor))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            kind.metadata_transform(asked)
            return [error.note for error in kind.metadata_validate(asked)]
        except frictionless.FrictionlessException as error:
            return [error.error.note]
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            return [repr(error)]


#: Many examples, as each is quick: 400, and the more in a deep run.
MANY = settings(max_examples=16 * settings.default.max_examples, suppress_health_check=list(HealthCheck))


@MANY
@given(PACKAGES)
def test_a_package_that_is_plainly_right_is_right_for_the_reference(descriptor: dict[str, Any]) -> None:
    asked = asking.package_as_asked(descriptor)
    is_plain = packages.is_package(asked)
    event(f"plain: {is_plain}")
    if is_plain:
        assert refused(frictionless.Package, asked) == []


@MANY
@given(SCHEMAS, st.booleans())
def test_a_schema_that_is_plainly_right_is_right_for_the_reference(descriptor: dict[str, Any], is_v2: bool) -> None:
    asked = asking.schema_as_asked(descriptor, is_v2=is_v2)
    is_plain = schemas.is_schema(asked, is_v2=is_v2)
    event(f"plain: {is_plain}")
    if is_plain:
        assert refused(frictionless.Schema, asked) == []


def properties(kind: Any) -> set[str]:
    """Return the members to which the reference gives a meaning."""
    patch = getattr(kind, "metadata_profile_patch", None) or {}
    return {*kind.metadata_profile["properties"], *patch.get("properties", {})}


FIELD_CLASSES = [item for item in vars(reference_fields).values() if isinstance(item, type)]


@pytest.mark.parametrize(
    ("kinds", "known"),
    [
        ([frictionless.Package], packages.PACKAGE),
        ([frictionless.Resource], packages.RESOURCE),
        ([frictionless.Dialect], packages.DIALECT),
        ([frictionless.Schema], schemas.SCHEMA),
        (FIELD_CLASSES, schemas.FIELD),
    ],
)
def test_every_member_that_the_reference_knows_is_looked_at(kinds: list[Any], known: Mapping[str, Any]) -> None:
    assert set().union(*map(properties, kinds)) <= set(known)


def test_csv_members_of_a_dialect_are_checked_by_hand() -> None:
    from diplodata.package.dialects import _DIALECT

    assert properties(CsvControl) - {"name", "type", "title", "description"} <= set(_DIALECT)


@pytest.mark.parametrize("kind", FIELD_CLASSES)
def test_constraints_are_those_of_the_reference(kind: Any) -> None:
    assert set(kind.supported_constraints) == set(schemas._CONSTRAINTS[kind.type])


def test_what_most_packages_have_is_plain() -> None:
    field = {"name": "id", "type": "integer", "title": "Id", "constraints": {"required": True, "minimum": 1}}
    schema = {"fields": [field], "primaryKey": "id", "missingValues": ["", "NA"]}
    item = {"name": "t", "path": "data/t.csv", "type": "table", "format": "csv", "encoding": "utf-8", "bytes": 12}
    item |= {"hash": "sha256:00", "schema": schema, "dialect": {"delimiter": ";"}, "profile": "tabular-data-resource"}
    about = {"name": "small", "created": "2020-01-01T00:00:00Z", "keywords": ["a"], "profile": "tabular-data-package"}
    people = {"contributors": [{"title": "Ann", "email": "ann@example.org"}], "licenses": [{"name": "CC0-1.0"}]}
    package = {**about, **people, "resources": [item, {**item, "name": "u"}]}
    assert packages.is_package(asking.package_as_asked(package))
    assert packages.is_package(asking.package_as_asked(package | {"$schema": V2}))
    assert schemas.is_schema(asking.schema_as_asked(schema, is_v2=False), is_v2=False)
