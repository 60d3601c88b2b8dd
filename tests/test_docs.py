"""The documentation is held to the tool: what it names exists, what it shows is what happens, its links lead somewhere.

A fenced block after the line ``<!-- run -->`` is run, and has to leave with 0; after ``<!-- run: exit 1 -->``, with 1.
The blocks of a file run in order in one copy of the reference package. When the next block is marked ``text``, it is
what the command writes to standard output.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import pytest

from diplodata.cli.root import root
from diplodata.explain import pages as pages_of_codes
from diplodata.version import tool_version

ROOT = Path(__file__).parents[1]

#: Folders that hold nothing of ours, or only what was made.
NOT_OURS = {"build", "dist", "node_modules"}

#: What a block may use: the reference package.
PACKAGE = ("datapackage.json", "data", "schemas")

#: Language of a fence -> the program that runs it.
PROGRAMS = {"sh": ("bash", "-eu"), "python": (sys.executable, "-")}

RUN = re.compile(r"^<!-- run(?:: exit (\d+))? -->$")
FENCE = re.compile(r"^```(\S*)$")
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$")
ANCHOR = re.compile(r'<a id="([a-z0-9-]+)"></a>')


def is_ours(path: Path) -> bool:
    """Whether a file is written by hand for this repository."""
    parts = path.relative_to(ROOT).parts
    return not any(part in NOT_OURS or part.startswith(".") for part in parts)


PAGES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.md")) if is_ours(path)}


@cache
def text_of(page: str) -> str:
    """Return the text of a page."""
    return PAGES[page].read_text(encoding="utf-8")


@cache
def manual() -> str:
    """Return what users read: README and docs."""
    return "\n".join(text_of(page) for page in PAGES if page == "README.md" or page.startswith("docs/"))


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    #: Number of its first line.
    line: int
    language: str
    text: str
    #: Exit code that the page promises; None when the block is not run.
    code: int | None


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    lines = text_of(page).splitlines()
    start = language = code = None
    for number, line in enumerate(lines, 1):
        fence = FENCE.match(line)
        if start is None and fence:
            mark = RUN.match(lines[number - 2]) if number > 1 else None
            start, language, code = number, fence[1], int(mark[1] or 0) if mark else None
        elif start is not None and line == "```":
            yield Block(start + 1, language or "", "".join(f"{item}\n" for item in lines[start : number - 1]), code)
            start = None
    assert start is None, f"{page}, line {start}: the block is never closed"


def plain_lines(page: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page that stand outside fenced blocks."""
    inside = False
    for number, line in enumerate(text_of(page).splitlines(), 1):
        inside ^= line.startswith("```")
        if not inside:
            yield number, line


def anchors(page: str) -> set[str]:
    """Return the anchors of a page: those that GitHub gives to its headings, and its own."""
    headings = (HEADING.match(line) for _, line in plain_lines(page))
    own = {name for _, line in plain_lines(page) for name in ANCHOR.findall(line)}
    return own | {re.sub(r"[^\w\- ]", "", item[1].lower()).replace(" ", "-") for item in headings if item}


Pages = Mapping[str, "Future[list[Ran]]"]

RUNNABLE = [page for page in PAGES if any(block.code is not None for block in blocks(page))]


def without_version(text: str) -> str:
    return text.replace(tool_version(), "VERSION")


@dataclass(frozen=True)
class Ran:
    """What came of a block that was run."""

    block: Block
    code: int
    output: str
    errors: str
    #: What the page shows as its output; None when it shows none.
    shown: str | None


