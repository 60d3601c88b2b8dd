"""What a conversion has done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was written."""

    target: str
    tables: int
    rows: int
    #: Columns that stayed text, and why; never those of the standard. Keys that a database has not, and why.
    kept_as_text: tuple[str, ...] = ()
    #: How files were read whose descriptor does not say it.
    assumed: tuple[str, ...] = ()
