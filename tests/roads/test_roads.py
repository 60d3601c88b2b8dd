"""A table gives the same report whichever way it is read: in one block, in many with dictionaries, exactly, or on disk.

One seed, with the package kept in a folder to look at::

    DIPLODATA_SEED=4711 python -m pytest tests/roads --basetemp=build/roads
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from diplodata import Options, validate, validation
from diplodata.checks import reading
from diplodata.engine import distinct
from diplodata.engine.plan import Plan
from diplodata.formats import csv_stream, csv_table
from roads.tables import write

#: Tables in ``make check``; ``make deep`` takes more by its factor.
TABLES = 40

#: Bytes of a block, and of the sample that says which columns come as dictionaries.
BLOCKS = ((97, 97), (300, 200), (900, 900), (5000, 2000))


def seeds(scale: int) -> range:
    """Return the seeds to try: one that is asked for, or as many as the run wants."""
    asked = os.environ.get("DIPLODATA_SEED")
    return range(int(asked), int(asked) + 1) if asked else range(TABLES * scale)


def report(folder: Path) -> dict[str, Any]:
    return validate(folder, Options(limit=0)).to_dict()


def _in_blocks(patch: pytest.MonkeyPatch, seed: int, met: Counter[str]) -> None:
    """Read in blocks of a few records, with a dictionary for every column in which a value recurs."""
    block, sample = BLOCKS[seed % len(BLOCKS)]
    recurring = csv_stream._recurring

    def noted(batch: pa.RecordBatch) -> frozenset[str]:
        found = recurring(batch)
        met["dictionaries"] += bool(found)
        return found

    patch.setattr(csv_stream, "_BLOCK", block)
    patch.setattr(csv_stream, "_SAMPLE", sample)
    patch.setattr(csv_stream, "_RECURRENCE", 2)
    patch.setattr(csv_stream, "_recurring", noted)
    patch.setattr(distinct, "_REMEMBERED", 3)


def _exactly(patch: pytest.MonkeyPatch, _seed: int, _met: Counter[str]) -> None:
    """Leave every file to the exact reader, by a header that is always too long for the other one."""
    patch.setattr(csv_table, "_HEADER", 1)


def _keeping_all(patch: pytest.MonkeyPatch, _seed: int, _met: Counter[str]) -> None:
    """Keep the values of all columns in all rows, not only those of keys and of rows with a suspect."""
    planned: Callable[..., Plan] = reading.plan
    patch.setattr(reading, "plan", lambda *given: dataclasses.replace(planned(*given), kept=None))


def _on_disk(patch: pytest.MonkeyPatch, _seed: int, _met: Counter[str]) -> None:
    """Keep the tables in a database on disk, as those of a large package are."""
    patch.setattr(validation, "_LARGE", -1)


#: Name of a way to read -> what makes the reader take it.
ROADS: Mapping[str, Callable[[pytest.MonkeyPatch, int, Counter[str]], None]] = {
    "in blocks": _in_blocks,
    "exactly": _exactly,
    "keeping all": _keeping_all,
    "on disk": _on_disk,
}


def test_every_road_says_the_same(scale: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    differences: list[str] = []
    met: Counter[str] = Counter()
    for seed in seeds(scale):
        found = list(_compared(seed, tmp_path / str(seed), met))
        if not found:
            shutil.rmtree(tmp_path / str(seed))
        differences += found
    with capsys.disabled():
        print(f"\nseeds {seeds(scale).start} to {seeds(scale).stop - 1}; met: {dict(met.most_common())}")  # noqa: T201
    assert not differences, f"{len(differences)} differences\n" + "\n".join(differences[:10])
    # The comparison is of something: there are dictionaries, and defects of every kind.
    assert "DIPLODATA_SEED" in os.environ or met.keys() >= {
        *("blank-row", "constraint-error", "dictionaries", "encoding-error", "extra-cell", "foreign-key"),
        *("missing-cell", "nul-in-cell", "primary-key", "type-error", "unterminated-quote"),
    }


def _compared(seed: int, folder: Path, met: Counter[str]) -> Iterator[str]:
    write(seed, folder)
    usual = report(folder)
    met.update({item["code"] for item in usual["findings"]})
    for name, take in ROADS.items():
        with pytest.MonkeyPatch.context() as patch:
            take(patch, seed, met)
            other = report(folder)
        if other != usual:
            yield f"seed {seed}, {name}: {_difference(usual, other)}"


def _difference(usual: dict[str, Any], other: dict[str, Any]) -> str:
    said, instead = (Counter(map(str, item["findings"])) for item in (usual, other))
    rest = [key for key in usual if usual[key] != other[key]]
    return f"{rest}; usual alone {list(said - instead)[:3]}; other alone {list(instead - said)[:3]}"
