"""A package that is begun by ``init`` is valid, and stays so without its example."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from diplodata import convert, publish, validate
from diplodata.errors import UsageError
from diplodata.start.init import CI, Beginning, init

EXAMPLE = Path(__file__).parents[2] / "examples" / "publisher"
WISH = Beginning("exmfa", "Meetings of an example ministry")
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}


@pytest.mark.parametrize("tables", ["required", "all"])
def test_a_new_package_has_no_findings_with_its_example_and_without(tables: str, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    init(folder, Beginning("exmfa", "Meetings of an example ministry", tables))
    assert validate(folder).findings == ()
    assert sum(item.rows or 0 for item in validate(folder).resources) == 8
    for path in (folder / "data").iterdir():
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert validate(folder).findings == ()


@pytest.mark.parametrize("ci", CI)
def test_it_names_what_it_wrote(ci: str, tmp_path: Path) -> None:
    files = init(tmp_path / "package", Beginning("exmfa", "Meetings", ci=ci))
    written = {path.relative_to(tmp_path / "package").as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert set(files) == written
    assert set(CI[ci]) <= written
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    "wish",
    [
        Beginning("X", "Meetings"),
        Beginning("dd", "Meetings"),
        Beginning("a", "Meetings"),
        Beginning("é1", "Meetings"),
        Beginning("exmfa", "  "),
        Beginning("exmfa", "Meetings", name="Not a name"),
    ],
    ids=repr,
)
def test_what_cannot_be_is_refused_before_anything_is_written(wish: Beginning, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        init(tmp_path / "package", wish)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        init(tmp_path, WISH)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nobody_is_waited_for(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "diplodata", "init", str(tmp_path / "package"), "--title", "Meetings"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "diplodata: Give --prefix; nobody is there to be asked.\n"


def test_a_title_is_only_a_title(tmp_path: Path) -> None:
    title = 'Встречи "министерства" <b>{prefix}</b>, $(rm -rf /)'
    init(tmp_path / "package", Beginning("exmfa", title, ci="github"))
    report = validate(tmp_path / "package")
    assert report.findings == ()
    assert "rm -rf" not in (tmp_path / "package/.github/publish.sh").read_text(encoding="utf-8")
    assert "rm -rf" not in (tmp_path / "package/.github/workflows/data.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("ci", "schema"), [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")])
def test_the_files_for_continuous_integration_are_valid(ci: str, schema: str, tmp_path: Path) -> None:
    init(tmp_path / "package", Beginning("exmfa", "Meetings", ci=ci))
    file = next(tmp_path / "package" / name for name in CI[ci] if name.endswith(".yml"))
    # The vendored schemas are read from the package; nothing is fetched.
    options = (
        ["--builtin-schema", schema, "--data-transform", "gitlab-ci"]
        if ci == "gitlab"
        else ["--builtin-schema", schema]
    )
    command = [Path(sys.executable).parent / "check-jsonschema", *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.system
def test_the_script_publishes_version_after_version(tmp_path: Path) -> None:
    package, store = tmp_path / "package", tmp_path / "origin.git"
    init(package, Beginning("exmfa", "Meetings", ci="github"))
    environment = CLEAN | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=package, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("git", "init", "--quiet", "--initial-branch=main", ".")
    run("git", "init", "--quiet", "--bare", str(store))
    run("git", "remote", "add", "origin", str(store))
    run("git", "config", "user.name", "data")
    run("git", "config", "user.email", "data@localhost")
    descriptor = package / "datapackage.json"
    for version in ("0.1.0", "0.2.0"):
        descriptor.write_text(
            descriptor.read_text(encoding="utf-8").replace('"0.1.0"', f'"{version}"'), encoding="utf-8"
        )
        run("git", "add", "--all")
        run("git", "commit", "--quiet", "--message", f"Version {version}")
        run("sh", ".github/publish.sh")
        run("git", "worktree", "remove", "--force", ".releases")
        run("git", "branch", "--quiet", "-D", "releases")
    listed = run("git", "--git-dir", str(store), "ls-tree", "-r", "--name-only", "releases").split()
    assert {"releases/0.1.0/SHA256SUMS", "releases/0.2.0/SHA256SUMS"} <= set(listed)


def test_columns_of_ones_own_are_published_with_their_schema(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    init(folder, WISH)
    schema, table = folder / "schemas" / "1.0" / "tables" / "meetings.json", folder / "data" / "meetings.csv"
    described = json.loads(schema.read_text(encoding="utf-8"))
    described["fields"].append({"name": "x_file", "type": "string", "title": "File"})
    schema.write_text(json.dumps(described), encoding="utf-8")
    header, row = table.read_text(encoding="utf-8").splitlines()
    table.write_text(f"{header},x_file\n{row},A-17\n", encoding="utf-8")
    release = publish(tmp_path / "site", folder).folder
    assert (release / "data" / "meetings.csv").read_text(encoding="utf-8").splitlines()[0].endswith(",x_file")
    assert validate(release).findings == ()


@pytest.mark.parametrize("to", ["bundle", "nested"])
def test_codes_of_ones_own_that_a_document_leaves_out_are_named(to: str, tmp_path: Path) -> None:
    folder, codes = tmp_path / "package", "codelists/meeting_type.csv"
    init(folder, WISH)
    (folder / "codelists").mkdir()
    rows = (EXAMPLE / codes).read_text(encoding="utf-8")
    (folder / codes).write_text(rows, encoding="utf-8")
    assert validate(folder).findings == ()
    (note,) = convert(folder, tmp_path / "document.json", to).kept_as_text
    assert note.startswith(f"{codes} is left out")
    assert (convert(folder, tmp_path / "folder", "csv").kept_as_text, (tmp_path / "folder" / codes).read_text()) == (
        (),
        rows,
    )
