"""Is a document valid by the JSON Schema of its version? jsonschema-rs decides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from diplodata.standard import export, registry
from diplodata.strict_json import SAFE

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

__all__ = ["decider", "quick_decider", "version_of"]


def version_of(value: Any) -> str | None:
    """Return the version of the standard that a document declares; None when it is unknown."""
    declared = value.get("diplodata") if isinstance(value, dict) else None
    version = declared.get("standard") if isinstance(declared, dict) else None
    return version if isinstance(version, str) and version in registry.versions() else None


#: Keywords that nothing is asked by.
_ANNOTATIONS = ("description", "examples", "title")


@cache
def decider(version: str, kind: str) -> Draft202012Validator:
    """Return what decides about documents of a kind: ``bundle`` or ``nested``."""
    return _validator(export.as_json_schema(version, kind))


@cache
def quick_decider(version: str, kind: str) -> Draft202012Validator:
    """Return what takes only documents in which no other check could find anything.

    * It takes no ``package``, no profile, no extension columns and no number that a double does not hold, so that a
      document that it takes need not be gone through in Python.
    """
    schema = export.as_json_schema(version, kind)
    quick: dict[str, Any] = _quick(schema, schema["$defs"])
    del quick["properties"]["package"]
    del quick["properties"]["diplodata"]["properties"]["profile"]
    return _validator(quick)


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator, RegexOptions

    # This engine knows no look-around and no back-references, which the standard does not use, and takes linear time.
    patterns = RegexOptions()
    return Draft202012Validator(schema, validate_formats=True, retriever=_retrieve, pattern_options=patterns)


def _retrieve(address: str) -> Any:
    """Refuse to fetch anything."""
    raise ValueError(f"{address} is not fetched")


def _quick(schema: Any, shared: Mapping[str, Any]) -> Any:
    """Return a copy without extension columns, in which whole numbers are safe, and references are put in."""
    if isinstance(schema, list):
        return [_quick(item, shared) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _quick(item, shared) for key, item in schema.items() if key != "patternProperties"}
    reference = copy.get("$ref")
    if isinstance(reference, str):
        referred = _quick(shared[reference.removeprefix("#/$defs/")], shared)
        # A keyword that stands at both places is asked at both.
        is_plain = not {key for key in referred.keys() & copy.keys() if key not in _ANNOTATIONS}
        copy = {**referred, **copy} if is_plain else {**copy, "allOf": [referred]}
        del copy["$ref"]
    if copy.get("type") == "integer":
        copy["maximum"] = min(SAFE, copy.get("maximum", SAFE))
        copy["minimum"] = max(-SAFE, copy.get("minimum", -SAFE))
    return copy
