"""One table from the keywords of JSON Schema to the codes of findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keyword:
    """How a broken keyword is reported."""

    code: str
    #: The constraint of the cell, where it has another name there; items of lists are asked for themselves.
    constraint: str = ""


#: Keyword of JSON Schema -> how it is reported, for values and for items of lists alike.
KEYWORDS: Mapping[str, Keyword] = {
    "additionalProperties": Keyword("extra-label"),
    "enum": Keyword("constraint-error", "enum"),
    "format": Keyword("type-error"),
    "maxLength": Keyword("constraint-error", "maxLength"),
    "maximum": Keyword("constraint-error", "maximum"),
    "minItems": Keyword("json-type"),
    "minLength": Keyword("constraint-error", "minLength"),
    "minimum": Keyword("constraint-error", "minimum"),
    "pattern": Keyword("constraint-error", "pattern"),
    "required": Keyword("constraint-error", "required"),
    "type": Keyword("json-type"),
    "uniqueItems": Keyword("constraint-error", "uniqueItems"),
}

#: Constraint of an item -> constraint of the cell that holds the list.
OF_ITEMS: Mapping[str, str] = {"maxLength": "itemMaxLength"}

#: For keywords that have no line above, and for what is no record: the frame of a document.
OTHERWISE = Keyword("profile-error")
