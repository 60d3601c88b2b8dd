"""How long a site of more than 10,000 pages takes, and how quickly its table of 20,000 rows answers.

make bench                          # writes its section of docs/benchmarks.md after the other sections
python tests/bench/bench_site.py --meetings 100
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import standard_package
from measure import measure
from pages import put_into

HEAD = "## Website"

#: Eight participants come of each.
MEETINGS = 2_500

#: Seconds for 10,000 pages and MB; ms until the first rows are there and for a key.
PROMISED = {"seconds": 60, "megabytes": 1000, "first": 1000, "key": 100}

#: Only a promise that is missed by this factor fails the run; times on shared machines vary.
SLACK = 3


def main() -> None:
    """Measure, print, and write the section; end with 1 when a promise is missed by a factor of three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=MEETINGS)
    parser.add_argument("--node", type=Path, default=Path("build/node"), help="folder of the Node packages")
    parser.add_argument("--page", type=Path, help="where the section is written")
    options = parser.parse_args()
    browser = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = standard_package.make(folder / "package", options.meetings)
        site = folder / "site"
        taken = measure([sys.executable, "-m", "diplodata", "site", str(site), "--source", str(made.descriptor)], 1)
        pages = [path for path in site.rglob("*.html") if path.parent.name == "test"]
        largest = max(path.stat().st_size for path in pages)
        address = (site / "explore" / "participants.html").as_uri()
        command = ["node", str(Path(__file__).parent / "explore.mjs"), str(options.node.resolve()), browser, address]
        seen = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    per_10_000 = taken.seconds / len(pages) * 10_000
    text = (
        f"{HEAD}\n\nA package of {options.meetings:,} meetings with {options.meetings * standard_package.PARTICIPANTS:,} "
        f"participants. `diplodata site`, with validation: {len(pages):,} pages of records, each with its JSON, in "
        f"{taken.seconds:.0f} s, which is {per_10_000:.0f} s for 10,000 (promised: about a minute), and a peak of "
        f"{taken.peak:,.0f} MB (promised: 1,000). The largest of them has {largest / 1000:,.0f} kB (promised: under 100). "
        f"In headless Chromium the table of participants has its first rows after {seen['first']:,.0f} ms (promised: about "
        f"1,000) and answers a key in {seen['key']:.0f} ms, the slowest in {seen['slowest']:.0f} ms (promised: under 100).\n"
    )
    print(text)
    if options.page:
        put_into(options.page, HEAD, text)
    found = {"seconds": per_10_000, "megabytes": taken.peak, "first": seen["first"], "key": seen["key"]}
    sys.exit(1 if largest >= 100_000 or any(found[name] > SLACK * limit for name, limit in PROMISED.items()) else 0)


if __name__ == "__main__":
    main()
