"""What somebody who owns the server can do, named as TUF names it (specification 1.0, 1.5.2), with and without signers."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import published_tree as trees
from diplodata.errors import FetchError, LimitError
from diplodata.fetching import Fetched, RefusedError, Wish, fetch_release
from diplodata.model.limits import TransferLimits
from loopback import QuickClock, Request, Server, at

LIMITS = TransferLimits(connect_seconds=10, read_seconds=10, attempts=2)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with one release. Do not change it."""
    return trees.make_tree(tmp_path_factory.mktemp("old") / "site", ["1.0.0"])


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory, old: Path) -> Path:
    """The same tree with one release more. Do not change it."""
    root = shutil.copytree(old, tmp_path_factory.mktemp("new") / "site")
    trees.make_release(root, "1.1.0", "1.0.0")
    trees.write_index(root, {"1.0.0": None, "1.1.0": "1.0.0"}, 2)
    return root


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trees.make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[Path], Path]:
    """Give a copy of a tree, which a test may change."""
    return lambda tree: shutil.copytree(tree, tmp_path / f"copy-of-{tree.parent.name}")


def get(
    base: object, dest: Path, clock: QuickClock | None = None, limits: TransferLimits = LIMITS, **wish: Any
) -> Fetched:
    signers = wish.pop("signers", None)
    clock = clock or QuickClock()
    return fetch_release(str(base), dest, Wish(**wish), signers=signers, limits=limits, clock=clock)


