"""Ask both tools about every entry and say where an outcome is not as written; ``--write`` writes it down.

Run from the root of the repository: ``PYTHONPATH=tests python -m conformance.record [--write] [NAME ...]``, where a
name is that of a table. What is written has to be read again before it is kept: the tests hold to it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conformance import cells, table
from conformance.layout import lay_out
from conformance.outcome import Outcome, Reference, is_error, ours


def both(reference: Reference, package: dict[str, object], folder: Path, seconds: float | None = None) -> list[Outcome]:
    """Return what the reference and what the tool says of a package, asked at the same time."""
    place = lay_out(package, folder)
    reference.ask(place)
    try:
        mine = ours(place)
    finally:
        said = reference.answer(seconds)
    return [said, mine]


def with_outcome(entry: table.Entry, said: Outcome, mine: Outcome) -> table.Entry:
    """Return an entry with the outcomes that were seen."""
    kept = {key: value for key, value in entry.items() if key not in ("both", "warnings", "reference", "ours")}
    errors = [line for line in mine if is_error(line)]
    if "class" in entry or errors != said:
        return kept | {"reference": said, "ours": mine}
    warnings = [line for line in mine if not is_error(line)]
    kept.pop("deviation", None)
    return kept | {"both": said} | ({"warnings": warnings} if warnings else {})


def _entries(reference: Reference, path: Path, folder: Path) -> Iterator[table.Entry]:
    for entry in table.read(path):
        said, mine = both(reference, entry["package"], folder / path.stem / entry["id"], entry.get("seconds"))
        yield with_outcome(entry, said, mine)


def _tables(reference: Reference, path: Path, folder: Path) -> list[table.Entry]:
    tables = table.read(path)
    said, mine = both(reference, cells.package_of(tables), folder / path.stem)
    pairs = zip(tables, cells.verdicts(said, tables), cells.verdicts(mine, tables), strict=True)
    return [cells.sorted_anew(*pair) for pair in pairs]


def main(arguments: list[str]) -> int:
    """Compare, or write, and return 1 when something differs."""
    names = [name for name in arguments if not name.startswith("--")]
    differs = 0
    with Reference() as reference, tempfile.TemporaryDirectory() as folder:
        for kind, ask in (("deviations", _entries), ("behaviours", _entries), ("cells", _tables)):
            for name, path in table.files(kind).items():
                if names and name not in names:
                    continue
                before = table.read(path)
                after = list(ask(reference, path, Path(folder) / kind))
                for old, new in zip(before, after, strict=True):
                    if old != new:
                        differs = 1
                        print(f"{kind}/{name}: {new}")
                if "--write" in arguments:
                    table.write(path, after)
    return differs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
