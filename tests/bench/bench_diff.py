"""How long a comparison of two states of a package takes beside the validation of both.

make bench                          # writes its section of docs/benchmarks.md after the other sections
python tests/bench/bench_diff.py --meetings 20000
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from measure import Measured, measure
from packages import Made, make
from pages import put_into

HEAD = "## Comparison"

#: Meetings; eleven rows come of each.
MEETINGS = 100_000

#: One in so many lines of a table is changed, and as many are left out.
EVERY = 1000

#: Times that the validation of both states takes; the promise.
PROMISE = 1.0

#: Only a promise that is missed by this factor fails the run; times on shared machines vary.
SLACK = 3


def change(old: Path, new: Path) -> int:
    """Copy a package with some records changed and some left out; return how many lines are different."""
    shutil.copytree(old, new)
    number = 0
    for path in sorted(new.rglob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        head, rows = lines[0], lines[1:]
        number += len(rows[7::EVERY]) + len(rows[5::EVERY])
        rows[7::EVERY] = [f"{line.rstrip()}0\n" for line in rows[7::EVERY]]
        del rows[5::EVERY]
        path.write_text(head + "".join(reversed(rows)), encoding="utf-8")
    return number


def section(made: Made, validation: Measured, comparison: Measured, different: int) -> str:
    """Return the section of the page."""
    both = 2 * validation.seconds
    about = (
        f"Two states of a package with {made.rows:,} rows in three tables, {made.bytes / 1e6:,.0f} MB each; the rows of "
        f"the newer one stand in the opposite order, and {different:,} of them were changed or left out. The comparison "
        f"takes {comparison.seconds:.1f} s, the validation of both {both:.1f} s: {comparison.seconds / both:.2f} of it; "
        f"the promise is about {PROMISE:.0f}. Peak memory {comparison.peak:,.0f} MB. Medians of {comparison.runs} runs."
    )
    return f"{HEAD}\n\n{about}\n"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--meetings", type=int, default=MEETINGS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        old, new = Path(name) / "old", Path(name) / "new"
        made = make(old, given.meetings)
        different = change(old, new)
        program = [sys.executable, "-m", "diplodata"]
        validation = measure([*program, "validate", str(old)], given.runs)
        comparison = measure([*program, "diff", str(old), str(new), "--format", "csv"], given.runs, (1,))
    text = section(made, validation, comparison, different)
    print(text)
    if given.page:
        put_into(given.page, HEAD, text)
    if comparison.seconds > SLACK * PROMISE * 2 * validation.seconds:
        sys.exit(f"The comparison took more than {SLACK} times what it may.")


if __name__ == "__main__":
    main()
