"""Compare what diplodata and the reference find in one generated package."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import diplodata
from differential import deviations
from differential.generator import make_package
from differential.oracle import Key, Oracle, Verdict
from differential.rewriting import asked
from differential.tables import Table
from differential.writing import write
from diplodata import Options
from diplodata.model.finding import Finding

#: Codes about rows and files, whose field does not count, and codes about labels, which have no row.
_WITHOUT_FIELD = ("blank-row", "extra-cell", "primary-key")
_OF_LABELS = ("blank-label", "duplicate-label", "extra-label", "incorrect-label", "missing-label", "unmatched-header")


@dataclass(frozen=True)
class Difference:
    """A finding that one of the two makes more often than the other."""

    seed: int
    resource: str
    who: str
    key: Key
    about: str

    def __str__(self) -> str:
        code, row, name = self.key
        return f"seed {self.seed}, {self.resource} row {row} field {name}: {code} by {self.who} alone; {self.about}"


def compare_all(seeds: Sequence[int], folder: Path) -> tuple[list[Difference], Counter[str]]:
    """Compare the packages of many seeds in two processes, each with a reference of its own.

    Args:
        seeds: which packages.
        folder: a new folder; the packages with a difference are kept in it.

    Returns:
        The differences, and how often each deviation explained one.
    """
    found: list[Difference] = []
    met: Counter[str] = Counter()
    with ProcessPoolExecutor(_LANES, mp_context=get_context("spawn")) as pool:
        for differences, explained in pool.map(_lane, [seeds[at::_LANES] for at in range(_LANES)], [folder] * _LANES):
            found += differences
            met += explained
    return sorted(found, key=lambda item: item.seed), met


_LANES = 2


def _lane(seeds: Sequence[int], folder: Path) -> tuple[list[Difference], Counter[str]]:
    found: list[Difference] = []
    met: Counter[str] = Counter()
    with Oracle() as oracle:
        for seed in seeds:
            differences = compare(seed, folder / str(seed), oracle, met)
            if not differences:
                shutil.rmtree(folder / str(seed))
            found += differences
    return found, met


def compare(seed: int, folder: Path, oracle: Oracle, met: Counter[str]) -> list[Difference]:
    """Return the differences of a seed's package that no listed deviation explains.

    Args:
        seed: which package.
        folder: a new folder, which may be kept to look at.
        oracle: the reference.
        met: counts how often each deviation explained a difference.
    """
    package = make_package(seed)
    rewritten = asked(package)
    write(package, folder / "ours")
    write(rewritten, folder / "theirs")
    oracle.ask(folder / "theirs")
    mine = _ours(folder / "ours")
    verdicts = oracle.verdicts([table.name for table in package.tables])
    assert None not in mine, f"seed {seed}: diplodata refuses the descriptor: {mine[None]}"
    differences: list[Difference] = []
    for table in package.tables:
        case = deviations.Case(package, table, rewritten.table(table.name), rewritten, mine, verdicts)
        differences.extend(_differences(case, met))
    return differences


def _ours(folder: Path) -> dict[str | None, Counter[Key]]:
    report = diplodata.validate(folder, Options(limit=0))
    assert sum(report.by_code.values()) == len(report.findings), "counts and findings differ"
    found: dict[str | None, Counter[Key]] = {}
    for item in report.findings:
        if item.code in deviations.SAID_BESIDES:
            continue
        found.setdefault(item.resource, Counter())[_key(item)] += 1
    return found


def _key(item: Finding) -> Key:
    name = item.value if item.code == "extra-label" else item.field
    row = None if item.code in _OF_LABELS else item.row
    return item.code, row, None if item.code in _WITHOUT_FIELD else name


def _differences(case: deviations.Case, met: Counter[str]) -> Iterator[Difference]:
    whole = deviations.of_table(case)
    if whole is not None:
        met[whole] += 1
        return
    if case.verdict.crash is not None:
        yield _difference(case, "the reference", ("crash", None, case.verdict.crash))
        return
    theirs = case.theirs
    for who, extra in (("diplodata", case.mine - theirs), ("the reference", theirs - case.mine)):
        for key, number in sorted(extra.items(), key=str):
            name = deviations.of_finding(case, who, key)
            if name is None:
                yield _difference(case, who, key)
            else:
                met[name] += number


def _difference(case: deviations.Case, who: str, key: Key) -> Difference:
    return Difference(case.package.seed, case.table.name, who, key, _told(case.table, key))


def _told(table: Table, key: Key) -> str:
    """Describe the place of a finding for a message."""
    _, row, name = key
    schema = {item: value for item, value in table.schema.items() if item != "fields"}
    about = table.field(name) or {"fields": table.fields}
    kind = f"{table.form.format}{' of arrays' if table.form.is_of_arrays else ''}"
    cells = list(table.cells(row)) if row else list(table.labels)
    shown = [cell if len(str(cell)) < 60 else f"{str(cell)[:40]}…" for cell in cells]
    return f"{kind}; labels {list(table.labels)}; {json.dumps(about)}; {json.dumps(schema)}; {json.dumps(table.dialect)}; cells {shown!r}"


__all__ = ["Difference", "Verdict", "compare"]
