"""Which files of a release are taken when its data are wanted in one form only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diplodata import strict_json
from diplodata.errors import UsageError

DESCRIPTOR = "datapackage.json"

#: Form of the data -> endings of its files.
FORMS = {"csv": (".csv",), "json": (".json",), "parquet": (".parquet",)}

#: Endings of files that hold the whole package at once.
_WHOLE = (".sqlite", ".xlsx", ".duckdb")
_WHOLE_NAMES = ("bundle.json", "nested.json")


def checked(form: str | None) -> str | None:
    """Return a form of the data.

    Raises:
        UsageError: there is no such form.
    """
    if form is None or form in FORMS:
        return form
    raise UsageError(f"Unknown form {form!r} of the data; known: {', '.join(FORMS)}.")


def selected(paths: Iterable[str], descriptor: bytes | None, form: str | None) -> tuple[str, ...]:
    """Return the files that are taken: all, or all but the data in other forms.

    Args:
        paths: what SHA256SUMS lists.
        descriptor: the bytes of the descriptor of the release.
        form: the form of the data; None takes everything.
    """
    if form is None:
        return tuple(paths)
    data = _data_paths(descriptor)
    others = tuple(ending for name, endings in FORMS.items() if name != form for ending in endings)
    return tuple(path for path in paths if not _is_other(path, data, others))


def _is_other(path: str, data: frozenset[str], others: tuple[str, ...]) -> bool:
    if "/" not in path and (path.endswith(_WHOLE) or path in _WHOLE_NAMES):
        return True
    return path in data and path.endswith(others)


def _data_paths(descriptor: bytes | None) -> frozenset[str]:
    """Return the paths of all resources; schemas and codelists are none."""
    try:
        value = strict_json.parse(descriptor or b"{}")
    except strict_json.JsonProblemError:
        return frozenset()
    resources = value.get("resources") if isinstance(value, Mapping) else None
    items = [item for item in resources if isinstance(item, Mapping)] if isinstance(resources, list) else []
    return frozenset(path for item in items for path in _paths(item.get("path")))


def _paths(value: Any) -> list[str]:
    return [path for path in (value if isinstance(value, list) else [value]) if isinstance(path, str)]
