"""What fetch leaves in a folder, beside it, and in the hands of the caller."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import diplodata
import published_tree as trees
from diplodata.cli import main
from diplodata.errors import FetchError, UsageError
from diplodata.fetching import Fetched, RefusedError, Wish, fetch_release
from diplodata.verifying import verify
from loopback import QuickClock, Server

DATA = {f"data/t.{form}" for form in ("csv", "json", "parquet")}
ALL = {"SHA256SUMS", "datapackage.json", "release.json", *DATA}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of releases. Do not change it."""
    return trees.make_tree(tmp_path_factory.mktemp("tree") / "site")


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files(folder)}


def get(base: object, dest: Path, **wish: Any) -> Fetched:
    return fetch_release(str(base), dest, Wish(**wish), clock=QuickClock())


@dataclass(frozen=True)
class Ended:
    """What came of a command."""

    returncode: int
    stdout: str
    stderr: str


Cli = Callable[..., Ended]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Give what runs the command in a folder."""

    def run(*arguments: object, cwd: Path) -> Ended:
        monkeypatch.chdir(cwd)
        with pytest.raises(SystemExit) as caught:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return Ended(int(str(caught.value.code)), said.out, said.err)

    return run


@pytest.mark.parametrize("release", ["latest", "1", "1.1", "1.1.0"])
def test_a_release_by_version_and_channel(release: str, tree: Path, tmp_path: Path) -> None:
    done = get(tree, tmp_path / "copy", release=release)
    assert (done.version, done.is_new, done.files) == ("1.1.0", True, len(ALL))
    assert contents(tmp_path / "copy") == contents(tree / "releases" / "1.1.0")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "copy.fetched.json"]


def test_an_older_release(tree: Path, tmp_path: Path) -> None:
    assert get(tree, tmp_path / "copy", release="1.0").version == "1.0.0"


@pytest.mark.parametrize("release", ["3", "1.1.1", "newest", "../1.0.0", ""])
def test_an_unknown_release_names_those_that_are_there(release: str, tree: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"1\.1\.0, 1\.0\.0.*latest, 1, 1\.1, 1\.0"):
        get(tree, tmp_path / "copy", release=release)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_one_form_of_the_data(form: str, tree: Path, tmp_path: Path) -> None:
    dest = tmp_path / "copy"
    with diplodata.fetch(tree, dest, only=form) as package:
        assert package.tables == ("t",)
        table = package.table("t")
    assert table.to_pylist()[1] == {"id": "1.1.0-1", "name": "name 1"}
    assert files(dest) == ALL - DATA | {f"data/t.{form}"}
    assert verify(dest, only=form).verified
    assert not verify(dest).verified


def test_whole_packages_are_left_out_with_one_form(tmp_path: Path) -> None:
    root = tmp_path / "site"
    trees.make_release(root, "1.0.0", None, **{"bundle.json": b"{}", "tiny.sqlite": b"x", "README.md": b"x"})
    trees.write_index(root, {"1.0.0": None}, 1)
    get(root, tmp_path / "copy", only="parquet")
    assert files(tmp_path / "copy") == ALL - DATA | {"data/t.parquet", "README.md"}


def test_an_unknown_form(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="csv, json, parquet"):
        get(tree, tmp_path / "copy", only="xml")


def test_fetching_again_changes_nothing(tree: Path, tmp_path: Path) -> None:
    dest = tmp_path / "copy"
    get(tree, dest)
    before = {path: path.stat().st_mtime_ns for path in dest.rglob("*")}
    with Server(tree) as server:
        done = get(server.address, dest)
        assert [item.path for item in server.requests] == ["/index.json"]
    assert (done.is_new, done.received) == (False, 0)
    assert {path: path.stat().st_mtime_ns for path in dest.rglob("*")} == before


def test_a_newer_release_takes_the_place_of_an_older_one(tree: Path, tmp_path: Path) -> None:
    dest = tmp_path / "copy"
    get(tree, dest, release="1.0")
    assert get(tree, dest).is_new
    assert contents(dest) == contents(tree / "releases" / "1.1.0")
    assert get(tree, dest, release="1.0.0").is_new
    assert contents(dest) == contents(tree / "releases" / "1.0.0")


def test_what_is_there_is_not_received_again(tmp_path: Path) -> None:
    root = tmp_path / "site"
    for version, previous in (("1.0.0", None), ("1.1.0", "1.0.0")):
        trees.make_release(root, version, previous, **{"large.txt": b"x" * 100_000})
    trees.write_index(root, {"1.0.0": None, "1.1.0": "1.0.0"}, 2)
    dest = tmp_path / "copy"
    assert get(root, dest, release="1.0").received > 100_000
    assert get(root, dest).received < 100_000
    assert contents(dest) == contents(root / "releases" / "1.1.0")


def test_more_of_the_same_release(tree: Path, tmp_path: Path) -> None:
    dest = tmp_path / "copy"
    get(tree, dest, only="parquet")
    assert get(tree, dest).is_new
    assert files(dest) == ALL


@pytest.mark.parametrize("change", ["added", "changed", "stranger", "link"])
def test_what_was_not_fetched_is_not_overwritten(change: str, tree: Path, tmp_path: Path) -> None:
    dest = tmp_path / "copy"
    if change == "stranger":
        dest.mkdir()
        (dest / "thesis.txt").write_text("mine", encoding="utf-8")
    else:
        get(tree, dest, release="1.0")
    if change == "added":
        (dest / "notes.txt").write_text("mine", encoding="utf-8")
    elif change == "changed":
        (dest / "data/t.csv").write_text("mine", encoding="utf-8")
    elif change == "link":
        (dest / "data/x").symlink_to("/etc/passwd")
    before = contents(dest)
    with pytest.raises(UsageError, match="is not overwritten"):
        get(tree, dest)
    assert contents(dest) == before


def test_an_empty_folder_is_filled_and_a_file_is_not(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    assert get(tree, tmp_path / "copy").is_new
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to("copy")
    for name in ("file", "link"):
        with pytest.raises(UsageError, match="is no folder"):
            get(tree, tmp_path / name)


def test_what_is_remembered_lies_where_the_user_says(tree: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    fetch_release(tree, tmp_path / "copy", Wish(), state=state)
    assert json.loads(state.read_text(encoding="utf-8"))["versions"].keys() == {"1.0.0", "1.1.0"}
    assert not (tmp_path / "copy.fetched.json").exists()
    with pytest.raises(UsageError, match="lies in"):
        fetch_release(tree, tmp_path / "copy", Wish(), state=tmp_path / "copy" / "state.json")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state_version": "9"}', '{"state_version": "1.0", "serial": "x"}'])
def test_a_damaged_memory_is_no_reason_to_trust(text: str, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.fetched.json").write_text(text, encoding="utf-8")
    with pytest.raises(FetchError, match="remove it to forget"):
        get(tree, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("place", ["site", "copy"])
def test_signers_never_come_from_what_they_judge(place: str, tree: Path, tmp_path: Path) -> None:
    root = shutil.copytree(tree, tmp_path / "site")
    (tmp_path / place).mkdir(exist_ok=True)
    (tmp_path / place / "signers").write_text("x ssh-ed25519 AAAA\n", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / place / "signers")
    for path in (tmp_path / place / "signers", tmp_path / "link"):
        with pytest.raises(UsageError, match="never come from"):
            fetch_release(root, tmp_path / "copy", Wish(), signers=path)
    if place == "site":
        with pytest.raises(UsageError, match="never come from"):
            verify(root, root / "signers")


@pytest.mark.system
def test_signers_of_a_folder_that_was_fetched_without_them(tree: Path, tmp_path: Path) -> None:
    key, root, dest, signers = trees.make_key(tmp_path), tmp_path / "site", tmp_path / "copy", tmp_path / "signers"
    shutil.copytree(tree, root)
    trees.sign_tree(root, key)
    signers.write_text(trees.signers_of(key), encoding="utf-8")
    get(root, dest)
    assert files(dest) == ALL
    done = fetch_release(root, dest, Wish(), signers=signers)
    assert done.is_new
    assert files(dest) == ALL | {"SHA256SUMS.sig"}
    assert verify(dest, signers).verified
    assert fetch_release(root, dest, Wish(), signers=signers).is_new is False


@pytest.mark.system
def test_without_ssh_keygen_nothing_is_taken(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, root, signers = trees.make_key(tmp_path), tmp_path / "site", tmp_path / "signers"
    shutil.copytree(tree, root)
    trees.sign_tree(root, key)
    signers.write_text(trees.signers_of(key), encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match="ssh-keygen is not installed"):
        fetch_release(root, tmp_path / "copy", Wish(), signers=signers)
    with pytest.raises(FetchError, match="ssh-keygen is not installed"):
        verify(root, signers)


# At once, and killed


def test_two_fetches_into_one_folder(tree: Path, tmp_path: Path) -> None:
    work = tmp_path / ".copy.fetch"
    work.mkdir()
    lock = os.open(work, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(FetchError, match="is at work"):
        get(tree, tmp_path / "copy")
    os.close(lock)
    assert get(tree, tmp_path / "copy").is_new


def test_many_fetches_at_once_end_well(tree: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "diplodata", "fetch", str(tree), "copy"]
    running = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ended = [(item.communicate()[1], item.returncode) for item in running]
    assert {code for _, code in ended} <= {0, 2}
    assert 0 in {code for _, code in ended}
    assert all("is at work" in text for text, code in ended if code)
    assert contents(tmp_path / "copy") == contents(tree / "releases" / "1.1.0")


KILLED = """
import os, signal, sys
from pathlib import Path
from diplodata.fetching import Wish, fetch_release, memory, workshop

