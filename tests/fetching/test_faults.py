"""Whatever a network does: the right bytes under the final name, or a clear error and nothing there."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import published_tree as trees
from diplodata.errors import DiplodataError, FetchError, LimitError
from diplodata.fetching import RefusedError, Wish, fetch_release
from diplodata.model.limits import TransferLimits
from loopback import FAULTS, QuickClock, Request, Server, at

#: A machine that is busy must not look like a network that is broken.
LIMITS = TransferLimits(connect_seconds=10, read_seconds=10, total_seconds=300, attempts=3)

#: For servers that stall; what is tried often enough comes in the end.
IMPATIENT = TransferLimits(connect_seconds=10, read_seconds=0.1, total_seconds=300, attempts=20)

#: The same where it does not matter what comes of it.
HASTY = TransferLimits(connect_seconds=10, read_seconds=0.05, total_seconds=300, attempts=3)

#: Runs with random faults in make check; make deep makes fifty times as many.
RUNS = 200


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of releases with a file of some hundred kilobytes. Do not change it."""
    return trees.make_tree(tmp_path_factory.mktemp("tree") / "site", rows=8_000)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def get(server: Server, dest: Path, limits: TransferLimits = LIMITS, clock: QuickClock | None = None) -> Path:
    return fetch_release(server.address, dest, Wish(), limits=limits, clock=clock or QuickClock()).folder


def once(fault: str, name: str) -> Callable[[int, Request], str | None]:
    """Return a script that does one thing wrong, at the first request for a file."""
    done: list[str] = []

    def script(_number: int, request: Request) -> str | None:
        if request.path.endswith(name) and not done:
            done.append(name)
            return fault
        return None

    return script


#: Faults after which another attempt is of no use.
FINAL = {"packed", "404", "403", "503-later"}

#: Faults that nothing shows where neither size nor digest is known before: in an index without a signature.
UNSEEN = {"flipped", "too-long", "wrong-length", "empty", "no-headers"}

FILES = ("index.json", "SHA256SUMS", "release.json", "t.csv")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_overcome_or_said(fault: str, name: str, tree: Path, tmp_path: Path) -> None:
    dest = tmp_path / "copy"
    with Server(tree, once(fault, name)) as server:
        # A file of unknown size that does not end is given up at its limit.
        is_unsized = name in ("index.json", "release.json") and fault == "endless"
        if fault in FINAL or is_unsized or (name == "index.json" and fault in UNSEEN):
            with pytest.raises(LimitError if is_unsized else FetchError):
                get(server, dest, TransferLimits(read_seconds=10, index_bytes=2**18, record_bytes=2**18))
            assert not dest.exists()
        limits = IMPATIENT if fault == "stall" else LIMITS
        assert contents(get(server, dest, limits)) == contents(tree / "releases" / "1.1.0")


def outcome(server: Server, dest: Path) -> str:
    """Return what a fetch says that does not end well; nothing when it does."""
    try:
        get(server, dest, HASTY)
    except DiplodataError as error:
        return str(error)
    return ""


