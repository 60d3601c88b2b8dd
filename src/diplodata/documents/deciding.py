"""Is a document valid by the JSON Schema of its version? jsonschema-rs decides."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from diplodata.documents.strictness import SAFE
from diplodata.standard import export, registry

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

__all__ = ["decider", "quick_decider", "version_of"]


def version_of(value: Any) -> str | None:
    """Return the version of the standard that a document declares; None when it is unknown."""
    declared = value.get("diplodata") if isinstance(value, dict) else None
    version = declared.get("standard") if isinstance(declared, dict) else None
    return version if isinstance(version, str) and version in registry.versions() else None


@cache
def decider(version: str, kind: str) -> Draft202012Validator:
    """Return what decides about documents of a kind: ``bundle`` or ``nested``."""
    return _validator(export.as_json_schema(version, kind))


@cache
def quick_decider(version: str, kind: str) -> Draft202012Validator:
    """Return what takes only documents in which no other check could find anything.

    * It takes no ``package``, no extension columns and no number that a double does not hold, so that a document
      that it takes need not be gone through in Python.
    """
    schema = _strict(export.as_json_schema(version, kind))
    del schema["properties"]["package"]
    return _validator(schema)


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(schema, validate_formats=True, retriever=_retrieve)


def _retrieve(address: str) -> Any:
    """Refuse to fetch anything."""
    raise ValueError(f"{address} is not fetched")


def _strict(schema: Any) -> Any:
    """Return a copy without extension columns, in which whole numbers are safe."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _strict(item) for key, item in schema.items() if key != "patternProperties"}
    if copy.get("type") == "integer":
        copy["maximum"] = min(SAFE, copy.get("maximum", SAFE))
        copy["minimum"] = max(-SAFE, copy.get("minimum", -SAFE))
    return copy
