"""How keywords of a JSON Schema are proven to hold for all values that other schemas take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from diplodata.comparing.json_documents import canonical
from diplodata.comparing.schema_parts import ALL_TYPES, Part, Parts, is_same, limits, number, types_declared, types_of


class Proof(Protocol):
    """A proof under way."""

    def takes(self, narrow: Parts, wide: Part) -> bool:
        """Whether what all of the narrow schemas take is proven to be taken by the wide one."""
        ...

    def smaller(self, narrow: Parts, wide: Part) -> bool:
        """As ``takes``, of values that are a part of the value at hand."""
        ...


#: From the proof, the narrow schemas, the wide one and the limit of its keyword to whether the keyword is proven.
Rule = Callable[[Proof, Parts, Part, Any], bool]


def _type_rule(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
    return types_of(narrow) <= types_declared(limit)


def _never_rule(_: Proof, __: Parts, ___: Part, ____: Any) -> bool:
    return False


def at_least(*keywords: str, strict: str | None = None) -> Rule:
    """Return the rule of a keyword that says how much there must be."""

    def rule(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
        wanted = number(limit)
        if wanted is None:
            return False
        if wanted <= 0 and keywords[0].startswith("min") and keywords[0] != "minimum":
            return True
        found = [item for keyword in keywords for item in limits(narrow, keyword)]
        beyond = [*limits(narrow, strict)] if strict else []
        return any(item >= wanted for item in found) or any(item > wanted for item in beyond)

    return rule


def at_most(*keywords: str, strict: str | None = None) -> Rule:
    """Return the rule of a keyword that says how much there may be."""

    def rule(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
        wanted = number(limit)
        if wanted is None:
            return False
        found = [item for keyword in keywords for item in limits(narrow, keyword)]
        beyond = [*limits(narrow, strict)] if strict else []
        return any(item <= wanted for item in found) or any(item < wanted for item in beyond)

    return rule


def _same(keyword: str) -> Rule:
    def rule(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
        return any(canonical(part.words[keyword]) == canonical(limit) for part in narrow if keyword in part.words)

    return rule


def _multiple(_: Proof, narrow: Parts, __: Part, limit: Any) -> bool:
    wanted = number(limit)
    if wanted is None or wanted <= 0:
        return False
    if wanted == 1 and not types_of(narrow) & {"fraction"}:
        return True
    # Multiples of fractions are not judged alike by all validators.
    whole = [item for item in limits(narrow, "multipleOf") if item.denominator == wanted.denominator == 1]
    return any(item % wanted == 0 for item in whole) or _same("multipleOf")(_, narrow, __, limit)


def same_part(keyword: str) -> Rule:
    """Return the rule that a narrow schema has to say the very same."""

    def rule(_: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
        own = [part.below(part.words[keyword]) for part in narrow if keyword in part.words]
        return any(is_same(item, wide.below(limit)) for item in own)

    return rule


def _reference(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    target = wide.document.target(limit)
    if target is not None:
        return proof.takes(narrow, wide.below(target))
    # The same address outside is the same schema.
    is_outside = isinstance(limit, str) and "://" in limit
    return is_outside and any(part.words.get("$ref") == limit for part in narrow)


def _all_of(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    return isinstance(limit, list) and all(proof.takes(narrow, wide.below(item)) for item in limit)


def _any_of(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    if not isinstance(limit, list):
        return False
    if any(proof.takes(narrow, wide.below(item)) for item in limit):
        return True
    types = types_of(narrow)
    if len(types) < 2 or types == ALL_TYPES:
        return False
    names = [["integer"] if name == "integer" else ["number"] if name == "fraction" else [name] for name in types]
    return all(
        any(proof.takes((*narrow, wide.below({"type": name})), wide.below(item)) for item in limit) for name in names
    )


def _not(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    refused = [part.below(part.words["not"]) for part in narrow if "not" in part.words]
    return any(proof.takes((wide.below(limit),), item) for item in refused)


def _if(proof: Proof, narrow: Parts, wide: Part, limit: Any) -> bool:
    branches = [wide.below(wide.words.get(name, True)) for name in ("then", "else")]
    if all(proof.takes(narrow, item) for item in branches):
        return True
    for part in narrow:
        if "if" in part.words and is_same(part.below(part.words["if"]), wide.below(limit)):
            own = [part.below(part.words.get(name, True)) for name in ("then", "else")]
            pairs = zip(own, branches, strict=True)
            return all(proof.takes((*narrow, mine), item) for mine, item in pairs)
    return False


#: Keyword -> how it is proven.
RULES: Mapping[str, Rule] = {
    "$ref": _reference,
    "allOf": _all_of,
    "anyOf": _any_of,
    "const": _never_rule,
    "enum": _never_rule,
    "exclusiveMaximum": at_most("exclusiveMaximum", strict="maximum"),
    "exclusiveMinimum": at_least("exclusiveMinimum", strict="minimum"),
    "if": _if,
    "maxItems": at_most("maxItems"),
    "maxLength": at_most("maxLength"),
    "maxProperties": at_most("maxProperties"),
    "maximum": at_most("maximum", "exclusiveMaximum"),
    "minItems": at_least("minItems"),
    "minLength": at_least("minLength"),
    "minimum": at_least("minimum", "exclusiveMinimum"),
    "multipleOf": _multiple,
    "not": _not,
    "oneOf": same_part("oneOf"),
    "pattern": _same("pattern"),
    "type": _type_rule,
    "format": _same("format"),
}
