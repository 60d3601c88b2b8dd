"""The schemas that come of a profile say the same to tools that know nothing of profiles."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner, Result
from frictionless import system
from frictionless import validate as frictionless_validate

from diplodata.cli.root import root
from diplodata.comparing.schemas import compare_schemas
from diplodata.conversion import convert
from diplodata.model.profile import Profile
from diplodata.standard import compiled, export, registry, tables
from profiles import making

JUDGE = Path(__file__).parent / "ajv_judge.mjs"

FORMS = registry.DOCUMENTS


def run(*arguments: str | Path) -> Result:
    """Run ``diplodata schema export``."""
    return CliRunner().invoke(root, ["schema", "export", *map(str, arguments)])


@pytest.fixture(scope="module")
def packages(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A package that keeps the profile and one that does not, by whether they do."""
    folder = tmp_path_factory.mktemp("packages")
    return {name: making.lay_out(small, folder / name, good=name == "good") for name in ("good", "bad")}


@pytest.fixture(scope="module")
def schemas(packages: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled JSON Schemas of the package's profile."""
    folder = tmp_path_factory.mktemp("compiled")
    done = run("--profile", packages["good"], "--output", folder)
    assert (done.exit_code, done.exception) == (0, None)
    return folder


@pytest.fixture(scope="module")
def documents(packages: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Path]]:
    """For each form a document that keeps the profile, and one for each meeting that does not."""
    folder = tmp_path_factory.mktemp("documents")
    found = {}
    for form in FORMS:
        convert(packages["good"], folder / f"{form}.json", form)
        convert(packages["bad"], folder / f"{form}-bad.json", form)
        good, bad = (json.loads((folder / f"{form}{end}.json").read_text(encoding="utf-8")) for end in ("", "-bad"))
        found[form] = [folder / f"{form}.json"]
        for number, meeting in enumerate(bad["meetings"]):
            value = good | {"meetings": [meeting]}
            found[form].append(folder / f"{form}-{number}.json")
            found[form][-1].write_text(json.dumps(value), encoding="utf-8")
    return found


# What is written


def test_a_profile_is_exported_from_its_file_as_from_its_package(packages: Mapping[str, Path], schemas: Path) -> None:
    names = sorted(path.name for path in schemas.iterdir())
    assert names == sorted(f"{name}.schema.json" for name in (*registry.table_names("1.0"), *FORMS))
    done = run("meetings", "--profile", packages["good"] / "profiles" / "desk.json")
    assert done.output == (schemas / "meetings.schema.json").read_text(encoding="utf-8")


def test_compiled_schemas_refer_to_nothing_outside(schemas: Path) -> None:
    for path in schemas.iterdir():
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert jsonschema_rs.meta.is_valid(schema)
        assert schema["$id"] == f"https://example.org/profiles/desk/1.2.0/{path.name}"
        assert all(reference.startswith("#/") for reference in references(schema))


def references(schema: Any) -> list[str]:
    items = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    return [
        found
        for key, item in items
        for found in ([item] if key == "$ref" and isinstance(item, str) else references(item))
    ]


