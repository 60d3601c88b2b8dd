"""What publish writes, verify accepts and fetch brings: signed, in several versions, with one withdrawn."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import diplodata
import published_tree as trees
import small_packages
from diplodata.fetching import RefusedError, Wish, fetch_release
from diplodata.verifying import verify
from loopback import Server

pytestmark = pytest.mark.system

MOMENT = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a signed site of three releases, the last withdrawn, and the signers. Do not change it."""
    folder = tmp_path_factory.mktemp("published")
    key = trees.make_key(folder)
    (folder / "signers").write_text(trees.signers_of(key), encoding="utf-8")
    for number, version in enumerate(("1.0.0", "1.1.0", "1.2.0"), 2):
        rows = [(row, "1.5") for row in range(number)]
        small_packages.make(folder / "package", rows, version=version, created=MOMENT)
        diplodata.publish(folder / "site", folder / "package", diplodata.Wishes(key=key))
    diplodata.yank(folder / "site", "1.2.0", "A row was wrong.", key=key)
    return folder


@pytest.fixture
def server(made: Path) -> Iterator[Server]:
    with Server(made / "site") as running:
        yield running


def test_a_published_tree_is_verified(made: Path, server: Server) -> None:
    for place in (str(made / "site"), server.address):
        done = verify(place, made / "signers")
        assert done.verified
        assert done.versions == ("1.2.0", "1.1.0", "1.0.0")
        assert {item.code for item in done.findings} == {"release-yanked"}


def test_one_published_release_is_verified(made: Path) -> None:
    done = verify(made / "site" / "releases" / "1.1.0", made / "signers")
    assert (done.verified, done.findings) == (True, ())


def test_a_published_release_is_fetched(made: Path, server: Server, tmp_path: Path) -> None:
    with diplodata.fetch(server.address, tmp_path / "copy", signers=made / "signers") as package:
        assert package.table("table").num_rows == 3
    release = made / "site" / "releases" / "1.1.0"
    assert small_packages.contents(tmp_path / "copy") == small_packages.contents(release)
    assert diplodata.validate(tmp_path / "copy").valid
    with diplodata.fetch(server.address, tmp_path / "parquet", only="parquet", release="1.0") as package:
        assert package.table("table").num_rows == 2


def test_a_withdrawn_release_is_taken_when_it_is_named(made: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="A row was wrong"):
        fetch_release(made / "site", tmp_path / "copy", Wish("1.2"))
    assert fetch_release(made / "site", tmp_path / "copy", Wish("1.2.0")).withdrawn == "A row was wrong."


def test_an_earlier_state_of_the_site_is_refused(made: Path, tmp_path: Path) -> None:
    """The index before the withdrawal is signed as well; what was seen since shows that it is old."""
    early = shutil.copytree(made / "site", tmp_path / "early")
    key = made / "key"
    small_packages.make(tmp_path / "package", [(1, "1.5"), (2, "1.5"), (3, "9")], version="1.3.0", created=MOMENT)
    late = shutil.copytree(early, tmp_path / "late")
    diplodata.publish(late, tmp_path / "package", diplodata.Wishes(key=key, force_version="for a test"))
    assert fetch_release(late, tmp_path / "copy", Wish(), signers=made / "signers").version == "1.3.0"
    with pytest.raises(RefusedError) as caught:
        fetch_release(early, tmp_path / "copy", Wish(), signers=made / "signers")
    assert {item.code for item in caught.value.findings} == {"release-rolled-back", "release-replaced"}