left = int(sys.argv[3])

def counted(step):
    def run(*arguments, **names):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*arguments, **names)
    return run

for name in ("rename", "replace", "unlink", "mkdir", "rmdir"):
    setattr(Path, name, counted(getattr(Path, name)))
for name in ("fsync", "link"):
    setattr(os, name, counted(getattr(os, name)))
fetch_release(sys.argv[1], sys.argv[2], Wish())
print("done")
"""


def test_killed_at_every_step(tree: Path, tmp_path: Path, scale: int) -> None:
    """The folder holds all of the old release, or all of the new one, or is not there and comes back with the next run."""
    old, new = (contents(tree / "releases" / version) for version in ("1.0.0", "1.1.0"))
    kills = 0
    for number in range(0, 200, 1 if scale > 1 else 4):
        dest = tmp_path / str(number) / "copy"
        get(tree, dest, release="1.0")
        program = [sys.executable, "-c", KILLED, str(tree), str(dest), str(number)]
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        if done.returncode != -signal.SIGKILL:
            assert done.stdout == "done\n", done.stderr
            break
        kills += 1
        if dest.exists():
            assert contents(dest) in (old, new), number
        assert get(tree, dest).version == "1.1.0"
        assert contents(dest) == new
        assert sorted(path.name for path in dest.parent.iterdir()) == ["copy", "copy.fetched.json"], number
    assert kills >= 5


def test_a_kill_between_the_two_renames(tree: Path, tmp_path: Path) -> None:
    """What was there comes back with the next run, also when that one brings nothing."""
    dest = tmp_path / "copy"
    get(tree, dest, release="1.0")
    (tmp_path / ".copy.fetch").mkdir()
    dest.rename(tmp_path / ".copy.fetch" / "old")
    with pytest.raises(UsageError):
        get(tree, dest, release="7")
    assert contents(dest) == contents(tree / "releases" / "1.0.0")
    assert get(tree, dest).is_new


def test_a_lock_whose_folder_is_gone_is_no_lock(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run ends, and clears its folder, between the moment in which it is opened and that in which it is locked."""
    work, flock, cleared = tmp_path / ".copy.fetch", fcntl.flock, []

    def locked(descriptor: int, operation: int) -> None:
        if not cleared:
            cleared.append(work.rmdir())
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", locked)
    assert get(tree, tmp_path / "copy").is_new
    assert cleared