def codes(caught: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return sorted({item.code for item in caught.value.findings})


def resigned(tree: Path, key: Path) -> Path:
    trees.sign_tree(tree, key)
    return tree


def signers(folder: Path, key: Path) -> Path:
    path = folder / "signers"
    path.write_text(trees.signers_of(key), encoding="utf-8")
    return path


def test_rollback(old: Path, new: Path, tmp_path: Path) -> None:
    """An index that was true once is shown again."""
    dest = tmp_path / "copy"
    assert get(new, dest).version == "1.1.0"
    with pytest.raises(RefusedError) as caught:
        get(old, dest)
    assert codes(caught) == ["release-replaced", "release-rolled-back"]
    assert get(new, dest).is_new is False


@pytest.mark.system
def test_rollback_with_a_good_signature(
    old: Path, new: Path, key: Path, copied: Callable[[Path], Path], tmp_path: Path
) -> None:
    """A signature stays good for ever, so only what is remembered shows that the index is old."""
    dest, who = tmp_path / "copy", signers(tmp_path, key)
    get(resigned(copied(new), key), dest, signers=who)
    with pytest.raises(RefusedError) as caught:
        get(resigned(copied(old), key), dest, signers=who)
    assert "release-rolled-back" in codes(caught)


def test_rollback_of_everything_but_the_serial(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    dest, tree = tmp_path / "copy", copied(new)
    get(new, dest)
    index = trees.read_index(tree)
    trees.change_index(tree, serial=3, releases=index["releases"][1:], channels={"latest": "1.0.0"})
    with pytest.raises(RefusedError) as caught:
        get(tree, dest)
    assert codes(caught) == ["release-replaced"]


def test_fast_forward(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """A serial beyond all others locks users out of what follows, so it has a bound; what is remembered can be removed."""
    dest, tree = tmp_path / "copy", copied(new)
    trees.change_index(tree, serial=10**18)
    with pytest.raises(RefusedError) as caught:
        get(tree, dest)
    assert codes(caught) == ["release-index-malformed"]
    trees.change_index(tree, serial=2**53 - 1)
    get(tree, dest)
    with pytest.raises(RefusedError) as caught:
        get(new, dest)
    assert codes(caught) == ["release-rolled-back"]
    (tmp_path / "copy.fetched.json").unlink()
    assert get(new, dest).is_new is False


def test_freeze(new: Path, tmp_path: Path) -> None:
    """An index that is never renewed looks like one of which nothing is new; only its age can be refused."""
    dest, clock = tmp_path / "copy", QuickClock()
    get(new, dest, clock, max_age=30)
    clock.moment += datetime.timedelta(days=40)
    assert get(new, dest, clock).is_new is False
    with pytest.raises(RefusedError) as caught:
        get(new, dest, clock, max_age=30)
    assert codes(caught) == ["release-index-old"]


def test_mix_and_match(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """Files of one release stand in the folder of another."""
    tree = copied(new)
    for name in ("t.csv", "t.json", "t.parquet"):
        shutil.copyfile(tree / "releases/1.0.0/data" / name, tree / "releases/1.1.0/data" / name)
    with pytest.raises(RefusedError) as caught:
        get(tree, tmp_path / "copy")
    assert codes(caught) == ["release-file-different"]


def test_mix_and_match_of_a_whole_release(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """The folder of one release stands in the place of another, and the index follows."""
    tree = copied(new)
    shutil.rmtree(tree / "releases/1.1.0")
    shutil.copytree(tree / "releases/1.0.0", tree / "releases/1.1.0")
    releases = trees.read_index(tree)["releases"]
    releases[0]["checksums"] = releases[1]["checksums"]
    trees.change_index(tree, releases=releases)
    with pytest.raises(RefusedError) as caught:
        get(tree, tmp_path / "copy")
    assert codes(caught) == ["release-record-different"]
    assert not (tmp_path / "copy").exists()


@pytest.mark.system
def test_mix_and_match_of_signatures(new: Path, key: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """The signature of one file stands beside another one."""
    tree = resigned(copied(new), key)
    shutil.copyfile(tree / "releases/1.1.0/SHA256SUMS.sig", tree / "index.json.sig")
    with pytest.raises(RefusedError) as caught:
        get(tree, tmp_path / "copy", signers=signers(tmp_path, key))
    assert codes(caught) == ["release-signature-wrong"]


@pytest.mark.parametrize("name", ["index.json", "SHA256SUMS", "release.json", "t.csv"])
def test_endless_data(name: str, new: Path, tmp_path: Path) -> None:
    limits = TransferLimits(read_seconds=10, attempts=2, index_bytes=2**16, record_bytes=2**16)
    error = LimitError if name in ("index.json", "release.json") else RefusedError
    with Server(new, at(name, "endless")) as server, pytest.raises(error):
        get(server.address, tmp_path / "copy", limits=limits)
    assert not (tmp_path / "copy").exists()


def test_slow_retrieval(new: Path, tmp_path: Path) -> None:
    """Bytes come, each in time, and the end never does."""
    clock = QuickClock()

    def script(_number: int, request: Request) -> str | None:
        clock.slept.append(1_000)
        return "reset-inside" if request.path.endswith("t.csv") else None

    with Server(new, script) as server, pytest.raises((LimitError, FetchError)):
        get(server.address, tmp_path / "copy", clock)
    assert not (tmp_path / "copy").exists()


def test_extraneous_dependencies(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """A release lists files that are no part of it: they can lie in its folder and nowhere else."""
    tree = copied(new)
    sums = tree / "releases/1.1.0/SHA256SUMS"
    sums.write_text(sums.read_text(encoding="utf-8") + f"{'0' * 64}  ../../../evil\n", encoding="utf-8")
    releases = trees.read_index(tree)["releases"]
    releases[0] = trees.entry(tree, "1.1.0", "1.0.0")
    trees.change_index(tree, releases=releases)
    with pytest.raises(RefusedError) as caught:
        get(tree, tmp_path / "copy")
    assert codes(caught) == ["release-path-unsafe"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [tree.name]


def test_wrong_file(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """A file is not the one that was asked for."""
    tree = copied(new)
    (tree / "releases/1.1.0/data/t.csv").write_text("id,name\nevil,evil\n", encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        get(tree, tmp_path / "copy")
    assert codes(caught) == ["release-file-different"]


def test_wrong_release(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """Everything is exchanged and agrees: without signers, only a digest from elsewhere shows it."""
    tree, dest = copied(new), tmp_path / "copy"
    expected = f"sha256:{trees.read_index(tree)['releases'][0]['checksums']['sha256']}"
    data = tree / "releases/1.1.0/data/t.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("name 0", "evil 0"), encoding="utf-8")
    trees.seal(tree / "releases/1.1.0")
    releases = trees.read_index(tree)["releases"]
    trees.change_index(tree, releases=[trees.entry(tree, "1.1.0", "1.0.0"), *releases[1:]])
    with pytest.raises(RefusedError) as caught:
        get(tree, dest, expect=expected)
    assert codes(caught) == ["release-file-different"]
    assert get(tree, dest).is_new


@pytest.mark.system
def test_vulnerable_key(new: Path, key: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """A key that was replaced signs no more, whatever the place says of it."""
    tree = resigned(copied(new), key)
    other = trees.make_key(tmp_path)
    assert get(tree, tmp_path / "one", signers=signers(tmp_path, key)).is_new
    (tree / "allowed_signers").write_text(trees.signers_of(key), encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        get(tree, tmp_path / "two", signers=signers(tmp_path, other))
    assert codes(caught) == ["release-signature-wrong"]


@pytest.mark.system
def test_an_index_that_is_just_being_replaced(
    new: Path, old: Path, key: Path, copied: Callable[[Path], Path], tmp_path: Path
) -> None:
    """Index and signature are two files: between the two writes of a publisher they do not fit, a moment later they do."""
    tree, early = resigned(copied(new), key), resigned(copied(old), key)
    late = (tree / "index.json.sig").read_bytes()
    shutil.copyfile(early / "index.json.sig", tree / "index.json.sig")

    class Publishing(QuickClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            (tree / "index.json.sig").write_bytes(late)

    assert get(tree, tmp_path / "copy", Publishing(), signers=signers(tmp_path, key)).is_new


@pytest.mark.system
def test_stripped_signature(new: Path, key: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    tree, who = resigned(copied(new), key), signers(tmp_path, key)
    with Server(tree, at(".sig", "404")) as server, pytest.raises(RefusedError) as caught:
        get(server.address, tmp_path / "copy", signers=who)
    assert codes(caught) == ["release-signature-missing"]


def test_what_was_refused_teaches_nothing(new: Path, copied: Callable[[Path], Path], tmp_path: Path) -> None:
    """What is remembered is written only after all checks (the mistake of CVE-2025-2888)."""
    tree, dest = copied(new), tmp_path / "copy"
    trees.change_index(tree, serial=50)
    (tree / "releases/1.1.0/data/t.csv").write_text("id,name\n", encoding="utf-8")
    with pytest.raises(RefusedError):
        get(tree, dest)
    assert not (tmp_path / "copy.fetched.json").exists()
    assert get(new, dest).is_new
    assert json.loads((tmp_path / "copy.fetched.json").read_text(encoding="utf-8"))["serial"] == 2
