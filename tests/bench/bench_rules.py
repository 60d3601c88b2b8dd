"""How long all rules take beside the checks of cells, on a package of the standard, and which take longest.

make bench                          # writes its section of docs/benchmarks.md after the other sections
python tests/bench/bench_rules.py --meetings 50000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import standard_package
from measure import Measured, measure
from packages import Made
from pages import put_into

from diplodata.rules.rule import rules

HERE = Path(__file__).parent
HEAD = "## Rules"

#: Meetings; eleven rows come of each.
MEETINGS = 500_000

#: Rules that are named.
NAMED = 5

#: Only a promise that is missed by this factor fails the run; times on shared machines vary.
SLACK = 3


def section(made: Made, with_rules: Measured, without: Measured, bare: Measured, times: dict[str, float]) -> str:
    """Return the section of the page."""
    checks, asked = without.seconds - bare.seconds, with_rules.seconds - without.seconds
    about = (
        f"A package of the standard with {made.rows:,} rows in six tables, {made.bytes / 1e6:,.0f} MB, and no findings. "
        f"All {len(rules())} rules take {asked:.1f} s ({with_rules.seconds:.1f} s with them, {without.seconds:.1f} s with "
        f"all of them switched off); reading and checking cells, keys and references takes {checks:.1f} s beside the "
        f"{bare.seconds:.1f} s of the bare parse. So rules take {asked / checks:.2f} of what the checks take; the promise "
        f"is 1. Peak memory {with_rules.peak:,.0f} MB. Medians of {with_rules.runs} runs."
    )
    slowest = sorted(times.items(), key=lambda pair: -pair[1])[:NAMED]
    rows = [f"| {code} | {seconds:.2f} |" for code, seconds in slowest]
    return "\n".join([HEAD, "", about, "", "| Slowest rules, asked one by one | s |", "|---|---|", *rows]) + "\n"


def main() -> None:
    """Measure, print, and write the section; end with 1 when the promise is missed by a factor of three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=MEETINGS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--page", type=Path, help="where the section is written")
    options = parser.parse_args()
    tool = Path(sys.executable).parent / "diplodata"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = standard_package.make(folder, options.meetings)
        validate = [str(tool), "validate", str(made.descriptor)]
        bare = measure([sys.executable, str(HERE / "bare_parse.py"), str(made.descriptor)], options.runs)
        with_rules = measure(validate, options.runs)
        one_by_one = [sys.executable, str(HERE / "rule_times.py"), str(made.descriptor)]
        times = json.loads(subprocess.run(one_by_one, capture_output=True, check=True).stdout)
        standard_package.make(folder, options.meetings, off=rules())
        without = measure(validate, options.runs)
    text = section(made, with_rules, without, bare, times["seconds"])
    print(text)
    if options.page:
        put_into(options.page, HEAD, text)
    is_missed = with_rules.seconds - without.seconds > SLACK * (without.seconds - bare.seconds)
    sys.exit(1 if is_missed or times["counts"] else 0)


if __name__ == "__main__":
    main()
