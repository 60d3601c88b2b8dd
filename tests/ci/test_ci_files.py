"""What other people's continuous integration takes from this repository: as far as it can be run here, it is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from diplodata.start.init import CI, Beginning, init

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith("GIT")}
    env = known | {"PATH": f"{BIN}:{os.environ['PATH']}"} | environment
    return subprocess.run(
        [*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("file", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_the_files_have_the_form_that_github_asks_for(file: Path) -> None:
    schema = "vendor.github-actions" if file == ACTION else "vendor.github-workflows"
    done = run("check-jsonschema", "--builtin-schema", schema, file, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_in_them_can_be_injected_or_replaced(tmp_path: Path) -> None:
    init(tmp_path / "package", Beginning("exmfa", "Meetings", ci="github"))
    written = [tmp_path / "package" / name for name in CI["github"] if name.endswith(".yml")]
    done = run("zizmor", "--offline", "--no-progress", "--format", "plain", ACTION, *WORKFLOWS, *written, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_are_a_manifest_of_pre_commit() -> None:
    done = run("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["validate", "fix"])
def test_the_entry_of_a_hook_works_where_it_is_run(name: str, broken: Path) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert f"  entry: diplodata {name}\n" in text
    assert run("diplodata", name, cwd=broken).returncode == 1


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "base", tmp_path / "package")
    path = tmp_path / "package" / "data" / "meetings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",held,", ",hold,"), encoding="utf-8")
    return tmp_path / "package"


def action(cwd: Path, folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], Mapping[str, str]]:
    """Run the script of the action with inputs; return what came of it, and its outputs."""
    folder.mkdir()
    output = folder / "output"
    defaults = {"SOURCE": ".", "FAIL_ON": "error", "BASELINE": ""}
    places = {"REPORTS": str(folder / "reports"), "GITHUB_OUTPUT": str(output), "GITHUB_ACTIONS": "true"}
    done = run("bash", ROOT / ".github" / "validate.sh", cwd=cwd, **(defaults | places | inputs))
    lines = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
    return done, dict(line.split("=", 1) for line in lines)


def test_the_action_annotates_and_leaves_reports(broken: Path, tmp_path: Path) -> None:
    done, outputs = action(broken, tmp_path / "run")
    assert done.returncode == 1, done.stderr
    assert "::error file=data/meetings.csv," in done.stdout
    report = json.loads(Path(outputs["report"]).read_text(encoding="utf-8"))
    assert report["valid"] is False
    sarif = json.loads((tmp_path / "run" / "reports" / "report.sarif").read_text(encoding="utf-8"))
    assert sarif["runs"][0]["results"]
    known, _ = action(broken, tmp_path / "again", BASELINE=outputs["report"])
    assert known.returncode == 0, known.stdout + known.stderr


@pytest.mark.parametrize("source", ["$(touch injected)", "; touch injected", "--help", "nowhere"])
def test_no_input_of_the_action_is_read_as_a_command(source: str, broken: Path, tmp_path: Path) -> None:
    done, _ = action(broken, tmp_path / "run", SOURCE=source)
    assert done.returncode == 2
    assert not (broken / "injected").exists()
