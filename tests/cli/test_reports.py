"""The options of ``diplodata validate`` that are about its report."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

FORMS = ("concise", "github", "gitlab", "html", "json", "junit", "markdown", "ndjson", "sarif", "text")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the tool in a folder with a bad table, outside GitHub Actions unless a variable says otherwise."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    schema = {"fields": [{"name": "n", "type": "integer"}]}
    (tmp_path / "s.json").write_text(json.dumps(schema), encoding="utf-8")
    (tmp_path / "t.csv").write_text("n\n1\nx\n", encoding="utf-8")

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "diplodata", "validate", "t.csv", "--schema", "s.json", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)

    return call


@pytest.mark.parametrize("form", FORMS)
def test_a_form_goes_to_a_file_as_it_goes_to_the_terminal(form: str, run: Run, tmp_path: Path) -> None:
    shown = run("--format", form)
    assert shown.returncode == 1, shown.stderr
    written = run("--format", form, "--output", "report")
    assert written.returncode == 1
    assert written.stdout == ""
    assert (tmp_path / "report").read_text(encoding="utf-8") == shown.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report", "s.json", "t.csv"]


def test_an_unknown_form_is_refused_with_a_guess(run: Run) -> None:
    done = run("--format", "sarf")
    assert done.returncode == 2
    assert "sarif" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_outside_github_actions_the_report_is_text_alone(run: Run) -> None:
    assert "::" not in run().stdout


def test_in_github_actions_annotations_and_totals_are_added(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    lines = run().stdout.splitlines()
    assert lines[-2] == "Invalid: 1 error, 0 warnings."
    assert lines[-1].startswith("::error file=t.csv,line=3,title=type-error::")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n## Invalid: 1 error")
    assert "| type-error | error | 1 |" in text


def test_in_github_actions_a_form_that_is_asked_for_stands_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    json.loads(run("--format", "json").stdout)
    assert not (tmp_path / "summary.md").exists()


def test_a_baseline_turns_the_exit_code(run: Run, tmp_path: Path) -> None:
    assert run("--format", "json", "--limit", "0", "--output", "known.json").returncode == 1
    done = run("--baseline", "known.json")
    assert done.returncode == 0
    assert "error type-error (known)" in done.stdout
    (tmp_path / "t.csv").write_text("n\ny\n1\nx\n", encoding="utf-8")
    done = run("--baseline", "known.json")
    assert done.returncode == 1
    assert "1 new, 1 known, 0 fixed" in done.stdout


@pytest.mark.parametrize("name", ["none.json", "t.csv", "s.json", "."])
def test_what_is_no_baseline_is_one_line_and_exit_code_2(name: str, run: Run) -> None:
    done = run("--baseline", name)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("diplodata: The baseline ")


def test_a_summary_is_in_the_text(run: Run) -> None:
    assert "  field  filled    share  distinct\n  n           2  100.00%         2\n" in run("--summary").stdout


def test_the_form_of_the_report_is_handed_out(run: Run, tmp_path: Path) -> None:
    del run
    for arguments in (("show", "report"), ("export", "report")):
        done = subprocess.run(
            [sys.executable, "-m", "diplodata", "schema", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        assert json.loads(done.stdout)["$id"].endswith("/report/1.0/report.schema.json")