def test_the_comparison_of_schemas_finds_that_a_profile_narrows() -> None:
    said = {"format": {"enum": ["in_person", "hybrid"]}, "title": {"maxLength": 40}}
    source = making.profile(tables={"meetings": {"properties": said, "required": ["city"]}})
    profile = Profile.from_source(source)
    plain, narrow = export.as_json_schema("1.0", "meetings"), compiled.json_schema(profile, "meetings")
    assert compare_schemas(plain, narrow).verdict == "narrowing"
    present = frozenset({"meetings"})
    plain = tables.descriptor("1.0", "meetings", present)
    assert compare_schemas(plain, tables.descriptor("1.0", "meetings", present, profile)).verdict == "narrowing"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--profile", "absent.json"], "absent.json"),
        (["--profile", "{small}"], "declares no profile"),
        (["--profile", "{wide}"], "that is wider"),
        (["--profile", "{rules}"], "is an error in the standard"),
        (["--profile", "{desk}", "--as", "xml"], "Unknown form"),
        (["guests", "--profile", "{desk}"], "Unknown schema"),
        (["datapackage", "--profile", "{desk}"], "nothing of the descriptor"),
        (["--profile", "{desk}", "--standard", "9.9"], "--standard"),
        (["--profile", "{desk}", "--generated"], "--profile"),
    ],
)
def test_what_cannot_be_exported_is_refused(arguments: list[str], words: str, small: Path, tmp_path: Path) -> None:
    files = {
        "desk": making.profile(),
        "wide": making.profile(tables={"meetings": {"properties": {"title": {"maxLength": 900}}}}),
        "rules": making.profile(rules={"severity": {"end-before-start": "off"}}),
    }
    places = {"small": str(small)}
    for name, source in files.items():
        places[name] = str(tmp_path / f"{name}.json")
        (tmp_path / f"{name}.json").write_text(json.dumps(source), encoding="utf-8")
    done = run(*(item.format_map(places) for item in arguments))
    assert done.exit_code != 0
    assert words in f"{done.output} {done.exception}"


# Other people's tools


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("form", FORMS)
def test_check_jsonschema_judges_alike(form: str, schemas: Path, documents: Mapping[str, list[Path]]) -> None:
    command = ["--schemafile", str(schemas / f"{form}.schema.json")]
    codes = [CliRunner().invoke(check_jsonschema, [*command, str(path)]).exit_code for path in documents[form]]
    assert codes == [0, *(1 for _ in making.ODD)]


@pytest.fixture(scope="module")
def node_packages(reference: Path) -> Path:
    found = [reference / "build" / name for name in ("node", "node-bench")]
    for folder in found:
        if (folder / "node_modules" / "ajv-formats").is_dir() and shutil.which("node"):
            return folder
    pytest.fail("Node.js or ajv is absent; run: make build/node/.ready")


@pytest.mark.node
@pytest.mark.parametrize("form", FORMS)
def test_ajv_judges_alike(form: str, schemas: Path, documents: Mapping[str, list[Path]], node_packages: Path) -> None:
    command = ["node", str(JUDGE), str(node_packages), str(schemas / f"{form}.schema.json"), *map(str, documents[form])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stderr, done.stdout.split()) == ("", ["true", *("false" for _ in making.ODD)])


@pytest.mark.node
@pytest.mark.parametrize("form", ["nested"])
def test_sourcemeta_judges_alike(
    form: str, schemas: Path, documents: Mapping[str, list[Path]], node_packages: Path
) -> None:
    program = str(node_packages / "node_modules" / ".bin" / "jsonschema")
    command = [program, "validate", str(schemas / f"{form}.schema.json")]
    codes = [
        subprocess.run([*command, str(path)], capture_output=True, check=False, timeout=60).returncode
        for path in documents[form]
    ]
    assert codes == [0, *(2 for _ in making.ODD)]


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["good", "bad"])
def test_frictionless_judges_alike(name: str, packages: Mapping[str, Path], tmp_path: Path) -> None:
    """Compiled Table Schemas in a package: frictionless finds the same cells."""
    package = shutil.copytree(packages[name], tmp_path / "package")
    options = ("--as", "table-schema", "--profile", package / "profiles" / "desk.json")
    assert run(*options, "--output", package / "schemas").exit_code == 0
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    del described["$schema"]
    for item in described["resources"]:
        item["schema"] = f"schemas/{item['name']}.json"
    (package / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    with system.use_context(trusted=False):
        report = frictionless_validate(str(package / "datapackage.json"))
    found = {(task.name, error.type, error.field_name) for task in report.tasks for error in task.errors}
    expected = {("meetings", "constraint-error", field) for _, field, _ in making.ODD.values()}
    assert found == (set() if name == "good" else expected)
