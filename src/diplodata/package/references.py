"""Schemas and dialects that a resource names by path or address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diplodata import strict_json
from diplodata.package import paths
from diplodata.package.containers import UnreadableFileError
from diplodata.package.gathering import Reading
from diplodata.standard import export, registry, tables


def referred(item: Mapping[str, Any], key: str, reading: Reading) -> Mapping[str, Any] | None:
    """Return a schema or dialect that stands in the descriptor or is named by path or address."""
    value = item.get(key)
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, str):
        return None
    text = _text_of(value, str(item["name"]), reading)
    if text is None:
        return None
    try:
        data = strict_json.plain(strict_json.parse(text))
    except strict_json.JsonProblemError as error:
        problem = f"{value} is not JSON: {error.problem}."
        reading.say("schema-error", details={"problem": problem}, resource=item["name"], path=value, line=error.line)
        return None
    if isinstance(data, Mapping):
        reading.ask_profile("$schema", data, "", resource=item["name"], path=value)
        return data
    reading.say("schema-error", details={"problem": f"{value} holds no object."}, resource=item["name"], path=value)
    return None


def _text_of(reference: str, resource: str, reading: Reading) -> bytes | None:
    """Read what a path or an address of the standard names; nothing is fetched."""
    known = registry.version_of_address(reference)
    if known and known[0] in registry.versions():
        file = registry.folder(known[0]) / known[1]
        table = known[1].removeprefix("tables/").removesuffix(".json")
        if table in registry.table_names(known[0]) and known[1] == f"tables/{table}.json":
            return export.text_of(tables.descriptor(known[0], table, reading.present)).encode()
        if paths.problem(known[1]) is None and file.is_file():
            return file.read_bytes()
    if paths.is_remote(reference):
        problem = f"{reference} is an address and is not read; keep the file in the package."
        reading.say("schema-error", details={"problem": problem}, resource=resource)
        return None
    try:
        with reading.container.open(reference) as stream:
            text = stream.read()
    except UnreadableFileError as error:
        members = {"value": reference} if error.code == "unsafe-path" else {}
        reading.say(error.code, details={"problem": error.problem}, resource=resource, path=reference, **members)
        return None
    reading.attachments[reference] = text
    return text
