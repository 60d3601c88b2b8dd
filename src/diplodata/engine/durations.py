"""Durations in order, as XML Schema has it: a month has no one length, so four dates have to agree."""

from __future__ import annotations

import datetime
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

#: Years and months at which durations are compared (XML Schema, duration, order relation); each on the first day.
_STARTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))

_DAY = 86_400

#: A part of a month, which XML Schema does not have and the reference takes.
_MEAN_MONTH = Fraction(30_436_875, 1_000_000) * _DAY

#: keyword -> how the end of a duration has to lie to the end of its limit.
_ORDER: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}

Limits = Mapping[str, tuple[Fraction, ...]]


def limits(constraints: Mapping[str, Any], read: Callable[[Any], Any]) -> Limits:
    """Return the limits of a duration field, ready to be compared with.

    Args:
        constraints: all constraints of the field.
        read: the reference's reader of values.

    Raises:
        ValueError: a limit is no duration.
    """
    found = {key: read(limit) for key, limit in constraints.items() if key in _ORDER}
    for keyword, value in found.items():
        if value is None:
            raise ValueError(f"the limit {constraints[keyword]!r} of {keyword} is no value of the type")
    return {keyword: _ends(value) for keyword, value in found.items()}


def broken(value: Any, bounds: Limits) -> Iterator[str]:
    """Yield the keyword of each limit that a duration does not keep at every one of the dates."""
    ends = _ends(value)
    for keyword, bound in bounds.items():
        if not all(map(_ORDER[keyword], ends, bound)):
            yield keyword


def _ends(value: Any) -> tuple[Fraction, ...]:
    """Return the seconds at which a duration ends when it begins at each of the dates."""
    part = value if isinstance(value, datetime.timedelta) else value.tdelta
    months = Fraction(0) if part is value else Fraction(value.years) * 12 + Fraction(value.months)
    whole = math.trunc(months)
    seconds = Fraction(part.days * _DAY + part.seconds) + Fraction(part.microseconds, 10**6)
    seconds += (months - whole) * _MEAN_MONTH
    return tuple(_days(year * 12 + month - 1 + whole) * _DAY + seconds for year, month in _STARTS)


def _days(months: int) -> int:
    """Return the number of the first day of a month, which is given as months since the year 0."""
    # Years begin in March here, so that the leap day is the last one.
    year, month = divmod(months - 2, 12)
    return (153 * month + 2) // 5 + 365 * year + year // 4 - year // 100 + year // 400
