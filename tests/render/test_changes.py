"""Data stay data in every form of changes, and every form tells what there is to tell."""

from __future__ import annotations

import csv
import json
import re

import jsonschema
import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from diplodata import strict_json
from diplodata.model.changes import (
    CHANGES_VERSION,
    Bump,
    Changes,
    CodeChange,
    Disappeared,
    FileChange,
    MemberChange,
    Reason,
    RecordChange,
    SchemaChange,
    Side,
    TableChange,
    ValueChange,
)
from diplodata.render.changes import CHANGE_RENDERERS, changelog
from diplodata.render.changes.csv_changes import HEADER
from diplodata.standard import registry
from render.made import PAYLOADS
from render.page import Page
from render.test_hostile import ATTRIBUTES, COMMAND, ELEMENTS, TEXTS

MARKDOWN = MarkdownIt("gfm-like", {"html": True})

TAGS = set("h2 h3 p table thead tbody tr th td ul li strong".split()) | {"", "br"}


def any_changes(text: str) -> tuple[Changes, Bump]:
    """Return changes of every kind in which a text stands wherever data can stand."""
    value = ValueChange(text, None, text)
    records = [
        RecordChange("removed", ((text, text),), (ValueChange(text, text, None),)),
        RecordChange("added", ((text, text),), (value,)),
        RecordChange("re-identified", ((text, text),), (value,), ((text, f"{text}!"),)),
        RecordChange("changed", ((text, text), ("b", None)), (value, ValueChange("b", text, ""))),
        RecordChange("added", (), (value,), times=3),
    ]
    table = TableChange(
        name=text,
        status="changed",
        key=(text,),
        not_comparable=text or "x",
        old_rows=3,
        new_rows=4,
        counts={"removed": 1, "added": 4, "re-identified": 1, "changed": 1},
        records=records,
        columns_added=(text,),
        columns_removed=(text,),
        columns_renamed=((text, text),),
        schema=(SchemaChange(text, text or "x", text, {"enum": [text, -1]}, "breaking", text or "x"),),
        metadata=(MemberChange(text, None, [text]), MemberChange("x", -1, text)),
    )
    added = TableChange(f"{text}2", "added", (), None, 0, 0, {}, [])
    changes = Changes(
        old=Side(text, text, text),
        new=Side(text, None, None),
        tables=(table, added),
        files=(FileChange(text, None, "sha256:" + "0" * 64),),
        codes=(CodeChange(text, text, "active", None),),
        metadata=(MemberChange(text, text, None),),
    )
    return changes, Bump("major", (Reason("major", text or "x"),), (Disappeared(text, 9, (text,) * 9),))


def written(form: str, text: str) -> str:
    changes, bump = any_changes(text)
    return "".join(CHANGE_RENDERERS[form](changes, bump, 0))


def check(form: str, text: str) -> None:
    wrong = {char for char in text if not char.isprintable() and char != "\n"}
    assert not wrong, (form, wrong)
    assert not COMMAND.search(text)
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    CHECKS[form](text)


def check_text(text: str) -> None:
    assert sum(line.startswith("    ") and " row" in line for line in text.splitlines()) >= 1
    assert len(text.splitlines()) == len(written("text", "x").splitlines())


def check_json(text: str) -> None:
    assert text.isascii()
    data = strict_json.parse(text.encode())
    assert len(data["tables"][0]["records"]) == 5
    form = jsonschema.Draft202012Validator(registry.changes_schema())
    assert [error.message for error in form.iter_errors(json.loads(text))] == []


def check_csv(text: str) -> None:
    csv.field_size_limit(100_000_000)
    rows = list(csv.reader(text.splitlines(), strict=True))
    assert tuple(rows[0]) == HEADER
    assert {len(row) for row in rows} == {len(HEADER)}
    assert len(rows) == 16
    for row in rows[1:]:
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        for cell in row[4:7]:
            assert cell == "" or strict_json.parse(cell.encode()) is not None


def check_markdown(text: str) -> None:
    for token in MARKDOWN.parse(text):
        for part in (token, *(token.children or ())):
            assert part.tag in TAGS, part.tag
            assert part.type != "html_inline" or part.content in ("<span>", "</span>")
            assert part.type not in ("html_block", "fence", "code_block", "image", "link_open")
    harmless = written("markdown", "x").splitlines()
    assert [line[:2] == "- " for line in text.splitlines()] == [line[:2] == "- " for line in harmless]


def check_html(text: str) -> None:
    page = Page(text)
    for tag, attributes in page.elements:
        assert tag in {*ELEMENTS, "strong"}, tag
        assert set(attributes) <= ATTRIBUTES
        assert "href" not in attributes
    assert sum(tag == "li" for tag, _ in page.elements) == 17
    assert page.elements == Page(written("html", "x")).elements


CHECKS = {
    "csv": check_csv,
    "html": check_html,
    "json": check_json,
    "markdown": check_markdown,
    "text": check_text,
}


def test_every_form_has_a_check() -> None:
    assert set(CHECKS) == set(CHANGE_RENDERERS)


@pytest.mark.parametrize("form", CHANGE_RENDERERS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_data_wherever_they_stand(payload: str, form: str) -> None:
    check(form, written(form, PAYLOADS[payload]))


@settings(max_examples=20)
@given(text=TEXTS)
def test_any_text_stays_data(text: str) -> None:
    for form in CHANGE_RENDERERS:
        check(form, written(form, text))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_changelog_holds_no_markup_of_data(payload: str) -> None:
    text = changelog(*any_changes(PAYLOADS[payload]))
    assert not COMMAND.search(text)
    for token in MARKDOWN.parse(text):
        for part in (token, *(token.children or ())):
            assert part.tag in TAGS
            assert part.type not in ("html_block", "fence", "code_block", "image", "link_open")


def test_what_is_escaped_can_still_be_read() -> None:
    text = "a\x1b[2J<b>|c"
    assert "a\\u001b[2J<b>|c" in written("text", text)
    assert "a\\u001b[2J<b>|c" in " ".join(Page(written("html", text)).words)
    assert json.loads(written("json", text))["tables"][0]["name"] == text


def test_a_formula_is_no_formula() -> None:
    rows = list(csv.reader(written("csv", "=1+1").splitlines()))
    assert "'=1+1" in {row[1] for row in rows}
    assert any(cell == " -1" for row in rows for cell in row)


def test_the_published_form_is_a_schema_that_refers_to_nothing_outside() -> None:
    form = registry.changes_schema()
    jsonschema.Draft202012Validator.check_schema(form)
    assert form["$id"] == f"{registry.BASE}changes/{CHANGES_VERSION}/changes.schema.json"
    assert form["properties"]["changes_version"]["const"] == CHANGES_VERSION
    assert set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(form))) == {f"#/$defs/{name}" for name in form["$defs"]}
    validator = jsonschema.Draft202012Validator(form)
    data = json.loads(written("json", "x"))
    for name in data:
        assert not validator.is_valid({key: value for key, value in data.items() if key != name}), name
