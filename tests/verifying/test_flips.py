"""No byte of a release can change unnoticed: each is flipped by itself, and the release is refused."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

import published_tree as trees
from conftest import DEEP
from diplodata.verifying import verify

#: Bytes of each file that make check flips; make deep flips all.
SAMPLE = 8


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of releases. Do not change it."""
    return trees.make_tree(tmp_path_factory.mktemp("tree") / "site")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trees.make_key(tmp_path_factory.mktemp("key"))


def places(size: int, seed: str) -> list[int]:
    """Return which bytes of a file are flipped: the first, the last, and some between."""
    if DEEP or size <= SAMPLE:
        return list(range(size))
    return sorted({0, size - 1, *random.Random(seed).sample(range(size), SAMPLE - 2)})  # noqa: S311


def unnoticed(root: Path, file: Path, place: Path, signers: Path | None) -> list[int]:
    """Flip bytes of a file one by one, one bit of each; return those at which the place was still verified."""
    raw, name = file.read_bytes(), file.relative_to(root).as_posix()
    missed = []
    for number in places(len(raw), name):
        bit = 1 << random.Random(f"{name}{number}").randrange(8)  # noqa: S311
        file.write_bytes(raw[:number] + bytes([raw[number] ^ bit]) + raw[number + 1 :])
        if verify(place, signers).verified:
            missed.append(number)
    file.write_bytes(raw)
    return missed


def test_every_byte_of_a_release(tree: Path, tmp_path: Path) -> None:
    root = shutil.copytree(tree, tmp_path / "site")
    release = root / "releases" / "1.1.0"
    files = sorted(path for path in release.rglob("*") if path.is_file())
    assert len(files) == 6
    for place in (release, root):
        assert {file.name: found for file in files if (found := unnoticed(root, file, place, None))} == {}
    assert verify(root).verified


@pytest.mark.system
def test_every_byte_of_index_and_signatures(tree: Path, key: Path, tmp_path: Path) -> None:
    root = shutil.copytree(tree, tmp_path / "site")
    trees.sign_tree(root, key)
    signers = tmp_path / "signers"
    signers.write_text(trees.signers_of(key), encoding="utf-8")
    names = ("index.json", "index.json.sig", "releases/1.1.0/SHA256SUMS.sig", "releases/1.1.0/SHA256SUMS")
    assert {name: found for name in names if (found := unnoticed(root, root / name, root, signers))} == {}
    assert verify(root, signers).verified