def test_a_full_disk(tree: Path, tmp_path: Path) -> None:
    """A write that fails leaves nothing under the final name, and the next run begins where it ended."""
    program = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)); "
    program += "from diplodata.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", program, "fetch", str(tree), "copy"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".copy.fetch"]
    assert get(tree, tmp_path / "copy").is_new
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "copy.fetched.json"]


# The command


def test_the_command_says_what_it_did(cli: Cli, tree: Path, tmp_path: Path) -> None:
    done = cli("fetch", tree, "copy", cwd=tmp_path)
    digest = trees.sha256((tree / "releases/1.1.0/SHA256SUMS").read_bytes())
    assert (done.returncode, done.stdout) == (0, "")
    first, second = done.stderr.splitlines()
    assert first.startswith("copy: release 1.1.0, 6 files, ")
    assert second == f"sha256:{digest}"
    assert cli("fetch", tree, "copy", "--expect", second, "--quiet", cwd=tmp_path).stderr == ""


def test_the_command_prints_why_it_refuses(cli: Cli, tree: Path, tmp_path: Path) -> None:
    done = cli("fetch", tree, "copy", "--expect", f"sha256:{'0' * 64}", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "copy: nothing was written.\n")
    assert done.stdout.startswith("releases/1.1.0/SHA256SUMS: error release-file-different\n")
    assert list(tmp_path.iterdir()) == []


