"""What a page shows of a record, as values: texts with their language and place, facts, tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: A language tag as the standard writes it; anything else is not given to the browser.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """One text on a page."""

    text: str
    #: A path below the root of the site, or an address of the web; empty for no link.
    to: str = ""
    #: BCP 47; empty for the language of the page.
    language: str = ""
    #: Class of the style: ``soft``, ``under`` (a line of its own), ``tight`` (no space before), ``code``, ``mark`` …
    kind: str = ""

    @property
    def is_web(self) -> bool:
        """Whether the link leaves the site."""
        return self.to.startswith(("http://", "https://", "HTTP"))

    @property
    def tag(self) -> str:
        """The language, if it is one and not that of the page."""
        return self.language if _LANGUAGE.fullmatch(self.language) and self.language != "en" else ""

    @property
    def direction(self) -> str:
        """``rtl`` when the first letter that has a direction is written from right to left (UAX 9, P2)."""
        if self.text.isascii():
            return ""
        strong = (unicodedata.bidirectional(char) for char in self.text)
        first = next((kind for kind in strong if kind in {"L", "R", "AL"}), "L")
        return "" if first == "L" else "rtl"


#: What stands in one cell, in order.
Cell = tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts of a record."""

    name: str
    values: Cell
    #: What sources say against it, or that they say nothing.
    claims: tuple[Cell, ...] = ()
    #: Whether it is a text that needs the whole width.
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table on a page."""

    cells: tuple[Cell, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table of a page."""

    title: str
    anchor: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    #: Rows that there are beyond those shown.
    left_out: int = 0
    #: Where all of them are.
    more: Shown | None = None
    #: Whether the table is folded at first.
    folded: bool = False
    #: Indexes of columns of numbers.
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """The page of one record."""

    path: str
    table: str
    identifier: str
    title: Shown
    #: One line above the title: what kind of record it is.
    kicker: Cell
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    about: tuple[Fact, ...]
    #: A warning on the record, such as that it was withdrawn.
    warning: Cell = ()
    #: What sources say against the title.
    lead: Cell = ()
    previous: Shown | None = None
    following: Shown | None = None
    #: What previous and next are of.
    series: str = ""
    trail: tuple[Shown, ...] = ()
    #: JSON-LD.
    linked: str = ""


def limited(
    title: str, anchor: str, columns: tuple[str, ...], rows: list[Row], limit: int, **more: object
) -> tuple[Section, ...]:
    """Return a section with no more rows than the limit; none at all when there are no rows."""
    if not rows:
        return ()
    left = max(0, len(rows) - limit)
    return (Section(title, anchor, columns, tuple(rows[:limit]), left_out=left, **more),)  # type: ignore[arg-type]
