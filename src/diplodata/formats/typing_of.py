"""In which type is a column written: the schema's, when every value comes back as the same text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.formats import parquet_reader
from diplodata.formats.writing import TargetColumn
from diplodata.model.schema import Field, Schema

#: format -> field type -> the types beside text in which it has columns, the best first.
TYPES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "bundle": {"boolean": ("boolean",), "integer": ("integer",), "list": ("list",)},
    "csv": {},
    "duckdb": {"boolean": ("boolean",), "date": ("date",), "integer": ("integer",), "number": ("number",)},
    "json": {"boolean": ("boolean",), "integer": ("integer",), "list": ("list",)},
    "ndjson": {"boolean": ("boolean",), "integer": ("integer",), "list": ("list",)},
    "nested": {"boolean": ("boolean",), "integer": ("integer",), "list": ("list",)},
    "parquet": {
        "boolean": ("boolean",),
        "date": ("date",),
        "datetime": ("instant", "timestamp"),
        "integer": ("integer", "decimal"),
        "number": ("double", "decimal"),
    },
    "sqlite": {"boolean": ("boolean",), "integer": ("integer",), "number": ("number",)},
    "tsv": {},
    "xlsx": {"boolean": ("boolean",), "integer": ("integer",), "number": ("number",)},
}

#: Field types whose columns have one type in every table of the standard, whatever they hold.
FIXED = ("boolean", "integer", "list")

#: type -> the type in which Arrow has it.
ARROW: Mapping[str, pa.DataType] = {
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "double": pa.float64(),
    "instant": pa.timestamp("us", "UTC"),
    "integer": pa.int64(),
    "string": pa.string(),
    "timestamp": pa.timestamp("us"),
}

#: Digits of a decimal that every reader of Parquet knows.
_DIGITS = 38

_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_PARTS = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")

_LIST = r"^[^ ]+(?: [^ ]+)*$"
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?", re.ASCII)

#: Numbers from which on a float is written with an exponent.
_WHOLE = 1e15

#: Options of a field with which its texts are no canonical ones.
_OWN_FORMS = {
    "date": (),
    "datetime": (),
    "integer": ("bareNumber", "groupChar"),
    "number": ("bareNumber", "decimalChar", "groupChar"),
}

#: Texts -> which of them would come back as others; None when none would.
Proof = Callable[[pa.Array], pa.Array | None]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value whose typed form would come back as another text."""

    type: str
    row: int
    value: str


def number_text(value: float) -> str:
    """Return the one text that stands for a finite float: ``2`` and ``0.5``, not ``2.0`` and ``5e-1``."""
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)


def arrow_type(kind: str) -> pa.DataType:
    """Return the type in which Arrow has a column of a type; text for those that it has not."""
    decimal = _DECIMAL.fullmatch(kind)
    return pa.decimal128(int(decimal[1]), int(decimal[2])) if decimal else ARROW.get(kind, pa.string())


def candidates(field: Field | None, to: str, *, is_fixed: bool = False) -> tuple[str, ...]:
    """Return the types beside text that a column can have in a format, the best first.

    Args:
        field: its field, if it has one.
        to: a key of TYPES.
        is_fixed: whether Parquet has one schema for the table, whatever it holds.
    """
    if field is None:
        return ()
    kind = "list" if field.annotations.is_list else field.type
    if _has_own_form(field, kind) or (is_fixed and to == "parquet" and kind not in FIXED):
        return ()
    found = TYPES[to].get(kind, ())
    return found[:1] if is_fixed else found


def wanted(
    labels: Sequence[str], schema: Schema | None, to: str, *, is_fixed: bool = False
) -> tuple[TargetColumn, ...]:
    """Return the columns with the best types that the schema and the target have for them.

    Args:
        labels: labels of the table.
        schema: its schema, if it has one.
        to: a key of TYPES.
        is_fixed: as for ``candidates``.
    """
    fields = [schema.field(label) if schema else None for label in labels]
    types = [(*candidates(field, to, is_fixed=is_fixed), "string")[0] for field in fields]
    return tuple(
        TargetColumn(label, position, kind) for position, (label, kind) in enumerate(zip(labels, types, strict=True), 1)
    )


