"""Rules that list the fields they are about list all of them."""

from __future__ import annotations

import csv

import pytest

from diplodata.rules.rule import rules
from diplodata.standard import registry, tables

VERSION = "1.0"


def fields_of_open_codes() -> set[str]:
    """Return the fields of codes whose codelists are open; codes of countries have a rule of their own."""
    opened = registry.codelists(VERSION)
    return {
        f"{name}.{item.name}"
        for name in registry.table_names(VERSION)
        for item in tables.schema(VERSION, name).fields
        if item.annotations.kind == "code" and opened[item.annotations.codelist or ""]
    }


@pytest.mark.parametrize("code", ["code-not-listed", "code-deprecated"])
def test_rules_on_codes_ask_every_field_with_an_open_codelist(code: str) -> None:
    assert {target for part in rules()[code].parts for target in part.targets} == fields_of_open_codes()


def test_no_code_of_a_closed_codelist_is_deprecated() -> None:
    closed = [name for name, is_open in registry.codelists(VERSION).items() if not is_open]
    rows = [row for name in closed for row in csv.DictReader(registry.codelist_text(VERSION, name).splitlines())]
    assert {row["status"] for row in rows} == {"active"}


def test_high_confidence_is_asked_of_every_record_that_names_a_source() -> None:
    earned = {target for part in rules()["confidence-not-earned"].parts for target in part.targets}
    names = {name: tables.schema(VERSION, name).names for name in registry.table_names(VERSION)}
    # The confidence of evidence is about reading its source.
    assert earned == {f"{name}.confidence" for name in names if "confidence" in names[name] and name != "evidence"}
