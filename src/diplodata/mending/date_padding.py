"""Write months and days of dates with two digits: 2020-5-6 is 2020-05-06."""

from __future__ import annotations

import re

from diplodata.mending.cell import Cell

_DATE = re.compile("([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?([?~%]?)")

#: Numbers of parts that a date of a type of Table Schema has.
_PARTS = {"date": 3, "yearmonth": 2}


def mend(cell: Cell) -> str:
    """Return a date with two digits for month and day; whether there is such a day is for the checks to say."""
    match = _DATE.fullmatch(cell.value)
    if match is None or not _is_date(cell, match):
        return cell.value
    year, month, day, mark = match.groups()
    return "-".join((year, month.zfill(2), *([day.zfill(2)] if day else []))) + mark


def _is_date(cell: Cell, match: re.Match[str]) -> bool:
    if cell.field.annotations.kind == "edtf":
        return True
    parts, has_mark = 3 if match[3] else 2, bool(match[4])
    if cell.field.annotations.kind == "date":
        return parts == 3 and not has_mark
    return cell.field.format == "default" and _PARTS.get(cell.field.type) == parts and not has_mark