def test_the_command_warns_of_a_withdrawn_release(cli: Cli, tree: Path, tmp_path: Path) -> None:
    root = shutil.copytree(tree, tmp_path / "site")
    index = trees.read_index(root)
    index["releases"][0]["yanked"] = {"reason": "A table was \x1b[31mwrong.", "date": "2026-03-01T00:00:00Z"}
    index["channels"] = trees.channels_of(index["releases"])
    trees.change_index(root, **index)
    done = cli("fetch", root, "copy", "--release", "1.1.0", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith("Warning: release 1.1.0 was withdrawn: A table was \\u001b[31mwrong.\n")
    refused = cli("fetch", root, "other", "--release", "1.1", cwd=tmp_path)
    assert refused.returncode == 1
    assert "\x1b" not in refused.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "copy"], "no such folder"),
        (["ftp://example.org/", "copy"], "begins with http:// or https://"),
        (["http://user:canary@127.0.0.1/", "copy"], "must not name a user"),
        (["{tree}", "copy", "--signers", "nothing"], "no such file of signers"),
        (["{tree}", "copy", "--expect", "md5:1"], "is no digest"),
        (["{tree}", "copy", "--only", "xml"], "Unknown form"),
        (["{tree}", "copy", "--release", "7"], "There is no release"),
        (["{tree}/releases", "copy"], "holds no index.json"),
        (["{tree}", "."], ""),
    ],
)
def test_wrong_usage_is_one_line(cli: Cli, arguments: list[str], said: str, tree: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "mine").write_text("mine", encoding="utf-8")
    done = cli("fetch", *(item.format(tree=tree) for item in arguments), cwd=work)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert "canary" not in done.stderr
    assert [path.name for path in work.iterdir()] == ["mine"]


def test_the_public_function_fails_as_it_says(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        diplodata.fetch(tree, tmp_path / "copy", expect=f"sha256:{'0' * 64}")
    assert [item.code for item in caught.value.findings] == ["release-file-different"]
