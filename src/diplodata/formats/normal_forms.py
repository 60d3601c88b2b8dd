"""The one text that a typed value comes back as, for columns whose type is fixed whatever they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.model.schema import Field

#: Texts of truth values unless the field says otherwise (Table Schema v2, boolean).
_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")

#: Values that a column of integers holds.
_INTEGERS = range(-(2**63), 2**63)

#: Gives the text that stands for the same value, or None when the text has no value of the type.
Normal = Callable[[str], str | None]


def normal_form(kind: str, field: Field) -> Normal:
    """Return what gives the text that a value of a field comes back as.

    Args:
        kind: boolean, integer or list.
        field: says how truth values are spelled.
    """
    return partial(_FORMS[kind], field)


def replaced(values: pa.Array, change: Callable[[str], str | None]) -> pa.Array:
    """Return texts with each distinct one changed."""
    column = values.dictionary_encode()
    texts = [change(text) for text in column.dictionary.to_pylist()]
    return pc.take(pa.array(texts, pa.string()), column.indices)


def _boolean(field: Field, text: str) -> str | None:
    spelled = {"true": field.options.get("trueValues") or _TRUE, "false": field.options.get("falseValues") or _FALSE}
    return next((said for said, texts in spelled.items() if text in texts), None)


def _integer(_: Field, text: str) -> str | None:
    try:
        value = int(text)
    except ValueError:
        return None
    return str(value) if value in _INTEGERS else None


def _list(_: Field, text: str) -> str | None:
    return " ".join(item for item in text.split(" ") if item) or None


_FORMS: Mapping[str, Callable[[Field, str], str | None]] = {"boolean": _boolean, "integer": _integer, "list": _list}
