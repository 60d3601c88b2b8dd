"""Differences from the reference that are meant, each by its row in docs/conformance.md, and as narrow as can be.

A key of ``TABLES``, ``FINDINGS`` and ``SAID_BESIDES`` is the identifier of the row; the docstring gives the reason.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema

from differential.oracle import Key, Verdict
from differential.tables import Package, Table

OURS, THEIRS = "diplodata", "the reference"


@dataclass(frozen=True)
class Case:
    """One table, and what both say of it."""

    package: Package
    table: Table
    #: The table as the reference was asked about it.
    asked: Table
    asked_package: Package
    all_mine: Mapping[str | None, Counter[Key]]
    verdicts: Mapping[str, Verdict]

    @property
    def mine(self) -> Counter[Key]:
        return self.all_mine.get(self.table.name, Counter())

    @property
    def verdict(self) -> Verdict:
        return self.verdicts[self.table.name]

    @property
    def theirs(self) -> Counter[Key]:
        """The findings of the reference; what it says of a unique key that was rewritten is said of a unique key."""
        found: Counter[Key] = Counter()
        for key, number in self.verdict.findings.items():
            found[self._as_unique_key(key)] += number
        return found

    def _as_unique_key(self, key: Key) -> Key:
        code, row, name = key
        is_rewritten = [name] in self.table.schema.get("uniqueKeys", ())
        is_unique = self.table.field(name).get("constraints", {}).get("unique")
        return ("unique-key", row, name) if code == "unique-error" and is_rewritten and not is_unique else key

    def says(self, code: str, row: int | None, name: str | None = None) -> bool:
        """Whether the reference makes a finding."""
        return self.theirs[code, row, name] > 0

    def limits(self, name: str | None) -> Mapping[str, object]:
        """The constraints of a field."""
        return self.table.field(name).get("constraints", {})

    def relatives(self) -> list[Table]:
        """The table, and those that it refers to."""
        names = [key["reference"]["resource"] for key in self.table.schema.get("foreignKeys", ())]
        return [self.table, *(self.package.table(name) for name in names if name)]

    def foreign_key(self, name: str | None) -> list[str]:
        """The fields of the reference that begins with a field."""
        keys = self.table.schema.get("foreignKeys", ())
        return next((list(key["fields"]) for key in keys if key["fields"][0] == name), [])


# Whole tables


def json_empty(case: Case) -> bool:
    """An array without a record is a table without rows; the reference calls it a broken source."""
    form = case.table.form
    is_empty = not form.is_text and not form.is_of_arrays and not case.table.rows
    is_quiet = all(code == "schema-error" for code, _, _ in case.mine)
    return is_empty and is_quiet and set(case.theirs) <= {("source-error", None, None)}


def json_number_large(case: Case) -> bool:
    """A JSON number with a large exponent is a number; the reference breaks off at it, and calls the source broken."""
    cells = [cell for row in case.asked.rows for cell in row]
    is_large = any(isinstance(cell, float) and abs(cell) >= 1e28 for cell in cells)
    return is_large and not case.table.form.is_text and case.says("source-error", None)


def label_twice_by_name(case: Case) -> bool:
    """A label that stands twice is one finding; the reference gives the table up when it matches by name."""
    return case.says("error", None) and any(code == "duplicate-label" for code, _, _ in case.mine)


def times_not_compared(case: Case) -> bool:
    """A time with a zone and a limit without one cannot be compared: the reference raises, ours is a finding."""
    is_bound = any(
        item["type"] in ("datetime", "time") and any("imum" in keyword for keyword in item.get("constraints", {}))
        for table in case.relatives()
        for item in table.fields
    )
    return is_bound and (case.verdict.crash or "").startswith("TypeError: can't compare offset-naive and offset-aware")


def structures_compared(case: Case) -> bool:
    """Arrays and objects are unique by value; the reference cannot compare them, and raises."""
    return (case.verdict.crash or "").startswith(
        ("TypeError: unhashable type: 'list'", "TypeError: unhashable type: 'dict'")
    )


def bound_not_of_type(case: Case) -> bool:
    """A bound that is no value of the type is an error of the schema; the reference raises at the first row."""
    crash = case.verdict.crash or ""
    is_said = any(
        code == "schema-error" for item in case.relatives() for code, _, _ in case.all_mine.get(item.name, ())
    )
    return crash.startswith("TypeError: '") and "not supported between instances of" in crash and is_said


def parent_unreadable(case: Case) -> bool:
    """What refers to a table that cannot be read is not checked; the reference gives up the child as well."""
    parents = {key["reference"]["resource"] for key in case.table.schema.get("foreignKeys", ())} - {""}
    broken = [name for name in parents if _is_unread(case.verdicts[name])]
    return bool(broken) and sum(case.theirs.values()) == 1 and _is_unread(case.verdict)


def _is_unread(verdict: Verdict) -> bool:
    return any(code in ("error", "source-error") for code, _, _ in verdict.findings)


#: Tables of which nothing is compared.
TABLES: Mapping[str, Callable[[Case], bool]] = {
    "limit-not-castable": bound_not_of_type,
    "foreign-key-unreadable-parent": parent_unreadable,
    "unique-array": structures_compared,
    "bound-with-zone": times_not_compared,
    "json-empty-array": json_empty,
    "json-number-large": json_number_large,
    "label-duplicate-by-name": label_twice_by_name,
}


# Single findings


def key_cell_said_once(case: Case, who: str, key: Key) -> bool:
    """A key cell of a wrong type, or that is required and empty, has its finding; the key is not called wrong too."""
    code, row, _ = key
    said = any(
        case.says("type-error", row, name)
        or (case.asked.is_missing(row, name) and case.says("constraint-error", row, name))
        for name in case.table.primary_key
    )
    return who == THEIRS and code == "primary-key" and said


def blank_row_said_once(case: Case, who: str, key: Key) -> bool:
    """An empty row is one finding; the reference says that its key is empty as well."""
    code, row, _ = key
    return (
        who == THEIRS
        and code == "primary-key"
        and case.says("blank-row", row)
        and case.mine["blank-row", row, None] > 0
    )


def key_part_empty(case: Case, who: str, key: Key) -> bool:
    """A part of a primary key is empty: a primary key is required (Table Schema v2, primaryKey)."""
    code, row, _ = key
    return (
        who == OURS
        and code == "primary-key"
        and any(case.asked.is_missing(row, name) for name in case.table.primary_key)
    )


def unique_key_said_once(case: Case, who: str, key: Key) -> bool:
    """A primary key of one field is unique in itself."""
    code, row, name = key
    is_both = case.table.primary_key == [name] and case.says("primary-key", row) and case.mine["primary-key", row, None]
    return who == THEIRS and code in ("unique-error", "unique-key") and bool(is_both)


def reference_part_empty(case: Case, who: str, key: Key) -> bool:
    """A reference of which a part is empty refers to nothing, as in SQL."""
    code, row, name = key
    missing = [case.asked.is_missing(row, item) for item in case.foreign_key(name)]
    return who == THEIRS and code == "foreign-key" and any(missing)


def reference_cell_said_once(case: Case, who: str, key: Key) -> bool:
    """A cell that is wrong in itself has its finding; that it refers to nothing as well is no second one."""
    code, row, name = key
    said = [
        case.says(other, row, item)
        for item in case.foreign_key(name)
        for other in ("constraint-error", "type-error", "missing-cell")
    ]
    return who == THEIRS and code == "foreign-key" and any(said)


def json_type(case: Case, _: str, key: Key) -> bool:
    """A JSON value of another JSON type has the code ``json-type``, where the reference says ``type-error``."""
    code, row, name = key
    pair = {"json-type": "type-error", "type-error": "json-type"}
    return code in pair and case.mine["json-type", row, name] > 0 and case.says("type-error", row, name)


def absent_cell_said_once(case: Case, who: str, key: Key) -> bool:
    """A cell that is not there has its finding; that it is required, or part of a key, is no second one."""
    code, row, name = key
    if code == "primary-key":
        return who == THEIRS and any(case.says("missing-cell", row, item) for item in case.table.primary_key)
    is_required = code == "constraint-error" and "required" in case.limits(name)
    return who == THEIRS and is_required and case.says("missing-cell", row, name)


def json_schema_checked(case: Case, who: str, key: Key) -> bool:
    """A value that its ``jsonSchema`` refuses breaks a constraint (Table Schema v2); the reference knows none."""
    code, row, name = key
    schema = case.limits(name).get("jsonSchema")
    if who != OURS or code != "constraint-error" or schema is None:
        return False
    cell = case.asked.cell(row, name)
    return not jsonschema.Draft202012Validator(schema).is_valid(_parsed(cell) if isinstance(cell, str) else cell)


def _parsed(text: str) -> Any:
    """Return a text as JSON; NaN, which JSON does not have, is no number."""
    return json.loads(text, parse_constant=str)


def blank_label_by_name(case: Case, _: str, key: Key) -> bool:
    """A column without a name is called so; the reference calls it an extra column when it matches by name."""
    pair = ("blank-label", None, None), ("extra-label", None, None)
    return key in pair and case.table.fields_match != "exact" and case.mine[pair[0]] == case.theirs[pair[1]]


def parent_column_absent(case: Case, who: str, key: Key) -> bool:
    """A reference to a column that the parent lacks is not checked: the parent has its ``missing-label``."""
    code, _, name = key
    for item in case.table.schema.get("foreignKeys", ()):
        parent = case.asked_package.table(item["reference"]["resource"] or case.table.name)
        absent = [field for field in item["reference"]["fields"] if parent.position(field) is None]
        if absent and item["fields"][0] == name:
            return (who, code) in ((THEIRS, "foreign-key"), (OURS, "unchecked"))
    return False


def header_line_empty(case: Case, who: str, key: Key) -> bool:
    """A header line that holds nothing is a header without names; the reference takes the schema's names for it."""
    is_empty = case.table.form.is_text and case.table.has_header and case.table.labels == ("",)
    return who == OURS and is_empty and key[0] in ("blank-label", "missing-label", "unmatched-header")


