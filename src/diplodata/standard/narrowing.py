"""Does a profile only narrow the standard, or add to it? What is valid by the profile is then valid by the standard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diplodata.model.profile import Profile
from diplodata.standard import registry, tables
from diplodata.standard.tables import EXTENSION

#: What a field of a type can be asked.
_KEYWORDS = {
    "string": ("enum", "minLength", "maxLength", "pattern"),
    "integer": ("enum", "minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "boolean": (),
}

#: Members that say what a field is; the standard has said it of its own.
_OF_OWN = ("title", "description", "type")

_IS_TYPE: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str) and value != "",
    "integer": lambda value: isinstance(value, int),
}

#: Keyword -> whether a limit is at least as strict as the standard's.
_AS_STRICT: Mapping[str, Callable[[Any, Any], bool]] = {
    "maxLength": lambda own, standard: own <= standard,
    "maximum": lambda own, standard: own <= standard,
    "minLength": lambda own, standard: own >= standard,
    "minimum": lambda own, standard: own >= standard,
}

Problems = Iterator[tuple[str, str]]


def problems(profile: Profile) -> Problems:
    """Yield (JSON Pointer, problem) wherever a profile widens the standard or says what makes no sense.

    Args:
        profile: a profile in the form of ``profile.schema.json``.
    """
    if profile.standard not in registry.versions():
        known = ", ".join(registry.versions())
        yield "/standard", f"it narrows the standard {profile.standard!r}; this tool knows {known}"
        return
    for table in profile.tables:
        if table not in registry.table_names(profile.standard):
            yield f"/tables/{table}", f"{table!r} is no table of the standard {profile.standard}"
        else:
            yield from _of_table(profile, table)


def _of_table(profile: Profile, table: str) -> Problems:
    known, said = tables.properties(profile.standard, table), profile.fields(table)
    for name, asked in said.items():
        at = f"/tables/{table}/properties/{name}"
        if name in known:
            found = _of_field(name, asked, known[name])
        elif EXTENSION.fullmatch(name):
            found = _of_own_field(name, asked)
        else:
            found = iter([f"{table} has no field {name!r}, and names of other fields begin with x_"])
        yield from ((at, problem) for problem in found)
    for name in profile.required(table):
        if name not in known and name not in said:
            yield f"/tables/{table}/required", f"{table} has no field {name!r} that could be required"


def _of_own_field(name: str, asked: Mapping[str, Any]) -> Iterator[str]:
    absent = [member for member in _OF_OWN if member not in asked]
    if absent:
        yield f"{name} has no {absent[0]}, which a field of the profile's own needs"
        return
    yield from _of_keywords(name, asked, asked["type"])
    yield from _of_bounds(name, asked)
    yield from _of_values(name, asked, {"type": asked["type"]})


def _of_field(name: str, asked: Mapping[str, Any], standard: Mapping[str, Any]) -> Iterator[str]:
    said = [member for member in _OF_OWN if member in asked]
    if said:
        yield f"the {said[0]} of {name} is that of the standard and cannot be changed"
        return
    yield from _of_keywords(name, asked, standard["type"])
    if "pattern" in asked and ("pattern" in standard or "enum" in standard):
        yield f"{name} has its form from the standard; narrow it by enum or by lengths, not by another pattern"
    for keyword, is_as_strict in _AS_STRICT.items():
        if keyword in asked and keyword in standard and not is_as_strict(asked[keyword], standard[keyword]):
            yield f"{name} asks for {keyword} {asked[keyword]}, the standard for {standard[keyword]}: that is wider"
    yield from _of_bounds(name, {**standard, **asked})
    yield from _of_values(name, asked, standard)


def _of_keywords(name: str, asked: Mapping[str, Any], of_type: str) -> Iterator[str]:
    for keyword in asked:
        if keyword not in (*_OF_OWN, *_KEYWORDS.get(of_type, ())):
            kind = "a list, which can only be required" if of_type == "array" else f"of the type {of_type}"
            yield f"{keyword} cannot be asked of {name}: it is {kind}"


def _of_bounds(name: str, asked: Mapping[str, Any]) -> Iterator[str]:
    for least, most in (("minLength", "maxLength"), ("minimum", "maximum")):
        if least in asked and most in asked and asked[least] > asked[most]:
            yield f"{name} asks for {least} {asked[least]} and {most} {asked[most]}, so no value is allowed"


def _of_values(name: str, asked: Mapping[str, Any], standard: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with listed values: each has to be one that the standard allows."""
    is_type = _IS_TYPE.get(standard["type"])
    for value in asked.get("enum", ()):
        if is_type is not None and not (is_type(value) and _is_allowed(value, standard)):
            yield f"the value {value!r} of {name} is none that the standard allows"


def _is_allowed(value: Any, standard: Mapping[str, Any]) -> bool:
    if isinstance(value, str):
        is_of_form = re.search(standard.get("pattern", ""), value) is not None
        return (
            is_of_form
            and value in standard.get("enum", (value,))
            and len(value) <= standard.get("maxLength", len(value))
        )
    return bool(value >= standard.get("minimum", value)) and bool(value <= standard.get("maximum", value))
