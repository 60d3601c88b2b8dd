"""Data stay data: nothing in a report is read as a command, as markup, or as something of the terminal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import junitparser
import pytest
import sarif_pydantic
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from diplodata import Options, strict_json, validate
from diplodata.model.addresses import CODES
from diplodata.model.report import Report
from diplodata.render import RENDERERS
from render.made import PAYLOADS, any_report, lay_out
from render.page import Page

#: Elements of the HTML report.
ELEMENTS = set(
    "html head meta title style body header main section h1 h2 h3 p span ul li table caption thead tbody tr th td em "
    "a code div details summary".split()
)

#: Attributes of the HTML report.
ATTRIBUTES = set("lang charset name content http-equiv class href id tabindex role aria-label scope".split())

#: Characters that a report may hold beside printable ones.
LINE_END = "\n"

#: What begins a command in the middle of a line.
COMMAND = re.compile(r"##\w*\[")


def check(name: str, text: str, report: Report) -> None:
    """Assert of a form what has to hold for any data."""
    wrong = {char for char in text if not char.isprintable() and char != LINE_END}
    assert not wrong, (name, wrong)
    assert not COMMAND.search(text), name
    commands = [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert len(commands) == (len(report.findings) if name == "github" else 0), name
    CHECKS[name](text, report)


def check_text(text: str, report: Report) -> None:
    places = sum(": error " in line or ": warning " in line or ": info " in line for line in text.splitlines())
    assert places >= len(report.findings)


def check_concise(text: str, report: Report) -> None:
    assert len(text.splitlines()) == len(report.findings) + 1 + bool(report.waived)


def check_json(text: str, report: Report) -> None:
    assert text.isascii()
    assert len(strict_json.parse(text.encode())["findings"]) == len(report.findings)


def check_ndjson(text: str, report: Report) -> None:
    assert text.isascii()
    parsed = [strict_json.parse(line.encode()) for line in text.splitlines()]
    assert len(parsed) == len(report.findings) + len(report.waived) + 1


def check_sarif(text: str, report: Report) -> None:
    assert text.isascii()
    strict_json.parse(text.encode())
    log = sarif_pydantic.Sarif.model_validate_json(text)
    assert len(log.runs[0].results or []) == len(report.findings) + len(report.waived)
    for result in json.loads(text)["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[!#-;=?-\[\]_a-z~]*", uri), uri


def check_junit(text: str, report: Report) -> None:
    suites = junitparser.JUnitXml.fromstring(text.encode())
    found = {(item.resource, item.code) for item in (*report.findings, *(waived.finding for waived in report.waived))}
    assert suites.tests >= len(found)
    tags = {item.tag for item in ET.fromstring(text).iter()}
    assert tags <= {"testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"}


def check_github(text: str, report: Report) -> None:
    assert len(text.splitlines()) == len(report.findings) + 1 + bool(report.waived)
    for line in text.splitlines()[: len(report.findings)]:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match, line[:200]
        names = [part.partition("=")[0] for part in match[2].split(",")]
        assert names in (["file", "title"], ["file", "line", "title"])
        assert not re.search("%(?!25|0A|0D|2C|3A)", line)


def check_gitlab(text: str, report: Report) -> None:
    assert text.isascii()
    assert len(strict_json.parse(text.encode())) == len(report.findings) + len(report.waived)


def check_markdown(text: str, report: Report) -> None:
    tables = set()
    for token in _tokens(text):
        assert token.tag in TAGS, token.tag
        if token.type == "html_inline":
            assert token.content in ("<span>", "</span>")
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(CODES)
        assert token.type not in ("html_block", "fence", "code_block", "image")
        tables.add(token.type)
    assert "table_open" in tables or not report.resources
    # A finding is one item of a list, whatever stands in it.
    assert sum(line.startswith("- **") for line in text.splitlines()) == len(report.findings) + len(report.waived)


#: Tags that the Markdown report may become; the empty one stands for text and spans.
TAGS = set("h2 h3 p table thead tbody tr th td ul li strong a code".split()) | {"", "br"}


#: Reads Markdown as GitHub does, bare links too.
MARKDOWN = MarkdownIt("gfm-like", {"html": True})


def _tokens(text: str) -> Iterator[Token]:
    for token in MARKDOWN.parse(text):
        yield token
        yield from token.children or ()


def check_html(text: str, report: Report) -> None:
    page = Page(text)
    for tag, attributes in page.elements:
        assert tag in ELEMENTS, tag
        assert set(attributes) <= ATTRIBUTES, attributes
        assert (attributes.get("href") or "#").startswith(("#", CODES))
    assert sum(tag == "li" for tag, _ in page.elements) == len(report.findings) + len(report.waived)
    assert sum(tag == "style" for tag, _ in page.elements) == 1


CHECKS = {
    "concise": check_concise,
    "github": check_github,
    "gitlab": check_gitlab,
    "html": check_html,
    "json": check_json,
    "junit": check_junit,
    "markdown": check_markdown,
    "ndjson": check_ndjson,
    "sarif": check_sarif,
    "text": check_text,
}


def test_every_form_has_a_check() -> None:
    assert set(CHECKS) == set(RENDERERS)


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_data_wherever_they_stand(payload: str, form: str) -> None:
    for folder in ("copy", None):
        report = any_report(PAYLOADS[payload], folder=folder)
        check(form, RENDERERS[form](report), report)


#: Texts of any characters and of what means something to some reader.
TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(), max_size=5),
        st.sampled_from(
            ["::", "##[", "%", "\n", "\r", "|", "`", "<", ">", "&", "&#", "@", "www.", "://", "](", "*", "\\"]
        ),
        st.sampled_from([text for text in PAYLOADS.values() if len(text) < 100]),
    ),
    max_size=6,
).map("".join)


@pytest.mark.parametrize("form", RENDERERS)
@given(text=TEXTS)
def test_any_text_stays_data(form: str, text: str) -> None:
    report = any_report(text)
    check(form, RENDERERS[form](report), report)


@pytest.mark.parametrize("payload", [name for name in PAYLOADS if name != "lone surrogate"])
def test_packages_with_payloads_end_in_reports_of_every_form(payload: str, tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "package", PAYLOADS[payload])
    report = validate(folder, Options(limit=0, rows=True, summary=True))
    assert not report.valid
    assert any(item.value == PAYLOADS[payload] for item in report.findings) or payload == "null"
    for form, render in RENDERERS.items():
        check(form, render(report), report)


def test_values_can_be_read_in_every_form_that_shows_them() -> None:
    """What is escaped is still there: a reader can tell which value was meant."""
    report = any_report("a\x1b[2J<b>|c")
    assert "a\\u001b[2J<b>|c" in RENDERERS["text"](report)
    assert "a\\u001b[2J<b>|c" in json.loads(RENDERERS["gitlab"](report))[0]["description"]
    assert json.loads(RENDERERS["json"](report))["findings"][0]["value"] == "a\x1b[2J<b>|c"
    assert "a\\u001b[2J<b>|c" in " ".join(Page(RENDERERS["html"](report)).words)
    rendered = MARKDOWN.render(RENDERERS["markdown"](report))
    assert "a\\u001b[2J<b>|c" in "".join(Page(rendered).words)


@pytest.mark.parametrize("arguments", [["validate", "\x1b[2J\n::error::x ##[command]"], ["explain", "##vso[x]\x1b"]])
def test_messages_on_standard_error_are_harmless(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "diplodata", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert all(char.isprintable() or char == "\n" for char in done.stderr)
    assert not COMMAND.search(done.stderr)
    assert not any(line.lstrip().startswith("::") for line in done.stderr.splitlines())


def test_a_terminal_that_knows_few_characters_gets_escapes(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("é\n1,2\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "diplodata", "validate", str(tmp_path / "t.csv")],
        env={"PATH": "", "PYTHONPATH": ":".join(sys.path), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert b"\\u2192" in done.stdout
