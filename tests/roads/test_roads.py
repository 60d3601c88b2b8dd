"""A table gives the same report whichever way it is read: in one block, in many with dictionaries, or exactly.

One seed, with the package kept in a folder to look at::

    DIPLODATA_SEED=4711 python -m pytest tests/roads --basetemp=build/roads
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from diplodata import Options, validate
from diplodata.checks import reading
from diplodata.engine.plan import Plan
from diplodata.formats import csv_stream, csv_table
from roads.tables import write

#: Tables in ``make check``; ``make deep`` takes more by its factor.
TABLES = 60

#: Bytes of a block, and of the sample that says which columns come as dictionaries.
BLOCKS = ((97, 97), (300, 200), (900, 900), (5000, 2000))


def seeds(scale: int) -> range:
    """Return the seeds to try: one that is asked for, or as many as the run wants."""
    asked = os.environ.get("DIPLODATA_SEED")
    return range(int(asked), int(asked) + 1) if asked else range(TABLES * scale)


def report(folder: Path) -> dict[str, Any]:
    return validate(folder, Options(limit=0)).to_dict()


@pytest.fixture
def met() -> Counter[str]:
    """Counts what the tables put to the test, so that the comparison is of something."""
    return Counter()


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


def _exactly(patch: pytest.MonkeyPatch, seed: int, met: Counter[str]) -> None:
    """Leave every file to the exact reader, by a header that is always too long for the other one."""
    patch.setattr(csv_table, "_HEADER", 1)
    met["exact"] += seed >= 0


def _keeping_all(patch: pytest.MonkeyPatch, seed: int, met: Counter[str]) -> None:
    """Keep the values of all columns in all rows, not only those of keys and of rows with a suspect."""
    planned: Callable[..., Plan] = reading.plan
    patch.setattr(reading, "plan", lambda *given: dataclasses.replace(planned(*given), kept=None))
    met["whole"] += seed >= 0


@pytest.mark.parametrize("road", [_in_blocks, _exactly, _keeping_all])
def test_every_road_says_the_same(
    scale: int,
    tmp_path: Path,
    met: Counter[str],
    road: Callable[[pytest.MonkeyPatch, int, Counter[str]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    differences = []
    for seed in seeds(scale):
        folder = tmp_path / str(seed)
        write(seed, folder)
        usual = report(folder)
        with pytest.MonkeyPatch.context() as patch:
            road(patch, seed, met)
            other = report(folder)
        met.update(item["code"] for item in usual["findings"])
        if usual == other:
            shutil.rmtree(folder)
        else:
            differences.append(f"seed {seed}: {_difference(usual, other)}")
    with capsys.disabled():
        print(f"\nseeds {seeds(scale)}, met: {dict(met.most_common())}")  # noqa: T201
    assert not differences, f"{len(differences)} differences\n" + "\n".join(differences[:10])
    if "DIPLODATA_SEED" not in os.environ:
        assert met["dictionaries"] or road is not _in_blocks
        assert met.keys() >= {
            *("blank-row", "constraint-error", "encoding-error", "extra-cell", "foreign-key", "missing-cell"),
            *("nul-in-cell", "primary-key", "type-error", "unterminated-quote"),
        }


def _difference(usual: dict[str, Any], other: dict[str, Any]) -> str:
    said, instead = (Counter(map(str, item["findings"])) for item in (usual, other))
    rest = [key for key in usual if usual[key] != other[key]]
    return f"{rest}; usual alone {list(said - instead)[:3]}; other alone {list(instead - said)[:3]}"
