"""Workbooks: a package as one xlsx file, one sheet a table, so that Excel changes nothing by itself."""

from __future__ import annotations

import datetime
import importlib.util
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from diplodata.errors import ConversionError, MissingExtraError
from diplodata.formats.writing import CARRIED, Member, TargetColumn, Whole

#: Characters of one cell of a carried file; as JSON, each may take twelve, and a cell holds 32,767.
_PART = 2_600

#: Characters of a list of choices that stands in its cells; a longer one stands in a sheet (Excel).
_CHOICES = 255

#: Sheet with long lists of choices.
_LISTS = "_lists"

#: Number of the format in which all that is typed is text (Office Open XML, numFmts).
_TEXT = 49

#: Last row of a sheet, from 0.
_LAST = 1_048_575

#: Characters of the name of a sheet, those it cannot have, and the one that it cannot be (Excel).
_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = "history"

#: Numbers that a cell shows and keeps with all their digits.
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?", re.ASCII)
_DIGITS = 15

#: Widths of a column, in characters.
_NARROW, _WIDE = 10, 40

#: The time that a workbook says it was made at; the same input gives the same bytes.
_MADE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes no zone


def sheet_names(names: Iterable[str]) -> dict[str, str]:
    """Return the name of its sheet for each table: its own where Excel takes it."""
    given: dict[str, str] = {}
    taken = {_RESERVED, CARRIED, _LISTS}
    for name in names:
        stem = _FORBIDDEN.sub("_", name).strip("'")[:_NAME] or "_"
        sheet, number = stem, 1
        while sheet.lower() in taken:
            number += 1
            sheet = f"{stem[: _NAME - len(str(number)) - 1]}~{number}"
        taken.add(sheet.lower())
        given[name] = sheet
    return given


def write(path: Path, whole: Whole) -> tuple[str, ...]:
    """Write a package; nothing of it is left out.

    Raises:
        MissingExtraError: what writes workbooks is not installed.
        ConversionError: it cannot be written, as when the disk is full.
    """
    if importlib.util.find_spec("xlsxwriter") is None:
        raise MissingExtraError('To write a workbook, install "diplodata[xlsx]".')
    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix="diplodata-") as aside:
        # Rows go to disk as they come. The parts of the file bear no time.
        told = {"constant_memory": True, "tmpdir": aside, "use_zip64": True}
        book = xlsxwriter.Workbook(str(path), told)
        try:
            _fill_book(book, whole)
            book.close()
        except xlsxwriter.exceptions.XlsxWriterException as error:
            raise ConversionError(f"The workbook cannot be written: {error}.") from error
    return ()


def _fill_book(book: Any, whole: Whole) -> None:
    book.set_properties({"created": _MADE})
    lists = _Lists()
    formats = {
        "text": book.add_format({"num_format": _TEXT}),
        "header": book.add_format({"bold": True, "num_format": _TEXT}),
    }
    for member in whole.members:
        _sheet(book.add_worksheet(member.place), member, formats, lists)
    if lists.columns:
        _write_lists(book.add_worksheet(_LISTS), lists, formats["text"])
    _carry(book.add_worksheet(CARRIED), whole.carried, formats["text"])


class _Lists:
    """Lists of choices that are too long for a cell."""

    def __init__(self) -> None:
        self.columns: list[Sequence[str]] = []

    def source(self, choices: Sequence[str]) -> list[str] | str:
        """Return the choices, or the place where they stand."""
        if len(",".join(choices)) <= _CHOICES and not any(mark in choice for choice in choices for mark in ',"'):
            return list(choices)
        if choices not in self.columns:
            self.columns.append(choices)
        from xlsxwriter.utility import xl_col_to_name

        column = xl_col_to_name(self.columns.index(choices))
        return f"={_LISTS}!${column}$1:${column}${len(choices)}"


def _sheet(sheet: Any, member: Member, formats: Mapping[str, Any], lists: _Lists) -> None:
    described = _fields(member)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(member.table.columns):
        width = min(max(len(column.name) + 2, _NARROW), _WIDE)
        sheet.set_column(place, place, width, formats["text"] if column.type == "string" else None)
        sheet.write_string(0, place, column.name, formats["header"])
        note = _note(described.get(column.name, {}))
        if note:
            sheet.write_comment(0, place, note, {"x_scale": 2})
        choices = _choices(member, column)
        if choices:
            told = {"validate": "list", "source": lists.source(choices), "error_title": column.name[:_NAME]}
            sheet.data_validation(1, place, _LAST, place, told)
    _fill(sheet, member, formats["text"])


def _fields(member: Member) -> dict[str, Mapping[str, Any]]:
    fields = (member.table.schema or {}).get("fields") or ()
    return {str(item.get("name")): item for item in fields}


def _note(field: Mapping[str, Any]) -> str:
    """Return what a header says: description, whether it is required, an example."""
    parts = [str(field.get("description") or field.get("title") or "")]
    if (field.get("constraints") or {}).get("required"):
        parts.append("Required.")
    if field.get("example") is not None:
        parts.append(f"Example: {field['example']}")
    return "\n".join(part for part in parts if part)[:_PART]


def _choices(member: Member, column: TargetColumn) -> Sequence[str]:
    """Return the values that a field is confined to: those of a closed codelist, or of an enum."""
    field = member.schema.field(column.name) if member.schema else None
    if field is None or column.type != "string":
        return ()
    found = [limit for keyword, limit in field.constraints if keyword == "enum"]
    return [str(value) for value in found[0]] if found else ()


def _fill(sheet: Any, member: Member, form: Any) -> None:
    row = 1
    for batch in member.batches():
        columns = [(column.type, batch.column(column.position).to_pylist()) for column in member.table.columns]
        for index in range(batch.num_rows):
            for place, (kind, texts) in enumerate(columns):
                text = texts[index]
                if text is not None:
                    _cell(sheet, row, place, kind, text, form)
            row += 1


def _cell(sheet: Any, row: int, place: int, kind: str, text: str, form: Any) -> None:
    if kind == "boolean":
        sheet.write_boolean(row, place, text == "true")
    elif kind != "string" and _PLAIN.fullmatch(text) and sum(map(str.isdigit, text)) <= _DIGITS:
        sheet.write_number(row, place, float(text))
    else:
        sheet.write_string(row, place, text, form)


def _write_lists(sheet: Any, lists: _Lists, form: Any) -> None:
    sheet.hide()
    for row in range(max(map(len, lists.columns))):
        for place, choices in enumerate(lists.columns):
            if row < len(choices):
                sheet.write_string(row, place, choices[row], form)


def _carry(sheet: Any, carried: Mapping[str, str], form: Any) -> None:
    """Write the descriptor and its files, each in as many cells as it needs."""
    sheet.very_hidden()
    row = 0
    for path, text in carried.items():
        for start in range(0, max(len(text), 1), _PART):
            sheet.write_string(row, 0, path, form)
            # JSON, so that no character needs an escape of workbooks, and nothing is taken for one.
            part = json.dumps(text[start : start + _PART]).replace("_x", "\\u005fx")
            sheet.write_string(row, 1, part, form)
            row += 1
