"""The wheel in a clean environment, without an index and without a network, does what the checkout does."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.installed

#: Packages that only tests need.
TEST_EXTRAS = (
    "pandas",
    "polars",
    "hypothesis",
    "pytest",
    "re2",
    "check_jsonschema",
    "python_calamine",
    "junitparser",
    "sarif_pydantic",
    "linkify_it",
    "fsspec",
)

#: Put on the path of the environment, so that every process of it fails when it dials out.
BLOCKER = """
import socket

def _refuse(*_arguments, **_names):
    raise RuntimeError("The network was used, though nothing may use it.")

socket.socket.connect = _refuse
socket.socket.connect_ex = _refuse
socket.socket.sendto = _refuse
socket.create_connection = _refuse
socket.getaddrinfo = _refuse
"""


@pytest.fixture(scope="module")
def wheelhouse(reference: Path) -> Path:
    folder = reference / "build" / "wheelhouse"
    if not list(folder.glob("diplodata-*.whl")):
        pytest.fail(f"{folder.relative_to(reference)} holds no wheel of diplodata; run: make wheelhouse")
    return folder


@pytest.fixture(scope="module")
def environment(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with diplodata from the wheelhouse, in which nothing can dial out."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    command = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", "--no-compile"]
    command += ["--no-index", "--find-links", str(wheelhouse), "--disable-pip-version-check", "diplodata"]
    # Settings of this machine must not add places to look in.
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    done = subprocess.run(
        command, env=settings | {"PIP_CONFIG_FILE": os.devnull}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    libraries = next((folder / "lib").glob("python*/site-packages"))
    # Not sitecustomize: some systems have one of their own, which comes first.
    (libraries / "blocked_network.py").write_text(BLOCKER, encoding="utf-8")
    (libraries / "blocked_network.pth").write_text("import blocked_network\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def package(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the reference package away from the checkout."""
    folder = tmp_path_factory.mktemp("copy") / "package"
    for name in ("data", "schemas"):
        shutil.copytree(reference / name, folder / name)
    shutil.copy(reference / "datapackage.json", folder)
    return folder


def clean(variables: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in variables.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}


def run(environment: Path, cwd: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the installed program; return exit code, output and messages."""
    command = [str(environment / "bin" / "diplodata"), *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=clean(os.environ), capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def test_it_tells_its_version_and_its_commands(environment: Path, tmp_path: Path) -> None:
    code, output, messages = run(environment, tmp_path, "--version")
    assert (code, output.split()[0], messages) == (0, "diplodata", "")
    code, output, messages = run(environment, tmp_path, "--help")
    assert (code, messages) == (0, "")
    assert [name for name in ("convert", "explain", "publish", "schema", "validate") if name not in output] == []


def test_it_validates_the_reference_package(environment: Path, package: Path) -> None:
    code, output, messages = run(environment, package, "validate")
    assert code == 0, output + messages
    assert "Valid" in output


def test_it_uses_the_schemas_of_the_wheel(environment: Path, small: Path, tmp_path: Path) -> None:
    source = shutil.copytree(small, tmp_path / "small")
    code, output, messages = run(environment, tmp_path, "validate", str(source))
    assert code == 0, output + messages


def test_it_converts_and_publishes(environment: Path, small: Path, package: Path, tmp_path: Path) -> None:
    code, _, messages = run(environment, package, "convert", ".", str(tmp_path / "parquet"), "--to", "parquet")
    assert code == 0, messages
    assert (tmp_path / "parquet" / "data" / "meetings.parquet").is_file()
    code, _, messages = run(environment, tmp_path, "publish", "site", "--source", str(small))
    assert code == 0, messages
    assert (tmp_path / "site" / "index.html").is_file()


def test_it_writes_every_form_of_a_report(environment: Path, small: Path, tmp_path: Path) -> None:
    for form in ("concise", "github", "gitlab", "html", "json", "junit", "markdown", "ndjson", "sarif", "text"):
        code, output, messages = run(environment, tmp_path, "validate", str(small), "--format", form)
        assert (code, bool(output)) == (0, True), messages
    code, output, messages = run(environment, tmp_path, "schema", "show", "report")
    assert code == 0, messages
    assert "report.schema.json" in output


def test_it_lists_the_schemas(environment: Path, tmp_path: Path) -> None:
    code, output, messages = run(environment, tmp_path, "schema", "list")
    assert (code, messages) == (0, "")
    assert "meetings" in output


def test_it_says_what_workbooks_need(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"no workbook")
    code, _, messages = run(environment, tmp_path, "validate", "t.xlsx")
    assert code == 2
    assert 't.xlsx is a workbook; to read it, install "diplodata[xlsx]".' in messages


def test_it_reads_parquet_in_a_process_of_its_own(environment: Path, package: Path, tmp_path: Path) -> None:
    code, _, messages = run(environment, package, "convert", ".", str(tmp_path / "typed"), "--to", "parquet")
    assert code == 0, messages
    code, output, messages = run(environment, tmp_path, "validate", "typed")
    assert code == 0, output + messages


def test_it_needs_nothing_that_only_tests_need(environment: Path, tmp_path: Path) -> None:
    program = f"import importlib.util as u; print([n for n in {TEST_EXTRAS} if u.find_spec(n)])"
    done = subprocess.run(
        [str(environment / "bin" / "python"), "-c", program],
        cwd=tmp_path,
        env=clean(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_blocked_network_is_blocked(environment: Path, tmp_path: Path) -> None:
    program = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [str(environment / "bin" / "python"), "-c", program],
        cwd=tmp_path,
        env=clean(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "The network was used" in done.stderr


def test_the_wheel_holds_the_library_and_the_standard_and_nothing_else(wheelhouse: Path, reference: Path) -> None:
    wheel = next(wheelhouse.glob("diplodata-*.whl"))
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert "diplodata/py.typed" in names
    schemas = {path.relative_to(reference).as_posix() for path in (reference / "schemas").rglob("*") if path.is_file()}
    assert {name for name in names if "/schemas/" in name} == {f"diplodata/{name}" for name in schemas}
    source = reference / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    kept = {name for name in modules if "__pycache__" not in name and not name.endswith(".pyc")}
    assert set(names) == kept | {f"diplodata/{name}" for name in schemas}
