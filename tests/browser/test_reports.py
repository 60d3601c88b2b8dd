"""The HTML report in a browser: nothing that axe objects to, readable on a phone, nothing run and nothing fetched."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from diplodata import Options, validate
from diplodata.render import RENDERERS
from render.made import PAYLOADS, any_report, broken

pytestmark = pytest.mark.browser

#: Names under which systems have Chromium.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

LOOK = Path(__file__).parent / "look.mjs"

Seen = Sequence[dict[str, Any]]


def program(*names: str) -> str:
    """Return the first program that is installed; a missing one is a failure."""
    found = [path for name in names if (path := shutil.which(name))]
    if not found:
        pytest.fail(f"{names[0]} is not installed; .ci/run installs what make check needs")
    return found[0]


@pytest.fixture(scope="module")
def seen(reference: Path, small: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What the browser sees of three reports: of a broken package, of a good one, and one full of hostile data."""
    packages = reference / "build" / "node"
    if not (packages / "node_modules" / "axe-core").is_dir():
        pytest.fail("axe-core is not in build/node; run: make build/node/.ready")
    folder = tmp_path_factory.mktemp("pages")
    hostile = any_report(" ".join(text[:2000] for text in PAYLOADS.values()))
    reports = {
        "broken": broken(folder / "package"),
        "good": validate(small, Options(summary=True)),
        "hostile": hostile,
    }
    for name, report in reports.items():
        (folder / f"{name}.html").write_text(RENDERERS["html"](report), encoding="utf-8")
    command = [program("node"), str(LOOK), str(packages), program(*CHROMIUM)]
    command += [str(folder / f"{name}.html") for name in reports]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    data: Seen = json.loads(done.stdout)
    assert len(data) == 2 * len(reports)
    return data


def test_axe_finds_nothing(seen: Seen) -> None:
    assert [
        (item["file"], item["size"], item["colorScheme"], item["violations"]) for item in seen if item["violations"]
    ] == []


def test_nothing_is_run_and_nothing_is_fetched(seen: Seen) -> None:
    assert [item["console"] for item in seen if item["console"]] == []
    assert [item["requests"] for item in seen if item["requests"]] == []


def test_the_page_is_no_wider_than_a_phone(seen: Seen) -> None:
    assert [(item["file"], item["overflow"]) for item in seen if item["overflow"] > 0] == []


def test_the_style_is_applied_under_the_policy(seen: Seen) -> None:
    assert all(item["styled"] for item in seen)


def test_everything_can_be_reached_with_the_keyboard(seen: Seen) -> None:
    for item in seen:
        assert {"a", "div", "summary"} >= set(item["tabs"]) - {"body"}
        assert item["tabs"][0] == "div"


def test_rows_are_folded_at_first(seen: Seen) -> None:
    assert all(item["closed"] > 0 for item in seen if "good" not in item["file"])
