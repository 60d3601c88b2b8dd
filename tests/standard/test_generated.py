"""What is generated from the schemas: up to date, without foreign keys to absent tables, right for the reference."""

import json
from pathlib import Path
from typing import Any

import frictionless
import pytest
from frictionless import Resource

from diplodata import handout
from diplodata.errors import StandardError, UsageError
from diplodata.handout import Handout
from diplodata.standard import registry

VERSION = "1.0"
TABLES = registry.table_names(VERSION)


def table_schemas(tables: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the Table Schemas by table, for a package with the tables that are named."""
    found = handout.files(Handout(form="table-schema", tables=tables))
    return {name.removesuffix(".json"): json.loads(text) for name, text in found.items()}


def parents(schema: dict[str, Any]) -> set[str]:
    return {key["reference"]["resource"] for key in schema.get("foreignKeys", ())}


def test_the_generated_files_are_up_to_date(reference: Path) -> None:
    found = handout.files(Handout(generated=True))
    folder = reference / "schemas" / VERSION
    assert handout.differences(found, folder) == []
    assert {f"tables/{name}.json" for name in TABLES} < set(found)
    assert {"bundle.schema.json", "nested.schema.json", "common.schema.json", "rules.json"} < set(found)


def test_no_table_schema_lies_about_that_is_not_generated(reference: Path) -> None:
    found = {path.stem for path in (reference / "schemas" / VERSION / "tables").iterdir()}
    assert found == set(TABLES)


def test_differences_name_absent_and_stale_files(tmp_path: Path) -> None:
    found = {"a.json": "{}\n", "b.json": "{}\n", "c.json": "{}\n"}
    handout.write(found, tmp_path)
    assert handout.differences(found, tmp_path) == []
    (tmp_path / "a.json").unlink()
    (tmp_path / "b.json").write_text("[]\n", encoding="utf-8")
    lines = handout.differences(found, tmp_path)
    assert [Path(line.split(" is ")[0]).name for line in lines] == ["a.json", "b.json"]


def test_writing_leaves_nothing_but_the_files(tmp_path: Path) -> None:
    found = handout.files(Handout(generated=True))
    handout.write(found, tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(found)


def test_foreign_keys_to_other_tables_are_left_out_for_the_required_ones() -> None:
    required = {name for name in TABLES if registry.json_schema(VERSION, name)["x-level"] == "required"}
    found = table_schemas("required")
    assert set().union(*map(parents, found.values())) == required & set().union(*map(parents, table_schemas().values()))
    assert set(found) == required
    for name in required:
        schema = table_schemas()[name]
        kept = [key for key in schema.get("foreignKeys", ()) if key["reference"]["resource"] in required]
        assert found[name].get("foreignKeys", []) == kept, name


def test_tables_can_be_named() -> None:
    found = table_schemas("meetings, organizations")
    assert set().union(*map(parents, found.values())) == {"meetings", "organizations"}


@pytest.mark.parametrize("tables", ["guests", "meetings,guests", ""])
def test_unknown_tables_are_refused(tables: str) -> None:
    with pytest.raises(UsageError):
        handout.files(Handout(form="table-schema", tables=tables))


def test_unknown_names_forms_and_versions_are_refused() -> None:
    with pytest.raises(UsageError, match="guests"):
        handout.files(Handout(names=("guests",)))
    with pytest.raises(UsageError, match="xsd"):
        handout.files(Handout(form="xsd"))
    with pytest.raises(StandardError, match=r"9\.9"):
        handout.files(Handout(standard="9.9"))


@pytest.mark.parametrize("name", TABLES)
def test_the_reference_accepts_every_table_schema(name: str) -> None:
    assert list(frictionless.Schema.metadata_validate(table_schemas()[name])) == []


@pytest.mark.parametrize("name", TABLES)
def test_every_field_of_a_table_schema_is_described_and_its_example_can_be_read(name: str) -> None:
    for field in table_schemas()[name]["fields"]:
        assert field["title"], field["name"]
        assert field["description"], field["name"]
        if "example" in field:
            one = {"fields": [{key: field[key] for key in ("name", "type", "constraints") if key in field}]}
            rows = Resource(data=[[field["name"]], [field["example"]]], schema=frictionless.Schema.from_descriptor(one))
            assert frictionless.validate(rows).valid, field["name"]


@pytest.mark.usefixtures("no_network")
def test_the_reference_finds_the_reference_package_valid(reference: Path) -> None:
    report = frictionless.validate(str(reference / "datapackage.json"))
    assert report.flatten(["type", "note"]) == []
    assert len(report.tasks) == len(TABLES)


def test_the_repository_uses_the_generated_table_schemas(reference: Path) -> None:
    descriptor = json.loads((reference / "datapackage.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in descriptor["resources"]] == list(TABLES)
    assert [item["schema"] for item in descriptor["resources"]] == [
        f"schemas/{VERSION}/tables/{name}.json" for name in TABLES
    ]