def json_any_by_text(case: Case, _: str, key: Key) -> bool:
    """JSON values in a field of the type ``any`` are compared as texts; in the reference ``false`` equals 0."""
    code, row, name = key
    if code == "foreign-key":
        return any(_has_json_values(table) for table in case.relatives())
    names = case.table.primary_key if code == "primary-key" else [name]
    kinds = [item for item in names if case.table.field(item).get("type") == "any"]
    is_unique = code in ("primary-key", "unique-error", "unique-key")
    return is_unique and any(not isinstance(case.asked.cell(row, item), str) for item in kinds)


def _has_json_values(table: Table) -> bool:
    """Whether a field of the type ``any`` holds something that is no text."""
    places = [table.position(item["name"]) for item in table.fields if item["type"] == "any"]
    cells = [row[place] for row in table.rows for place in places if place is not None and place < len(row)]
    return any(cell is not None and not isinstance(cell, str) for cell in cells)


def no_column_matched(case: Case, who: str, key: Key) -> bool:
    """Of a table of which no column is a field, the header alone is checked."""
    code, _, _ = key
    is_unmatched = all(case.asked.position(name) is None for name in case.table.names)
    return who == THEIRS and code in ("blank-row", "extra-cell", "missing-cell") and is_unmatched


def parent_empty(case: Case, who: str, key: Key) -> bool:
    """What refers to a file that holds nothing is not checked: the file has its ``source-error``."""
    code, _, name = key
    keys = [item for item in case.table.schema.get("foreignKeys", ()) if item["fields"][0] == name]
    parents = [item["reference"]["resource"] or case.table.name for item in keys]
    is_broken = any(case.all_mine.get(parent, Counter())["source-error", None, None] for parent in parents)
    return is_broken and (who, code) in ((THEIRS, "foreign-key"), (OURS, "unchecked"))