def _has_own_form(field: Field, kind: str) -> bool:
    """Whether the field spells its values in a way of its own, so that a typed value would come back in that way."""
    if kind == "boolean":
        spelled = (field.options.get("trueValues"), field.options.get("falseValues"))
        return any(texts and texts[0] != text for texts, text in zip(spelled, ("true", "false"), strict=True))
    return kind in _OWN_FORMS and (
        any(name in field.options for name in _OWN_FORMS[kind])
        or (kind in ("date", "datetime") and field.format != "default")
    )


class Fitting:
    """Finds the type of one column while its values pass."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._proofs = {kind: _Decimal() if kind == "decimal" else proof(kind) for kind in kinds}
        self._open = list(kinds)
        self._best = kinds[0] if kinds else ""
        #: The first value for which the best type is not taken.
        self.misfit: Misfit | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to find out."""
        return bool(self._open)

    @property
    def type(self) -> str:
        """The best type in which every value so far comes back as the same text."""
        if not self._open:
            return "string"
        best = self._proofs[self._open[0]]
        return best.type if isinstance(best, _Decimal) else self._open[0]

    def see(self, rows: pa.Array, values: pa.Array) -> None:
        """Look at more values, given the numbers of their records."""
        for kind in tuple(self._open):
            place = first(self._proofs[kind](values))
            if place >= 0:
                self._open.remove(kind)
                if kind == self._best:
                    self.misfit = Misfit(kind, rows[place].as_py(), values[place].as_py())


def first(mask: pa.Array | None) -> int:
    """Return the place of the first value that a mask marks; -1 when there is none."""
    place: int = -1 if mask is None else pc.index(mask, True).as_py()
    return place


def proof(kind: str) -> Proof:
    """Return how a type is tried on texts: by writing and reading them."""
    if kind in _PROOFS:
        return _PROOFS[kind]
    return lambda values: _changed(values, arrow_type(kind))


def typed(values: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """Return texts in a type; None when one of them would come back as another text, or cannot be had in it."""
    try:
        found = values.cast(kind)
    except pa.ArrowInvalid:
        return None
    return found if parquet_reader.TEXTS[parquet_reader.kind_of(kind)](found).equals(values) else None


def _changed(values: pa.Array, kind: pa.DataType) -> pa.Array | None:
    if typed(values, kind) is not None:
        return None
    if len(values) == 1:
        return pa.array([True])
    half = len(values) // 2
    halves = [values.slice(0, half), values.slice(half)]
    marks = [_changed(part, kind) for part in halves]
    full = [pa.repeat(False, len(part)) if mark is None else mark for part, mark in zip(halves, marks, strict=True)]
    return pa.concat_arrays(full)


class _Decimal:
    """Tries decimals with as many digits behind the point as the first value has."""

    def __init__(self) -> None:
        self._scale: int | None = None
        self._whole = 1

    @property
    def type(self) -> str:
        scale = self._scale or 0
        return f"decimal({min(self._whole + scale, _DIGITS)},{scale})"

    def __call__(self, values: pa.Array) -> pa.Array | None:
        if self._scale is None:
            text = next((text for text in values.to_pylist() if text is not None), None)
            parts = _PARTS.fullmatch(text) if text is not None else None
            if text is not None and (parts is None or len(parts[2] or "") > _DIGITS):
                return pc.equal(values, text)
            self._scale = len(parts[2] or "") if parts else None
        changed = _changed(values, pa.decimal128(_DIGITS, self._scale or 0))
        if changed is None and values.null_count < len(values):
            widest = pc.max(pc.utf8_length(pc.utf8_ltrim(values, characters="-"))).as_py()
            self._whole = max(self._whole, widest - (self._scale + 1 if self._scale else 0))
        return changed


def _changed_lists(values: pa.Array) -> pa.Array | None:
    return pc.invert(pc.fill_null(pc.match_substring_regex(values, _LIST), True))


def _changed_numbers(values: pa.Array) -> pa.Array | None:
    changed = [text for text in pc.unique(values).to_pylist() if text is not None and not _is_same_number(text)]
    return pc.is_in(values, pa.array(changed, pa.string())) if changed else None


def _is_same_number(text: str) -> bool:
    if not _NUMBER.fullmatch(text):
        return False
    value = float(text)
    return math.isfinite(value) and number_text(value) == text


#: Types that are not tried as Arrow has them.
_PROOFS: Mapping[str, Proof] = {"list": _changed_lists, "number": _changed_numbers}
