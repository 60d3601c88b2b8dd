"""Normal forms: texts that are equal exactly for values that are equal."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

#: Digits behind the point in the normal form of a number; both engines write the same.
SCALE = 15

#: Digits before the point up to which a number is written in full.
_WHOLE = 20


def normal_form(cell: Any) -> str | None:  # noqa: PLR0911
    """Return a text that is equal for equal values; None for what equals nothing, not even itself."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, Decimal | float | int):
        return _of_number(Decimal(cell))
    if isinstance(cell, datetime.datetime):
        return _of_datetime(cell)
    if isinstance(cell, datetime.time) and cell.tzinfo:
        # Times with a zone are equal when they are the same moment of the day, before or after midnight.
        since = datetime.datetime.combine(datetime.date(2000, 1, 1), cell.replace(tzinfo=None))
        return f"utc {since - (cell.utcoffset() or datetime.timedelta(0))}"
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, dict | list | tuple):
        return json.dumps(_comparable(cell), sort_keys=True)
    return str(cell)


def _of_datetime(cell: datetime.datetime) -> str:
    """Return the time since the first day, because the first and last days have no place in another zone."""
    offset = cell.utcoffset()
    if offset is None:
        return cell.isoformat()
    return f"utc {cell.replace(tzinfo=None) - datetime.datetime.min - offset}"  # noqa: DTZ901


def _comparable(cell: Any) -> Any:
    """Return a structure in which numbers stand by value, and apart from texts."""
    if isinstance(cell, dict):
        return {str(key): _comparable(item) for key, item in cell.items()}
    if isinstance(cell, list | tuple):
        return [_comparable(item) for item in cell]
    if cell is None or isinstance(cell, str | bool):
        return cell
    return {type(cell).__name__ if isinstance(cell, datetime.date | datetime.time) else "": normal_form(cell)}


def _of_number(number: Decimal) -> str | None:
    if number.is_nan():
        return None
    if not number.is_finite():
        return str(number)
    sign, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    significant = text.rstrip("0")
    # The exponent is a number, because this one is finite; rounding would make neighbours equal.
    exponent = int(exponent) + len(text) - len(significant)
    if not significant:
        return f"{0:.{SCALE}f}"
    if exponent >= -SCALE and len(significant) + exponent <= _WHOLE:
        return f"{number:.{SCALE}f}"
    return f"{'-' * sign}{significant}E{exponent}"
