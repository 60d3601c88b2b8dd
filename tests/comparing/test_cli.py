"""``diplodata diff`` as people and programs use it: exit codes, forms, output, and refusals in one line."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from diplodata.cli.root import root
from diplodata.comparing import bump_of, compare, next_version
from diplodata.errors import ComparisonError, UsageError
from diplodata.render.changes import CHANGE_RENDERERS, changelog

CASES = Path(__file__).parents[1] / "cases_diff"

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def command(*arguments: str | Path) -> Result:
        return CliRunner().invoke(root, ["diff", *map(str, arguments)])

    return command


def sides(case: str) -> tuple[Path, Path]:
    return CASES / case / "old", CASES / case / "new"


def test_equal_is_0_different_is_1(run: Run) -> None:
    done = run(*sides("equal-formats"))
    assert done.exit_code == 0
    assert done.stdout.startswith("Equal: ")
    assert run(*sides("record-changed")).exit_code == 1


def test_what_cannot_be_compared_is_2_and_one_line(tmp_path: Path) -> None:
    old = CASES / "record-changed" / "old"
    broken = tmp_path / "things.csv"
    broken.write_text("id,name\na,Alpha,1\n", encoding="utf-8")
    for other in (tmp_path / "absent", broken):
        done = subprocess.run(
            [sys.executable, "-m", "diplodata", "diff", old, other], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1
        assert str(other.name) in done.stderr


def test_a_table_in_which_cells_would_be_lost_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "things.csv"
    for text in ("id,name\na,Alpha,1\n", "id,name\na\n", 'id,name\na,"x\n'):
        broken.write_text(text, encoding="utf-8")
        with pytest.raises(ComparisonError, match=r"things\.csv row 2 is not compared"):
            compare(broken, broken)


@pytest.mark.parametrize("form", sorted(CHANGE_RENDERERS))
def test_every_form_is_printed_as_it_is_written(run: Run, form: str, tmp_path: Path) -> None:
    printed = run(*sides("record-re-identified"), "--format", form)
    file = tmp_path / "changes"
    written = run(*sides("record-re-identified"), "--format", form, "--output", file)
    assert (printed.exit_code, written.exit_code, written.stdout) == (1, 1, "")
    assert file.read_text(encoding="utf-8") == printed.stdout
    assert "re-identified" in printed.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["changes"]


def test_an_unknown_form_is_a_wrong_use(run: Run) -> None:
    assert isinstance(run(*sides("file"), "--format", "xml").exception, UsageError)


def test_the_limit_holds_in_forms_for_people_and_not_in_data(run: Run) -> None:
    case = sides("column-removed")
    text = run(*case, "--limit", "1").stdout
    assert text.count("    changed ") == 1
    assert "2 more are not shown; --limit 0 shows all." in text
    assert run(*case, "--limit", "0").stdout.count("    changed ") == 3
    assert len(json.loads(run(*case, "--limit", "1", "--format", "json").stdout)["tables"][0]["records"]) == 3


def test_csv_has_the_columns_of_gtfs_diff(run: Run) -> None:
    lines = list(csv.DictReader(run(*sides("record-re-identified"), "--format", "csv").stdout.splitlines()))
    assert [item["action"] for item in lines] == ["delete", "update", "update", "update"]
    assert {item["target"] for item in lines} == {"row"}
    assert [json.loads(item["identifier"])["id"] for item in lines] == ["d", "a", "b", "c"]
    assert json.loads(lines[1]["new_value"])["id"] == "z"
    assert [item["id"] for item in lines] == ["1", "2", "3", "4"]


def test_a_changelog_says_it_in_words() -> None:
    changes = compare(*sides("record-re-identified"))
    text = changelog(changes, bump_of(changes))
    assert "They ask for a major version than 1.0.0." not in text
    assert text.startswith("A major version, compared with 1.0.0.\n")
    assert "- things: 3 records were re-identified.\n" in text
    assert "**re-identified** a → z" in text
    same = compare(*sides("equal-order"))
    assert changelog(same, bump_of(same)) == "Nothing changed.\n"


@pytest.mark.parametrize(
    ("step", "version"), [("none", "1.2.3"), ("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")]
)
def test_the_next_version(step: str, version: str) -> None:
    assert next_version("1.2.3", step) == version  # type: ignore[arg-type]


@pytest.mark.parametrize("previous", ["1.2", "v1.2.3", "01.2.3", "1.2.3-rc1", "1.2.3\n"])
def test_only_whole_versions_have_a_next_one(previous: str) -> None:
    with pytest.raises(UsageError, match="is not MAJOR"):
        next_version(previous, "patch")
