"""Prove that every value which one JSON Schema takes is taken by another one as well; or fail to.

What is not understood is passed over on the narrower side, which only makes it wider, and ends the proof on the wider
side. So a proof that is found holds, and one that is not found says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diplodata.comparing import proof_containers, proof_rules
from diplodata.comparing.json_documents import Document, canonical
from diplodata.comparing.proof_rules import Rule
from diplodata.comparing.schema_parts import (
    NUMBER,
    Part,
    Parts,
    flat,
    is_refused,
    is_same,
    name_of,
    types_of,
    values_of,
)

#: Steps of one proof; a longer one is given up.
_STEPS = 20_000

#: Keywords that limit values and of which no proof is known.
_OPAQUE = (
    "$dynamicRef",
    "$recursiveRef",
    "additionalItems",
    "dependencies",
    "disallow",
    "divisibleBy",
    "extends",
    "unevaluatedItems",
    "unevaluatedProperties",
)


#: Keyword -> types of values that it limits; it says nothing of others.
_OF_TYPE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), frozenset({"string"})),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), NUMBER),
    **dict.fromkeys(
        ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "additionalItems"),
        frozenset({"array"}),
    ),
    **dict.fromkeys(
        (
            "additionalProperties",
            "dependentRequired",
            "dependentSchemas",
            "maxProperties",
            "minProperties",
            "patternProperties",
            "properties",
            "propertyNames",
            "required",
        ),
        frozenset({"object"}),
    ),
}

#: Keyword -> how it is proven; keywords that are in no list limit nothing.
_RULES: Mapping[str, Rule] = {**proof_rules.RULES, **proof_containers.RULES}


class _TooLongError(Exception):
    """The proof has too many steps."""


def proves(narrow: Document, wide: Document) -> bool:
    """Whether it is proven that every value valid by the narrow schema is valid by the wide one."""
    if canonical(narrow.schema) == canonical(wide.schema):
        return True
    if not (narrow.is_known and wide.is_known):
        return False
    try:
        return _Proof().takes((Part(narrow.schema, narrow),), Part(wide.schema, wide))
    except (_TooLongError, RecursionError):
        return False


class _Proof:
    """One proof: its steps, and what it assumes of smaller values."""

    def __init__(self) -> None:
        self._left = _STEPS
        #: What is being proven -> how deep in the value.
        self._open: dict[tuple[frozenset[str], str], int] = {}
        self._depth = 0

    def takes(self, narrow: Parts, wide: Part) -> bool:
        """Whether what all of the narrow schemas take is proven to be taken by the wide one."""
        self._left -= 1
        if self._left < 0:
            raise _TooLongError
        key = (frozenset(name_of(item) for item in narrow), name_of(wide))
        if key in self._open:
            # True of all smaller values, by induction on their size; of the same value nothing is known yet.
            return self._depth > self._open[key]
        self._open[key] = self._depth
        try:
            return self._takes(flat(narrow), wide)
        finally:
            del self._open[key]

    def _takes(self, narrow: Parts, wide: Part) -> bool:
        if any(item.is_false for item in narrow) or not types_of(narrow):
            return True
        if wide.is_false:
            return False
        if not wide.words or any(is_same(item, wide) for item in narrow):
            return True
        values = values_of(narrow)
        if values is not None and self._takes_each(narrow, wide, values):
            return True
        if all(self._holds(narrow, wide, keyword) for keyword in wide.words):
            return True
        return self._by_cases(narrow, wide)

    def _takes_each(self, narrow: Parts, wide: Part, values: Sequence[Any]) -> bool:
        judge = wide.document.judge(wide.schema)
        if judge is None:
            return False
        return all(judge(value) or is_refused(narrow, value) for value in values)

    def _by_cases(self, narrow: Parts, wide: Part) -> bool:
        """Try the alternatives of a narrow schema one by one."""
        for place, item in enumerate(narrow):
            for keyword in ("anyOf", "oneOf"):
                branches = item.words.get(keyword)
                if isinstance(branches, list) and branches:
                    rest = {key: value for key, value in item.words.items() if key != keyword}
                    others = (*narrow[:place], item.below(rest), *narrow[place + 1 :])
                    return all(self.takes((*others, item.below(branch)), wide) for branch in branches)
        return False

    def _holds(self, narrow: Parts, wide: Part, keyword: str) -> bool:
        """Whether one keyword of the wide schema is proven."""
        if keyword in _OPAQUE:
            return False
        limit = wide.words[keyword]
        kind = _OF_TYPE.get(keyword)
        if kind and not types_of(narrow) & kind:
            return True
        rule = _RULES.get(keyword)
        return rule is None or rule(self, narrow, wide, limit)

    def smaller(self, narrow: Parts, wide: Part) -> bool:
        """As ``takes``, of values that are a part of the value at hand."""
        self._depth += 1
        try:
            return self.takes(narrow, wide)
        finally:
            self._depth -= 1
