"""``diplodata schema diff``: what is said of pairs of schemas that people change, and how."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from diplodata.cli.root import root
from diplodata.comparing.named_schemas import compare_named
from diplodata.comparing.schemas import compare_schemas
from diplodata.errors import ComparisonError, UsageError
from diplodata.standard import export

TEXT: dict[str, Any] = {"type": "string"}
OBJECT: dict[str, Any] = {"type": "object", "properties": {"a": TEXT}, "required": ["a"]}
CLOSED = OBJECT | {"additionalProperties": False}


def tree(name: str, value: str) -> dict[str, Any]:
    node = {"type": "object", "properties": {"below": {"$ref": f"#/$defs/{name}"}, "value": {"type": value}}}
    return {"$ref": f"#/$defs/{name}", "$defs": {name: node}}


def table(*fields: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"fields": list(fields), **members}


A, B = {"name": "a", "type": "string"}, {"name": "b", "type": "string"}
MUST = {"constraints": {"required": True}}

#: What changed -> older schema, newer schema, verdict, step.
PAIRS: dict[str, tuple[Any, Any, str, str]] = {
    "nothing": (OBJECT, dict(reversed(OBJECT.items())), "equal", "none"),
    "words": (TEXT, TEXT | {"title": "Text"}, "compatible", "patch"),
    "the same in other words": (
        {"type": ["string", "null"]},
        {"anyOf": [{"type": "null"}, TEXT]},
        "compatible",
        "patch",
    ),
    "a definition of its own": (TEXT, {"$ref": "#/$defs/t", "$defs": {"t": TEXT}}, "compatible", "patch"),
    "one type more": (TEXT, {"type": ["string", "null"]}, "widening", "minor"),
    "a number instead of an integer": ({"type": "integer"}, {"type": "number"}, "widening", "minor"),
    "codes more": ({"enum": ["a"]}, {"enum": ["a", "b"]}, "widening", "minor"),
    "codes less": ({"enum": ["a", "b"]}, {"enum": ["a"]}, "narrowing", "major"),
    "other codes": ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, "breaking", "major"),
    "any text instead of codes": ({"enum": ["a"]}, TEXT, "widening", "minor"),
    "a lower bound": (
        {"minimum": 3, "type": "integer"},
        {"exclusiveMinimum": 2, "type": "integer"},
        "compatible",
        "minor",
    ),
    "a bound as strict": ({"exclusiveMinimum": 3}, {"minimum": 3}, "widening", "minor"),
    "longer texts": (TEXT | {"maxLength": 3}, TEXT | {"maxLength": 5}, "widening", "minor"),
    "a pattern": (TEXT | {"pattern": "^a"}, TEXT | {"pattern": "^[ab]"}, "cannot tell", "major"),
    "an optional property of a closed object": (
        CLOSED,
        CLOSED | {"properties": {"a": TEXT, "b": TEXT}},
        "widening",
        "minor",
    ),
    "an optional property of an open object": (
        OBJECT,
        OBJECT | {"properties": {"a": TEXT, "b": TEXT}},
        "narrowing",
        "major",
    ),
    "a property that must be there": (
        CLOSED,
        CLOSED | {"properties": {"a": TEXT, "b": TEXT}, "required": ["a", "b"]},
        "breaking",
        "major",
    ),
    "an object that is closed": (OBJECT, CLOSED, "narrowing", "major"),
    "a tree": (tree("node", "integer"), tree("knot", "number"), "widening", "minor"),
    "shorter lists": (
        {"type": "array", "items": TEXT, "maxItems": 3},
        {"type": "array", "items": TEXT, "maxItems": 2},
        "narrowing",
        "major",
    ),
    "an unknown dialect": (
        {"$schema": "https://example.org/dialect", "type": "string"},
        {"$schema": "https://example.org/dialect"},
        "cannot tell",
        "major",
    ),
    "a reference to another file": ({"$ref": "a.json"}, {"$ref": "b.json"}, "cannot tell", "major"),
    "table: nothing": (table(A), table(A), "equal", "none"),
    "table: words": (table(A), table(A | {"title": "A"}), "compatible", "patch"),
    "table: an optional field": (table(A), table(A, B), "widening", "minor"),
    "table: a field that must have a value": (table(A), table(A, B | MUST), "breaking", "major"),
    "table: a field less": (table(A, B), table(A), "narrowing", "major"),
    "table: an optional field where columns may be beside": (
        table(A, fieldsMatch="subset"),
        table(A, {"name": "b", "type": "integer"}, fieldsMatch="subset"),
        "narrowing",
        "major",
    ),
    "table: a value that must be there": (table(A), table(A | MUST), "narrowing", "major"),
    "table: another type": (table(A), table({"name": "a", "type": "integer"}), "narrowing", "major"),
    "table: a date": (
        table({"name": "a", "type": "date"}),
        table({"name": "a", "type": "year"}),
        "cannot tell",
        "major",
    ),
    "table: a reference": (
        table(A),
        table(A, foreignKeys=[{"fields": "a", "reference": {"resource": "b", "fields": "id"}}]),
        "narrowing",
        "major",
    ),
    "table: no key any more": (table(A, primaryKey="a"), table(A), "widening", "minor"),
    "table: a missing value more": (table(A), table(A, missingValues=["", "-"]), "widening", "minor"),
    "table: a missing value more where one must be": (
        table(A | MUST),
        table(A | MUST, missingValues=["", "-"]),
        "cannot tell",
        "major",
    ),
}


@pytest.mark.parametrize("what", PAIRS)
def test_verdict_and_step(what: str) -> None:
    old, new, verdict, step = PAIRS[what]
    found = compare_schemas(old, new)
    assert (found.verdict, found.step) == (verdict, step)
    assert bool(found.changes) == (json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True))
    back = compare_schemas(new, old)
    assert (back.forward, back.backward) == (found.backward, found.forward)


def test_every_verdict_has_a_pair() -> None:
    verdicts = {verdict for _, _, verdict, _ in PAIRS.values()}
    assert verdicts == {"equal", "compatible", "widening", "narrowing", "breaking", "cannot tell"}


def test_an_example_shows_what_is_refused() -> None:
    found = compare_schemas({"enum": ["a", "b"]}, {"enum": ["a"]})
    assert found.examples == (("forward", "b"),)


def test_a_new_field_of_the_standard_is_a_minor_step() -> None:
    old = export.as_json_schema("1.0", "meetings")
    new = copy.deepcopy(old)
    new["properties"]["access"] = {"type": "string", "minLength": 1}
    found = compare_schemas(old, new)
    assert (found.verdict, found.step) == ("widening", "minor")
    del new["properties"]["city"]
    assert compare_schemas(old, new).verdict == "breaking"


@pytest.mark.parametrize(
    ("old", "new"), [(OBJECT, table(A)), (3, OBJECT), ({"type": "texts"}, OBJECT), (table({}), table(A))]
)
def test_what_is_no_pair_of_schemas_is_refused(old: Any, new: Any) -> None:
    with pytest.raises(ComparisonError):
        compare_schemas(old, new)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(root, ["schema", "diff", *map(str, arguments)])


def test_the_command_takes_files_and_names(tmp_path: Path) -> None:
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, schema in zip(paths, (CLOSED, OBJECT), strict=True):
        path.write_text(json.dumps(schema), encoding="utf-8")
    done = run(*paths)
    assert done.exit_code == 1
    assert done.stdout.startswith("widening: all data stay valid, and more is taken.\n")
    data = json.loads(run(*paths, "--format", "json").stdout)
    assert (data["step"], data["schemas"][0]["verdict"]) == ("minor", "widening")
    assert run("1.0/meetings", "meetings").exit_code == 0
    with pytest.raises(UsageError, match="no file, and no version"):
        compare_named("9.9", "1.0")
    with pytest.raises(UsageError, match="whole version"):
        compare_named("1.0", paths[0])
    paths[1].write_text('{"a": 1, "a": 2}', encoding="utf-8")
    with pytest.raises(ComparisonError, match="not strict JSON"):
        compare_named(*paths)


def test_hostile_schemas_stay_data() -> None:
    from diplodata.model.schema_comparison import SchemaSetComparison
    from diplodata.render.changes.schema_comparisons import as_json, as_text
    from render.made import PAYLOADS

    for payload in PAYLOADS.values():
        text = payload[:5000]
        pair = {"title": text, "enum": [text]}, {"title": f"{text}!", "enum": [f"{text}!"], "properties": {text: {}}}
        # A lone surrogate is no text of strict JSON, and is never read from a file.
        found = [] if "surrogate" in text or "\ud800" in text else [compare_schemas(*pair, text)]
        whole = SchemaSetComparison(text, text, tuple(found), (text,), (text,))
        shown = as_text(whole)
        assert all(char.isprintable() or char == "\n" for char in shown)
        assert not [line for line in shown.splitlines() if line.lstrip().startswith("::") or "##[" in line]
        assert as_json(whole).isascii()
        assert json.loads(as_json(whole))["removed"] == [json.loads(as_json(whole))["old"]]


def test_two_versions_are_compared_schema_by_schema() -> None:
    found = compare_named("1.0", "1.0")
    assert found.equal
    assert {"meetings", "bundle", "nested", "datapackage"} <= {item.name for item in found.schemas}
    assert run("1.0", "1.0").stdout == "Equal: 1.0 → 1.0. No new version is asked for.\n"
