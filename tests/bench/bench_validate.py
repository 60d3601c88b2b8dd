"""Speed and memory of ``diplodata validate`` as ratios against peers, measured in one run, written to a page.

Usage: python tests/bench/bench_validate.py --peer PYTHON [--large] [--page docs/benchmarks.md]
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import packages
import shapes
from measure import Measured, measure

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

#: Meetings of the three sizes; eleven rows come of each.
SMALL, MIDDLE, LARGE = 50_000, 500_000, 5_000_000

#: Promises; a run fails only when one is missed by a factor of three, as machines are shared.
RATIO, PARSES, MEMORY, BAD, SLACK = 50, 4, 600, 1.5, 3


@dataclass
class Bench:
    """What is measured, and what came of it."""

    tools: Path
    peer: str | None
    folder: Path
    runs: int
    #: Lines of tables for the page, by title.
    tables: dict[str, list[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def ours(self, descriptor: Path, runs: int | None = None, allowed: tuple[int, ...] = (0,)) -> Measured:
        """Measure ``diplodata validate``."""
        return measure([str(self.tools / "diplodata"), "validate", str(descriptor)], runs or self.runs, allowed)

    def reference(self, descriptor: Path) -> Measured:
        """Measure ``frictionless validate``, once."""
        return measure([str(self.tools / "frictionless"), "validate", str(descriptor)], 1)

    def bare(self, descriptor: Path, runs: int) -> Measured:
        """Measure the bare parse."""
        return measure([str(self.tools / "python"), str(HERE / "bare_parse.py"), str(descriptor)], runs)

    def pandera(self, descriptor: Path, runs: int) -> Measured | None:
        """Measure the peer, if there is one."""
        return measure([self.peer, str(HERE / "peer_pandera.py"), str(descriptor)], runs) if self.peer else None

    def say(self, title: str, *cells: object) -> None:
        """Add a line to a table of the page, and print it."""
        line = f"| {' | '.join(map(str, cells))} |"
        self.tables.setdefault(title, []).append(line)
        print(f"{title}: {line}", flush=True)

    def hold(self, what: str, value: float, limit: float) -> None:
        """Note a promise that is missed by more than the slack."""
        if value > limit * SLACK:
            self.failures.append(f"{what}: {value:.1f}, promised at most {limit:.1f}")


def against_frictionless(bench: Bench, small: packages.Made) -> Measured:
    """Compare with the reference and the peer at the small size."""
    title = f"{small.rows:,} rows, {small.bytes / 1e6:.0f} MB"
    reference, ours = bench.reference(small.descriptor), bench.ours(small.descriptor)
    bench.say(title, "frictionless 5.21.0", *shown(reference), "1")
    bench.say(title, "diplodata", *shown(ours), f"{reference.seconds / ours.seconds:.1f}")
    peer = bench.pandera(small.descriptor, bench.runs)
    if peer:
        bench.say(title, "pandera over polars", *shown(peer), f"{reference.seconds / peer.seconds:.1f}")
    bench.hold("time of frictionless / 50", ours.seconds, reference.seconds / RATIO)
    return ours


def sizes(bench: Bench, small: Measured, meetings: list[int]) -> None:
    """Compare the sizes with each other and with the bare parse."""
    title = "Sizes"
    for number in meetings:
        folder = bench.folder / "size"
        made = packages.make(folder, number)
        runs = 1 if number == LARGE else bench.runs
        ours = small if number == SMALL else bench.ours(made.descriptor, runs)
        bare = bench.bare(made.descriptor, runs)
        peer = bench.pandera(made.descriptor, runs) if number == MIDDLE else None
        cells = (f"{ours.seconds / made.rows * 1e6:.2f}", f"{bare.seconds:.2f}", f"{ours.seconds / bare.seconds:.1f}")
        bench.say(
            title, f"{made.rows:,}", f"{made.bytes / 1e6:,.0f}", f"{ours.seconds:.2f}", f"{ours.peak:.0f}", *cells
        )
        bench.hold(f"peak at {made.rows:,} rows", ours.peak, MEMORY / SLACK)
        bench.hold(f"bare parses at {made.rows:,} rows", ours.seconds / bare.seconds, PARSES)
        if peer:
            bench.say("pandera over polars, the same package", f"{made.rows:,}", *shown(peer))
        remove(folder)


def spoilt(bench: Bench, small: Measured) -> None:
    """Compare a package of which one row in a hundred is bad with the clean one."""
    made = packages.make(bench.folder / "spoilt", SMALL, spoil_every=100)
    ours = bench.ours(made.descriptor, allowed=(1,))
    ratio = ours.seconds / small.seconds
    bench.say(
        "Shapes", f"{made.rows:,} rows, 1 % of them with a bad cell", *shown(ours), f"{ratio:.2f} of the clean one"
    )
    bench.hold("1 % bad", ratio, BAD)


def odd_shapes(bench: Bench) -> None:
    """Compare packages of unusual shapes with the reference."""
    made = {
        "2,000 columns, 500 rows": shapes.make_wide(bench.folder / "wide", 2_000, 500),
        "500 files of 100 rows": shapes.make_many(bench.folder / "many", 500, 100),
        "200,000 different addresses, each judged by the reference": shapes.make_doubtful(
            bench.folder / "odd", 200_000
        ),
    }
    for what, package in made.items():
        reference, ours = bench.reference(package.descriptor), bench.ours(package.descriptor, 3)
        ratio = f"{reference.seconds / ours.seconds:.1f} times as fast as frictionless ({reference.seconds:.1f} s)"
        bench.say("Shapes", what, *shown(ours), ratio)
        bench.hold(what, ours.seconds, reference.seconds)


def start_up(bench: Bench) -> None:
    """Measure what a person waits for."""
    for what, command in (
        ("`diplodata --version`", [str(bench.tools / "diplodata"), "--version"]),
        ("`diplodata validate`, the reference package", [str(bench.tools / "diplodata"), "validate", str(ROOT)]),
    ):
        bench.say("Start", what, *shown(measure(command, 7)))


def shown(measured: Measured) -> Iterator[str]:
    """Yield seconds and peak for a table."""
    yield f"{measured.seconds:.2f}"
    yield f"{measured.peak:.0f}"


def remove(folder: Path) -> None:
    """Remove a package, so that the next one has room."""
    for path in folder.iterdir():
        path.unlink()


_HEADS = {
    "Sizes": "| Rows | MB | s | Peak MB | µs a row | Bare parse s | Bare parses |",
    "Shapes": "| Package | s | Peak MB | Ratio |",
    "Start": "| Command | s | Peak MB |",
    "pandera over polars, the same package": "| Rows | s | Peak MB |",
}


def page(bench: Bench) -> str:
    """Return the page of the run."""
    names = ("frictionless", "pyarrow", "duckdb")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    day = datetime.datetime.now(datetime.UTC).date()
    about = (
        "Each command runs in a process of its own, start-up included; times are medians of several runs (frictionless "
        "and the largest size: one run). The package has meetings, eight participants and two statements for each, "
        "quoted text, dates, enumerations, patterns, three primary keys and two foreign keys; "
        "`tests/bench/packages.py` makes it at any size."
    )
    head = (
        f"Written by `make bench` on {day}: {os.cpu_count()} processors, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}."
    )
    lines = ["# Benchmarks", "", head, "", about]
    for title, table in bench.tables.items():
        columns = _HEADS.get(title, "| Tool | s | Peak MB | Times as fast as frictionless |")
        rule = "|---" * (columns.count("|") - 1) + "|"
        lines += ["", f"## {title}", "", columns, rule, *table]
    return "\n".join([*lines, "", (HERE / "remarks.md").read_text(encoding="utf-8").rstrip(), ""])


def main() -> None:
    """Measure, print, and write the page; end with 1 when a promise is missed by a factor of three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="a Python that has pandera with polars")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--large", action="store_true", help="measure 55 million rows as well (6 GB)")
    parser.add_argument("--page", type=Path, help="where the page is written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(sys.executable).parent, options.peer, Path(name), options.runs)
        small = against_frictionless(bench, packages.make(bench.folder / "small", SMALL))
        spoilt(bench, small)
        odd_shapes(bench)
        start_up(bench)
        sizes(bench, small, [SMALL, MIDDLE, *([LARGE] if options.large else [])])
        if options.page:
            options.page.write_text(page(bench), encoding="utf-8")
    print(*bench.failures, sep="\n")
    sys.exit(1 if bench.failures else 0)


if __name__ == "__main__":
    main()
