"""What the reference is asked instead: the same package, with what we take it to mean written out.

Each rewriting is a deviation, by its row in docs/conformance.md. The reference's verdict on the package that it
gives must be ours to the letter, so a rewriting hides nothing but the deviation itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from differential.tables import Descriptor, Package, Table


def encoding_not_guessed(table: Table) -> Table:
    """Undeclared, the encoding is UTF-8 (Data Package v2, encoding); the reference guesses it."""
    if not table.form.is_text or table.form.declared_encoding:
        return table
    return replace(table, form=replace(table.form, declared_encoding="utf-8"))


def dialect_not_guessed(table: Table) -> Table:
    """Undeclared, the dialect is the specification's default (Table Dialect); the reference guesses it."""
    defaults: Descriptor = {"header": True} if "headerRows" not in table.dialect else {}
    if table.form.is_text:
        defaults |= {"delimiter": table.delimiter, "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}
    return replace(table, dialect=defaults | table.dialect)


def pattern_whole_value(table: Table) -> Table:
    """A pattern holds for the whole value (Table Schema, pattern); the reference anchors one branch, or a line."""
    return _with_fields(table, lambda item: _with_constraint(item, "pattern", lambda text: f"(?:{text})\\Z"))


def categories_checked(table: Table) -> Table:
    """A value outside ``categories`` is wrong (Table Schema v2, categories); the reference passes them over."""
    return _with_fields(table, _categories_as_enum)


def _categories_as_enum(item: Descriptor) -> Descriptor:
    if "categories" not in item:
        return item
    values = [value["value"] if isinstance(value, dict) else value for value in item["categories"]]
    rest = {key: value for key, value in item.items() if key != "categories"}
    return rest | {"constraints": {"enum": values}}


def json_schema_checked(table: Table) -> Table:
    """The constraint ``jsonSchema`` is checked (Table Schema v2); the reference refuses the field."""
    return _with_fields(table, _without_json_schema)


def _without_json_schema(item: Descriptor) -> Descriptor:
    limits = {key: limit for key, limit in item.get("constraints", {}).items() if key != "jsonSchema"}
    return item | {"constraints": limits} if "constraints" in item else item


def unique_key_checked(table: Table) -> Table:
    """The values of ``uniqueKeys`` are unique (Table Schema v2); the reference passes them over, but not ``unique``."""
    keys = [name for key in table.schema.get("uniqueKeys", ()) for name in key]
    return _with_fields(
        table,
        lambda item: (
            item | {"constraints": {**item.get("constraints", {}), "unique": True}} if item["name"] in keys else item
        ),
    )


def integer_group_char(table: Table) -> Table:
    """``groupChar`` of an integer field is left out of its values (Table Schema v2); the reference refuses them."""
    table = _with_cells(table, _is_grouped, lambda cell, item: _ungrouped(cell, item["groupChar"]))
    return _with_fields(table, lambda item: _with_ungrouped_limits(item) if _is_grouped(item) else item)


def _is_grouped(item: Descriptor) -> bool:
    return item["type"] == "integer" and "groupChar" in item


def _with_ungrouped_limits(item: Descriptor) -> Descriptor:
    limits = {key: _ungrouped(limit, item["groupChar"]) for key, limit in item.get("constraints", {}).items()}
    return item | {"constraints": limits} if limits else item


def _ungrouped(value: Any, group: str) -> Any:
    if isinstance(value, list):
        return [_ungrouped(part, group) for part in value]
    return value.replace(group, "") if isinstance(value, str) else value


def inline_keys_compared(table: Table) -> Table:
    """The keys of inline objects are labels, as those of a file are; the reference takes the schema's names."""
    if table.form.format != "inline" or table.form.is_of_arrays:
        return table
    return replace(table, form=replace(table.form, format="json"))


def bare_number_sign(table: Table) -> Table:
    """A number in brackets or behind a minus sign of typography would be another number without them."""
    return _with_cells(
        table,
        _is_not_bare,
        lambda cell, _: (
            "no number"
            if isinstance(cell, str)
            and re.fullmatch(r"\([^0-9]*[0-9].*\)|[^0-9]*\u2212[^0-9]*[0-9].*", cell.strip(), re.DOTALL)
            else cell
        ),
    )


def bare_number_fraction(table: Table) -> Table:
    """A fraction behind a sign of currency stays one; the reference strips its point with the sign."""
    return _with_cells(table, _is_not_bare, _with_zero)


def _is_not_bare(item: Descriptor) -> bool:
    return item["type"] in ("integer", "number") and item.get("bareNumber") is False


def _with_zero(cell: Any, item: Descriptor) -> Any:
    point = item.get("decimalChar", ".")
    match = re.match(rf"[^0-9-]*{re.escape(point)}(?=[0-9])", cell) if isinstance(cell, str) else None
    return f"0{point}{cell[match.end() :]}" if match else cell


def json_object_is_geopoint(table: Table) -> Table:
    """A JSON object is a geopoint of the format ``object`` (Table Schema v2, geopoint); the reference wants its text."""
    return _with_cells(
        table,
        lambda item: item["type"] == "geopoint" and item.get("format") == "object",
        lambda cell, _: json.dumps(cell) if isinstance(cell, dict) else cell,
    )


def signalling_nan(table: Table) -> Table:
    """``sNaN`` is no number (Table Schema v2, number, knows NaN, INF and -INF); the reference takes it, or raises."""
    return _with_cells(
        table,
        lambda item: item["type"] == "number",
        lambda cell, _: "no number" if isinstance(cell, str) and "snan" in cell.lower() else cell,
    )


def json_integer_fraction(table: Table) -> Table:
    """The JSON value ``1.0`` is no integer: no text of an integer gives it back; the reference takes it."""
    return _with_refused(table, "integer", lambda cell, _: isinstance(cell, float))


def json_year_boolean(table: Table) -> Table:
    """The JSON value ``true`` is no year; the reference takes it for 1."""
    return _with_refused(table, "year", lambda cell, _: isinstance(cell, bool))


def json_yearmonth_array(table: Table) -> Table:
    """A JSON array is no yearmonth (Table Schema v2, yearmonth); the reference takes any pair."""
    return _with_refused(table, "yearmonth", lambda cell, _: isinstance(cell, list))


def json_list_as_text(table: Table) -> Table:
    """A JSON array for a list is read as the text of one: an empty array is the empty text, and one of a missing value is no value.

    One with the delimiter in an item is read as its JSON.
    """
    return _with_cells(
        table,
        lambda item: item["type"] == "list",
        lambda cell, item: _list_as_text(cell, item, table) if isinstance(cell, list) else cell,
    )


def _list_as_text(cell: list[Any], item: Descriptor, table: Table) -> Any:
    delimiter = item.get("delimiter", ",")
    if cell in [[], *([text] for text in ("", *table.missing_values(item["name"])))]:
        return cell[0] if cell else ""
    is_split = any(isinstance(part, str) and delimiter in part for part in cell)
    return json.dumps(cell) if is_split else cell


def _with_refused(table: Table, kind: str, is_refused: Callable[[Any, Descriptor], bool]) -> Table:
    """Put a value that is of no type for those that we do not take."""
    return _with_cells(
        table,
        lambda item: item["type"] == kind,
        lambda cell, item: {"refused": []} if is_refused(cell, item) else cell,
    )


def column_said_once(table: Table) -> Table:
    """A column that is left out or added, while the others keep their order, leaves them their names.

    The reference takes the columns behind it for the fields before.
    """
    labels = [label.strip() for label in table.labels]
    names = table.names
    in_both = [name for name in names if name in labels]
    is_odd = table.fields_match != "exact" or not table.has_header or labels == names or not in_both
    if is_odd or len(set(labels)) < len(labels) or "" in labels:
        return table
    if [label for label in labels if label in names] != in_both or len(in_both) not in (len(names), len(labels)):
        return table
    return replace(table, schema=table.schema | {"fieldsMatch": "equal"})


#: Identifier of the deviation -> what is written out.
REWRITINGS: Mapping[str, Callable[[Table], Table]] = {
    # First, because it says which column is whose.
    "label-left-out": column_said_once,
    "bare-number-fraction": bare_number_fraction,
    "bare-number-sign": bare_number_sign,
    "categories": categories_checked,
    "delimiter-undeclared": dialect_not_guessed,
    "encoding-undeclared": encoding_not_guessed,
    "json-inline-key": inline_keys_compared,
    "group-char-integer": integer_group_char,
    "json-schema-constraint": json_schema_checked,
    "json-geopoint-object": json_object_is_geopoint,
    "json-integer-fraction": json_integer_fraction,
    "json-list-empty": json_list_as_text,
    "json-year-boolean": json_year_boolean,
    "json-yearmonth-array": json_yearmonth_array,
    "pattern-whole-value": pattern_whole_value,
    "number-snan": signalling_nan,
    "unique-keys": unique_key_checked,
}


def asked(package: Package) -> Package:
    """Return the package that the reference is asked about."""
    tables = []
    for table in package.tables:
        for rewrite in REWRITINGS.values():
            table = rewrite(table)  # noqa: PLW2901 - one after the other
        tables.append(table)
    return replace(package, tables=tuple(tables))


def _with_fields(table: Table, change: Callable[[Descriptor], Descriptor]) -> Table:
    return replace(table, schema=table.schema | {"fields": [change(item) for item in table.fields]})


def _with_cells(table: Table, chosen: Callable[[Descriptor], bool], change: Callable[[Any, Descriptor], Any]) -> Table:
    """Change the cells of the columns of some fields; missing values stay."""
    places = {table.position(item["name"]): item for item in table.fields if chosen(item)}
    rows = tuple(
        tuple(
            cell if place not in places or _is_missing(table, cell, places[place]) else change(cell, places[place])
            for place, cell in enumerate(row)
        )
        for row in table.rows
    )
    return replace(table, rows=rows)


def _is_missing(table: Table, cell: Any, item: Descriptor) -> bool:
    return cell is None or str(cell) in table.missing_values(item["name"])


def _with_constraint(item: Descriptor, keyword: str, change: Callable[[Any], Any]) -> Descriptor:
    limits = item.get("constraints", {})
    return item | {"constraints": limits | {keyword: change(limits[keyword])}} if keyword in limits else item