def year_of_xml_schema(case: Case, who: str, key: Key) -> bool:
    """A year is one of XML Schema: it may have more than four digits, and a sign (Table Schema v2, year)."""
    code, row, name = key
    if who == THEIRS:
        return code == "type-error" and _is_long_year(case, row, name)
    names = {"primary-key": case.table.primary_key, "foreign-key": case.foreign_key(name)}.get(code, [name])
    return code in _OF_VALUES and any(_is_long_year(case, row, item) for item in names)


#: Codes of what is found in a value of the right type.
_OF_VALUES = ("constraint-error", "foreign-key", "primary-key", "unique-error", "unique-key")


def _is_long_year(case: Case, row: int | None, name: str | None) -> bool:
    cell = case.asked.cell(row, name)
    if case.table.field(name).get("type") != "year" or isinstance(cell, bool):
        return False
    is_text = isinstance(cell, str) and re.fullmatch("-[0-9]{4}|-?[1-9][0-9]{4,}", cell)
    return bool(is_text) or (isinstance(cell, int) and not 0 <= cell <= 9999)


def stray_quote(case: Case, who: str, key: Key) -> bool:
    """A quote that neither opens nor closes a cell is a finding (RFC 4180); the reference takes it."""
    code, row, _ = key
    return who == OURS and code == "stray-quote" and _is_strayed(case, row)