def run_page(page: str, folder: Path) -> list[Ran]:
    """Run the blocks of a page in a copy of the reference package, in order, up to the first that goes wrong."""
    for name in PACKAGE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    found = list(blocks(page))
    ran: list[Ran] = []
    for block, following in zip(found, [*found[1:], None], strict=True):
        if block.code is None:
            continue
        done = subprocess.run(
            PROGRAMS[block.language],
            cwd=folder,
            env=environment,
            input=block.text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        shown = following.text if following and following.language == "text" else None
        ran.append(Ran(block, done.returncode, done.stdout, done.stderr, shown))
        if done.returncode != block.code:
            break
    return ran


@pytest.fixture(scope="module")
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Run all pages that are asked for, side by side."""
    asked = [item for item in request.session.items if "pages" in getattr(item, "fixturenames", ())]
    folder = tmp_path_factory.mktemp("docs")
    with ThreadPoolExecutor(max_workers=4) as pool:
        names = [str(item.callspec.params["page"]) for item in asked if isinstance(item, pytest.Function)]
        yield {name: pool.submit(run_page, name, folder / name) for name in names}


@pytest.mark.parametrize("page", RUNNABLE)
def test_blocks_do_what_they_show(page: str, pages: Pages) -> None:
    for item in pages[page].result():
        where = f"{page}, line {item.block.line}"
        assert item.code == item.block.code, f"{where}: exit code {item.code}\n{item.output}{item.errors}"
        if item.shown is not None:
            assert without_version(item.output) == without_version(item.shown), where


@pytest.mark.parametrize("page", PAGES)
def test_marks_stand_before_blocks_that_can_be_run(page: str) -> None:
    lines = text_of(page).splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith("<!-- run"):
            fence = FENCE.match(lines[number]) if number < len(lines) else None
            can_run = RUN.match(line) is not None and fence is not None and fence[1] in PROGRAMS
            assert can_run, f"{page}, line {number}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    broken = []
    for number, line in plain_lines(page):
        for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            address, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            place = (PAGES[page].parent / address).resolve() if address else PAGES[page]
            name = place.relative_to(ROOT).as_posix() if place.is_relative_to(ROOT) else ""
            if not (name and place.exists()) or (anchor and anchor not in anchors(name)):
                broken.append(f"{page}, line {number}: {target}")
    assert not broken, "\n".join(broken)


def commands(group: click.Command = root, name: str = "diplodata") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name."""
    yield name, group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for item in group.list_commands(context):
            command = group.get_command(context, item)
            assert command is not None
            yield from commands(command, f"{name} {item}")


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_named(name: str) -> None:
    options = [text for item in COMMANDS[name].params if isinstance(item, click.Option) for text in item.opts]
    missing = [text for text in (name, *options) if not re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", manual())]
    assert not missing, f"README.md and docs/ do not name {', '.join(missing)}"


def test_the_pages_of_codes_are_up_to_date() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "codes").iterdir()}
    assert found == pages_of_codes(), "run make generate"


def test_the_page_on_architecture_is_up_to_date() -> None:
    held = runpy.run_path(str(ROOT / "tests" / "test_architecture.py"))
    page = text_of("docs/architecture.md")
    for table, words in ((held["MAY_IMPORT"], {(): "nothing", ("*",): "all parts"}), (held["LIBRARIES"], {})):
        for name, parts in table.items():
            named = words.get(parts, ", ".join(f"`{part}`" for part in parts))
            assert re.search(rf"^\| `?{re.escape(name)}`? \| {re.escape(named)} \|$", page, re.MULTILINE), name


def test_readme_begins_with_the_two_commands() -> None:
    first = "\n".join(text_of("README.md").splitlines()[:25])
    assert "make run" in first
    assert "make test" in first


def test_contributing_is_short() -> None:
    assert len(text_of("CONTRIBUTING.md").splitlines()) <= 60


def test_changelog_names_the_version() -> None:
    headings = [line for line in text_of("CHANGELOG.md").splitlines() if line.startswith("## ")]
    assert any(f"[{tool_version()}]" in line or "[Unreleased]" in line for line in headings)


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/decisions/")])
def test_decisions_have_their_four_parts(page: str) -> None:
    headings = [line for _, line in plain_lines(page) if line.startswith("## ")]
    assert headings == ["## Problem", "## Options", "## Decision", "## Consequences"]


def test_decisions_are_numbered_without_gaps() -> None:
    names = [page.removeprefix("docs/decisions/") for page in PAGES if page.startswith("docs/decisions/")]
    assert [int(name.partition("-")[0]) for name in names] == list(range(1, len(names) + 1))
