"""What is known of a table when it has been read once: a type for each column, and what would not come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.conversion import formulas
from diplodata.conversion.original import Original
from diplodata.conversion.outcome import ColumnOutcome, Loss
from diplodata.conversion.wish import Wish
from diplodata.errors import ConversionError
from diplodata.formats import capacity, typing_of
from diplodata.formats.normal_forms import Normal, normal_form, replaced
from diplodata.formats.text_table import TextTable
from diplodata.formats.typing_of import Fitting
from diplodata.formats.writing import TargetColumn
from diplodata.model.package import Resource
from diplodata.model.schema import Field
from diplodata.package.opened import OpenedPackage

#: What delimited text can write for no value; the first that no cell is.
_NULLS = ("\\N", "NULL", "\\NULL", "null", "<null>", "NIL", "#null", "\\0null")

#: Targets that cannot tell an empty text from no value by themselves.
_DELIMITED = ("csv", "tsv")

#: The target that gives rows in another order than they came.
_SORTED = "nested"


@dataclass(slots=True)
class _Column:
    """What is known of one column."""

    label: str
    place: int
    field: Field | None
    fitting: Fitting
    #: The type that it has whatever it holds; the empty text when it can stay text.
    fixed: str = ""
    normal: Normal | None = None
    #: The first cell of a fixed type that is written in another way.
    rewritten: tuple[int, str] | None = None
    #: The first empty text that becomes no value.
    emptied: int | None = None
    has_loss: bool = False
    escaped: int = 0

    @property
    def type(self) -> str:
        return self.fixed or self.fitting.type


@dataclass(slots=True)
class Tally:
    """Goes over a table once."""

    resource: Resource
    to: str
    wish: Wish
    labels: tuple[str, ...]
    losses: list[Loss] = field(default_factory=list)
    left_out: int | None = None
    _columns: list[_Column] = field(default_factory=list)
    _original: Original = field(init=False)
    _is_original: bool = False
    #: Words for no value that are texts in the table.
    _taken: set[str] = field(default_factory=set)
    _has_null: bool = False
    _has_empty: bool = False

    def __post_init__(self) -> None:
        schema, is_fixed = self.resource.schema, self.resource.is_standard
        for place, label in enumerate(self.labels, 1):
            described = schema.field(label) if schema else None
            kinds = typing_of.candidates(described, self.to, is_fixed=is_fixed)
            column = _Column(label, place, described, Fitting(kinds))
            if described is not None and is_fixed and kinds and kinds[0] in typing_of.FIXED:
                column.fixed, column.normal = kinds[0], normal_form(kinds[0], described)
            self._columns.append(column)
        self._original = Original(self.resource)

    def see(self, text: TextTable) -> None:
        """Read the table to its end.

        Raises:
            ConversionError: the first cell that would be lost, if none may be.
            capacity.TooMuchError: the target has no place for so many rows.
        """
        last: pa.RecordBatch | None = None
        batches = self._original.watched(text.batches)
        for batch in capacity.watched(self.to, self.labels, batches, self._lost_cell):
            for column in self._columns:
                self._look_at(column, batch.column(0), batch.column(column.place))
            last = batch if batch.num_rows else last
        why = capacity.loses_last_row(self.to)
        if why and last is not None and not any(column[-1].is_valid for column in last.columns[1:]):
            self.left_out = last.column(0)[-1].as_py()
            self._lose(Loss(self.resource.name, self.left_out, None, None, why))

    def _look_at(self, column: _Column, rows: pa.Array, values: pa.Array) -> None:
        if column.normal is not None:
            self._look_at_fixed(column, column.normal, rows, values)
        elif column.fitting.is_open:
            column.fitting.see(rows, values)
        if self.to in _DELIMITED:
            self._has_null = self._has_null or values.null_count > 0
            self._has_empty = self._has_empty or pc.any(pc.equal(values, "")).as_py() is True
            found = pc.unique(values.filter(pc.is_in(values, pa.array(_NULLS)))).to_pylist()
            self._taken.update(found)
            if self.wish.spreadsheet_safe:
                column.escaped += pc.sum(formulas.found(values)).as_py() or 0

    def _look_at_fixed(self, column: _Column, normal: Normal, rows: pa.Array, values: pa.Array) -> None:
        changed = typing_of.proof(column.fixed)(values)
        if typing_of.first(changed) < 0:
            return
        pairs = zip(rows.filter(changed).to_pylist(), values.filter(changed).to_pylist(), strict=True)
        for row, text in pairs:
            if normal(text) is None:
                column.has_loss = True
                why = f"{text!r} is no {column.fixed}, the type that the standard fixes"
                self._lose(Loss(self.resource.name, row, column.label, text, why))
            elif column.rewritten is None:
                column.rewritten = (row, text)

    def _lost_cell(self, row: int, label: str, text: str, test: capacity.CellTest) -> None:
        column = self._columns[self.labels.index(label)]
        if test.is_about_empty and not self.resource.schema_says_empty:
            column.emptied = column.emptied or row
            return
        column.has_loss = True
        self._lose(Loss(self.resource.name, row, label, text, test.problem))

    def _lose(self, loss: Loss) -> None:
        if not self.wish.allow_loss:
            row = f" row {loss.row}" if loss.row is not None else ""
            column = f", {loss.field}" if loss.field is not None else ""
            where = f"{self.resource.place} ({loss.resource}){row}{column}"
            raise ConversionError(f"{where} is not converted: {loss.why}.")
        self.losses.append(loss)

    def finish(self, text: TextTable, opened: OpenedPackage) -> None:
        """Judge what shows at the end of the table alone."""
        self._is_original = self._original.is_same(text, opened)
        names = self.resource.schema.names if self.resource.schema else ()
        if self.to in ("json", "ndjson") and text.facts.rows == 0 and text.labels != names:
            why = f"it has columns but no rows, of which {self.to} would keep nothing"
            self._lose(Loss(self.resource.name, None, None, None, why))
        if self._needs_null and not self.wish.has_descriptor and self.resource.schema_says_empty:
            why = f"a cell has no value, which {self.to} alone cannot tell from an empty text"
            self._lose(Loss(self.resource.name, None, None, None, why))
        if self.wish.spreadsheet_safe:
            self._refuse_formulas_as_names()

    def _refuse_formulas_as_names(self) -> None:
        place = typing_of.first(formulas.found(pa.array(self.labels, pa.string())))
        if place >= 0:
            name = self.labels[place]
            raise ConversionError(f"{self.resource.place} has a column named {name!r}, which cannot be escaped.")

    @property
    def _needs_null(self) -> bool:
        """Whether a reader of delimited text would take one of the two for the other."""
        if self.to not in _DELIMITED:
            return False
        return self._has_null if self.resource.schema_says_empty else self._has_empty

    def null(self) -> str:
        """Return what delimited text writes for no value; the empty text unless an empty text is a value."""
        if not self._needs_null or not self.wish.has_descriptor:
            return ""
        free = next((word for word in _NULLS if word not in self._taken), None)
        if free is None:
            raise ConversionError(f"{self.resource.place} holds every word that {self.to} could write for no value.")
        return free

    def columns(self) -> tuple[TargetColumn, ...]:
        """Return the columns with their types."""
        return tuple(TargetColumn(item.label, item.place, item.type) for item in self._columns)

    def mends(self) -> tuple[tuple[int, Callable[[pa.Array], pa.Array]], ...]:
        """Return what is done to columns before they are written."""
        found: list[tuple[int, Callable[[pa.Array], pa.Array]]] = []
        for column in self._columns:
            if column.normal is not None and (column.rewritten or column.has_loss):
                found.append((column.place, _changed_by(column.normal)))
            elif column.has_loss or column.emptied:
                found.append((column.place, _left_by(self.to)))
            elif column.escaped:
                found.append((column.place, formulas.marked))
        return tuple(found)

    def outcomes(self) -> tuple[ColumnOutcome, ...]:
        """Return how each column is written."""
        is_whole = self._is_original and self.to != _SORTED and not self.losses
        texts = all(not (item.rewritten or item.emptied or item.escaped) for item in self._columns)
        return tuple(self._outcome(item, "bytes" if is_whole and texts else "lexical") for item in self._columns)

    def _outcome(self, column: _Column, best: str) -> ColumnOutcome:
        level, reason, row, value = best, "", None, None
        misfit = column.fitting.misfit
        if column.escaped:
            level, reason = "lost", f"has {column.escaped:,} cells that begin with an apostrophe now"
        elif column.has_loss:
            level, reason = "lost", "has cells that the target cannot hold"
        elif column.rewritten:
            level, (row, value) = "value", column.rewritten
            reason = f"keeps its values, not their texts: {value!r} comes back in another form"
        elif column.emptied:
            level, row, value, reason = "value", column.emptied, "", "has empty texts that become no value"
        elif misfit is not None:
            row, value = misfit.row, misfit.value
            stays = "stays text" if column.type == "string" else f"is of the type {column.type}"
            reason = f"{stays}: {value!r} would come back as another text from {misfit.type}"
        place = f" ({self.resource.place} row {row})" if row is not None else ""
        reason = f"{reason}{place}" if reason else ""
        return ColumnOutcome(
            self.resource.name, column.label, column.type, level, reason, row, value, escaped=column.escaped
        )


def _changed_by(normal: Normal) -> Callable[[pa.Array], pa.Array]:
    return partial(replaced, change=normal)


def _left_by(to: str) -> Callable[[pa.Array], pa.Array]:
    return partial(replaced, change=partial(capacity.left, to))
