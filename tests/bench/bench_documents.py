"""Measure NDJSON of nested documents beside other validators of JSON Schema, side by side in one run.

make bench                          # writes its section of docs/benchmarks.md after the other sections
python tests/bench/bench_documents.py --node build/node --check build/conformance/bin/check-jsonschema
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from measure import Measured, measure
from pages import put_into

import documents
from diplodata.standard import export

HERE = Path(__file__).parent

#: Documents that are measured, and those from which the slowest tool is reckoned.
DOCUMENTS, SAMPLE, FEW = 50_000, 5_000, 5_000

#: Promises: how many times as fast as each peer.
PROMISED = {"ajv": 1.5, "@sourcemeta/jsonschema --fast": 1.5, "check-jsonschema": 100.0}

#: Only a promise that is missed by this factor fails the run; times on shared machines vary.
SLACK = 3

#: MB by which the peak may grow from few documents to all.
GROWTH = 15

HEAD = "## JSON documents"


@dataclass
class Bench:
    """One run."""

    folder: Path
    node: Path
    check: Path
    runs: int
    lines: Path = field(init=False)
    schema: Path = field(init=False)

    def __post_init__(self) -> None:
        # One of the peers reads lines only from a file with this extension.
        self.lines = self.folder / "documents.jsonl"
        self.schema = self.folder / "nested.schema.json"

    def commands(self) -> dict[str, list[str]]:
        """Return the commands that validate all documents."""
        modules = self.node / "node_modules"
        return {
            "diplodata": [str(Path(sys.executable).parent / "diplodata"), "validate", str(self.lines)],
            "ajv": ["node", str(HERE / "ajv_lines.mjs"), str(modules), str(self.schema), str(self.lines)],
            "@sourcemeta/jsonschema --fast": [
                *(str(modules / ".bin" / "jsonschema"), "validate", "--fast"),
                *(str(self.schema), str(self.lines)),
            ],
        }

    def side_by_side(self) -> dict[str, Measured]:
        """Run each command in turn, as often as asked, and return medians."""
        rounds: dict[str, list[Measured]] = {}
        for _ in range(self.runs):
            for name, command in self.commands().items():
                rounds.setdefault(name, []).append(measure(command, 1))
        return {
            name: Measured(
                statistics.median(one.seconds for one in measured), max(one.peak for one in measured), self.runs
            )
            for name, measured in rounds.items()
        }

    def reckoned(self) -> Measured:
        """Measure check-jsonschema on a part of the documents, and on one, and reckon what all would take."""
        schema = export.as_json_schema("1.0", "nested")
        shared = schema.pop("$defs")
        del schema["$id"], schema["$schema"]
        array = {"type": "array", "items": schema, "$defs": shared}
        path = self.folder / "array.schema.json"
        path.write_text(json.dumps(array), encoding="utf-8")
        taken = []
        for number in (1, SAMPLE):
            data = self.folder / f"{number}.json"
            documents.write_array(data, number)
            taken.append(measure([str(self.check), "--schemafile", str(path), str(data)], 1))
        start, sample = taken
        return Measured(start.seconds + (sample.seconds - start.seconds) * DOCUMENTS / SAMPLE, sample.peak, 1)

    def growth(self) -> tuple[float, float]:
        """Return the peaks of the tool for few documents and for twice as many as are measured."""
        peaks = []
        for number in (FEW, 2 * DOCUMENTS):
            path = self.folder / f"{number}.ndjson"
            documents.write_lines(path, number)
            command = [str(Path(sys.executable).parent / "diplodata"), "validate", str(path)]
            peaks.append(measure(command, 1).peak)
            path.unlink()
        return peaks[0], peaks[1]


def section(size: int, measured: dict[str, Measured], peaks: tuple[float, float], versions: str) -> str:
    """Return the section of the page."""
    ours = measured["diplodata"]
    rows = [
        f"| {name} | {one.seconds:.2f} | {one.peak:.0f} | {_ratio(name, one, ours)} |" for name, one in measured.items()
    ]
    about = (
        f"{DOCUMENTS:,} nested documents, {size / 1e6:.0f} MB of NDJSON (`tests/bench/documents.py` makes them), validated "
        "against `nested.schema.json`, start-up included. diplodata reads strictly: it refuses repeated keys, NaN, lone "
        "surrogates and numbers that a double does not hold; the others do not look for them. Medians of "
        f"{ours.runs} rounds in which each tool ran once; check-jsonschema, which reads no NDJSON, is reckoned from one "
        f"run over an array of {SAMPLE:,} documents and one over a single one."
    )
    flat = (
        f"Peak memory of the larger of its two processes: {peaks[0]:.0f} MB for {FEW:,} documents, {peaks[1]:.0f} MB for "
        f"{2 * DOCUMENTS:,}."
    )
    machine = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, {versions}."
    head = "| Tool | s | Peak MB | diplodata is faster by |\n|---|---|---|---|"
    return "\n\n".join([HEAD, about, "\n".join([head, *rows]), flat, machine]) + "\n"


def _ratio(name: str, one: Measured, ours: Measured) -> str:
    return "" if name == "diplodata" else f"{one.seconds / ours.seconds:.1f} (promised: {PROMISED[name]:g})"


def _versions(node: Path) -> str:
    named = [f"{name} {version(name)}" for name in ("jiter", "jsonschema-rs")]
    for name in ("ajv", "@sourcemeta/jsonschema"):
        data: dict[str, Any] = json.loads((node / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
        named.append(f"{name} {data['version']}")
    return ", ".join(named)


def main() -> None:
    """Measure, print, and write the section; end with 1 when a promise is missed by a factor of three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node", type=Path, required=True, help="where ajv and @sourcemeta/jsonschema are installed")
    parser.add_argument("--check", type=Path, required=True, help="the program check-jsonschema")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--page", type=Path, help="where the section is written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), options.node.absolute(), options.check.absolute(), options.runs)
        size = documents.write_lines(bench.lines, DOCUMENTS)
        bench.schema.write_text(json.dumps(export.as_json_schema("1.0", "nested")), encoding="utf-8")
        measured = bench.side_by_side()
        measured["check-jsonschema"] = bench.reckoned()
        peaks = bench.growth()
    text = section(size, measured, peaks, _versions(options.node))
    print(text)
    if options.page:
        put_into(options.page, HEAD, text)
    ours = measured["diplodata"]
    missed = [name for name, times in PROMISED.items() if measured[name].seconds / ours.seconds < times / SLACK]
    print(*(f"{name}: the promise is missed by a factor of {SLACK}" for name in missed), sep="\n")
    sys.exit(1 if missed or peaks[1] - peaks[0] > GROWTH else 0)


if __name__ == "__main__":
    main()
