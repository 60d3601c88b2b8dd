"""A release is immutable, complete, reproducible, and written as a whole or not at all."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pytest

from diplodata import convert, publish, validate
from diplodata.cli import main
from diplodata.errors import DiplodataError, ReleaseError
from diplodata.model.release import StagedRelease
from diplodata.release.publish import InvalidPackageError, Wishes
from diplodata.release.verify import verify

#: What lies in a target whose address nobody said.
BESIDE = ["feed.atom", "index.html", "index.json", "releases"]

#: Path -> (modification time, bytes).
Snapshot = dict[str, tuple[int, bytes]]


def snapshot(folder: Path) -> Snapshot:
    """Return all files that lie in a folder, hidden ones included."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: raw for name, (_, raw) in snapshot(folder).items()}


def descriptor_of(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return data


def change(folder: Path, **members: Any) -> None:
    """Change members of a descriptor; None removes one."""
    data = descriptor_of(folder) | members
    kept = {key: value for key, value in data.items() if value is not None}
    (folder / "datapackage.json").write_text(json.dumps(kept), encoding="utf-8")


def change_data(folder: Path) -> None:
    """Change one cell of the generic package in a way that keeps it valid."""
    (folder / "table.csv").write_text("a,b\n1,1.5\n3,2.50\n", encoding="utf-8")


def start(target: Path, source: Path, *wishes: str, **options: Any) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    command = [sys.executable, "-m", "diplodata", "publish", str(target), "--source", str(source), *wishes]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def make_generic(folder: Path) -> Path:
    """Write a package of one table that does not use the standard."""
    folder.mkdir()
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "number"}]}
    resource: dict[str, Any] = {"name": "table", "path": "table.csv", "type": "table", "format": "csv"}
    resource |= {"dialect": {"delimiter": ",", "skipInitialSpace": False, "header": True}, "schema": schema}
    data = {"name": "generic", "version": "1.0.0", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "table.csv").write_text("a,b\n1,1.5\n2,2.50\n", encoding="utf-8")
    return folder


@pytest.fixture
def generic(tmp_path: Path) -> Path:
    return make_generic(tmp_path / "generic")


@pytest.fixture(scope="module")
def release(site: Path) -> Path:
    return site / "releases" / "1.0.0"


