"""Sources with some bytes changed: a report or a refusal, no traceback, no hang, no memory beyond bounds.

A seed chooses a subject, a file of it and the edits. One seed, with the source kept in a folder to look at::

    DIPLODATA_SEED=4711 python -m pytest tests/mutations -k bytes --basetemp=build/mutations
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mutations.mutator import mutated
from mutations.subjects import write_all

#: Mutations in ``make check``, and in ``make deep``.
MUTATIONS = {False: 500, True: 10_000}

#: How often the command line is asked, as a share of the mutations.
CALLS = 50

#: Seconds of computing after which a run counts as hanging, and of waiting, on a machine that may be busy.
SECONDS, PATIENCE = 5, 60

#: Megabytes that a run may hold at most.
MEGABYTES = 512

#: Runs of one process; a peak of memory is that of the process, so it starts afresh now and then.
RUNS = 100

#: Source -> how often it is chosen; a package of the standard takes as long as ten others.
SHARES = {
    "delimited": 34,
    "records": 28,
    "columns": 8,
    "generic.zip": 8,
    "bare-fast.csv": 4,
    "bare-lines.ndjson": 4,
    "bare-columns.parquet": 2,
    "standard": 5,
    "bundle.json": 2,
    "nested.json": 2,
}

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def subjects(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Path]]]:
    """The right packages, and by source the files of each that may be changed."""
    folder = tmp_path_factory.mktemp("subjects")
    return folder, write_all(folder, small)


def make(seed: int, folder: Path, files: dict[str, list[Path]]) -> tuple[Path, str]:
    """Change a file of a subject; return the source, and a word on what was changed."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    name = chance.choices(list(SHARES), list(SHARES.values()))[0]
    file = chance.choice(files[name])
    file.write_bytes(mutated(chance, file.read_bytes()))
    return folder / name, str(file.relative_to(folder))


class Runs:
    """Validates sources in a process that is started again when it dies, hangs, or has run often."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._left = 0

    def run(self, source: Path) -> dict[str, Any]:
        process = self._ready()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(str(source)) + "\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        if line:
            return dict(json.loads(line))
        self.stop()
        outcome = f"hangs for more than {PATIENCE} s" if not ready else f"the process died: {process.returncode}"
        return {"outcome": outcome, "seconds": 0, "megabytes": 0}

    def _ready(self) -> subprocess.Popen[str]:
        if self._process is None or self._left == 0:
            self.stop()
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(TESTS), *sys.path]))}
            command = [sys.executable, "-m", "mutations.worker"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True)
            self._left = RUNS
        self._left -= 1
        return self._process

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture
def worker() -> Iterator[Runs]:
    """A process that validates, stopped at the end."""
    running = Runs()
    yield running
    running.stop()


def fault(answer: dict[str, Any]) -> str | None:
    """Say what is wrong with what came of a run; None when nothing is."""
    if answer["outcome"] not in ("report", "refused"):
        return str(answer["outcome"])
    if answer["seconds"] > SECONDS:
        return f"took {answer['seconds']:.1f} s"
    return f"held {answer['megabytes']:.0f} MB" if answer["megabytes"] > MEGABYTES else None


def seeds(scale: int) -> range:
    """Return the seeds to try: one that is asked for, or as many as the run wants."""
    asked = os.environ.get("DIPLODATA_SEED")
    return range(int(asked), int(asked) + 1) if asked else range(MUTATIONS[scale > 1])


def test_bytes(
    scale: int, subjects: tuple[Path, dict[str, list[Path]]], tmp_path: Path, worker: Runs, capsys: Any
) -> None:
    right, files = subjects
    faults: list[str] = []
    outcomes: Counter[str] = Counter()
    for seed in seeds(scale):
        source, what = changed(seed, right, files, tmp_path / "run")
        answer = worker.run(source)
        outcomes[answer["outcome"] if answer["outcome"] in ("report", "refused") else "stumble"] += 1
        problem = fault(answer)
        if problem is not None:
            faults.append(f"seed {seed}, {what}: {problem}")
    with capsys.disabled():
        print(f"\nseeds {seeds(scale).start} to {seeds(scale).stop - 1}: {dict(outcomes)}")  # noqa: T201
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:20])
    assert outcomes["report"] > outcomes["refused"] or "DIPLODATA_SEED" in os.environ, (
        "most mutations are refused early"
    )


def changed(seed: int, right: Path, files: dict[str, list[Path]], folder: Path) -> tuple[Path, str]:
    """Copy the subject of a seed into a folder and change it there."""
    name = random.Random(seed).choices(list(SHARES), list(SHARES.values()))[0]  # noqa: S311 - as in make
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if (right / name).is_dir():
        shutil.copytree(right / name, folder / name)
    else:
        shutil.copy(right / name, folder / name)
    here = {source: [folder / path.relative_to(right) for path in paths] for source, paths in files.items()}
    return make(seed, folder, here)


def test_command_line(scale: int, subjects: tuple[Path, dict[str, list[Path]]], tmp_path: Path) -> None:
    right, files = subjects
    faults: list[str] = []
    for seed in range(MUTATIONS[scale > 1] // CALLS):
        source, what = changed(seed, right, files, tmp_path / "run")
        command = [sys.executable, "-m", "diplodata", "validate", str(source)]
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        if done.returncode not in (0, 1, 2) or b"Traceback" in done.stdout + done.stderr:
            faults.append(f"seed {seed}, {what}: exit code {done.returncode}\n{done.stderr.decode(errors='replace')}")
    assert not faults, "\n".join(faults[:20])
