"""Speed and memory of ``diplodata validate`` as ratios against frictionless, measured in one run on one package."""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: The promise is held only against a factor of three: machines are shared.
PROMISED_RATIO = 50
SLACK = 3


def make_package(folder: Path, copies: int) -> int:
    """Write the reference package with every participant and evidence row repeated; return the number of rows."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "data").mkdir()
    rows = 0
    for source in sorted((ROOT / "data").glob("*.csv")):
        many = copies if source.stem in ("participants", "evidence") else 1
        with source.open(encoding="utf-8", newline="") as stream:
            header, *records = csv.reader(stream)
        with (folder / "data" / source.name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            for copy in range(many):
                suffix = f"-c{copy}" if copy else ""
                writer.writerows([record[0] + suffix, *record[1:]] for record in records)
        rows += len(records) * many
    return rows


def describe(folder: Path, *, with_standard: bool) -> None:
    """Write the descriptor; without the standard's declaration both tools do the same work."""
    descriptor = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    if not with_standard:
        descriptor.pop("diplodata")
        descriptor["$schema"] = "https://datapackage.org/profiles/2.0/datapackage.json"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def measure(command: list[str], runs: int) -> tuple[float, float]:
    """Return the median time in seconds and the largest peak memory in MB of a command that must end with 0."""
    times, peaks = [], []
    for _ in range(runs):
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - start)
        peaks.append(usage.ru_maxrss / 1024)
        if status != 0:
            sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return statistics.median(times), max(peaks)


def main() -> None:
    """Measure and print; end with 1 when the ratio is worse than a third of the promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=30, help="how often participants and evidence are repeated")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    tools = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = make_package(folder, options.copies)
        describe(folder, with_standard=False)
        descriptor = str(folder / "datapackage.json")
        size = sum(path.stat().st_size for path in (folder / "data").iterdir()) / 1e6
        print(f"{rows:,} rows, {size:.0f} MB, 14 tables")
        peer, peer_peak = measure([str(tools / "frictionless"), "validate", descriptor], 1)
        print(f"frictionless           {peer:7.2f} s  {peer_peak:6.0f} MB")
        ours, our_peak = measure([str(tools / "diplodata"), "validate", descriptor], options.runs)
        print(f"diplodata              {ours:7.2f} s  {our_peak:6.0f} MB  {peer / ours:6.1f} times as fast")
        describe(folder, with_standard=True)
        full, full_peak = measure([str(tools / "diplodata"), "validate", descriptor], options.runs)
        print(f"diplodata with rules   {full:7.2f} s  {full_peak:6.0f} MB")
    reference, _ = measure([str(tools / "diplodata"), "validate", str(ROOT)], options.runs)
    print(f"diplodata, the reference package: {reference:.2f} s (goal 1 s)")
    sys.exit(0 if peer / ours >= PROMISED_RATIO / SLACK else 1)


if __name__ == "__main__":
    main()
