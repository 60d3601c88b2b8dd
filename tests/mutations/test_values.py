"""Descriptors and documents with one value replaced: the tool reports or refuses, and never stumbles or hangs."""

from __future__ import annotations

import copy
import json
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from diplodata import convert, validate
from diplodata.errors import DiplodataError

#: What a value is replaced with: each JSON type, empty and odd ones among them.
VALUES: tuple[Any, ...] = (None, 5, -1, 1.5, True, "x", "", [], {}, [5], [[]], {"x": 5}, "\u202e", [None], 10**30)

#: How many mutations are tried for each source; a document takes as long as ten descriptors.
_QUICK = {"descriptor": 150, "bundle": 10, "nested": 10}

#: Seconds after which a run counts as hanging.
PATIENCE = 15

FIELDS = [
    {
        "name": "a",
        "type": "integer",
        "format": "default",
        "constraints": {"required": True, "minimum": 0, "maximum": 9, "enum": [1, 2], "unique": True},
        "missingValues": ["-"],
    },
    {
        "name": "b",
        "type": "string",
        "constraints": {"pattern": "x+", "minLength": 1, "maxLength": 3},
        "categories": ["x", "xx"],
    },
    {"name": "c", "type": "boolean", "trueValues": ["y"], "falseValues": ["n"]},
    {"name": "d", "type": "list", "itemType": "string", "delimiter": ";"},
    {"name": "e", "type": "number", "decimalChar": ".", "groupChar": ",", "bareNumber": False},
    {"name": "f", "type": "date", "format": "%Y", "constraints": {"exclusiveMinimum": "2000"}},
]

DESCRIPTOR = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "test",
    "version": "1.0.0",
    "created": "2020-01-01T00:00:00Z",
    "licenses": [{"name": "CC0-1.0"}],
    "sources": [{"title": "Test"}],
    "contributors": [{"title": "Test", "roles": ["author"]}],
    "resources": [
        {
            "name": "t",
            "path": ["t.csv"],
            "type": "table",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": 57,
            "hash": "sha256:00",
            "dialect": {
                "delimiter": ",",
                "quoteChar": '"',
                "doubleQuote": True,
                "escapeChar": "\\",
                "lineTerminator": "\n",
                "skipInitialSpace": False,
                "nullSequence": "NULL",
                "header": True,
                "headerRows": [1],
                "headerJoin": " ",
                "commentChar": "#",
                "commentRows": [9],
            },
            "schema": {
                "fields": FIELDS,
                "missingValues": ["", "."],
                "primaryKey": ["a"],
                "uniqueKeys": [["b"]],
                "foreignKeys": [{"fields": ["a"], "reference": {"resource": "u", "fields": ["id"]}}],
                "fieldsMatch": "exact",
            },
        },
        {"name": "u", "path": "u.json", "type": "table", "schema": {"fields": [{"name": "id", "type": "integer"}]}},
        {"name": "v", "data": [{"z": 1}], "type": "table", "schema": {"fields": [{"name": "z", "type": "integer"}]}},
    ],
}

FILES = {"t.csv": 'a,b,c,d,e,f\n1,x,y,a;b,1.5,2020\n2,xx,n,c,"1,0",\n#,,,,,\n', "u.json": '[{"id":1}]'}

Place = tuple[str | int, ...]


def places(data: Any, here: Place = ()) -> Iterator[Place]:
    """Yield the place of every value in a JSON value."""
    yield here
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from places(value, (*here, key))


def replaced(data: Any, place: Place, value: Any) -> Any:
    """Return a JSON value with the value at a place replaced."""
    if not place:
        return value
    result = copy.deepcopy(data)
    holder = result
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return result


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Give up when one run takes too long."""

    def give_up(*_: object) -> NoReturn:
        raise AssertionError("The tool hangs.")

    before = signal.signal(signal.SIGALRM, give_up)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(params=list(_QUICK))
def subject(request: pytest.FixtureRequest, small: Path, tmp_path: Path) -> tuple[str, Path]:
    """A descriptor or document that is right, and the file it lies in."""
    if request.param == "descriptor":
        for name, text in FILES.items():
            (tmp_path / name).write_text(text)
        target = tmp_path / "datapackage.json"
        target.write_text(json.dumps(DESCRIPTOR))
    else:
        target = tmp_path / "package.json"
        convert(small, target, request.param)
    return request.param, target


def test_no_replaced_value_makes_the_tool_stumble(subject: tuple[str, Path], scale: int) -> None:
    name, file = subject
    data = json.loads(file.read_text())
    pairs = [(place, value) for place in places(data) for value in VALUES]
    random.Random(1).shuffle(pairs)  # noqa: S311 - the same pairs every time
    stumbles = []
    for place, value in pairs[: _QUICK[name] * scale]:
        file.write_text(json.dumps(replaced(data, place, value)))
        signal.alarm(PATIENCE)
        try:
            validate(file)
        except DiplodataError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a stumble
            stumbles.append(f"{'/'.join(map(str, place))} = {value!r}: {type(error).__name__}: {error}")
    assert stumbles == []
