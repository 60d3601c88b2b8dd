"""Write the code of a closed list that a value nearly is."""

from __future__ import annotations

import re

from diplodata.mending.cell import Cell

#: Shortest code that a slip of one character can be told from another code.
_SHORTEST = 3


def mend(cell: Cell) -> str:
    """Return the one code that a value nearly is: but for case, spaces and hyphens, or but for one character."""
    allowed = _codes(cell)
    if cell.field.type != "string" or not allowed or cell.value in allowed:
        return cell.value
    plain = _plain(cell.value)
    same = [code for code in allowed if _plain(code) == plain]
    close = same or [code for code in allowed if len(code) >= _SHORTEST and _is_one_off(_plain(code), plain)]
    return close[0] if len(close) == 1 else cell.value


def _codes(cell: Cell) -> tuple[str, ...]:
    """Return the values that every list of the field allows."""
    lists = [limit for keyword, limit in cell.field.constraints if keyword in ("categories", "enum")]
    if not lists:
        return ()
    return tuple(item for item in lists[0] if isinstance(item, str) and all(item in other for other in lists))


def _plain(value: str) -> str:
    return re.sub(r"[\s_-]+", "_", value.strip()).casefold()


def _is_one_off(one: str, other: str) -> bool:
    """Whether one character that is added, left out or wrong is all the difference."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or one == other:
        return False
    start = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest = short[start + (len(short) == len(long)) :]
    return rest == long[start + 1 :]
