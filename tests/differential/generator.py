"""Packages at random: a seed gives the same package on every machine with the same Python."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from differential.cells import draw
from differential.fields import KEY_KINDS, make_field
from differential.tables import Descriptor, Form, Package, Table

#: Most tables and rows of a package; small ones meet as many differences, and are read sooner.
TABLES = 4
ROWS = 8

_MISSING = (["", "-"], ["", "NA", "n/a"], ["-"], [])
_LABELLED = [{"value": "", "label": "empty"}, {"value": "-", "label": "not asked"}]
_MATCHES = ("equal", "subset", "superset", "partial")


def make_package(seed: int) -> Package:
    """Return the package of a seed."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    is_v2 = chance.random() < 0.6
    tables: list[Table] = []
    for number in range(chance.randint(2, TABLES)):
        table = _make_table(chance, f"t{number}", is_v2=is_v2)
        if chance.random() < 0.45:
            table = _with_reference(chance, table, tables, is_v2=is_v2)
        table = _with_oddities(chance, table)
        tables.append(_written(chance, table))
    return Package(seed, is_v2, tuple(tables))


def _make_table(chance: random.Random, name: str, *, is_v2: bool) -> Table:
    fields = [make_field(chance, f"f{number}", is_v2=is_v2) for number in range(chance.randint(1, 5))]
    schema: Descriptor = {"fields": fields}
    if chance.random() < 0.5:
        schema["primaryKey"] = _add_key(chance, fields, is_v2=is_v2)
    if is_v2 and chance.random() < 0.15:
        schema["uniqueKeys"] = [chance.sample([item["name"] for item in fields], k=1)]
    if chance.random() < 0.4:
        schema["missingValues"] = _LABELLED if is_v2 and chance.random() < 0.3 else chance.choice(_MISSING)
    if chance.random() < 0.45:
        schema["fieldsMatch"] = chance.choice(_MATCHES)
    variety = chance.choice([1, 2, 3, 5, 20])
    rows = [tuple(draw(chance, item, variety) for item in fields) for _ in range(chance.randint(0, ROWS))]
    return Table(name, schema, tuple(item["name"] for item in fields), tuple(rows))


def _add_key(chance: random.Random, fields: list[Descriptor], *, is_v2: bool) -> list[str]:
    """Put one or two key fields among the others."""
    names = []
    for number in range(chance.choice([1, 1, 2])):
        names.append(f"k{number}")
        field = make_field(chance, names[-1], chance.choice(KEY_KINDS), is_v2=is_v2)
        fields.insert(chance.randint(0, len(fields)), field)
    return names


def _with_reference(chance: random.Random, table: Table, others: Sequence[Table], *, is_v2: bool) -> Table:
    """Add a column or two that refer to another table, or to the table itself."""
    parent = chance.choice([table, *others])
    targets = [item for item in parent.fields if item["type"] not in ("array", "geojson", "list", "object")]
    if not targets:
        return table
    targets = chance.sample(targets, k=min(len(targets), chance.choice([1, 1, 2])))
    own = []
    for number, target in enumerate(targets):
        child = {
            key: value for key, value in target.items() if key not in ("constraints", "categories", "missingValues")
        }
        own.append(child | {"name": f"r{number}"})
        if chance.random() < 0.1:
            own[-1] = make_field(chance, f"r{number}", ("string", "default"), is_v2=is_v2)
    rows = [(*row, *_references(chance, parent, targets, own)) for row in table.rows]
    reference = {
        "resource": "" if parent is table else parent.name,
        "fields": [item["name"] for item in targets],
    }
    key = {"fields": [item["name"] for item in own], "reference": reference}
    schema = table.schema | {"fields": [*table.fields, *own], "foreignKeys": [key]}
    return replace(table, schema=schema, labels=(*table.labels, *key["fields"]), rows=tuple(rows))


def _references(
    chance: random.Random, parent: Table, targets: list[Descriptor], own: list[Descriptor]
) -> tuple[Any, ...]:
    """Return cells that mostly stand together in a row of the parent."""
    if parent.rows and chance.random() < 0.7:
        row = chance.choice(parent.rows)
        places = [parent.names.index(item["name"]) for item in targets]
        cells = [row[place] if place < len(row) else "" for place in places]
    else:
        cells = [draw(chance, item, 3) for item in own]
    return tuple("" if chance.random() < 0.1 else cell if isinstance(cell, str) else json.dumps(cell) for cell in cells)


