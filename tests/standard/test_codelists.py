"""Codelists, countries and prefixes: what they list, in which form, and that the data keep to them."""

import csv
import re
from pathlib import Path

import pytest

from diplodata.standard import registry

VERSION = "1.0"
FOLDER = registry.folder(VERSION)
LISTS = registry.codelists(VERSION)

#: The project's own prefix, and those kept for examples and tests.
PREFIXES = {"dd", "ex", "test"}

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
VERSION_FORM = re.compile(r"[0-9]+\.[0-9]+")
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def rows_of(codelist: str) -> list[dict[str, str]]:
    return rows(FOLDER / "codelists" / f"{codelist}.csv")


def test_the_list_of_codelists_is_that_of_their_files() -> None:
    assert set(LISTS) == {path.stem for path in (FOLDER / "codelists").iterdir()}
    listed = [row["codelist"] for row in rows(FOLDER / "codelists.csv")]
    assert len(listed) == len(set(listed))


def test_codelists_are_open_or_closed_and_described() -> None:
    for row in rows(FOLDER / "codelists.csv"):
        assert row["open"] in ("true", "false"), row
        assert row["description"].endswith("."), row


@pytest.mark.parametrize("codelist", sorted(LISTS))
def test_a_codelist_has_the_columns_that_all_have(codelist: str) -> None:
    found = rows_of(codelist)
    assert found
    columns = list(found[0])
    assert columns[:2] == ["code", "description"]
    assert columns[-2:] == ["status", "added_in"]
    for row in found:
        assert None not in row, f"{row['code']}: more cells than columns"
        assert None not in row.values(), f"{row['code']}: fewer cells than columns"


@pytest.mark.parametrize("codelist", sorted(LISTS))
def test_codes_are_described_distinct_and_of_the_right_form(codelist: str) -> None:
    form = re.compile("[A-Z]{3,4}") if codelist == "country" else CODE
    found = rows_of(codelist)
    assert [row["code"] for row in found if not form.fullmatch(row["code"])] == []
    assert [row["code"] for row in found if not row["description"].strip()] == []
    assert [row["code"] for row in found if row["status"] not in ("active", "withdrawn")] == []
    assert [row["code"] for row in found if not VERSION_FORM.fullmatch(row["added_in"])] == []
    codes = [row["code"] for row in found]
    assert len(codes) == len(set(codes))
    assert codes == list(registry.codes(VERSION, codelist))


def test_countries_are_sorted_by_form_and_code() -> None:
    codes = [row["code"] for row in rows_of("country")]
    assert codes == sorted(codes)


def test_the_form_of_a_country_is_that_of_its_code() -> None:
    for row in rows_of("country"):
        assert row["form"] == ("alpha_3" if len(row["code"]) == 3 else "alpha_4"), row["code"]


def test_countries_are_valid_from_no_later_than_to() -> None:
    for row in rows_of("country"):
        start, end = row["valid_from"], row["valid_to"]
        assert all(DATE.fullmatch(value) for value in (start, end) if value), row
        if start and end:
            length = min(len(start), len(end))
            assert start[:length] <= end[:length], row


def test_former_states_have_an_end_and_successors_that_are_listed() -> None:
    found = rows_of("country")
    codes = {row["code"] for row in found}
    for row in found:
        successors = row["successors"].split()
        assert set(successors) <= codes - {row["code"]}, row
        assert len(row["code"]) == 3 or row["valid_to"], row
        assert not successors or row["valid_to"], row


def test_an_alpha_3_code_with_an_end_is_withdrawn() -> None:
    for row in rows_of("country"):
        is_past = len(row["code"]) == 3 and bool(row["valid_to"])
        assert row["status"] == ("withdrawn" if is_past else "active"), row


def test_every_country_in_the_data_is_listed(reference: Path) -> None:
    codes = set(registry.codes(VERSION, "country"))
    used = {
        code
        for path in sorted((reference / "data").glob("*.csv"))
        for row in rows(path)
        for column in row
        if column.endswith("country_code")
        for code in row[column].split()
    }
    assert used
    assert used <= codes


def test_prefixes_are_those_of_the_project_and_the_reserved_ones() -> None:
    found = {row["prefix"]: row["status"] for row in rows(FOLDER / "prefixes.csv")}
    assert set(found) == PREFIXES
    assert found == {"dd": "active", "ex": "reserved", "test": "reserved"}


def test_the_vocabularies_of_mappings_are_listed() -> None:
    listed = {row["prefix"] for row in rows(FOLDER / "vocabularies.csv")}
    used = {
        mapping.partition(":")[0]
        for codelist in LISTS
        for row in rows_of(codelist)
        for mapping in row.get("mapping", "").split()
    }
    for table in registry.table_names(VERSION):
        schema = registry.json_schema(VERSION, table)
        for item in (schema, *schema["properties"].values()):
            used |= {mapping.partition(":")[0] for mapping in item.get("x-mapping", ())}
    assert used <= listed
