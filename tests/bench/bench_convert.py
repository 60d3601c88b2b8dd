"""How long conversions take beside those of other tools, in one run on one machine, and how much memory they need.

make bench                          # writes its section of docs/benchmarks.md after the other sections
python tests/bench/bench_convert.py --flatten PATH/flatten-tool --meetings 50000 --nested 5000
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import packages
import standard_package
from measure import Measured, measure
from pages import put_into

HERE = Path(__file__).parent
HEAD = "## Conversion"

#: Meetings of the package that becomes Parquet, of the one for frictionless, and of nested documents.
PARQUET, GENERIC, NESTED = 500_000, 50_000, 50_000

#: Meetings to one of NESTED where memory is measured.
LARGER = 10

#: Only a promise that is missed by this factor fails the run; times on shared machines vary.
SLACK = 3

#: Tables that stand inside their meeting, in other tools as well.
INSIDE = ("participants", "statements")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the tool beside a peer."""

    what: str
    own: Measured
    peer: str
    other: Measured
    #: How many times the peer's time may pass; below 1 the tool has to be faster.
    promise: float

    @property
    def ratio(self) -> float:
        return self.own.seconds / self.other.seconds

    def __str__(self) -> str:
        promised = f"at most {self.promise}" if self.promise >= 1 else f"{1 / self.promise:.0f} times as fast"
        ratio = f"{self.ratio:.2f}" if self.promise >= 1 else f"{1 / self.ratio:.1f} times as fast"
        own = f"{self.own.seconds:.2f} | {self.own.peak:,.0f}"
        return f"| {self.what} | {own} | {self.peer} | {self.other.seconds:.2f} | {self.other.peak:,.0f} | {ratio} ({promised}) |"