def _with_oddities(chance: random.Random, table: Table) -> Table:
    """Break the header or some rows of a few tables."""
    if chance.random() < 0.22:
        table = _other_columns(chance, table)
    rows = list(table.rows)
    if rows and chance.random() < 0.2:
        rows = [_ragged(chance, row) for row in rows]
    if chance.random() < 0.15:
        rows.insert(chance.randint(0, len(rows)), tuple("" for _ in table.labels))
    if chance.random() < 0.05:
        rows.insert(chance.randint(0, len(rows)), ())
    return replace(table, rows=tuple(rows))


def _ragged(chance: random.Random, row: tuple[Any, ...]) -> tuple[Any, ...]:
    share = chance.random()
    if share < 0.15:
        return row[: chance.randint(1, len(row))]
    if share < 0.3:
        return (*row, *(chance.choice(["", "x", "1"]) for _ in range(chance.randint(1, 2))))
    return row


def _other_columns(chance: random.Random, table: Table) -> Table:
    """Permute, leave out, add or rename columns, with their cells."""
    labels, order = list(table.labels), list(range(len(table.labels)))
    what = chance.choice(["permute", "drop", "drop", "add", "add", "rename", "blank", "repeat", "pad", "case", "mixed"])
    if what in ("permute", "mixed"):
        chance.shuffle(order)
    if what in ("drop", "mixed") and len(order) > 1:
        order.remove(chance.choice(order))
    rows = [tuple(row[place] for place in order) for row in table.rows]
    labels = [labels[place] for place in order]
    if what in ("add", "mixed"):
        at = chance.randint(0, len(labels))
        labels.insert(at, "new")
        rows = [(*row[:at], chance.choice(["", "x", "1"]), *row[at:]) for row in rows]
    place = chance.randrange(len(labels))
    renamed = {
        "rename": "other",
        "blank": "",
        "repeat": labels[0],
        "pad": f" {labels[place]} ",
        "case": labels[place].upper(),
    }
    labels[place] = renamed.get(what, labels[place])
    return replace(table, labels=tuple(labels), rows=tuple(rows))


# How it is written


def _written(chance: random.Random, table: Table) -> Table:
    share = chance.random()
    if share < 0.6:
        return _delimited(chance, table, "csv")
    if share < 0.7:
        return _delimited(chance, table, "tsv")
    form = Form(chance.choice(["json", "ndjson", "inline"]), is_of_arrays=chance.random() < 0.3)
    if form.format == "ndjson":
        form = replace(form, is_of_arrays=False)
    return _as_json(chance, replace(table, form=form))


def _delimited(chance: random.Random, table: Table, form: str) -> Table:
    encoding, declared = chance.choice([*[("utf-8", "utf-8")] * 6, ("utf-8", None), ("latin-1",) * 2, ("utf-16",) * 2])
    written = Form(
        format=form,
        is_packed=chance.random() < 0.1,
        encoding=encoding,
        declared_encoding=declared,
        line_end=chance.choice(["\n", "\n", "\n", "\r\n"]),
        is_last_line_open=chance.random() < 0.2,
        quotes_all=chance.random() < 0.3,
    )
    table = replace(table, form=written)
    if chance.random() < 0.5:
        table = _with_dialect(chance, table)
    if chance.random() < 0.04 and table.rows and "escapeChar" not in table.dialect:
        table = replace(table, stray=chance.choice(['"x"w', 'a"b', '"x', '"x""', '"x" ']))
    return _encodable(table)


def _with_dialect(chance: random.Random, table: Table) -> Table:
    dialect: Descriptor = {}
    if chance.random() < 0.5:
        dialect["delimiter"] = chance.choice([",", ";", "|", "\t", ":", " "])
    if chance.random() < 0.3:
        dialect["quoteChar"] = chance.choice(["'", '"', "`"])
    if chance.random() < 0.25:
        dialect |= {"doubleQuote": False, "escapeChar": "\\"}
    if chance.random() < 0.3 and dialect.get("delimiter") != " ":
        dialect["skipInitialSpace"] = chance.random() < 0.6
    share = chance.random()
    if share < 0.12:
        dialect["header"] = False
    elif share < 0.35:
        table = _with_header_rows(chance, table, dialect)
    if chance.random() < 0.25:
        table = _with_comments(chance, table, dialect)
    return replace(table, dialect=dialect)


