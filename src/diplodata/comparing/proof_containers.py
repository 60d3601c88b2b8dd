"""How keywords for objects and arrays are proven: by what the narrow schemas say of each property and item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diplodata.comparing.json_documents import matches
from diplodata.comparing.proof_rules import Proof, Rule, at_least, at_most, same_part
from diplodata.comparing.schema_parts import Part, Parts, limits, number


def _member(part: Part, keyword: str) -> dict[str, Any]:
    found = part.words.get(keyword)
    return found if isinstance(found, dict) else {}


def _said_of(part: Part, name: str) -> Parts:
    """Return what one schema says of a property of that name."""
    named = _member(part, "properties")
    said = [named[name]] if name in named else []
    said += [schema for pattern, schema in _member(part, "patternProperties").items() if matches(pattern, name)]
    if not said and "additionalProperties" in part.words:
        said.append(part.words["additionalProperties"])
    return tuple(part.below(schema) for schema in said)


def _properties(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    if not isinstance(limit, dict):
        return False
    for name, schema in limit.items():
        said = tuple(found for part in narrow for found in _said_of(part, name))
        if not proof.smaller(said, wide.below(schema)):
            return False
    return True


def _patterns(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    """Every schema of a pattern is met: by that of the same pattern, or by all that properties can be."""
    if not isinstance(limit, dict):
        return False
    for pattern, schema in limit.items():
        same = tuple(
            part.below(_member(part, "patternProperties")[pattern])
            for part in narrow
            if pattern in _member(part, "patternProperties")
        )
        met = same and proof.smaller(same, wide.below(schema))
        if not met and not any(_all_meet(proof, part, wide.below(schema), ()) for part in narrow):
            return False
    return True


def _additional(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    named, patterns = _member(wide, "properties"), _member(wide, "patternProperties")
    return any(_all_meet(proof, part, wide.below(limit), (*named,), patterns) for part in narrow) or (
        # Without a word on objects, any property can be there.
        not narrow and proof.smaller((), wide.below(limit))
    )


def _all_meet(
    proof: Proof, part: Part, wanted: Part, without: tuple[str, ...], patterns: Mapping[str, Any] | None = None
) -> bool:
    """Whether all that properties can be by one schema meets another one, apart from names that it does not ask of."""
    known = _member(part, "patternProperties")
    for name, schema in _member(part, "properties").items():
        is_asked = name not in without and not any(matches(pattern, name) for pattern in patterns or {})
        if is_asked and not proof.smaller((part.below(schema),), wanted):
            return False
    for pattern, schema in known.items():
        # Names of a pattern that both sides have are not asked of.
        if pattern not in (patterns or {}) and not proof.smaller((part.below(schema),), wanted):
            return False
    return proof.smaller((part.below(part.words.get("additionalProperties", True)),), wanted)


def _required(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
    return isinstance(limit, list) and set(map(str, limit)) <= set(_needed(narrow))


def _needed(narrow: Parts) -> Iterator[str]:
    for part in narrow:
        names = part.words.get("required")
        yield from (str(name) for name in names) if isinstance(names, list) else ()


def _dependent_required(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
    if not isinstance(limit, dict):
        return False
    for name, others in limit.items():
        have = set(_needed(narrow))
        for part in narrow:
            have.update(map(str, _member(part, "dependentRequired").get(name, ())))
        if not set(map(str, others)) <= have:
            return False
    return True


def _dependent_schemas(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    if not isinstance(limit, dict):
        return False
    for name, schema in limit.items():
        own = tuple(
            part.below(_member(part, "dependentSchemas")[name])
            for part in narrow
            if name in _member(part, "dependentSchemas")
        )
        if not proof.takes((*narrow, *own), wide.below(schema)):
            return False
    return True


def _min_properties(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    wanted = number(limit)
    return at_least("minProperties")(proof, narrow, wide, limit) or (
        wanted is not None and len(set(_needed(narrow))) >= wanted
    )


def _property_names(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    own = tuple(part.below(part.words["propertyNames"]) for part in narrow if "propertyNames" in part.words)
    text = wide.below({"type": "string"})
    return proof.smaller((*own, text), wide.below(limit))


def _firsts(part: Part) -> list[Any]:
    found = part.words.get("prefixItems")
    return found if isinstance(found, list) else []


def _rest(part: Part) -> Part:
    """Return what one schema says of items behind the first ones."""
    found = part.words.get("items", True)
    return part.below(found if isinstance(found, dict | bool) else True)


def _said_at(part: Part, place: int) -> Part:
    firsts = _firsts(part)
    return part.below(firsts[place]) if place < len(firsts) else _rest(part)


def _first_items(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    if not isinstance(limit, list):
        return False
    return all(
        proof.smaller(tuple(_said_at(part, place) for part in narrow), wide.below(schema))
        for place, schema in enumerate(limit)
    )


def _items(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    if not isinstance(limit, dict | bool):
        return False
    start = len(_firsts(wide))
    if any(most <= start for most in limits(narrow, "maxItems")):
        return True
    end = max([start, *(len(_firsts(part)) for part in narrow)])
    return all(
        proof.smaller(tuple(_said_at(part, place) for part in narrow), wide.below(limit))
        for place in range(start, end + 1)
    )


def _unique(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
    is_unique = any(part.words.get("uniqueItems") is True for part in narrow)
    return limit is False or is_unique or any(most <= 1 for most in limits(narrow, "maxItems"))


def _contains(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    least = number(wide.words.get("minContains", 1))
    if "maxContains" in wide.words or least is None:
        return False
    if least <= 0:
        return True
    own = tuple(part for part in narrow if (number(part.words.get("minContains", 1)) or 0) >= least)
    return same_part("contains")(proof, own, wide, limit)


#: Keyword -> how it is proven.
RULES: Mapping[str, Rule] = {
    "additionalProperties": _additional,
    "contains": _contains,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "items": _items,
    "maxProperties": at_most("maxProperties"),
    "minProperties": _min_properties,
    "patternProperties": _patterns,
    "prefixItems": _first_items,
    "properties": _properties,
    "propertyNames": _property_names,
    "required": _required,
    "uniqueItems": _unique,
}
