"""Foreign keys that can never hold: they name a field that is not there, or compare values that are never equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from diplodata.model.package import Resource
from diplodata.model.schema import ForeignKey
from diplodata.package.gathering import Reading

#: Types whose values are compared with each other; values of other types equal only values of their own type.
_COMPARED: Mapping[str, str] = {"integer": "number", "year": "number", "list": "array"}


def settled(resources: Sequence[Resource], reading: Reading) -> tuple[Resource, ...]:
    """Report foreign keys that mean nothing, and return the resources without them, so that each is said of once."""
    by_name = {resource.name: resource for resource in resources}
    return tuple(_settled(resource, by_name, reading) for resource in resources)


def _settled(resource: Resource, by_name: Mapping[str, Resource], reading: Reading) -> Resource:
    schema = resource.schema
    if schema is None or not schema.foreign_keys:
        return resource
    problems = {key: _problem(resource, key, by_name.get(key.resource or resource.name)) for key in schema.foreign_keys}
    for key, problem in problems.items():
        if problem is not None:
            reading.say("schema-error", details={"problem": problem}, resource=resource.name, fields=key.fields)
    kept = tuple(key for key in schema.foreign_keys if problems[key] is None)
    return resource if kept == schema.foreign_keys else replace(resource, schema=replace(schema, foreign_keys=kept))


def _problem(child: Resource, key: ForeignKey, parent: Resource | None) -> str | None:
    """Say why a foreign key means nothing; None when it may hold, or when nobody knows the fields of the parent."""
    if child.schema is None or parent is None or parent.schema is None:
        return None
    for name, other in zip(key.fields, key.reference_fields, strict=True):
        here, there = child.schema.field(name), parent.schema.field(other)
        if there is None:
            return f"{child.name}.{name} refers to {parent.name}.{other}, which is no field of {parent.name}."
        if here is not None and not _are_comparable(here.type, there.type):
            return (
                f"{child.name}.{name} is of the type {here.type} and refers to {parent.name}.{other}, which is of the "
                f"type {there.type}; their values are never equal."
            )
    return None


def _are_comparable(one: str, other: str) -> bool:
    return "any" in (one, other) or _COMPARED.get(one, one) == _COMPARED.get(other, other)