def _with_header_rows(chance: random.Random, table: Table, dialect: Descriptor) -> Table:
    preamble = tuple(("title", "x")[: chance.randint(1, 2)] for _ in range(chance.choice([0, 0, 1, 2])))
    first = len(preamble) + 1
    dialect["headerRows"] = [first, first + 1] if chance.random() < 0.5 else [first]
    if len(dialect["headerRows"]) == 2 and chance.random() < 0.6:
        dialect["headerJoin"] = chance.choice(["_", " ", ""])
        if dialect["headerJoin"] == "_":
            table = _renamed(table, {name: f"{name[0]}_{name[1:]}" for name in table.names})
    return replace(table, preamble=preamble)


def _renamed(table: Table, names: Descriptor) -> Table:
    """Give the fields of a table other names, so that two header rows make them up; keys keep what they name."""
    if "foreignKeys" in table.schema or "primaryKey" in table.schema or "uniqueKeys" in table.schema:
        return table
    fields = [item | {"name": names[item["name"]]} for item in table.fields]
    labels = tuple(names.get(label, label) for label in table.labels)
    return replace(table, schema=table.schema | {"fields": fields}, labels=labels)


def _with_comments(chance: random.Random, table: Table, dialect: Descriptor) -> Table:
    number = len(table.rows)
    if not number:
        return table
    places = sorted(chance.sample(range(number), k=min(number, chance.randint(1, 2))))
    if chance.random() < 0.6:
        dialect["commentChar"] = chance.choice(["#", "%", "a"])
        cells = (f"{dialect['commentChar']} a remark", "x")[: chance.randint(1, 2)]
        return replace(table, comments=tuple((place, cells) for place in places))
    before = len(table.preamble) + (len(dialect.get("headerRows", (1,))) if dialect.get("header") is not False else 0)
    dialect["commentRows"] = [before + place + count + 1 for count, place in enumerate(places)]
    return replace(table, comments=tuple((place, ("left", "out")) for place in places))


def _encodable(table: Table) -> Table:
    """Replace what the encoding of the file cannot write."""
    if table.form.encoding.startswith("utf"):
        return table
    rows = tuple(
        tuple(cell.encode(table.form.encoding, "replace").decode(table.form.encoding) for cell in row)
        for row in table.rows
    )
    return replace(table, rows=rows)


def _as_json(chance: random.Random, table: Table) -> Table:
    """Turn texts into JSON values of the type of the field, most of the time."""
    by_label = {item["name"]: item for item in table.fields}
    fields = [by_label.get(label.strip(), {}) for label in table.labels]
    rows = tuple(
        tuple(_native(chance, field, cell) for field, cell in zip((*fields, {}, {}), row, strict=False))
        for row in table.rows
    )
    if not table.form.is_of_arrays and rows:
        # The keys of the first object are the header; later ones may lack some.
        first = (*rows[0], *[None] * len(fields))[: len(fields)]
        rows = (first, *(row[: len(fields)] for row in rows[1:]))
    if not table.form.is_of_arrays and len(set(table.labels)) < len(table.labels):
        table = replace(table, labels=tuple(table.names[: len(fields)]))
    return replace(table, rows=rows)


_ODD: tuple[Any, ...] = (True, False, None, 1, 0, 1.5, 2.0, -1, [], {}, [1], {"a": 1}, "x", 10**20)


def _native(chance: random.Random, field: Descriptor, cell: str) -> Any:
    share = chance.random()
    if share < 0.05:
        return chance.choice(_ODD)
    if cell == "" and share < 0.5:
        return None
    return cell if share < 0.15 else _as_type(share, field, cell)


def _as_type(share: float, field: Descriptor, cell: str) -> Any:
    """Return the value of the JSON type of a field, when the text is one."""
    kind = field.get("type")
    if kind in ("array", "geojson", "geopoint", "integer", "number", "object", "year"):
        return _parsed(cell)
    if kind == "boolean" and cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    if kind == "list" and share < 0.4:
        items = cell.split(str(field.get("delimiter", ",")))
        return items if share < 0.25 else [_parsed(item) for item in items]
    return cell


def _parsed(text: str) -> Any:
    """Return a text as the JSON value that it writes; the text itself when it writes none."""
    try:
        value = json.loads(text, parse_constant=lambda _: 1 // 0)
        json.dumps(value, allow_nan=False)
    except (ValueError, ArithmeticError, RecursionError):
        return text
    return value
