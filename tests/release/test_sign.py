"""Signatures: made by ssh-keygen, verified by it, and never left stale."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from diplodata import Wishes, publish, yank
from diplodata.errors import ReleaseError
from small_packages import contents, make

pytestmark = pytest.mark.system

WHO = "publisher@example.org"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key without a passphrase."""
    place = tmp_path_factory.mktemp("key") / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", WHO, "-f", str(place)], check=True)
    return place


@pytest.fixture(scope="module")
def signed(key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed target with release 1.0.0. Do not change it."""
    folder = tmp_path_factory.mktemp("signed")
    publish(folder / "site", make(folder / "package"), Wishes(key=key))
    return folder / "site"


@pytest.fixture
def target(signed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(signed, tmp_path / "site")


def verifies(file: Path, namespace: str, key: Path, folder: Path) -> bool:
    """Whether other people's ssh-keygen takes a signature, in one namespace only."""
    public = key.with_suffix(".pub").read_text(encoding="utf-8")
    signers = folder / "signers"
    signers.write_text(f'{WHO} namespaces="{namespace}" {public}', encoding="utf-8")
    command = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", WHO, "-n", namespace, "-s", f"{file}.sig"]
    done = subprocess.run(command, input=file.read_bytes(), capture_output=True, check=False)
    return done.returncode == 0


def test_checksums_and_index_are_signed_each_for_itself(signed: Path, key: Path, tmp_path: Path) -> None:
    sums, index = signed / "releases/1.0.0/SHA256SUMS", signed / "index.json"
    assert verifies(sums, "diplodata-release", key, tmp_path)
    assert verifies(index, "diplodata-index", key, tmp_path)
    assert not verifies(sums, "diplodata-index", key, tmp_path)
    assert not verifies(index, "diplodata-release", key, tmp_path)
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=sums.parent, check=False)
    assert done.returncode == 0


def test_every_change_of_the_index_is_signed(target: Path, key: Path, tmp_path: Path) -> None:
    publish(target, make(tmp_path / "package", ((1, "1"),), version="2.0.0"), Wishes(key=key))
    assert verifies(target / "index.json", "diplodata-index", key, tmp_path)
    yank(target, "2.0.0", "Wrong.", key)
    assert verifies(target / "index.json", "diplodata-index", key, tmp_path)


def test_a_signed_target_is_not_changed_without_a_key(target: Path, tmp_path: Path) -> None:
    before = contents(target)
    with pytest.raises(ReleaseError, match="--sign"):
        publish(target, make(tmp_path / "package", version="2.0.0"))
    with pytest.raises(ReleaseError, match="--sign"):
        yank(target, "1.0.0", "Wrong.")
    assert contents(target) == before


@pytest.mark.parametrize("stale", ["absent", "of an older index", "no signature"])
def test_the_next_run_mends_the_signature_of_the_index(stale: str, target: Path, key: Path, tmp_path: Path) -> None:
    place = target / "index.json.sig"
    old = place.read_bytes()
    publish(target, make(tmp_path / "next", ((1, "1"),), version="2.0.0"), Wishes(key=key))
    if stale == "absent":
        place.unlink()
    else:
        place.write_bytes(old if stale == "of an older index" else b"nothing")
    assert not verifies(target / "index.json", "diplodata-index", key, tmp_path)
    publish(target, make(tmp_path / "next", ((1, "1"),), version="2.0.0"), Wishes(key=key))
    assert verifies(target / "index.json", "diplodata-index", key, tmp_path)


def test_what_does_not_sign_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key", encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    for name in ("key", "nothing"):
        with pytest.raises(ReleaseError, match=name):
            publish(tmp_path / "site", make(tmp_path / "package"), Wishes(key=tmp_path / name))
        assert not (tmp_path / "site").exists()


def test_the_same_key_gives_the_same_bytes(signed: Path, key: Path, tmp_path: Path) -> None:
    publish(tmp_path / "site", make(tmp_path / "package"), Wishes(key=key))
    assert contents(tmp_path / "site") == contents(signed)
