"""Random CSV tables that lie in several blocks: line breaks in cells, recurring values, many columns, late defects."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Descriptor = dict[str, Any]

#: What a column holds: type, constraints, good values (few of them, so that they recur), and bad ones.
_KINDS: Sequence[tuple[Descriptor, Sequence[str], Sequence[str]]] = (
    ({"type": "integer", "constraints": {"minimum": 1}}, ("1", "2", "30"), ("0", "x", "1.0", "\uff11")),
    ({"type": "number"}, ("1.5", "-2", "1e3"), ("1,5", "--", "NaNs")),
    ({"type": "date"}, ("2020-01-05", "1999-12-31"), ("2020-02-30", "2020-1-5", "5")),
    ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ("yes", "no"), ("true", "0")),
    ({"type": "string", "constraints": {"enum": ["a", "b", "é"]}}, ("a", "b", "é"), ("c", "A", " a")),
    ({"type": "string", "constraints": {"pattern": "[a-z]+"}}, ("ab", "xyz"), ("a1", "É", "a b")),
    (
        {"type": "string", "constraints": {"required": True, "maxLength": 12}},
        ("one", "two"),
        ("", "far too long a text"),
    ),
    ({"type": "string"}, ("x", 'a "word"', "two\nlines", "a,b", "é\r\nü", ""), ()),
    ({"type": "any", "missingValues": ["-"]}, ("-", "z", "7"), ()),
    ({"type": "time", "format": "any"}, ("10:00:00", "23:59:59"), ("25:00", "noon")),
    ({"type": "duration"}, ("P1D", "PT5M"), ("1 day", "P")),
)

#: Numbers of columns -> how often: 63 need a second column of marks, 125 a third one.
_WIDTHS = {2: 4, 5: 4, 9: 4, 62: 1, 63: 1, 64: 1, 124: 1, 125: 1, 130: 1}

#: Bad or missing cells in a table, about.
_DEFECTS = 12


def write(seed: int, folder: Path) -> None:
    """Write the package of a seed: one table, that refers to itself in some."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    width = chance.choices(list(_WIDTHS), list(_WIDTHS.values()))[0]
    chosen = [chance.choice(_KINDS) for _ in range(width - 1)]
    schema = _schema(chance, [kind for kind, _, _ in chosen])
    number = chance.randint(20, 90)
    share = _DEFECTS / 2 / number / width
    rows = [[str(row), *_cells(chance, chosen, share)] for row in range(1, number)]
    if chance.random() < 0.5:
        rows[chance.randrange(len(rows))][0] = chance.choice(["1", "", "x"])
    names = [item["name"] for item in schema["fields"]]
    end = chance.choice(["\n", "\n", "\r\n"])
    quotes_all = chance.random() < 0.3
    lines = [_line(cells, quotes_all=quotes_all) for cells in (names, *rows)]
    raw = _defective(chance, lines, end)
    folder.mkdir(parents=True)
    (folder / "t.csv").write_bytes(raw)
    resource = {"name": "t", "path": "t.csv", "type": "table", "format": "csv", "encoding": "utf-8", "schema": schema}
    resource["dialect"] = {"delimiter": ",", "quoteChar": '"'}
    descriptor = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def _schema(chance: random.Random, kinds: Sequence[Descriptor]) -> Descriptor:
    fields = [{"name": "id", "type": "integer"}]
    fields += [{"name": f"f{number}", **kind} for number, kind in enumerate(kinds)]
    schema: Descriptor = {"fields": fields, "missingValues": chance.choice([[""], ["", "NA"], ["NA"]])}
    if chance.random() < 0.7:
        schema["primaryKey"] = ["id"]
    if chance.random() < 0.3:
        schema["uniqueKeys"] = [["id", "f0"]]
    links = [item["name"] for item in fields[1:] if item["type"] == "integer"]
    if links and chance.random() < 0.5:
        schema["foreignKeys"] = [{"fields": links[:1], "reference": {"resource": "", "fields": ["id"]}}]
    return schema


def _cells(
    chance: random.Random, kinds: Sequence[tuple[Descriptor, Sequence[str], Sequence[str]]], share: float
) -> list[str]:
    """Return the cells of a row; a share of them are bad, and as many hold no value."""
    if chance.random() < 0.02:
        return ["" for _ in kinds]
    return [
        chance.choice(bad)
        if bad and chance.random() < share
        else "NA"
        if chance.random() < share
        else chance.choice(good)
        for _, good, bad in kinds
    ]


def _line(cells: Sequence[str], *, quotes_all: bool) -> str:
    return ",".join(
        '"' + cell.replace('"', '""') + '"' if quotes_all or any(mark in cell for mark in ',"\r\n') else cell
        for cell in cells
    )


def _defective(chance: random.Random, lines: list[str], end: str) -> bytes:
    """Return the file, in some seeds with a defect that only another reader can take, often behind the first block."""
    place = chance.randint(len(lines) // 2, len(lines) - 1)
    share = chance.random()
    if share < 0.08:
        lines[place] += ",surplus"
    elif share < 0.16:
        lines[place] = lines[place].rpartition(",")[0]
    elif share < 0.22:
        lines.insert(place, "")
    elif share < 0.26:
        lines[place] = f'9,"open{lines[place]}'
    elif share < 0.30:
        lines[place] = lines[place].replace(",", ",\0", 1)
    text = end.join(lines) + chance.choice(["", end])
    if 0.30 < share < 0.34:
        text = text.replace(end, {"\n": "\r\n", "\r\n": "\n"}[end], 3)
    raw = text.encode()
    if 0.34 < share < 0.38:
        raw = raw[: len(raw) * 3 // 4] + b"\xff" + raw[len(raw) * 3 // 4 :]
    return raw