class Runs:
    """Runs commands that write a new target each time."""

    def __init__(self, folder: Path, runs: int) -> None:
        self._folder = folder
        self._runs = runs
        self._tool = str(Path(sys.executable).parent / "diplodata")

    def convert(self, source: Path, to: str, name: str, runs: int = 0) -> Measured:
        """Convert a package with the tool."""
        return self.peer([self._tool, "convert", str(source), "TARGET", "--to", to, "--quiet"], name, runs)

    def peer(self, command: Sequence[str], name: str, runs: int = 0) -> Measured:
        """Run a command; TARGET in it becomes the path of that name, of which the last run is kept."""
        target = self._folder / name
        found = []
        for _ in range(runs or self._runs):
            shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
            found.append(measure([str(target) if part == "TARGET" else part for part in command], 1))
        middle = sorted(found, key=lambda item: item.seconds)[len(found) // 2]
        return Measured(middle.seconds, max(item.peak for item in found), len(found))


def to_parquet(runs: Runs, folder: Path, meetings: int) -> tuple[str, list[Row]]:
    """Measure CSV to Parquet beside DuckDB."""
    source = folder / "parquet-source"
    source.mkdir()
    made = packages.make(source, meetings)
    own = runs.convert(made.descriptor, "parquet", "own-parquet")
    copy = [sys.executable, str(HERE / "peer_duckdb.py"), str(source), "TARGET"]
    other = runs.peer(copy, "peer-parquet")
    sizes = [
        sum(path.stat().st_size for path in (folder / name).rglob("*.parquet")) / 1e6
        for name in ("own-parquet", "peer-parquet")
    ]
    shutil.rmtree(source)
    row = Row(
        f"CSV to Parquet, {made.rows:,} rows, {made.bytes / 1e6:,.0f} MB", own, "DuckDB COPY, types given", other, 1.5
    )
    return f"The Parquet files of the first line have {sizes[0]:,.0f} MB, those of DuckDB {sizes[1]:,.0f} MB.", [row]


def generic(runs: Runs, folder: Path, meetings: int) -> list[Row]:
    """Measure CSV to lines of JSON beside frictionless."""
    source = folder / "generic-source"
    source.mkdir()
    made = packages.make(source, meetings)
    own = runs.convert(made.descriptor, "ndjson", "own-ndjson")
    convert = [sys.executable, str(HERE / "peer_frictionless.py"), str(made.descriptor), "TARGET"]
    other = runs.peer(convert, "peer-ndjson", 1)
    shutil.rmtree(source)
    return [Row(f"CSV to NDJSON, {made.rows:,} rows", own, "frictionless", other, 1 / 20)]


def nested(runs: Runs, folder: Path, meetings: int, flatten: str) -> list[Row]:
    """Measure tables to a nested document and back beside flatten-tool."""
    source, sheets = folder / "nested-source", folder / "sheets"
    source.mkdir()
    made = standard_package.make(source, meetings)
    _write_sheets(made.descriptor.parent, sheets)
    own = runs.convert(made.descriptor, "nested", "own.json")
    unflatten = [flatten, "unflatten", str(sheets), "-f", "csv", "--root-list-path", "meetings", "--id-name", "id"]
    other = runs.peer([*unflatten, "-o", "TARGET"], "peer.json", 1)
    back = runs.convert(folder / "own.json", "csv", "own-back")
    apart = [flatten, "flatten", str(folder / "peer.json"), "-f", "csv", "--root-list-path", "meetings"]
    other_back = runs.peer([*apart, "--main-sheet-name", "meetings", "-o", "TARGET"], "peer-back", 1)
    return [
        Row(f"tables to nested, {meetings:,} meetings", own, "flatten-tool unflatten", other, 1 / 10),
        Row(f"nested to tables, {meetings:,} meetings", back, "flatten-tool flatten", other_back, 1 / 10),
    ]


def _write_sheets(source: Path, sheets: Path) -> None:
    """Write the tables as flatten-tool takes them: rows inside a meeting have its id first, and paths for names."""
    sheets.mkdir()
    tables = {path.stem: path for path in source.rglob("*.csv")}
    shutil.copy(tables["meetings"], sheets / "meetings.csv")
    for name in INSIDE:
        with tables[name].open(newline="") as stream, (sheets / f"{name}.csv").open("w", newline="") as target:
            rows, writer = csv.reader(stream), csv.writer(target)
            header = next(rows)
            owner = header.index("meeting_id")
            writer.writerow(["id", *(f"{name}/0/{label}" for label in header if label != "meeting_id")])
            writer.writerows([row[owner], *row[:owner], *row[owner + 1 :]] for row in rows)


def memory(runs: Runs, folder: Path, meetings: int) -> str:
    """Measure the memory of nested documents of ten times as many meetings."""
    source = folder / "large-source"
    source.mkdir()
    made = standard_package.make(source, meetings)
    there = runs.convert(made.descriptor, "nested", "large.json", 1)
    back = runs.convert(folder / "large.json", "csv", "large-back", 1)
    return (
        f"At {meetings:,} meetings, {made.rows:,} rows, tables to nested takes {there.seconds:.1f} s and "
        f"{there.peak:,.0f} MB, nested to tables {back.seconds:.1f} s and {back.peak:,.0f} MB; the promise is 600 MB."
    )


def section(rows: Sequence[Row], notes: Sequence[str]) -> str:
    """Return the section of the page."""
    about = (
        "Each in a process of its own, start-up included, one after the other in one run; the tool proves that every "
        "cell comes back, and its peers do not. Medians; frictionless and flatten-tool ran once."
    )
    head = ["| Conversion | s | Peak MB | Peer | s | Peak MB | diplodata (promised) |", "|---|---|---|---|---|---|---|"]
    machine = f"{os.cpu_count()} processors."
    return "\n".join([HEAD, "", about, "", *head, *map(str, rows), "", " ".join([*notes, machine])]) + "\n"


def main() -> None:
    """Measure, print, and write the section; end with 1 when a promise is missed by a factor of three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flatten", help="the program flatten-tool; without it nested documents have no peer")
    parser.add_argument("--parquet", type=int, default=PARQUET, help="meetings of the package that becomes Parquet")
    parser.add_argument("--generic", type=int, default=GENERIC, help="meetings of the package for frictionless")
    parser.add_argument("--nested", type=int, default=NESTED, help="meetings of the nested document")
    parser.add_argument("--larger", type=int, default=LARGER, help="how many times as many where memory is measured")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--page", type=Path, help="where the section is written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = Runs(folder, options.runs)
        note, rows = to_parquet(runs, folder, options.parquet)
        rows += generic(runs, folder, options.generic)
        rows += nested(runs, folder, options.nested, options.flatten) if options.flatten else []
        notes = [note, memory(runs, folder, options.nested * options.larger)] if options.larger else [note]
    text = section(rows, notes)
    print(text)
    if options.page:
        put_into(options.page, HEAD, text)
    sys.exit(1 if any(row.ratio > SLACK * row.promise for row in rows) else 0)


if __name__ == "__main__":
    main()
