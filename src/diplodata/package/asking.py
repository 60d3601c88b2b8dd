"""Ask frictionless, the reference, whether a descriptor is valid; it is loaded only when that is in doubt."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diplodata.package import paths, versions
from diplodata.package.dialects import dialect_problems
from diplodata.package.plain.packages import is_package
from diplodata.package.plain.schemas import is_schema
from diplodata.standard import tables

if TYPE_CHECKING:
    from frictionless import Metadata


#: type -> constraints that Table Schema v2 has and the reference does not know.
_BEYOND: Mapping[str, Sequence[str]] = {
    "array": ("jsonSchema",),
    "duration": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "object": ("jsonSchema",),
}


def package_problems(descriptor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (JSON Pointer, problem) for what the reference finds wrong with a descriptor, its schemas aside."""
    asked = package_as_asked(descriptor)
    if not is_package(asked):
        yield from (("", problem) for problem in _problems("Package", asked, "descriptor"))


def schema_problems(descriptor: Mapping[str, Any], *, is_v2: bool) -> Iterator[str]:
    """Yield what the reference finds wrong with a Table Schema.

    Args:
        descriptor: the schema as parsed.
        is_v2: whether the descriptor of the package is one of v2, which alone decides the version.
    """
    asked = schema_as_asked(descriptor, is_v2=is_v2)
    if not is_schema(asked, is_v2=is_v2):
        yield from _problems("Schema", asked, "schema")


def _problems(kind: str, asked: Mapping[str, Any], noun: str) -> Iterator[str]:
    """Show a descriptor to the reference."""
    import frictionless

    judge: type[Metadata] = getattr(frictionless, kind)
    # The reference changes what it is given.
    asked = copy.deepcopy(dict(asked))
    try:
        # Keys of one field may be texts, and a reference to the table itself names no resource.
        judge.metadata_transform(asked)
        errors = list(judge.metadata_validate(asked))
    except frictionless.FrictionlessException as error:
        errors = error.reasons or [error.error]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # The reference stumbles over members of a wrong type; the descriptor is wrong all the same.
        yield f"The {noun} holds a value of a wrong type ({error})."
        return
    yield from (f"{item.note[:1].upper()}{item.note[1:]}." for item in errors)


def package_as_asked(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """Return a descriptor without what is checked elsewhere."""
    asked = {key: value for key, value in descriptor.items() if not _is_apart_of_package(key, value)}
    if isinstance(asked.get("profile"), str):
        asked["profile"] = versions.name_of(asked["profile"])
    if isinstance(asked.get("resources"), list):
        asked["resources"] = [_checked_elsewhere(item) for item in asked["resources"]]
    return asked


def _checked_elsewhere(item: Any) -> Any:
    """Leave out schemas and wrong members of dialects, neutralise unsafe paths: they are said of elsewhere."""
    if not isinstance(item, Mapping):
        return item
    kept = {key: value for key, value in item.items() if not _is_apart(key, value)}
    if isinstance(item.get("schema"), str | Mapping):
        kept["schema"] = {"fields": [{"name": "checked_elsewhere"}]}
    if isinstance(item.get("data"), str) and (item.get("format") or item.get("mediatype")):
        # Data Package v2 allows a text whose format is declared; the reference does not.
        kept["data"] = []
    if isinstance(kept.get("dialect"), Mapping):
        wrong = {key for key, _ in dialect_problems(kept["dialect"])}
        kept["dialect"] = {key: value for key, value in kept["dialect"].items() if key not in wrong}
    if isinstance(kept.get("profile"), str):
        kept["profile"] = versions.name_of(kept["profile"])
    path = kept.get("path")
    if isinstance(path, str):
        kept["path"] = _neutral(path)
    elif isinstance(path, list):
        kept["path"] = [_neutral(part) if isinstance(part, str) else part for part in path]
    return kept


def _is_apart_of_package(key: str, value: Any) -> bool:
    """Whether a member is checked by itself: the reference would fetch an address, or is too lenient."""
    if key == "$schema":
        return not (isinstance(value, str) and value)
    return key == "created" or (key == "profile" and _is_own(value, versions.OF_PACKAGES))


def _is_apart(key: str, value: Any) -> bool:
    """Whether a member is checked by itself, or would make the reference open a file or an address."""
    if key == "schema":
        return isinstance(value, str | Mapping)
    if key == "profile":
        return _is_own(value, versions.OF_RESOURCES)
    # The reference warns of the compression no on standard error.
    return key == "bytes" or (key == "dialect" and isinstance(value, str)) or (key == "compression" and value == "no")


def _is_own(profile: Any, known: tuple[str, ...]) -> bool:
    return isinstance(profile, str) and versions.name_of(profile) not in known


def _neutral(path: str) -> str:
    return path if paths.is_remote(path) or paths.problem(path) is None else "refused.csv"


def schema_as_asked(descriptor: Mapping[str, Any], *, is_v2: bool) -> dict[str, Any]:
    """Leave out what Table Schema v2 has and the reference does not know; it is checked elsewhere."""
    known = {key: value for key, value in descriptor.items() if key != "$schema"}
    known |= {"$schema": tables.TABLE_SCHEMA_PROFILE} if is_v2 else {}
    match = known.get("fieldsMatch")
    if isinstance(match, list) and len(match) == 1:
        known["fieldsMatch"] = match[0]
    if isinstance(known.get("fields"), list):
        known["fields"] = [_field_as_asked(item, is_v2) for item in _distinct(known["fields"])]
    return known


def _distinct(fields: Sequence[Any]) -> Iterator[Any]:
    """Give fields whose name stands twice another one: the name is said of elsewhere (Table Schema v2, name)."""
    seen: set[str] = set()
    for position, item in enumerate(fields):
        name = item.get("name") if isinstance(item, Mapping) else None
        yield {**item, "name": f"{name} at {position}"} if isinstance(name, str) and name in seen else item
        seen |= {name} if isinstance(name, str) else set()


def _field_as_asked(item: Any, is_v2: bool) -> Any:
    constraints = item.get("constraints") if isinstance(item, Mapping) else None
    beyond = _BEYOND.get(str(item.get("type")), ()) if isinstance(constraints, Mapping) else ()
    if not (is_v2 and beyond and constraints):
        return item
    return {**item, "constraints": {key: limit for key, limit in constraints.items() if key not in beyond}}
