"""Charts as values: bars and cells with their places, made when the site is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diplodata.site.shown import Row, Section, Shown

#: Width of the drawing without its labels, and height of a chart with bars, in units of the drawing.
_WIDE = 900
_HIGH = 240

#: Series with a colour of their own; the last is for all others.
SERIES = 6

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Box:
    """One rectangle."""

    x: float
    y: float
    width: float
    height: float
    style: str
    #: What it stands for, in words.
    says: str


@dataclass(frozen=True, slots=True)
class Label:
    """One text of a chart."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, with the same numbers as a table."""

    anchor: str
    title: str
    #: What one sees, in a sentence.
    says: str
    #: What is counted, and from which sources.
    caption: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    #: (y) of horizontal lines.
    lines: tuple[float, ...]
    left: float
    legend: tuple[tuple[str, str], ...]
    table: Section
    sources: tuple[Shown, ...] = ()


def years_of(counts: Counts) -> list[str]:
    """Return all years from the first to the last that has a count."""
    years = sorted({year for found in counts.values() for year in found})
    return [str(year) for year in range(int(years[0]), int(years[-1]) + 1)] if years else []


def numbers(anchor: str, title: str, counts: Counts, years: Sequence[str]) -> Section:
    """Return the numbers of a chart as a table: a row for each year in which something was counted."""
    present = [year for year in years if any(found.get(year) for found in counts.values())]
    rows = tuple(
        Row(((Shown(year),), *((Shown(f"{found[year]:,}" if found.get(year) else "–"),) for found in counts.values())))
        for year in present
    )
    places = frozenset(range(1, len(counts) + 1))
    return Section(f"{title}: the numbers", f"{anchor}-numbers", ("Year", *counts), rows, numbers=places)


def _step(most: int) -> int:
    """Return a round distance between lines, for three to six of them."""
    step = 1
    for factor in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000):
        step = factor
        if most / factor <= 5:
            break
    return step


def _ticks(years: Sequence[str], left: float, slot: float, y: float) -> tuple[Label, ...]:
    every = 1 if len(years) <= 15 else 5 if len(years) <= 45 else 10
    chosen = [(place, year) for place, year in enumerate(years) if int(year) % every == 0]
    return tuple(Label(round(left + (place + 0.5) * slot, 1), y, year) for place, year in chosen)


def stacked(anchor: str, title: str, says: str, caption: str, counts: Counts, noun: str) -> Picture:
    """Return columns for the years, each a stack of the series in their order."""
    years, left, top = years_of(counts), 40.0, 10.0
    slot = _WIDE / max(1, len(years))
    totals = {year: sum(found.get(year, 0) for found in counts.values()) for year in years}
    most = max(totals.values(), default=1)
    step = _step(most)
    scale = _HIGH / (-(-most // step) * step)
    boxes = []
    for place, year in enumerate(years):
        y = top + _HIGH
        for number, (name, found) in enumerate(counts.items(), 1):
            if value := found.get(year, 0):
                y -= value * scale
                x = left + place * slot + slot * 0.1
                says_box = f"{year}, {name}: {value:,} {noun}"
                boxes.append(
                    Box(round(x, 2), round(y, 2), round(slot * 0.8, 2), round(value * scale, 2), f"s{number}", says_box)
                )
    marks = range(0, -(-most // step) * step + 1, step)
    lines = tuple(round(top + _HIGH - mark * scale, 2) for mark in marks)
    labels = tuple(Label(left - 8, y + 4, f"{mark:,}", "end") for y, mark in zip(lines, marks, strict=True))
    legend = tuple((f"s{number}", name) for number, name in enumerate(counts, 1)) if len(counts) > 1 else ()
    return Picture(
        anchor, title, says, caption, left + _WIDE, top + _HIGH + 26, tuple(boxes),
        (*labels, *_ticks(years, left, slot, top + _HIGH + 18)), lines, left, legend,
        numbers(anchor, title, counts, years),
    )  # fmt: skip


def matrix(anchor: str, title: str, says: str, caption: str, counts: Counts, noun: str) -> Picture:
    """Return a row for each series and a column for each year; the darker a cell, the more was counted."""
    years, left, top, high = years_of(counts), 230.0, 24.0, 17.0
    slot = (_WIDE - 190) / max(1, len(years))
    boxes, labels = [], list(_ticks(years, left, slot, 14))
    for line, (name, found) in enumerate(counts.items()):
        y = top + line * high
        short = name if len(name) <= 30 else f"{name[:29].rstrip()}…"
        labels.append(Label(left - 10, y + 12, short, "end"))
        for place, year in enumerate(years):
            if value := found.get(year, 0):
                x = round(left + place * slot + 0.5, 2)
                shade = 1 if value == 1 else 2 if value <= 3 else 3 if value <= 7 else 4
                boxes.append(
                    Box(x, y + 1, round(slot - 1, 2), high - 2, f"m{shade}", f"{name}, {year}: {value:,} {noun}")
                )
    legend = (("m1", "1"), ("m2", "2 to 3"), ("m3", "4 to 7"), ("m4", "8 and more"))
    rows = tuple(
        Row(((Shown(name),), (Shown(f"{sum(found.values()):,}"),), (Shown(_by_year(found)),)))
        for name, found in counts.items()
    )
    table = Section(
        f"{title}: the numbers",
        f"{anchor}-numbers",
        ("Body", noun.capitalize(), "By year"),
        rows,
        numbers=frozenset({1}),
    )
    height = top + high * len(counts) + 6
    return Picture(
        anchor, title, says, caption, left + _WIDE - 190, height, tuple(boxes), tuple(labels), (), left, legend, table
    )


def _by_year(found: Mapping[str, int]) -> str:
    return ", ".join(year if number == 1 else f"{year} ({number:,})" for year, number in sorted(found.items()))