@pytest.fixture(scope="module")
def generic_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A target with the generic package as version 1.0.0. Do not change it."""
    folder = tmp_path_factory.mktemp("generic")
    assert publish(folder / "site", make_generic(folder / "package")).is_new
    return folder / "site"


@pytest.fixture
def own_site(generic_site: Path, tmp_path: Path) -> Path:
    """A copy of that target, which a test may change."""
    return shutil.copytree(generic_site, tmp_path / "site")


# What lies in a release


def test_nothing_but_the_release_and_the_index_is_left(site: Path) -> None:
    assert sorted(path.name for path in site.iterdir()) == BESIDE
    assert [path.name for path in (site / "releases").iterdir()] == ["1.0.0"]
    assert [name for name in contents(site) if ".part" in name or "/." in name] == []


def test_every_table_is_there_in_three_formats(small: Path, release: Path) -> None:
    tables = {path.stem for path in (small / "data").iterdir()}
    assert "meetings" in tables
    found = {path.name for path in (release / "data").iterdir()}
    assert found == {f"{name}.{form}" for name in tables for form in ("csv", "json", "parquet")}


def test_the_tables_are_those_of_the_source(small: Path, release: Path) -> None:
    for path in (small / "data").iterdir():
        assert (release / "data" / path.name).read_bytes() == path.read_bytes()


def test_the_version_of_the_standard_goes_along(reference: Path, release: Path) -> None:
    assert contents(release / "schemas" / "1.0") == contents(reference / "schemas" / "1.0")


def test_checksums_are_right_and_complete(release: Path) -> None:
    found = {name: hashlib.sha256(raw).hexdigest() for name, raw in contents(release).items() if name != "SHA256SUMS"}
    lines = (release / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{digest}  {name}" for name, digest in sorted(found.items())]


def test_sha256sum_accepts_the_checksums(release: Path) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    done = subprocess.run(command, cwd=release, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_descriptor_states_size_and_hash_of_every_resource(release: Path) -> None:
    for item in descriptor_of(release)["resources"]:
        raw = (release / item["path"]).read_bytes()
        assert item["bytes"] == len(raw), item["name"]
        assert item["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}", item["name"]


def test_the_record_counts_rows_and_names_no_place(small: Path, release: Path) -> None:
    record = json.loads((release / "release.json").read_text(encoding="utf-8"))
    assert record["version"] == "1.0.0"
    assert (
        record["counts"]["per_table"]["meetings"]
        == len((small / "data" / "meetings.csv").read_text("utf-8").splitlines()) - 1
    )
    assert record["findings"]["error"] == 0
    places = {str(small).encode(), str(release.parents[2]).encode(), os.uname().nodename.encode()}
    assert [name for name, raw in contents(release).items() if any(place in raw for place in places)] == []


@pytest.mark.usefixtures("no_network")
def test_a_release_is_valid_for_diplodata(release: Path) -> None:
    report = validate(release)
    assert report.by_code == {}


@pytest.mark.usefixtures("no_network")
def test_a_release_is_valid_for_the_reference(release: Path) -> None:
    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.flatten(["type", "note"]) == []


# Immutable


def test_publishing_again_changes_nothing(own_site: Path, generic: Path) -> None:
    before = snapshot(own_site)
    done = publish(own_site, generic)
    assert (done.version, done.is_new) == ("1.0.0", False)
    assert snapshot(own_site) == before


def test_other_bytes_under_the_same_version_are_refused(own_site: Path, generic: Path) -> None:
    before = snapshot(own_site / "releases" / "1.0.0"), contents(own_site)
    change_data(generic)
    assert validate(generic).valid
    with pytest.raises(ReleaseError, match=r"1\.0\.0"):
        publish(own_site, generic)
    assert (snapshot(own_site / "releases" / "1.0.0"), contents(own_site)) == before
    assert [path.name for path in (own_site / "releases").iterdir()] == ["1.0.0"]


def test_another_version_leaves_the_first_alone(own_site: Path, generic: Path) -> None:
    before = snapshot(own_site / "releases" / "1.0.0")
    change_data(generic)
    for version in ("2.10.0", "2.9.0", "2.10.0-beta.1"):
        change(generic, version=version)
        assert publish(own_site, generic).is_new
    assert snapshot(own_site / "releases" / "1.0.0") == before
    page = (own_site / "index.html").read_text(encoding="utf-8")
    order = [page.index(f">{version}<") for version in ("2.10.0", "2.10.0-beta.1", "2.9.0", "1.0.0")]
    assert order == sorted(order)


def flip(folder: Path) -> None:
    path = folder / "table.parquet"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def remove(folder: Path) -> None:
    (folder / "table.json").unlink()


def add(folder: Path) -> None:
    (folder / "more.csv").write_text("a\n1\n", encoding="utf-8")


def remove_checksums(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()


def garble_checksums(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text("nothing\n", encoding="utf-8")


DAMAGES = [flip, remove, add, remove_checksums, garble_checksums]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_release_is_noticed_and_left_as_it_is(
    damage: Callable[[Path], None], own_site: Path, generic: Path
) -> None:
    damage(own_site / "releases" / "1.0.0")
    before = contents(own_site)
    with pytest.raises(ReleaseError):
        publish(own_site, generic)
    assert contents(own_site) == before
    assert [path.name for path in (own_site / "releases").iterdir()] == ["1.0.0"]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_verify_finds_every_damage(damage: Callable[[Path], None], own_site: Path) -> None:
    staged = StagedRelease(own_site / "releases" / "1.0.0", "1.0.0")
    assert verify(staged).version == "1.0.0"
    damage(staged.folder)
    with pytest.raises(ReleaseError):
        verify(staged)


def test_what_a_crash_left_behind_is_not_listed(own_site: Path, generic: Path) -> None:
    half = own_site / "releases" / ".9.9.9.abc.part"
    shutil.copytree(own_site / "releases" / "1.0.0", half)
    record = (half / "release.json").read_text(encoding="utf-8").replace('"version": "1.0.0"', '"version": "9.9.9"')
    (half / "release.json").write_text(record, encoding="utf-8")
    publish(own_site, generic)
    assert "9.9.9" not in (own_site / "index.html").read_text(encoding="utf-8")


# Refused


def assert_refused(target: Path, source: Path, kind: type[DiplodataError], capsys: pytest.CaptureFixture[str]) -> str:
    """Both the library and the command refuse, and nothing is written; return what the command says."""
    with pytest.raises(kind):
        publish(target, source)
    assert not target.exists()
    with pytest.raises(SystemExit) as caught:
        main(["publish", str(target), "--source", str(source)])
    assert caught.value.code == (1 if kind is InvalidPackageError else 2)
    assert not target.exists()
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err
    return printed.out + printed.err


def test_an_invalid_package_is_refused(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = shutil.copytree(small, tmp_path / "source")
    path = source / "data" / "meetings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("test:org-", "test:org-no-", 1), encoding="utf-8")
    said = assert_refused(tmp_path / "site", source, InvalidPackageError, capsys)
    assert "foreign-key" in said
    assert "not published" in said


def test_a_package_without_a_version_is_refused(
    generic: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(generic, version=None)
    assert "version" in assert_refused(tmp_path / "site", generic, ReleaseError, capsys)


@pytest.mark.parametrize(
    "version",
    [
        "",
        ".",
        "..",
        "../1.0.0",
        "/1.0.0",
        ".2",
        "2/0",
        "2\0",
        "2\n0",
        2,
        ["2"],
        "1",
        "1.0",
        "1.0.0+a",
        "01.0.0",
        "1.0.0-",
        "1.0.0\n",
    ],
)
def test_a_version_that_is_no_name_of_a_folder_is_refused(version: object, generic: Path, tmp_path: Path) -> None:
    change(generic, version=version)
    with pytest.raises(ReleaseError):
        publish(tmp_path / "site", generic)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["generic"]


def test_any_package_can_be_published(generic: Path, tmp_path: Path) -> None:
    done = publish(tmp_path / "site", generic)
    assert done.is_new
    assert frictionless.validate(str(done.folder / "datapackage.json")).valid
    assert validate(done.folder).valid
    assert (done.folder / "table.csv").read_bytes() == (generic / "table.csv").read_bytes()


def with_file(folder: Path, path: str, **members: Any) -> None:
    """Add a resource that is no table, with a file of its own."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text('"a file of the publisher"\n', encoding="utf-8")
    item = {"name": "extra", "path": path} | members
    change(folder, resources=[*descriptor_of(folder)["resources"], item])


