"""What verify reads and says: from folders and over HTTP, whatever stands where a file should be."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import published_tree as trees
from diplodata.cli import main
from diplodata.errors import FetchError, LimitError, UsageError
from diplodata.model.limits import TransferLimits
from diplodata.package import paths
from diplodata.published import index, record, sums
from diplodata.remote import address as addresses
from diplodata.verifying import verify
from loopback import QuickClock, Server


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of releases. Do not change it."""
    return trees.make_tree(tmp_path_factory.mktemp("tree") / "site")


@pytest.fixture
def own(tree: Path, tmp_path: Path) -> Path:
    """A copy of it, which a test may change."""
    return shutil.copytree(tree, tmp_path / "site")


def codes(place: object, **options: Any) -> list[str]:
    return sorted(item.code for item in verify(str(place), **options).findings)


def test_a_folder_and_an_address_say_the_same(own: Path) -> None:
    (own / "releases/1.1.0/data/t.csv").write_text("changed", encoding="utf-8")
    (own / "releases/1.0.0/data/t.json").unlink()
    (own / "releases/1.0.0/data/more.csv").write_text("more", encoding="utf-8")
    with Server(own) as server:
        near, far = verify(own), verify(server.address, clock=QuickClock())
    assert [item for item in near.findings if item.code != "release-file-unlisted"] == list(far.findings)
    assert (near.versions, near.files, near.bytes) == (far.versions, far.files, far.bytes)
    assert (near.is_listed, far.is_listed) == (True, False)


@pytest.mark.parametrize("end", ["", "/", "/index.json"])
def test_a_place_may_be_given_by_its_index(end: str, tree: Path) -> None:
    assert verify(f"{tree}{end}").verified
    with Server(tree) as server:
        assert verify(server.address + end).verified


def test_one_release_over_http_is_followed_to_the_one_before(own: Path) -> None:
    with Server(own) as server:
        assert codes(f"{server.address}/releases/1.1.0") == []
        (own / "releases/1.0.0/SHA256SUMS").write_text("other", encoding="utf-8")
        assert codes(f"{server.address}/releases/1.1.0/") == ["release-chain-broken"]
        shutil.rmtree(own / "releases/1.0.0")
        assert codes(f"{server.address}/releases/1.1.0/") == ["unchecked"]


@pytest.mark.parametrize("release", ["1.0.0", "1.0", "latest"])
def test_one_release_of_many(release: str, tree: Path) -> None:
    assert len(verify(tree, release=release).versions) == 1


def test_what_is_no_release(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="holds neither"):
        verify(tmp_path)
    with pytest.raises(FetchError, match="no such folder"):
        verify(tmp_path / "nothing")
    with pytest.raises(UsageError, match="There is no release"):
        verify(tree, release="7.0.0")
    with pytest.raises(UsageError, match="is one release"):
        verify(tree / "releases/1.0.0", release="1.0.0")
    with pytest.raises(UsageError, match="Unknown form"):
        verify(tree, only="xml")


@pytest.mark.parametrize("name", ["data/t.csv", "SHA256SUMS", "release.json", "datapackage.json"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "loop"])
def test_what_is_no_file(kind: str, name: str, own: Path) -> None:
    """Nothing is followed, nothing is waited for."""
    path = own / "releases/1.1.0" / name
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(path.name if kind == "loop" else "/dev/zero")
    found = verify(own).findings
    assert "release-path-unsafe" in {item.code for item in found}
    assert {item.path for item in found if item.code == "release-path-unsafe"} == {f"releases/1.1.0/{name}"}


def test_names_that_are_no_text(own: Path) -> None:
    (own / "releases/1.1.0" / os.fsdecode(b"\xff\x1b[2J\n")).write_text("x", encoding="utf-8")
    (finding,) = verify(own).findings
    assert finding.code == "release-file-unlisted"


def test_limits(tree: Path) -> None:
    for limits in (TransferLimits(files=4), TransferLimits(file_bytes=10), TransferLimits(index_bytes=10)):
        with pytest.raises(LimitError):
            verify(tree, limits=limits)


# The command


Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return int(str(caught.value.code)), said.out, said.err

    return run


def test_exit_codes(cli: Cli, own: Path) -> None:
    assert cli("verify", own)[0] == 0
    (own / "releases/1.1.0/data/t.csv").unlink()
    assert cli("verify", own)[0] == 1
    code, out, error = cli("verify", own / "nothing")
    assert (code, out, len(error.splitlines())) == (2, "", 1)


