"""The JSON Schemas of the standard: well formed, self-contained when exported, true to their own examples."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from check_jsonschema.cli import main as check_jsonschema
from click.testing import CliRunner
from referencing import Registry, Resource

from diplodata.conversion import convert
from diplodata.standard import export, registry, tables

VERSION = "1.0"
TABLES = registry.table_names(VERSION)
WRITTEN = registry.schema_names(VERSION)
EXPORTED = export.exportable(VERSION, "json-schema")

Schema = dict[str, Any]


def exported(name: str) -> Schema:
    return export.as_json_schema(VERSION, name)


def properties() -> Iterator[tuple[str, str, Schema]]:
    for table in TABLES:
        yield from ((table, name, item) for name, item in tables.properties(VERSION, table).items())


def references(item: object) -> Iterator[str]:
    if isinstance(item, Mapping):
        for key, value in item.items():
            if key == "$ref":
                yield str(value)
            else:
                yield from references(value)
    elif isinstance(item, list):
        for part in item:
            yield from references(part)


def by_examples(table: str) -> dict[str, Any]:
    """Make a record from the first example of every field that has one."""
    found = registry.json_schema(VERSION, table)["properties"].items()
    return {name: item["examples"][0] for name, item in found if "examples" in item}


def verdicts(schema: Schema, value: object) -> set[bool]:
    """Return what the two libraries say, formats checked."""
    python = jsonschema.Draft202012Validator(
        schema, registry=Registry(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    rust = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return {python.is_valid(value), rust.is_valid(value)}


# The schemas as schemas


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_schema_passes_its_metaschema(name: str) -> None:
    schema = registry.json_schema(VERSION, name)
    jsonschema.Draft202012Validator.check_schema(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{registry.BASE}{VERSION}/{name}.schema.json"
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("name", EXPORTED)
def test_an_exported_schema_passes_its_metaschema_and_refers_to_nothing_outside(name: str) -> None:
    schema = exported(name)
    jsonschema.Draft202012Validator.check_schema(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    jsonschema_rs.meta.validate(schema)
    assert [item for item in references(schema) if not item.startswith("#/")] == []


@pytest.mark.parametrize("name", EXPORTED)
def test_every_reference_of_an_exported_schema_leads_somewhere(name: str) -> None:
    schema = exported(name)
    for reference in references(schema):
        place = schema
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert isinstance(place, dict)


def test_the_folder_holds_the_schemas_of_the_standard_and_no_other() -> None:
    found = {path.name.removesuffix(".schema.json") for path in registry.folder(VERSION).glob("*.schema.json")}
    assert found == set(WRITTEN)


@pytest.mark.parametrize("table", TABLES)
def test_written_schemas_find_each_other_by_address_alone(table: str) -> None:
    contents = [registry.json_schema(VERSION, name) for name in WRITTEN]
    offline = Registry().with_resources((item["$id"], Resource.from_contents(item)) for item in contents)
    schema = registry.json_schema(VERSION, table)
    validator = jsonschema.Draft202012Validator(schema, registry=offline)
    assert [error.message for error in validator.iter_errors(by_examples(table))] == []


# Tables and fields


def test_the_order_of_tables_is_that_of_the_standard() -> None:
    written = json.loads((registry.folder(VERSION) / "standard.json").read_text(encoding="utf-8"))
    assert list(TABLES) == written["tables"]
    bundle = list(registry.json_schema(VERSION, "bundle")["properties"])
    assert bundle == ["diplodata", "package", *TABLES]


def test_the_standard_has_14_tables_236_fields_and_74_required_ones() -> None:
    required = sum(len(registry.json_schema(VERSION, table)["required"]) for table in TABLES)
    assert (len(TABLES), len(list(properties())), required) == (14, 236, 74)


@pytest.mark.parametrize("table", TABLES)
def test_required_fields_are_fields(table: str) -> None:
    schema = registry.json_schema(VERSION, table)
    assert set(schema["required"]) <= set(schema["properties"])
    assert schema["x-table"] == table
    assert schema["x-level"] in ("required", "optional")


def test_every_property_says_what_it_is() -> None:
    for table, name, item in properties():
        missing = [key for key in ("title", "description", "x-kind") if not item.get(key)]
        assert not missing, f"{table}.{name} lacks {missing}"


def test_every_example_is_valid() -> None:
    for table in TABLES:
        validator = jsonschema_rs.Draft202012Validator(exported(table) | {"required": []}, validate_formats=True)
        for name, item in registry.json_schema(VERSION, table)["properties"].items():
            for example in item.get("examples", ()):
                found = [error.message for error in validator.iter_errors({name: example})]
                assert not found, f"{table}.{name}: {found}"


@pytest.mark.parametrize("table", TABLES)
def test_the_record_made_of_all_examples_is_valid(table: str) -> None:
    assert verdicts(exported(table), by_examples(table)) == {True}


@pytest.mark.parametrize("table", TABLES)
def test_every_required_field_is_missed(table: str) -> None:
    schema, record = exported(table), by_examples(table)
    for name in schema["required"]:
        assert verdicts(schema, {key: value for key, value in record.items() if key != name}) == {False}, name


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("value", ["text", 7, 1.5, True, ["a", 1]])
def test_extension_columns_are_allowed(table: str, value: object) -> None:
    assert verdicts(exported(table), by_examples(table) | {"x_note": value}) == {True}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", ["unknown", "X_note", "x-note", "ax_note"])
def test_other_unknown_properties_are_refused(table: str, name: str) -> None:
    assert verdicts(exported(table), by_examples(table) | {name: "text"}) == {False}


@pytest.mark.parametrize("table", TABLES)
def test_empty_texts_and_null_are_refused(table: str) -> None:
    schema, record = exported(table), by_examples(table)
    for name in schema["properties"]:
        assert verdicts(schema, record | {name: None}) == {False}, name
        assert verdicts(schema, record | {name: ""}) == {False}, name


# What the annotations of fields name


def test_codelists_exist_and_closed_ones_are_enums() -> None:
    lists = registry.codelists(VERSION)
    seen = set()
    for table, name, item in properties():
        if "x-codelist" not in item:
            continue
        codelist = item["x-codelist"]
        seen.add(codelist)
        enum = item.get("items", item).get("enum")
        wanted = None if lists[codelist] else list(registry.codes(VERSION, codelist))
        assert enum == wanted, f"{table}.{name}"
    assert seen == set(lists)


def test_fields_with_an_enum_have_a_codelist() -> None:
    for table, name, item in properties():
        assert "enum" not in item.get("items", item) or "x-codelist" in item, f"{table}.{name}"


def test_references_name_tables() -> None:
    for table, name, item in properties():
        targets = item.get("x-references", ["*"] if item["x-kind"] != "reference" else [])
        assert targets, f"{table}.{name}"
        assert set(targets) <= {*TABLES, "*"}, f"{table}.{name}"


def test_the_record_tables_are_tables() -> None:
    assert set(registry.codes(VERSION, "record_table")) <= set(TABLES)


def test_annotations_name_fields_of_the_same_table() -> None:
    for table, name, item in properties():
        named = [item[key] for key in ("x-language-field", "x-record-table") if key in item]
        assert set(named) <= set(tables.properties(VERSION, table)), f"{table}.{name}"


# The profile of descriptors


@pytest.fixture
def descriptor(reference: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((reference / "datapackage.json").read_text(encoding="utf-8"))
    return data


def without_standard(descriptor: dict[str, Any]) -> None:
    del descriptor["diplodata"]


def of_unknown_standard(descriptor: dict[str, Any]) -> None:
    descriptor["diplodata"]["standard"] = "9.9"


def without_resources(descriptor: dict[str, Any]) -> None:
    descriptor["resources"] = []


def with_path_and_data(descriptor: dict[str, Any]) -> None:
    descriptor["resources"][0]["data"] = []


def with_neither_path_nor_data(descriptor: dict[str, Any]) -> None:
    del descriptor["resources"][0]["path"]


def with_bad_prefix(descriptor: dict[str, Any]) -> None:
    descriptor["diplodata"]["prefixes"] = ["Dd"]


def with_repeated_prefix(descriptor: dict[str, Any]) -> None:
    descriptor["diplodata"]["prefixes"] = ["dd", "dd"]


def created_without_offset(descriptor: dict[str, Any]) -> None:
    descriptor["created"] = "2026-11-24T00:00:00"


def with_bad_version(descriptor: dict[str, Any]) -> None:
    descriptor["version"] = "1.0"


def with_empty_licence(descriptor: dict[str, Any]) -> None:
    descriptor["licenses"] = [{"title": "Some licence"}]


BREAKS = (
    without_standard,
    of_unknown_standard,
    without_resources,
    with_path_and_data,
    with_neither_path_nor_data,
    with_bad_prefix,
    with_repeated_prefix,
    created_without_offset,
    with_bad_version,
    with_empty_licence,
)


def test_the_profile_accepts_the_reference_package(descriptor: dict[str, Any]) -> None:
    assert verdicts(exported("datapackage"), descriptor) == {True}


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: change.__name__)
def test_the_profile_refuses(descriptor: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    change(descriptor)
    assert verdicts(exported("datapackage"), descriptor) == {False}


# Documents, judged by a validator of other people without a network


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    for name, text in export.export(VERSION, "json-schema").items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def documents(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    """A bundle and a nested document with rows in all tables."""
    folder = tmp_path_factory.mktemp("documents")
    found = {}
    for form in registry.DOCUMENTS:
        convert(small, folder / f"{form}.json", form)
        found[form] = json.loads((folder / f"{form}.json").read_text(encoding="utf-8"))
    return found


def judged(schema: Path, document: Path) -> tuple[int, str]:
    """Run check-jsonschema in this process; return its exit code and its output."""
    result = CliRunner().invoke(check_jsonschema, ["--schemafile", str(schema), str(document)])
    return result.exit_code, result.output


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("form", registry.DOCUMENTS)
def test_check_jsonschema_accepts_documents(
    form: str, schemas: Path, documents: Mapping[str, dict[str, Any]], tmp_path: Path
) -> None:
    document = tmp_path / "document.json"
    document.write_text(json.dumps(documents[form]), encoding="utf-8")
    assert judged(schemas / f"{form}.schema.json", document) == (0, "ok -- validation done\n")


def with_bad_identifier(document: dict[str, Any]) -> str:
    document["meetings"][0]["id"] = "not an identifier"
    return "$.meetings[0].id"


def with_text_for_a_count(document: dict[str, Any]) -> str:
    document["sources"][0]["access_count"] = "many"
    return "$.sources[0]"


def with_unknown_table(document: dict[str, Any]) -> str:
    document["guests"] = []
    return "guests"


def without_the_declaration(document: dict[str, Any]) -> str:
    del document["diplodata"]
    return "diplodata"


def without_a_status(document: dict[str, Any]) -> str:
    del document["meetings"][1]["status"]
    return "$.meetings[1]"


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("form", registry.DOCUMENTS)
@pytest.mark.parametrize(
    "change",
    [with_bad_identifier, with_text_for_a_count, with_unknown_table, without_the_declaration, without_a_status],
    ids=lambda change: change.__name__,
)
def test_check_jsonschema_refuses_broken_documents(
    form: str,
    change: Callable[[dict[str, Any]], str],
    schemas: Path,
    documents: Mapping[str, dict[str, Any]],
    tmp_path: Path,
) -> None:
    broken = copy.deepcopy(documents[form])
    place = change(broken)
    document = tmp_path / "document.json"
    document.write_text(json.dumps(broken), encoding="utf-8")
    code, output = judged(schemas / f"{form}.schema.json", document)
    assert (code, place in output) == (1, True), output


@pytest.mark.parametrize("form", registry.DOCUMENTS)
def test_the_whole_reference_package_is_valid_as_a_document(form: str, converted: Callable[[str], Path]) -> None:
    validator = jsonschema_rs.Draft202012Validator(exported(form), validate_formats=True)
    document = json.loads(converted(form).read_text(encoding="utf-8"))
    assert [str(error) for error in validator.iter_errors(document)] == []


@pytest.mark.usefixtures("no_network")
def test_check_jsonschema_accepts_the_reference_package_meeting_by_meeting(
    schemas: Path, converted: Callable[[str], Path], scale: int, tmp_path: Path
) -> None:
    nested = json.loads(converted("nested").read_text(encoding="utf-8"))
    rows = 20 * scale
    part = {name: value[:rows] if isinstance(value, list) else value for name, value in nested.items()}
    document = tmp_path / "part.json"
    document.write_text(json.dumps(part), encoding="utf-8")
    assert judged(schemas / "nested.schema.json", document) == (0, "ok -- validation done\n")


@pytest.mark.usefixtures("no_network")
def test_check_jsonschema_accepts_the_reference_package_as_a_bundle(
    schemas: Path, converted: Callable[[str], Path], scale: int, tmp_path: Path
) -> None:
    bundle = json.loads(converted("bundle").read_text(encoding="utf-8"))
    rows = 120 * scale
    part = {name: value[:rows] if isinstance(value, list) else value for name, value in bundle.items()}
    document = tmp_path / "part.json"
    document.write_text(json.dumps(part), encoding="utf-8")
    assert judged(schemas / "bundle.schema.json", document) == (0, "ok -- validation done\n")