@pytest.mark.parametrize(
    "path", ["table.json", "table.parquet", "release.json", "index.html", "SHA256SUMS", "data.json", "docs/more.txt"]
)
def test_a_file_of_the_package_is_kept_or_the_release_is_refused(path: str, generic: Path, tmp_path: Path) -> None:
    """A release writes files of its own; none may take the place of a file of the package."""
    members = {"format": "txt"} if path.endswith(".parquet") else {}
    with_file(generic, path, **members)
    try:
        done = publish(tmp_path / "site", generic)
    except DiplodataError:
        assert not (tmp_path / "site" / "releases" / "1.0.0").exists()
        return
    assert (done.folder / path).read_bytes() == (generic / path).read_bytes()
    assert frictionless.validate(str(done.folder / "datapackage.json")).valid


def test_names_of_resources_stay_distinct(generic: Path, tmp_path: Path) -> None:
    with_file(generic, "docs/more.txt", name="table-json")
    try:
        done = publish(tmp_path / "site", generic)
    except DiplodataError:
        return
    names = [item["name"] for item in descriptor_of(done.folder)["resources"]]
    assert len(names) == len(set(names))


# Reproducible


def test_the_same_bytes_in_every_environment(small: Path, tmp_path: Path) -> None:
    publish(tmp_path / "site", small, Wishes(site=True))
    other = shutil.copytree(small, tmp_path / "some where else")
    for path in other.rglob("*"):
        os.utime(path, (1, 1))
    plain = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
    odd = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "tr_TR", "PYTHONHASHSEED": "4242"}
    odd |= {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "COLUMNS": "20"}
    runs = [
        start(tmp_path / "site-0", small, env=os.environ | plain, umask=0o022, cwd="/"),
        start(tmp_path / "site-1", Path(), env=os.environ | odd, umask=0o077, cwd=other),
    ]
    for number, process in enumerate(runs):
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert contents(tmp_path / f"site-{number}") == contents(tmp_path / "site")


def test_the_format_of_the_source_does_not_matter(small: Path, release: Path, tmp_path: Path) -> None:
    convert(small, tmp_path / "parquet", "parquet")
    done = publish(tmp_path / "site", tmp_path / "parquet")
    records = [json.loads((folder / "release.json").read_text(encoding="utf-8")) for folder in (release, done.folder)]
    assert records[0]["content"] == records[1]["content"]
    assert contents(release / "data") == contents(done.folder / "data")


# At once


def publish_at_once(target: Path, sources: list[Path]) -> list[tuple[int, str]]:
    """Start publishers of the same version together; return exit codes and what they say."""
    running = [start(target, source, "--no-site") for source in sources]
    said = [process.communicate(timeout=120)[0] for process in running]
    return [(process.returncode, text) for process, text in zip(running, said, strict=True)]


def assert_one_release(target: Path, expected: list[dict[str, bytes]]) -> None:
    assert [path.name for path in (target / "releases").iterdir()] == ["1.0.0"]
    assert sorted(path.name for path in target.iterdir()) == BESIDE
    assert contents(target / "releases" / "1.0.0") in expected


def test_two_publishers_of_the_same_bytes(generic: Path, own_site: Path, scale: int, tmp_path: Path) -> None:
    wanted = contents(own_site / "releases" / "1.0.0")
    for number in range(scale):
        target = tmp_path / f"site-{number}"
        results = publish_at_once(target, [generic, generic])
        assert 0 in [code for code, _ in results], results
        assert [text for code, text in results if code not in (0, 2) or "Traceback" in text or "defect" in text] == []
        assert_one_release(target, [wanted])


def test_two_publishers_of_different_bytes(own_site: Path, generic: Path, scale: int, tmp_path: Path) -> None:
    other = shutil.copytree(generic, tmp_path / "other")
    change_data(other)
    wanted = [contents(own_site / "releases" / "1.0.0"), contents(publish(tmp_path / "other-site", other).folder)]
    for number in range(scale):
        target = tmp_path / f"site-{number}"
        results = publish_at_once(target, [generic, other])
        assert sorted(code for code, _ in results) == [0, 2], results
        assert [text for _, text in results if "Traceback" in text or "defect" in text] == []
        assert_one_release(target, wanted)