def test_the_result_for_programs(cli: Cli, own: Path, tmp_path: Path) -> None:
    (own / "releases/1.1.0/data/t.csv").write_text("\x1b[2J", encoding="utf-8")
    code, _, _ = cli("verify", own, "--format", "json", "--output", tmp_path / "result.json")
    data = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert code == 1
    assert data["verified"] is False
    assert data["releases"] == ["1.1.0", "1.0.0"]
    assert data["counts"]["by_code"] == {"release-file-different": 1}
    assert data["findings"][0]["path"] == "releases/1.1.0/data/t.csv"
    assert (data["signatures"], data["unlisted_files"]) == ("not checked", "looked for")


HOSTILE = "\x1b[2J\x9b31m\u202e\r\n::error::x\n##[error]x"


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_is_read_is_obeyed(form: str, cli: Cli, own: Path) -> None:
    data = trees.read_index(own)
    data["releases"][0]["yanked"] = {"reason": HOSTILE, "date": "2026-03-01T00:00:00Z"}
    data["channels"] = {}
    trees.change_index(own, **data)
    (own / "releases/1.1.0" / HOSTILE.replace("/", "")).write_text("x", encoding="utf-8")
    sums_file = own / "releases/1.0.0/SHA256SUMS"
    sums_file.write_text(sums_file.read_text(encoding="utf-8") + f"{'0' * 64}  \x1b[2J::x\n", encoding="utf-8")
    _, out, _ = cli("verify", own, "--format", form)
    assert [char for char in out if not char.isprintable() and char != "\n"] == []
    assert [line for line in out.splitlines() if line.lstrip().startswith("::") or "##[" in line] == []


# Whatever bytes come


@given(
    st.one_of(
        st.binary(), st.text().map(str.encode), st.from_regex(rb"([0-9a-f]{64}  [^\n]{0,12}\n){0,4}", fullmatch=True)
    )
)
def test_every_sums_is_read(raw: bytes) -> None:
    found = sums.read(raw, "SHA256SUMS", 100)
    assert found.digests or found.findings
    assert [name for name in found.digests if paths.problem(name)] == []
    folded = [sums.folded(name) for name in found.digests]
    assert len(set(folded)) == len(folded) or found.findings


@given(st.one_of(st.text(), st.from_regex(r"https?://[ -~]{0,20}", fullmatch=True)))
def test_every_address_is_read_in_one_way(text: str) -> None:
    try:
        address = addresses.parse(text)
    except FetchError:
        return
    assert address.scheme in ("http", "https")
    assert address.host
    assert address.target.isascii()
    assert not set(address.host) & set("@/\\?# ")
    if not address.query:
        assert addresses.parse(str(address)) == address


#: A value of each JSON type, and some at the edge.
VALUES = (None, True, 0, -1, 1.5, 2**60, "", "x", "../x", [], ["x"], {}, {"x": 1})


def nodes(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every node of a JSON value."""
    found = [before]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += nodes(item, (*before, key))
    return found


def put(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """Return a JSON value with one node replaced."""
    if not way:
        return new
    key, *rest = way
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = put(value[key], tuple(rest), new)
    return copy


@pytest.mark.parametrize("name", ["index", "record"])
def test_every_node_with_every_type(name: str, tree: Path) -> None:
    """A form that is broken anywhere is refused or is none that matters; nothing breaks the reader."""
    raw = (tree / "index.json" if name == "index" else tree / "releases/1.1.0/release.json").read_bytes()
    data, refused = json.loads(raw), 0
    for way in nodes(data):
        for value in VALUES:
            changed = trees.as_json(put(data, way, value))
            read, findings = index.read(changed) if name == "index" else record.read(changed, "release.json")
            assert (read is None) == bool(findings)
            refused += bool(findings)
    assert refused > len(VALUES) * len(nodes(data)) / 2


@pytest.mark.parametrize(
    "raw", [b"", b"[" * 100_000, b"null", b"\xff", b"{}", b'{"serial": 1e999}', b"\xef\xbb\xbf{}", b"1" * 5_000]
)
def test_what_is_no_index(raw: bytes) -> None:
    read, findings = index.read(raw)
    assert read is None
    assert {item.code for item in findings} == {"release-index-malformed"}
