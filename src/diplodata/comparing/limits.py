"""Whether a limit of a constraint lets more through than another one, or less."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from diplodata.model.changes import Effect

#: Days and times that are in order as texts.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "itemMaxLength")
_SETS = ("enum", "categories")
_FLAGS = ("required", "unique", "uniqueItems")

#: Keywords that are only known to limit: more is not known of two different limits.
_OPAQUE = ("pattern", "jsonSchema")


def constraint_effect(keyword: str, kind: str, old: Any, new: Any) -> Effect:
    """Say what another limit of a constraint does, if nothing else changes.

    Args:
        keyword: the constraint.
        kind: type of the field.
        old: the older limit; None when there was none.
        new: the newer limit; None when there is none.
    """
    is_known = keyword in _EFFECTS or keyword in (*_FLAGS, *_OPAQUE)
    if is_known and (old is None or new is None):
        return "narrowing" if old is None else "widening"
    return _EFFECTS[keyword](kind, old, new) if keyword in _EFFECTS else "cannot tell"


def _lower(kind: str, old: Any, new: Any) -> Effect:
    pair = _ordered(kind, old), _ordered(kind, new)
    if pair[0] is None or pair[1] is None or type(pair[0]) is not type(pair[1]):
        return "cannot tell"
    if pair[0] == pair[1]:
        return "compatible"
    return "widening" if pair[1] < pair[0] else "narrowing"


def _upper(kind: str, old: Any, new: Any) -> Effect:
    return _lower(kind, new, old)


def _ordered(kind: str, limit: Any) -> Any:
    """Return a limit as something that has an order; None when its order is not known."""
    if kind == "date" and isinstance(limit, str) and _DAY.fullmatch(limit):
        return limit
    if isinstance(limit, bool) or kind in ("date", "datetime", "time", "duration", "yearmonth"):
        return None
    try:
        number = Decimal(str(limit))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _set(_: str, old: Any, new: Any) -> Effect:
    if not isinstance(old, list) or not isinstance(new, list):
        return "cannot tell"
    olds, news = ({json.dumps(item, sort_keys=True, default=str) for item in part} for part in (old, new))
    if olds == news:
        return "compatible"
    if olds < news:
        return "widening"
    return "narrowing" if news < olds else "breaking"


_EFFECTS: Mapping[str, Callable[[str, Any, Any], Effect]] = {
    **dict.fromkeys(_LOWER, _lower),
    **dict.fromkeys(_UPPER, _upper),
    **dict.fromkeys(_SETS, _set),
}
