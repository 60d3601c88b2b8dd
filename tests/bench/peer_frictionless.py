"""The peer of conversion of any package: frictionless reads each table and writes it as JSON lines.

python tests/bench/peer_frictionless.py DESCRIPTOR TARGET
"""

from __future__ import annotations

import sys
from pathlib import Path

from frictionless import Package
from frictionless.resources import TableResource


def main(descriptor: str, target: Path) -> None:
    """Convert the tables of a package."""
    target.mkdir()
    for resource in Package(descriptor).resources:
        assert isinstance(resource, TableResource)
        resource.write_table(TableResource(path=str(target / f"{resource.name}.jsonl")))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
