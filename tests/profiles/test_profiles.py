"""Profiles of the standard: what they may ask, how packages name them, and that every format is asked the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from diplodata import Options, validate
from diplodata.conversion import convert
from diplodata.model.profile import Profile
from diplodata.model.report import Report
from diplodata.package import descriptor, standard_profile
from diplodata.package.containers import Folder
from diplodata.release.publish import publish
from diplodata.render import json_report, markdown_report, text_report
from diplodata.rules import settings
from diplodata.standard import compiled, export, registry, tables
from diplodata.start.init import Beginning, init
from profiles import making

FORMATS = ("csv", "parquet", "bundle", "nested", "xlsx")


def with_tables(**said: Any) -> dict[str, Any]:
    return making.profile(tables=said)


def of_meetings(**fields: Any) -> dict[str, Any]:
    return with_tables(meetings={"properties": fields})


def own(**members: Any) -> dict[str, Any]:
    return {"title": "A", "description": "A.", "type": "string"} | members


# What a profile may ask


def test_the_form_of_profiles_is_a_schema_and_takes_a_profile() -> None:
    form = registry.profile_schema()
    assert jsonschema_rs.meta.is_valid(form)
    assert form["$id"] == f"{registry.BASE}profile/1.0/profile.schema.json"
    assert standard_profile.checked(making.profile()) == (Profile.from_source(making.profile()), ())


#: What is wrong -> (profile, words of what is said).
REFUSED: Mapping[str, tuple[Any, str]] = {
    "no object": ([], "is not of type"),
    "no version": ({key: value for key, value in making.profile().items() if key != "version"}, '"version"'),
    "no licence": ({key: value for key, value in making.profile().items() if key != "license"}, '"license"'),
    "a version of two parts": (making.profile(version="1.0"), "at /version"),
    "an address without a scheme": (making.profile(**{"$id": "desk"}), "at /$id"),
    "an unknown member": (making.profile(extra=1), "extra"),
    "another standard": (making.profile(standard="9.9"), "the standard '9.9'"),
    "an unknown table": (with_tables(guests={}), "'guests' is no table"),
    "an unknown field": (of_meetings(guests={"maxLength": 3}), "has no field 'guests'"),
    "an own field without a description": (of_meetings(x_a={"title": "A", "type": "string"}), "no description"),
    "another type": (of_meetings(title={"type": "integer"}), "cannot be changed"),
    "another description": (of_meetings(title={"description": "Name."}), "cannot be changed"),
    "a longer text": (of_meetings(title={"maxLength": 501}), "that is wider"),
    "a smaller number": (with_tables(participants={"properties": {"party_size": {"minimum": -1}}}), "that is wider"),
    "a code that a closed list lacks": (of_meetings(format={"enum": ["in_person", "by_post"]}), "'by_post'"),
    "a code of no right form": (of_meetings(meeting_type={"enum": ["Talks"]}), "'Talks'"),
    "a value that is too long": (of_meetings(city={"enum": ["x" * 201]}), "none that the standard allows"),
    "a number among texts": (of_meetings(city={"enum": [3]}), "none that the standard allows"),
    "another pattern": (of_meetings(id={"pattern": "^(ex:.*)$"}), "by another pattern"),
    "a pattern of a list": (of_meetings(same_as={"pattern": "^(a)$"}), "a list"),
    "a length of a number": (of_meetings(x_a=own(type="integer", maxLength=2)), "cannot be asked"),
    "limits without a value": (of_meetings(x_a=own(minLength=5, maxLength=2)), "no value is allowed"),
    "own values of another type": (of_meetings(x_a=own(type="integer", enum=["1"])), "none that the standard allows"),
    "an unanchored pattern": (of_meetings(city={"pattern": "Geneva"}), "/pattern"),
    "a pattern with look-ahead": (of_meetings(city={"pattern": "^((?=A).*)$"}), "is not understood"),
    "an unknown required field": (with_tables(meetings={"required": ["x_a"]}), "could be required"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_widens_or_makes_no_sense_is_refused(what: str) -> None:
    source, words = REFUSED[what]
    profile, problems = standard_profile.checked(source)
    assert profile is None
    assert words in " | ".join(problems)


#: Field of meetings -> limits that may or may not be narrower.
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "maxLength": st.integers(1, 600),
        "minLength": st.integers(1, 12),
        "enum": st.lists(
            st.sampled_from(["in_person", "hybrid", "by_post", "a", "A b", "meeting", "2020-05-26", "CHE", "ex:mtg-a"]),
            min_size=1,
            unique=True,
        ),
        "pattern": st.sampled_from(["^([a-z_]+)$", "^(.{1,4})$", "^([A-Z].*)$"]),
    },
)
NAMES = ("id", "title", "format", "meeting_type", "start_date", "city", "country_code", "ordinal", "url", "x_a")
VALUES = st.sampled_from(
    ["in_person", "hybrid", "by_post", "a", "A b", "meeting", "2020-05-26", "CHE", "ex:mtg-a", "x" * 501, "", "Ünder"]
)

MEETING = {
    "id": "ex:mtg-b",
    "title": "A",
    "title_language": "en",
    "status": "held",
    "format": "in_person",
    "start_date": "2020",
    "source_id": "ex:src-a",
}
WIDE = jsonschema_rs.validator_for(export.as_json_schema("1.0", "meetings"))


@given(st.sampled_from(NAMES), LIMITS, st.lists(VALUES, min_size=1, max_size=8), st.booleans())
def test_what_a_profile_takes_the_standard_takes(
    name: str, asked: dict[str, Any], values: list[str], is_required: bool
) -> None:
    said = own(**asked) if name == "x_a" else asked
    source = with_tables(meetings={"properties": {name: said}, "required": [name] if is_required else []})
    profile, problems = standard_profile.checked(source)
    note(str(problems))
    if profile is None:
        return
    narrow = jsonschema_rs.validator_for(compiled.json_schema(profile, "meetings"))
    for value in values:
        record = MEETING | {name: value}
        assert WIDE.is_valid(record) or not narrow.is_valid(record)
    # What tables are asked is no less.
    field = tables.narrowed("1.0", "meetings", None, profile).field(name)
    assert field is not None
    limits = dict(field.constraints)
    assert all(limits.get(key) == limit for key, limit in asked.items() if (key, limit) != ("minLength", 1))
    assert field.is_required or not is_required


# How a package names one


def read(folder: Path, value: Any, **members: Any) -> tuple[Profile | None, list[tuple[str, str]]]:
    """Read a descriptor that names a profile; return it, and (code, message) of the findings at that place."""
    declared = {"standard": "1.0", "prefixes": ["ex"], "profile": value}
    package, findings = descriptor.read({"name": "a", "resources": [], "diplodata": declared} | members, Folder(folder))
    return package.profile, [(item.code, item.message) for item in findings if item.pointer == "/diplodata/profile"]


@pytest.mark.usefixtures("no_network")
def test_a_package_names_its_profile_by_path_or_holds_it(tmp_path: Path) -> None:
    (tmp_path / "desk.json").write_text(json.dumps(making.profile()), encoding="utf-8")
    found, findings = read(tmp_path, "desk.json")
    assert (str(found), findings) == (f"{making.ADDRESS} 1.2.0", [])
    assert read(tmp_path, making.profile()) == (found, [])


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("value", "text", "code", "words"),
    [
        ("desk.json", None, "profile-error", "desk.json cannot be opened"),
        ("https://example.org/profiles/desk.json", None, "profile-error", "nothing is fetched"),
        ("../desk.json", None, "unsafe-path", ""),
        ("desk.json", "{", "profile-error", "is not JSON"),
        ("desk.json", "null", "profile-error", "holds no object"),
        ("desk.json", '{"a": 1, "a": 2}', "profile-error", "is not JSON"),
        ("desk.json", "{}", "profile-error", "required"),
        ("desk.json", json.dumps(making.profile(standard="1.1")), "profile-error", "this tool knows 1.0"),
        ("desk.json", json.dumps(of_meetings(title={"maxLength": 900})), "profile-error", "that is wider"),
        ({"$id": "a"}, None, "profile-error", "required"),
        (3, None, "profile-error", "3 is not of type"),
    ],
)
def test_a_profile_that_cannot_be_used_is_a_finding(
    tmp_path: Path, value: Any, text: str | None, code: str, words: str
) -> None:
    if text is not None:
        (tmp_path / "desk.json").write_text(text, encoding="utf-8")
    found, findings = read(tmp_path, value)
    assert found is None
    assert {name for name, _ in findings} == {code}
    assert any(words in message for _, message in findings)


def test_an_address_that_comes_with_the_tool_is_read_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desk.json"
    path.write_text(json.dumps(making.profile()), encoding="utf-8")
    monkeypatch.setattr(registry, "PROFILES", {making.ADDRESS: str(path)})
    found, findings = read(tmp_path, making.ADDRESS)
    assert (str(found), findings) == (f"{making.ADDRESS} 1.2.0", [])


# What is asked of data


@pytest.fixture(scope="module")
def bad(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.lay_out(small, tmp_path_factory.mktemp("bad") / "package", good=False)


@pytest.fixture(scope="module")
def good(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.lay_out(small, tmp_path_factory.mktemp("good") / "package", good=True)


def in_form(package: Path, form: str, folder: Path) -> Path:
    if form == "csv":
        return package
    target = folder / (form if form in ("json", "parquet") else f"{form}.{'xlsx' if form == 'xlsx' else 'json'}")
    convert(package, target, form)
    return target


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_asked_the_same(form: str, bad: Path, tmp_path: Path) -> None:
    report = validate(in_form(bad, form, tmp_path), Options(resources=("meetings", "participants"), limit=0))
    found = {(item.code, item.record_id, item.field, item.value) for item in report.findings}
    assert found == {("constraint-error", key, field, value) for key, (_, field, value) in making.ODD.items()}
    assert all(f"(profile {making.ADDRESS} 1.2.0)." in item.message for item in report.findings)
    assert report.profile is not None


def test_what_keeps_the_profile_is_valid(good: Path, tmp_path: Path) -> None:
    assert validate(in_form(good, "nested", tmp_path)).findings == ()


def test_a_document_comes_back_with_the_schemas_of_the_profile(good: Path, tmp_path: Path) -> None:
    bundle = in_form(good, "bundle", tmp_path)
    value = json.loads(bundle.read_text(encoding="utf-8"))
    del value["package"]["resources"]
    bundle.write_text(json.dumps(value), encoding="utf-8")
    convert(bundle, tmp_path / "back", "csv")
    described = json.loads((tmp_path / "back" / "datapackage.json").read_text(encoding="utf-8"))
    assert described["diplodata"]["profile"] == making.profile()
    assert (tmp_path / "back/data/meetings.csv").read_bytes() == (good / "data/meetings.csv").read_bytes()
    written = json.loads((tmp_path / "back/schemas/1.0/tables/meetings.json").read_text(encoding="utf-8"))
    assert written == tables.descriptor("1.0", "meetings", None, Profile.from_source(making.profile()))
    assert validate(tmp_path / "back", Options(resources=("meetings",))).valid


def test_an_own_schema_has_to_declare_the_columns_of_the_profile(good: Path) -> None:
    described = json.loads((good / "datapackage.json").read_text(encoding="utf-8"))
    profile = Profile.from_source(making.profile())
    schema = tables.descriptor("1.0", "meetings", None, profile)
    item = next(item for item in described["resources"] if item["name"] == "meetings")

    def findings(fields: list[Any]) -> list[str]:
        item["schema"] = schema | {"fields": fields}
        _, found = descriptor.read(described, Folder(good))
        return [one.code for one in found]

    assert findings(schema["fields"]) == []
    assert findings([*schema["fields"], {"name": "x_more", "type": "string"}]) == []
    assert findings(schema["fields"][:-1]) == ["schema-not-standard"]


def test_a_release_has_the_schemas_of_the_profile(tmp_path: Path) -> None:
    package = tmp_path / "desk"
    init(package, Beginning("exdesk", "Desk"))
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    described["diplodata"]["profile"] = making.profile(
        tables={"meetings": {"properties": {"x_desk": own(), "title": {"maxLength": 400}}}}
    )
    (package / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    header, *rows = (package / "data" / "meetings.csv").read_text(encoding="utf-8").splitlines()
    text = "".join(f"{line}\n" for line in (f"{header},x_desk", *(f"{row},europe" for row in rows)))
    (package / "data" / "meetings.csv").write_text(text, encoding="utf-8")
    folder = publish(tmp_path / "site", package).folder
    schema = json.loads((folder / "schemas" / "1.0" / "tables" / "meetings.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in schema["fields"]][-1] == "x_desk"
    report = validate(folder, Options(resources=("meetings",)))
    assert (report.findings, str(report.profile)) == ((), f"{making.ADDRESS} 1.2.0")


# Rules


def of_rules(**severity: str) -> Profile:
    return Profile.from_source(
        making.profile(rules={"severity": {k.replace("_", "-"): v for k, v in severity.items()}})
    )


def test_a_profile_sets_rules_and_a_package_may_only_raise_them() -> None:
    profile = of_rules(place_missing="error", orphan_record="off", record_without_evidence="warning")
    assert settings.read(None, "datapackage.json", profile).severity["place-missing"] == "error"
    assert settings.read(None, "datapackage.json", profile).off == {"orphan-record"}
    package = {"severity": {"place-missing": "off", "record-without-evidence": "error", "orphan-record": "info"}}
    read_settings = settings.read(package, "datapackage.json", profile)
    assert read_settings.severity == {
        "place-missing": "error",
        "record-without-evidence": "error",
        "orphan-record": "info",
    }
    assert [(item.code, item.pointer) for item in read_settings.problems] == [
        ("profile-error", "/diplodata/rules/severity/place-missing")
    ]


@pytest.mark.parametrize(
    ("severity", "words"),
    [
        ({"virtual_with_place": "off"}, None),
        ({"end_before_start": "warning"}, "is an error in the standard"),
        ({"constraint_error": "off"}, "is no rule"),
        ({"foreign_key": "warning"}, "is no rule"),
    ],
)
def test_errors_of_the_standard_stay_errors(severity: dict[str, str], words: str | None) -> None:
    found = settings.read(None, "datapackage.json", of_rules(**severity))
    assert len(found.problems) == (words is not None)
    assert all(words in item.message for item in found.problems if words)
    assert not (found.severity or found.off) or words is None


def test_a_rule_that_a_profile_raises_makes_a_package_invalid(small: Path, tmp_path: Path) -> None:
    package = making.lay_out(small, tmp_path / "package", good=True)
    source = making.profile(rules={"severity": {"virtual-with-place": "error"}})
    (package / "profiles" / "desk.json").write_text(json.dumps(source), encoding="utf-8")
    data = package / "data" / "meetings.csv"
    data.write_text(data.read_text(encoding="utf-8").replace(",in_person,", ",videoconference,"), encoding="utf-8")
    report = validate(package, Options(resources=("meetings",)))
    assert [(item.code, item.severity) for item in report.findings] == [("virtual-with-place", "error")]


# The report


@pytest.fixture(scope="module")
def report(good: Path) -> Report:
    return validate(good, Options(resources=("meetings",)))


def test_reports_name_exact_versions(report: Report) -> None:
    data = json.loads(json_report.render(report))
    assert data["tool"].startswith("diplodata ")
    assert data["standard_version"] == registry.full_version("1.0")
    assert data["profile"] == {"id": making.ADDRESS, "version": "1.2.0"}
    assert jsonschema_rs.validator_for(registry.report_schema(), validate_formats=True).is_valid(data)


def test_reports_for_people_name_the_profile(report: Report) -> None:
    assert f", standard 1.0, profile {making.ADDRESS} 1.2.0." in text_report.render(report)
    assert "1.2.0" in markdown_report.render(report)


def test_documents_in_lines_say_that_no_profile_was_asked(good: Path, tmp_path: Path) -> None:
    value = json.loads(in_form(good, "nested", tmp_path).read_text(encoding="utf-8"))
    del value["package"]
    lines = tmp_path / "lines.ndjson"
    lines.write_text(json.dumps(value) + "\n", encoding="utf-8")
    found = [item for item in validate(lines).findings if item.pointer == "/diplodata/profile"]
    assert [(item.code, item.line) for item in found] == [("unchecked", 1)]
