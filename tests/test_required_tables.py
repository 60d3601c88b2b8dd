"""A package with the five required tables alone: its schemas, its documents and its release name no other table."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from frictionless import validate as reference

from diplodata import convert, publish, validate
from diplodata.handout import Handout, files, write

BASE = Path(__file__).parent / "base"
REQUIRED = ("organizations", "meetings", "participants", "statements", "sources")

Make = Callable[[str | None], Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a maker of the package; its schemas are files, exported for the tables that are named."""

    def make_package(tables: str | None) -> Path:
        folder = tmp_path / "package"
        (folder / "data").mkdir(parents=True)
        descriptor = json.loads((BASE / "datapackage.json").read_text(encoding="utf-8"))
        descriptor["version"] = "1.0.0"
        descriptor["resources"] = [
            item | {"schema": f"schemas/1.0/tables/{item['name']}.json"}
            for item in descriptor["resources"]
            if item["name"] in REQUIRED
        ]
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        for name in REQUIRED:
            text = (BASE / "data" / f"{name}.csv").read_text(encoding="utf-8")
            header = text.partition("\n")[0]
            (folder / "data" / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
        write(files(Handout(form="table-schema", tables=tables)), folder / "schemas" / "1.0" / "tables")
        return folder

    return make_package


def test_schemas_for_these_tables_alone_are_right(make: Make) -> None:
    folder = make("required")
    assert sorted(path.stem for path in (folder / "schemas/1.0/tables").iterdir()) == sorted(REQUIRED)
    assert validate(folder).by_code == {}
    assert reference(str(folder / "datapackage.json")).valid


def test_a_foreign_key_to_a_table_that_is_left_out_is_said(make: Make) -> None:
    report = validate(make(None))
    assert set(report.by_code) == {"resource-error"}
    assert "--tables" in report.findings[0].hint


def test_the_release_is_valid_for_the_reference(make: Make, tmp_path: Path) -> None:
    folder = make("required")
    published = publish(tmp_path / "site", folder).folder
    assert reference(str(published / "datapackage.json")).valid
    assert validate(published).valid


@pytest.mark.parametrize("document", ["bundle", "nested"])
def test_a_document_comes_back_as_the_same_package(document: str, make: Make, tmp_path: Path) -> None:
    folder = make("required")
    convert(folder, tmp_path / "document.json", document)
    assert validate(tmp_path / "document.json").by_code == {}
    back = tmp_path / "back"
    convert(tmp_path / "document.json", back, "csv")
    shutil.rmtree(folder / "schemas")
    shutil.rmtree(back / "schemas")
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix == ".csv"):
        assert (back / path.relative_to(folder)).read_bytes() == path.read_bytes()
    assert sorted(path.name for path in (back / "data").iterdir()) == sorted(f"{name}.csv" for name in REQUIRED)
