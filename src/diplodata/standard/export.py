"""Schemas to hand out: self-contained JSON Schemas and Table Schemas, and the generated files of the standard."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from diplodata.errors import UsageError
from diplodata.standard import documents, registry, tables


def as_json_schema(version: str, name: str) -> dict[str, Any]:
    """Return a JSON Schema with every definition inside, so that no validator has to fetch anything.

    Args:
        version: MAJOR.MINOR of the standard.
        name: a table, ``bundle``, ``nested`` or ``datapackage``.
    """
    inliner = _Inliner(version, name)
    result: dict[str, Any] = inliner.rewrite(registry.json_schema(version, name), name)
    inliner.collect()
    if inliner.definitions:
        result["$defs"] = result.get("$defs", {}) | inliner.definitions
    return result


class _Inliner:
    """Rewrites references to other files into ``#/$defs/<file>/<pointer>``.

    * Every definition that is referred to is copied once, under its file's name.
    * References inside the schema's own file stay as they are.
    """

    def __init__(self, version: str, home: str) -> None:
        self.version = version
        self.home = home
        self.definitions: dict[str, Any] = {}
        self._wanted: list[tuple[str, str]] = []
        self._seen: set[tuple[str, str]] = set()

    def rewrite(self, item: Any, file: str) -> Any:
        """Return a copy of a schema written in ``file`` whose references point inside the result."""
        if isinstance(item, list):
            return [self.rewrite(part, file) for part in item]
        if not isinstance(item, dict):
            return item
        return {
            key: self._pointer(value, file) if key == "$ref" else self.rewrite(value, file)
            for key, value in item.items()
        }

    def collect(self) -> None:
        """Copy what is referred to, and what that refers to, until nothing is missing."""
        while self._wanted:
            file, pointer = self._wanted.pop()
            source = registry.json_schema(self.version, file)
            for part in pointer.split("/")[1:]:
                source = source[part]
            copy = {key: value for key, value in source.items() if pointer or key not in ("$schema", "$id", "$defs")}
            self.definitions[_definition(file, pointer)] = self.rewrite(copy, file)

    def _pointer(self, reference: str, file: str) -> str:
        address, _, pointer = reference.partition("#")
        target = address.removesuffix(".schema.json") if address else file
        if target == self.home:
            return f"#{pointer}"
        if (target, pointer) not in self._seen:
            self._seen.add((target, pointer))
            self._wanted.append((target, pointer))
        return f"#/$defs/{_definition(target, pointer)}"


def _definition(file: str, pointer: str) -> str:
    """Name a copied definition: ``common.edtf``, ``meetings``, ``participants.role``."""
    parts = [part for part in pointer.split("/")[1:] if part not in ("$defs", "properties")]
    return ".".join([file, *parts])


def _table_schema(version: str, name: str, present: Iterable[str] | None) -> dict[str, Any]:
    return tables.descriptor(version, name, present)


def _json_schema(version: str, name: str, _: Iterable[str] | None) -> dict[str, Any]:
    return as_json_schema(version, name)


#: What ``schema export --as`` can write.
EXPORTS = {"json-schema": _json_schema, "table-schema": _table_schema}


def export(version: str, form: str, names: Iterable[str] = (), present: Iterable[str] | None = None) -> dict[str, str]:
    """Return files to hand out: file name -> text.

    Args:
        version: MAJOR.MINOR of the standard.
        form: key of EXPORTS.
        names: schemas to export; empty for all.
        present: tables of the package; foreign keys to any other are left out. None means all.

    Raises:
        UsageError: a form or a name is unknown.
    """
    if form not in EXPORTS:
        raise UsageError(f"Unknown form {form!r}; known: {', '.join(sorted(EXPORTS))}.")
    known = exportable(version, form)
    chosen = tuple(names) or tuple(
        name for name in known if present is None or form != "table-schema" or name in present
    )
    for name in chosen:
        if name not in known:
            raise UsageError(f"Unknown schema {name!r}; known: {', '.join(known)}.")
    suffix = ".json" if form == "table-schema" else ".schema.json"
    return {f"{name}{suffix}": text_of(EXPORTS[form](version, name, present)) for name in chosen}


def exportable(version: str, form: str) -> tuple[str, ...]:
    """Return the names of the schemas that a form can export."""
    names = registry.table_names(version)
    return names if form == "table-schema" else (*names, *registry.DOCUMENTS, "datapackage")


def generated(version: str) -> dict[str, str]:
    """Return every generated schema file of a version: path in its folder -> text."""
    files = {f"tables/{name}": text for name, text in export(version, "table-schema").items()}
    for name in documents.MAKERS:
        files[f"{name}.schema.json"] = text_of(documents.document(version, name))
    files["common.schema.json"] = text_of(_with_enums(version))
    return files


def _with_enums(version: str) -> dict[str, Any]:
    """Return the shared definitions with the closed codelists put in as enums."""
    source = registry.json_schema(version, "common")
    definitions = dict(source["$defs"])
    for codelist, is_open in registry.codelists(version).items():
        if not is_open:
            name = f"codelist_{codelist}"
            definitions[name] = definitions[name] | {"enum": list(registry.codes(version, codelist))}
    return source | {"$defs": definitions}


def text_of(schema: object) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
