"""Workbooks, as the reader process reads them: rows come out as texts, and as pairs of a kind and its text.

* Imported by ``reader_child`` alone, from beside it: the standard library and python-calamine are all that is there.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: Rows of one frame.
_ROWS = 1000


def read(
    stream: Any, request: Mapping[str, Any], limits: Mapping[str, int], refused: Callable[..., Exception]
) -> Iterator[tuple[str, Any]]:
    """Yield the name of a sheet, then its rows, some at a time; or what the workbook holds.

    Args:
        stream: the file.
        request: ``sheet``, its name or number, and ``has_days``, whether a day is something else than its midnight;
            without a sheet, ``carried``, the name of the sheet in which a package carries its descriptor.
        limits: what may be read of it.
        refused: makes the exception that says why a file is not read, and by which limit.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_object(stream)
        if "sheet" not in request:
            yield "header", _outline(book, request["carried"], python_calamine.SheetVisibleEnum.Visible)
            return
        name = _sheet_name(book.sheet_names, request["sheet"])
        if name is None:
            known = ", ".join(book.sheet_names[:20])
            raise refused(f"it has no sheet {request['sheet']!r}; its sheets are {known}")
        sheet = book.get_sheet_by_name(name)
        if sheet.total_width > limits["columns"]:
            problem = f"it has {sheet.total_width} columns; the limit columns is {limits['columns']}"
            raise refused(problem, "columns")
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError) as error:
        raise refused(f"it is no workbook that can be read ({str(error).rstrip('.')})") from error
    yield "header", {"sheet": name}
    for start in range(0, len(rows), _ROWS):
        part = [[_cell(value, has_days=request["has_days"]) for value in row] for row in rows[start : start + _ROWS]]
        yield "rows", json.dumps(part).encode()


def _outline(book: Any, carried: str, visible: Any) -> dict[str, Any]:
    """Return the names of the visible sheets, and the parts of the files that the workbook carries."""
    names = [item.name for item in book.sheets_metadata if item.visible == visible]
    rows = book.get_sheet_by_name(carried).to_python() if carried in book.sheet_names else []
    parts = [row[:2] for row in rows if len(row) >= 2 and all(isinstance(value, str) for value in row[:2])]
    return {"sheets": names, "parts": parts}


def _sheet_name(names: list[str], wanted: str | int) -> str | None:
    if isinstance(wanted, str):
        return wanted if wanted in names else None
    return names[wanted - 1] if 0 < wanted <= len(names) else None


def _cell(value: Any, *, has_days: bool) -> str | list[str] | None:
    """Return nothing, a text, or a kind with its text."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return ["bool", str(value).lower()]
    if isinstance(value, float):
        # Workbooks hold all numbers as floats.
        return ["int", str(int(value))] if math.isfinite(value) and value == value // 1 else ["float", repr(value)]
    if isinstance(value, datetime.timedelta):
        return ["duration", f"PT{value.total_seconds():.6f}".rstrip("0").rstrip(".") + "S"]
    if type(value) is datetime.date and not has_days:
        # In Excel a day is a number, as a time is; only its format says so.
        return ["timestamp", f"{value.isoformat()}T00:00:00"]
    kind = {int: "int", datetime.datetime: "timestamp", datetime.date: "date", datetime.time: "time"}[type(value)]
    return [kind, str(value) if kind == "int" else value.isoformat()]