def test_random_faults(tree: Path, tmp_path: Path, scale: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run is repeated without faults, on what the first one left behind."""
    # What waits for the disk shows nothing about the network, and takes most of the time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    whole = contents(tree / "releases" / "1.1.0")
    outcomes = {"right": 0, "said": 0}
    for seed in range(RUNS * (50 if scale > 1 else 1)):
        chance = random.Random(seed)  # noqa: S311
        plan = {chance.randrange(12): chance.choice(FAULTS) for _ in range(chance.randint(1, 6))}
        dest = tmp_path / str(seed)
        with Server(tree, lambda number, _, plan=plan: plan.get(number)) as server:  # type: ignore[misc]
            said = outcome(server, dest)
            outcomes["said" if said else "right"] += 1
            assert dest.exists() is not bool(said), plan
            server.script = lambda *_: None
            assert contents(get(server, dest)) == whole, plan
        assert sorted(path.name for path in tmp_path.iterdir()) == [dest.name, f"{dest.name}.fetched.json"], plan
        for path in sorted(tmp_path.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    assert min(outcomes.values()) > RUNS / 10, outcomes


def test_what_broke_off_is_resumed_by_the_next_run(tree: Path, tmp_path: Path) -> None:
    dest, size = tmp_path / "copy", (tree / "releases/1.1.0/data/t.csv").stat().st_size

    with Server(tree, at("t.csv", "reset-inside")) as server:
        with pytest.raises(FetchError, match=r"t\.csv: .*given up after 3 attempts"):
            get(server, dest)
        assert not dest.exists()
        server.script, server.requests[:] = (lambda *_: None), []
        assert contents(get(server, dest)) == contents(tree / "releases" / "1.1.0")
        asked = [item for item in server.requests if item.path.endswith("t.csv")]
    assert [item.headers.get("range") for item in asked] == [f"bytes={size // 2}-"]
    assert asked[0].headers["if-range"].startswith('"')
    # What was there as a whole is not asked for again.
    assert not [item for item in server.requests if item.path.endswith("datapackage.json")]


def test_a_part_of_another_file_is_not_resumed(tree: Path, tmp_path: Path) -> None:
    """The file changes while it is away: If-Range brings it as a whole, and its digest refuses it."""
    dest = tmp_path / "copy"
    with Server(tree, at("t.csv", "reset-inside")) as server:
        with pytest.raises(FetchError):
            get(server, dest)
        (part,) = (tmp_path / ".copy.fetch").glob("*.part")
        raw = part.read_bytes()
        part.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])
        server.script, server.requests[:] = (lambda *_: None), []
        assert contents(get(server, dest)) == contents(tree / "releases" / "1.1.0")
    # The damaged part was completed, found to be wrong, and the file asked for once more as a whole.
    asked = [item.headers.get("range") for item in server.requests if item.path.endswith("t.csv")]
    assert asked[0] is not None
    assert asked[1:] == [None]


def test_a_part_from_another_address_is_not_resumed(tree: Path, tmp_path: Path) -> None:
    dest = tmp_path / "copy"
    with Server(tree, at("t.csv", "reset-inside")) as server, pytest.raises(FetchError):
        get(server, dest)
    with Server(tree) as other:
        assert contents(get(other, dest)) == contents(tree / "releases" / "1.1.0")
        asked = [item.headers.get("range") for item in other.requests if item.path.endswith("t.csv")]
    assert asked == [None]


def test_a_server_without_parts_and_tags_is_asked_for_the_whole(tree: Path, tmp_path: Path) -> None:
    with Server(tree, once("short", "t.csv"), has_ranges=False, has_tags=False) as server:
        assert contents(get(server, tmp_path / "copy")) == contents(tree / "releases" / "1.1.0")


def test_waits_grow_and_a_wish_of_the_server_is_honoured(tree: Path, tmp_path: Path) -> None:
    clock, faults = QuickClock(), iter(["500", "503", "reset", "500"])
    with Server(tree, lambda *_: next(faults, None)) as server:
        get(server, tmp_path / "copy", TransferLimits(read_seconds=10), clock)
    assert clock.slept == [0.5, 2, 2, 4]


def test_a_server_that_asks_to_come_much_later_is_left(tree: Path, tmp_path: Path) -> None:
    clock = QuickClock()
    with Server(tree, lambda *_: "503-later") as server, pytest.raises(FetchError, match="100,000 seconds"):
        get(server, tmp_path / "copy", clock=clock)
    assert clock.slept == []


@pytest.mark.parametrize("where", ["drip", "drip-headers"])
def test_a_server_that_drips_meets_the_deadline(where: str, tree: Path, tmp_path: Path) -> None:
    """Each byte comes in time, so that no step takes too long, and the whole would take for ever."""
    clock = QuickClock()
    server = Server(tree, at("t.csv", where), tick=lambda: clock.sleep(1))
    with server, pytest.raises(LimitError, match="total_seconds"):
        get(server, tmp_path / "copy", clock=clock)
    assert 300 <= sum(clock.slept) < 1_000


def test_a_changed_file_is_refused(tree: Path, tmp_path: Path) -> None:
    with Server(tree, at("t.csv", "flipped")) as server, pytest.raises(RefusedError) as caught:
        get(server, tmp_path / "copy")
    assert [item.code for item in caught.value.findings] == ["release-file-different"]
    assert list(tmp_path.iterdir()) == []


def test_limits_on_all_that_comes(tree: Path, tmp_path: Path) -> None:
    with Server(tree) as server, pytest.raises(LimitError, match="total_bytes"):
        get(server, tmp_path / "copy", TransferLimits(total_bytes=100_000))
    with Server(tree) as server, pytest.raises(LimitError, match=r"index\.json has"):
        get(server, tmp_path / "copy", TransferLimits(index_bytes=10))
