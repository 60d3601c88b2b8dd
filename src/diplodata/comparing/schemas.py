"""Compare two schemas: Table Schemas with Table Schemas, JSON Schemas with JSON Schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diplodata.comparing.json_documents import canonical, read_document
from diplodata.comparing.json_schemas import json_schema_changes
from diplodata.comparing.proving import proves
from diplodata.comparing.table_schemas import table_schema_changes
from diplodata.comparing.witnesses import witness
from diplodata.errors import ComparisonError
from diplodata.model.changes import SchemaChange, Step
from diplodata.model.schema_comparison import SchemaComparison, Stays, Verdict


def compare_schemas(old: Any, new: Any, name: str = "") -> SchemaComparison:
    """Say what changed between two schemas, and whether data that are valid by one stay valid by the other.

    Args:
        old: the older schema, as parsed from JSON.
        new: the newer one.
        name: what the two are called.

    Raises:
        ComparisonError: one is a Table Schema and the other is not, or one of them is no schema.
    """
    kinds = [is_table_schema(item) for item in (old, new)]
    if kinds[0] != kinds[1]:
        raise ComparisonError("A Table Schema cannot be compared with a JSON Schema.")
    return _tables(old, new, name) if kinds[0] else _documents(old, new, name)


def is_table_schema(schema: Any) -> bool:
    """Whether a parsed JSON value is a Table Schema (Data Package v2, Table Schema, fields)."""
    return isinstance(schema, Mapping) and isinstance(schema.get("fields"), list)


def _tables(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> SchemaComparison:
    for schema in (old, new):
        if not all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in schema["fields"]):
            raise ComparisonError("A field of a Table Schema is an object with a name.")
    try:
        changes = table_schema_changes(old, new)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ComparisonError(f"A Table Schema cannot be read: {error}.") from error
    effects = {item.effect for item in changes}
    forward = _stays(effects, ("narrowing", "breaking"))
    backward = _stays(effects, ("widening", "breaking"))
    return _comparison(name, "table-schema", changes, (forward, backward), is_equal=canonical(old) == canonical(new))


def _stays(effects: set[Any], refusing: Sequence[str]) -> Stays:
    if effects & set(refusing):
        return "no"
    return "cannot tell" if "cannot tell" in effects else "yes"


def _documents(old: Any, new: Any, name: str) -> SchemaComparison:
    documents = [read_document(item) for item in (old, new)]
    for document in documents:
        if not document.is_schema:
            raise ComparisonError("A schema is no valid JSON Schema of its dialect.")
    pairs = ((documents[0], documents[1]), (documents[1], documents[0]))
    proven = [proves(*pair) for pair in pairs]
    found = [None if is_proven else witness(*pair) for is_proven, pair in zip(proven, pairs, strict=True)]
    stays: list[Stays] = [
        "yes" if is_proven else "cannot tell" if example is None else "no"
        for is_proven, example in zip(proven, found, strict=True)
    ]
    return _comparison(
        name,
        "json-schema",
        tuple(json_schema_changes(old, new)),
        (stays[0], stays[1]),
        is_equal=canonical(old) == canonical(new),
        examples=tuple(_examples(found)),
    )


def _examples(found: Sequence[tuple[Any] | None]) -> Iterator[tuple[str, Any]]:
    for way, example in zip(("forward", "backward"), found, strict=True):
        if example is not None:
            yield way, example[0]


def _comparison(
    name: str,
    kind: str,
    changes: tuple[SchemaChange, ...],
    stays: tuple[Stays, Stays],
    *,
    is_equal: bool,
    examples: tuple[tuple[str, Any], ...] = (),
) -> SchemaComparison:
    verdict = "equal" if is_equal else _verdict(*stays)
    return SchemaComparison(name, kind, verdict, stays[0], stays[1], _step(verdict, stays[1]), changes, examples)


def _verdict(forward: Stays, backward: Stays) -> Verdict:
    if forward == "cannot tell":
        return "cannot tell"
    if forward == "yes":
        return "widening" if backward == "no" else "compatible"
    return "narrowing" if backward == "yes" else "breaking"


def _step(verdict: Verdict, backward: Stays) -> Step:
    if verdict == "equal":
        return "none"
    if verdict == "compatible":
        # Where it cannot be told that nothing more is taken, something may be.
        return "patch" if backward == "yes" else "minor"
    return "minor" if verdict == "widening" else "major"
