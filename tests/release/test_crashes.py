"""A publish that is ended, or whose disk fails, at any system call leaves the old state or the new one.

strace ends the process, or lets a call fail, at the Nth call of one name. Which calls there are that change something
below the target is seen in a first run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conftest import DEEP
from diplodata import publish
from diplodata.model.release import FileFacts
from diplodata.release import checksums, index
from small_packages import contents, make

pytestmark = pytest.mark.system

#: Calls by which a publish changes the disk.
CALLS = "openat write fsync rename renameat2 mkdir unlink unlinkat rmdir chmod".split()

#: What a failing disk says to each.
ERRORS = {"write": "ENOSPC", "openat": "ENOSPC", "mkdir": "ENOSPC", "fsync": "EIO", "rename": "EIO", "renameat2": "EIO"}

#: Kills of a whole publish, beside all of those at the commit step.
KILLS = 20


Point = tuple[str, int]


@dataclass
class Tracer:
    """Publishes in children of a process that strace attaches to."""

    folder: Path
    process: subprocess.Popen[str]
    number: int = field(default=0)

    def publish(self, target: Path, source: Path, *options: str, moment: str = "start") -> tuple[int, list[str]]:
        """Publish under strace from a moment on; return the status, and the lines of the calls."""
        self.number += 1
        log = self.folder / f"log-{self.number}"
        order: dict[str, Any] = {"target": str(target), "source": str(source), "log": str(log)}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order | {"moment": moment, "options": list(options)}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the process of traced.py ended"
        return int(answer), log.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def tracer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracer]:
    assert shutil.which("strace"), "strace is not installed; make check needs it."
    command = [sys.executable, str(Path(__file__).with_name("traced.py"))]
    # No threads before a child is made.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    with subprocess.Popen(command, **pipes) as process:
        yield Tracer(tmp_path_factory.mktemp("traced"), process)


@dataclass(frozen=True)
class Scene:
    """A target with release 1.0.0, and the one that publishes 1.1.0 there."""

    before: Path
    source: Path
    #: The files of the target before, and once 1.1.0 is published.
    old: dict[str, bytes]
    new: dict[str, bytes]
    #: moment from which on calls are counted -> call and number of all that change something.
    points: Mapping[str, Sequence[Point]]


@pytest.fixture(scope="module")
def scene(tracer: Tracer, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    publish(folder / "before", make(folder / "first"))
    old = contents(folder / "before")
    source = make(folder / "second", ((1, "1.5"), (2, "2.50"), (3, "3")), version="1.1.0")
    found = {}
    for moment in ("start", "commit"):
        done = shutil.copytree(folder / "before", folder / moment)
        status, lines = tracer.publish(done, source, "-e", f"trace={','.join(CALLS)}", moment=moment)
        assert status == 0
        found[moment] = list(points(lines, done))
    return Scene(folder / "before", source, old, contents(done), found)


def points(lines: list[str], target: Path) -> Iterator[Point]:
    """Yield the calls of the first process that change something below the target."""
    main = lines[0].split()[0]
    counts = dict.fromkeys(CALLS, 0)
    for line in lines:
        match = re.match(rf"{main} +(\w+)\(", line)
        if match is None:
            continue
        counts[match[1]] += 1
        is_change = match[1] != "openat" or "O_CREAT" in line
        if str(target) in line and is_change:
            yield match[1], counts[match[1]]


def sample(found: Sequence[Point], number: int) -> list[Point]:
    """Return that many of the points, evenly; all of them when the full numbers are asked for."""
    return list(found) if DEEP or len(found) <= number else [found[i * len(found) // number] for i in range(number)]


def read_as_reader(target: Path) -> list[str]:
    """Return the versions that a reader finds, each of them whole."""
    found = index.read((target / "index.json").read_bytes(), "index.json")
    for entry in found.releases:
        sums = (target / entry.path / "SHA256SUMS").read_bytes()
        assert checksums.facts(target / entry.path / "SHA256SUMS") == entry.checksums, entry.version
        assert isinstance(entry.checksums, FileFacts)
        assert list(checksums.differences(target / entry.path)) == [], entry.version
        assert sums
    return [entry.version for entry in found.releases]


def assert_old_or_new(target: Path, scene: Scene) -> None:
    """The index is that of before or that of after, and what it lists is whole and the same."""
    versions = read_as_reader(target)
    now = contents(target)
    wanted = scene.new if versions == ["1.1.0", "1.0.0"] else scene.old
    assert versions in (["1.1.0", "1.0.0"], ["1.0.0"])
    listed = [name for name in wanted if name == "index.json" or name.startswith("releases/")]
    assert [name for name in listed if now.get(name) != wanted[name]] == []


def assert_recovers(target: Path, scene: Scene) -> None:
    """The next run brings the new state, and nothing else is left."""
    publish(target, scene.source)
    assert contents(target) == scene.new
    assert sorted(path.name for path in (target / "releases").iterdir()) == ["1.0.0", "1.1.0"]


def try_points(tracer: Tracer, scene: Scene, moment: str, found: Sequence[Point], action: str, folder: Path) -> int:
    """Let something happen at each of the points; return how often it did."""
    happened = 0
    for call, number in found:
        target = shutil.copytree(scene.before, folder / f"{call}-{number}")
        inject = f"inject={call}:{action.format(ERRORS.get(call, 'EIO'))}:when={number}"
        status, _ = tracer.publish(target, scene.source, "-e", f"trace={call}", "-e", inject, moment=moment)
        assert status in (0, 2, -signal.SIGKILL), (call, number, status)
        happened += status != 0
        assert_old_or_new(target, scene)
        assert_recovers(target, scene)
        shutil.rmtree(target)
    return happened


def test_a_kill_at_the_commit_step_leaves_the_old_state_or_the_new(
    tracer: Tracer, scene: Scene, tmp_path: Path
) -> None:
    points = scene.points["commit"]
    names = [point for point in points if point[0] in ("rename", "renameat2", "unlink", "rmdir")]
    assert len(names) >= 8
    found = [*names, *sample([point for point in points if point not in names], 4)]
    assert try_points(tracer, scene, "commit", found, "signal=KILL", tmp_path) == len(found)


def test_a_kill_at_any_other_moment_leaves_the_old_state_or_the_new(
    tracer: Tracer, scene: Scene, tmp_path: Path
) -> None:
    found = scene.points["start"]
    assert len(found) >= 80
    happened = try_points(tracer, scene, "start", sample(found, KILLS), "signal=KILL", tmp_path)
    assert happened >= 0.9 * min(KILLS, len(found))


@pytest.mark.parametrize(("moment", "number"), [("start", 2), ("commit", 3)])
def test_a_disk_that_fails_leaves_the_old_state_or_the_new(
    moment: str, number: int, tracer: Tracer, scene: Scene, tmp_path: Path
) -> None:
    found = sample([point for point in scene.points[moment] if point[0] in ERRORS], number)
    assert try_points(tracer, scene, moment, found, "error={}", tmp_path) >= number - 1


def test_the_first_publish_of_all_recovers(tracer: Tracer, tmp_path: Path) -> None:
    source = make(tmp_path / "package")
    publish(tmp_path / "wanted", source)
    for call, number in (("renameat2", 1), ("rename", 1), ("rename", 2), ("unlink", 2), ("rmdir", 1)):
        target = tmp_path / f"{call}-{number}"
        inject = f"inject={call}:signal=KILL:when={number}"
        status, _ = tracer.publish(target, source, "-e", f"trace={call}", "-e", inject, moment="commit")
        assert status == -signal.SIGKILL
        publish(target, source)
        assert contents(target) == contents(tmp_path / "wanted")


def test_other_bytes_may_follow_a_run_that_was_ended(tracer: Tracer, scene: Scene, tmp_path: Path) -> None:
    """A release that was renamed and never listed was never published, so it is nobody's."""
    target = shutil.copytree(scene.before, tmp_path / "site")
    inject = "inject=rename:signal=KILL:when=1"
    status, _ = tracer.publish(target, scene.source, "-e", "trace=rename", "-e", inject, moment="commit")
    assert status == -signal.SIGKILL
    assert (target / "releases" / "1.1.0").is_dir()
    assert read_as_reader(target) == ["1.0.0"]
    other = make(tmp_path / "other", ((1, "1.5"), (2, "2.50"), (4, "4")), version="1.1.0")
    assert publish(target, other).is_new
    assert b"4,4" in (target / "releases/1.1.0/table.csv").read_bytes()
