"""Write a text in the Unicode normal form C (UAX 15)."""

from __future__ import annotations

import unicodedata

from diplodata.mending.cell import Cell


def mend(cell: Cell) -> str:
    """Return the value in normal form."""
    if not cell.is_open:
        return cell.value
    return unicodedata.normalize("NFC", cell.value)
