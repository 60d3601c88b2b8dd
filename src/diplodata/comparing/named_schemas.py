"""Schemas as they are named: a file, a version of the standard, or a table of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from diplodata import strict_json
from diplodata.comparing.schemas import compare_schemas
from diplodata.errors import ComparisonError, LimitError, UsageError
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.model.schema_comparison import SchemaSetComparison
from diplodata.standard import export, registry


def compare_named(old: str | Path, new: str | Path) -> SchemaSetComparison:
    """Compare schemas by their names.

    Args:
        old: a file with a Table Schema or a JSON Schema; a version of the standard such as ``1.0``, for all its
            schemas; one of these as ``1.0/meetings``, or ``meetings`` for the newest version.
        new: the newer one, named in the same way.

    Raises:
        ComparisonError: one of them is no schema, or they are not of one kind.
        UsageError: nothing has that name, or one is a version and the other a single schema.
    """
    sides = _schemas(old), _schemas(new)
    if len({"" in side for side in sides}) > 1:
        raise UsageError("A whole version of the standard can be compared with another version only.")
    names = [name for name in sides[1] if name in sides[0]]
    return SchemaSetComparison(
        old=str(old),
        new=str(new),
        schemas=tuple(compare_schemas(sides[0][name], sides[1][name], name) for name in names),
        added=tuple(name for name in sides[1] if name not in sides[0]),
        removed=tuple(name for name in sides[0] if name not in sides[1]),
    )


def _schemas(name: str | Path) -> Mapping[str, Any]:
    """Return schemas by name; a single one has none."""
    path, text = Path(name), str(name)
    if path.is_file():
        return {"": _read(path)}
    if text in registry.versions():
        return {item: export.as_json_schema(text, item) for item in export.exportable(text, "json-schema")}
    version, _, schema = text.rpartition("/")
    version = version or registry.latest()
    if version in registry.versions() and schema in export.exportable(version, "json-schema"):
        return {"": export.as_json_schema(version, schema)}
    known = ", ".join(registry.versions())
    raise UsageError(
        f"{text}: no file, and no version of the standard ({known}) or schema of one, such as 1.0/meetings."
    )


def _read(path: Path) -> Any:
    with path.open("rb") as stream:
        raw = stream.read(DEFAULT_LIMITS.descriptor_bytes + 1)
    if len(raw) > DEFAULT_LIMITS.descriptor_bytes:
        raise LimitError(f"{path} is larger than {DEFAULT_LIMITS.descriptor_bytes} bytes, the limit descriptor_bytes.")
    try:
        return strict_json.plain(strict_json.parse(raw))
    except strict_json.JsonProblemError as error:
        raise ComparisonError(f"{path} is not strict JSON: {error.problem}.") from error