def unterminated_quote(case: Case, _: str, key: Key) -> bool:
    """A quote that is never closed is a finding, and the row is read by its delimiters; the reference reads on."""
    row = key[1]
    return _is_strayed(case, row) and case.mine["unterminated-quote", row, None] > 0


def _is_strayed(case: Case, row: int | None) -> bool:
    return bool(case.table.stray) and row == len(list(case.table.records()))


def reference_of_other_type(case: Case, who: str, key: Key) -> bool:
    """A reference to a field of another type is one error of the schema; in the reference every row fails."""
    code, _, name = key
    is_said = case.mine["schema-error", None, name] > 0
    return (
        is_said
        and (who, code) in ((THEIRS, "foreign-key"), (OURS, "schema-error"))
        and _refers_to_other_type(case, name)
    )


_FAMILIES = {"integer": "number", "list": "array", "year": "number"}


def _refers_to_other_type(case: Case, name: str | None) -> bool:
    for item in case.table.schema.get("foreignKeys", ()):
        parent = case.package.table(item["reference"]["resource"] or case.table.name)
        for here, there in zip(item["fields"], item["reference"]["fields"], strict=True):
            kinds = case.table.field(here)["type"], parent.field(there)["type"]
            is_other = "any" not in kinds and len({_FAMILIES.get(kind, kind) for kind in kinds}) == 2
            if item["fields"][0] == name and is_other:
                return True
    return False


def enum_not_castable(case: Case, who: str, key: Key) -> bool:
    """An allowed value that is no value of the type is an error of the schema; in the reference no cell equals it."""
    code, _, name = key
    is_said = "enum" in case.limits(name) and case.mine["schema-error", None, name] > 0
    return is_said and (who, code) in ((OURS, "schema-error"), (THEIRS, "constraint-error"))


#: Differences in one finding.
FINDINGS: Mapping[str, Callable[[Case, str, Key], bool]] = {
    "blank-label-by-name": blank_label_by_name,
    "enum-not-castable": enum_not_castable,
    "header-line-empty": header_line_empty,
    "json-any-by-text": json_any_by_text,
    "json-schema-constraint": json_schema_checked,
    "foreign-key-column-left-out": parent_column_absent,
    "foreign-key-kinds": reference_of_other_type,
    "quote-stray": stray_quote,
    "quote-open": unterminated_quote,
    "no-column-matched": no_column_matched,
    "year-xsd": year_of_xml_schema,
    "missing-cell-required": absent_cell_said_once,
    "blank-row-only": blank_row_said_once,
    "json-type": json_type,
    "primary-key-wrong-type": key_cell_said_once,
    "primary-key-null-part": key_part_empty,
    "foreign-key-after-constraint": reference_cell_said_once,
    "foreign-key-unreadable-parent": parent_empty,
    "foreign-key-null-part": reference_part_empty,
    "primary-key-unique": unique_key_said_once,
}

#: Codes of findings that never make a package invalid and that the reference does not have -> identifier.
SAID_BESIDES = {
    "byte-order-mark": "byte-order-mark",
    "dialect-assumed": "delimiter-undeclared",
    "lexical-form": "lexical-form",
}


def of_table(case: Case) -> str | None:
    """Return the deviation that explains all differences of a table; None when there is none."""
    return next((name for name, holds in TABLES.items() if holds(case)), None)


def of_finding(case: Case, who: str, key: Key) -> str | None:
    """Return the deviation that explains a difference; None when there is none."""
    return next((name for name, holds in FINDINGS.items() if holds(case, who, key)), None)
