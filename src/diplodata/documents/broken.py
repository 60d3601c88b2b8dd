"""A document that is not strict JSON: as much of it as can be read tells whether it was to be one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jiter

from diplodata.documents import strictness
from diplodata.model.finding import Finding
from diplodata.package.locate import NotStrictError
from diplodata.package.origin import is_document
from diplodata.package.records import table_of
from diplodata.standard import registry

#: Bytes before the place of an error where the text is cut, if it cannot be read up to there.
_BEFORE = (0, 16, 1024)


def refusal(error: NotStrictError, name: str, schema: str | Path | None) -> Finding | None:
    """Return what is wrong with a source, and where; None when nothing tells that it was to be a document.

    Args:
        error: why it could not be read.
        name: its file.
        schema: the schema that was given for it.
    """
    if schema is None and not _was_to_be_document(_beginning(error)):
        return None
    return strictness.refusal(error.raw, error.error, name)


def _beginning(error: NotStrictError) -> Any:
    """Return what stands before the error, with everything closed that is open there."""
    at = strictness.offset(error.raw, error.error)
    for before in _BEFORE:
        try:
            return jiter.from_json(error.raw[: max(0, at - before)], partial_mode="on")
        except ValueError:
            continue
    return None


def _was_to_be_document(value: Any) -> bool:
    if isinstance(value, Mapping) and "resources" in value:
        return False
    has_tables = isinstance(value, Mapping) and bool(value.keys() & set(registry.table_names(registry.latest())))
    return is_document(value) or has_tables or table_of(value) is not None
