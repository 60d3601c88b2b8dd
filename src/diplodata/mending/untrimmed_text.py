"""Remove white space at the ends of a value, and all but one of several spaces in a row."""

from __future__ import annotations

import re

from diplodata.mending.cell import Cell

#: Findings in cells of other packages by which a value may be trimmed.
_ALLOWING = frozenset({"constraint-error", "lexical-form"})

_SPACE = "[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_SEVERAL = re.compile(f"{_SPACE}{{2,}}")
_ENDS = re.compile(rf"\A{_SPACE}+|{_SPACE}+\Z")


def mend(cell: Cell) -> str:
    """Return the value without white space that has no meaning."""
    if cell.is_open:
        return _SEVERAL.sub(_one, _ENDS.sub("", cell.value))
    if not cell.is_standard and cell.field.type == "string" and cell.codes & _ALLOWING:
        # An empty cell would be no value, which is another meaning.
        return cell.value.strip() or cell.value
    return cell.value


def _one(match: re.Match[str]) -> str:
    """Return what stays of several spaces: the plain one if it is among them."""
    return " " if " " in match[0] else match[0][0]
