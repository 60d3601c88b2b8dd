"""Texts of cells for each type and format: good, unusual but taken by the reference, and wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_UUID = "123e4567-e89b-42d3-a456-426614174000"
_POINT = '{"type": "Point", "coordinates": [1, 2]}'


@dataclass(frozen=True)
class Texts:
    """What the cells of one type and format are drawn from."""

    good: tuple[str, ...]
    unusual: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def _of(good: str, unusual: str = "", wrong: str = "") -> Texts:
    return Texts(tuple(good.split()), tuple(unusual.split()), tuple(wrong.split()))


def _more(texts: Texts, unusual: tuple[str, ...] = (), wrong: tuple[str, ...] = ()) -> Texts:
    return Texts(texts.good, texts.unusual + unusual, texts.wrong + wrong)


_STRING = Texts(
    ("a", "b", "ab", "cd", "abcd", "ABC", "x y", "1", "01", "é"),
    ("e\u0301", "\U0001f54a", " a", "a ", "é" * 7, "a,b", 'say "x"', "x;y", "two\nlines", "it's", "#x", "\u200b", "-"),
    ("", " ", "null", "NA", "a" * 5000),
)

#: (type, format) -> texts; a format that is not in it is a pattern, whose texts are made by ``_dated``.
TEXTS: Mapping[tuple[str, str], Texts] = {
    ("any", "default"): _STRING,
    ("array", "default"): Texts(
        ("[]", "[1]", '["a", "b"]', "[1,2,3]"), ("[NaN]", " [1] ", "[1.0]", "[[1],{}]"), ("{}", "1", "[1", "x", "null")
    ),
    ("boolean", "default"): _more(
        _of("true false 1 0 True False TRUE FALSE", "", "yes t tRUE no 2 -"), (), (" true", "true ", "\uff11")
    ),
    ("date", "any"): _more(
        _of("2020-01-05 1999-12-31 5/1/2020", "10 Mon 2020", "x 2020-13-45 99/99/9999"), ("Jan 5 2020",), ("é",)
    ),
    ("date", "default"): _more(
        _of(
            "2020-01-05 1999-12-31 2020-02-29 0001-01-01 9999-12-31",
            "2020-1-5 2020-01-5 \uff12020-01-05",
            "2021-02-29 2020-13-01 0000-01-01 20200105 2020-01-05T00:00:00 12020-01-05 x 2020/01/05",
        ),
        (),
        (" 2020-01-05", "2020-01-05 ", "2020- 1-05"),
    ),
    ("datetime", "any"): _of("2020-01-05T10:00:00 2020-01-05T10:00:00Z", "2020 10:00 2020-01-05", "x 2020-13-45T99"),
    ("datetime", "default"): _more(
        _of(
            "2020-01-05T10:00:00 2020-01-05T10:00:00Z 1999-12-31T23:59:59 2020-01-05T11:00:00+01:00",
            "2020-01-05t10:00:00z 2020-01-05T10:00:00,5 2020-01-05T10:00:00.123456789 2020-01-05T10:00:00+01 "
            "2020-W01-1T00:00:00 2020-01-05T24:00:00 2020-01-05T10:00:00.000",
            "2020-01-05 2020-01-05T10:00 2020-01-05T25:00:00 2020-02-30T10:00:00 x 20200105T100000 2020-01-05T10:00:60",
        ),
        ("2020-01-05 10:00:00",),
        (" 2020-01-05T10:00:00",),
    ),
    ("duration", "default"): _of("P1Y P1D PT5M P1Y2M3DT4H5M6S", "P1W +P1D P1.5D PT -P1D P0D P1Y0D", "P p1d 1Y x P-"),
    ("geojson", "default"): Texts(
        (_POINT, '{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}'),
        ('{"type": "Point", "coordinates": [1, 2], "x": 1}',),
        ('{"type": "Point"}', "{}", "[]", "x", '{"type": "Dot", "coordinates": [1, 2]}'),
    ),
    ("geojson", "topojson"): Texts(
        ('{"type": "Topology", "objects": {}, "arcs": []}',), (), ('{"type": "Topology"}', _POINT, "x", "[]")
    ),
    ("geopoint", "array"): Texts(
        ("[1, 2]", "[1.5,-2]"), ("[0,0]", ' ["1","2"]'), ("[1]", "[181, 0]", "1,2", "x", "{}")
    ),
    ("geopoint", "default"): Texts(
        ("1,2", "1.5,-2", "180,90", "0,0"),
        ("1, 2", " 1,2 ", "1e1,2", "+1,2"),
        ("1", "181,0", "0,91", "x,y", "1;2", "NaN,1"),
    ),
    ("geopoint", "object"): Texts(
        ('{"lon": 1, "lat": 2}', '{"lat": 1.5, "lon": -2}'),
        ('{"lon": "1", "lat": "2"}',),
        ('{"lon": 1}', '{"lon": 181, "lat": 0}', "[1, 2]", "x", '{"lon": 1, "lat": 2, "z": 3}'),
    ),
    ("integer", "default"): _more(
        _of(
            "0 1 2 7 10 -1 100 12345678901234567890",
            "+1 01 007 -0 00 1_000 \u0661 \uff11 9999999999999999999999999999999999999999999",
            "1.0 1e3 0x1 one _1 1__0 - 1,000 9" + " " + "9" * 4301,
        ),
        (" 1", "1 ", "\u00a01", "1\n"),
        ("1 0", "1\u22121", "\u22121"),
    ),
    ("list", "default"): Texts(("a,b", "a", "1,2", "1,2,3"), (" 1, 2", "a,", ",", "1,,2"), ("x;y", "1.5,x")),
    ("number", "default"): _more(
        _of(
            "0 1 1.0 1.00 2.5 -2.5 100 7.25 NaN INF -INF",
            ".5 1. 1e2 1E+2 +3 -0.0 nan inf 1_0 Infinity \u0661 1e400 1.0000000000000001 -nan 1e-20 123456789012345678901.5",
            "1,5 x 0x1 . 1e 1e9999999999999999999 sNaN 1.2.3 --1",
        ),
        (" 1", "1 ", "1\n"),
        ("1 0", "\u22125"),
    ),
    ("object", "default"): Texts(
        ("{}", '{"a": 1}', '{"a": 1, "b": [2]}'), ('{"a": NaN}', '{"a": 1, "a": 2}', ' {"a":1} '), ("[]", "1", "{", "x")
    ),
    ("string", "binary"): _of("YWJj YQ== YWI=", "#### YW-Jj", "YQ Y é"),
    ("string", "default"): _STRING,
    ("string", "email"): _of("a@b.co x.y@example.org", "é@b.co a+b@c.de", "a a@localhost a@b @b.co a@b..co"),
    ("string", "uri"): _of("http://example.org/x urn:a:b", "a:b http: HTTP://X mailto:a@b.co", "x //a /b é 1:b"),
    ("string", "uuid"): _of(
        f"{_UUID} 00000000-0000-0000-0000-000000000000",
        f"{_UUID.upper()} {_UUID.replace('-', '')} {{{_UUID}}} urn:uuid:{_UUID}",
        f"{_UUID[:-1]} x {_UUID}0",
    ),
    ("time", "any"): _of("10:00:00 23:59", "10am 10", "x 99:99"),
    ("time", "default"): _more(
        _of(
            "10:00:00 23:59:59 00:00:00",
            "10:00:00Z 10:00:00+01:00 10:00:00.5 10:00:00,5 24:00:00",
            "10:00 25:00:00 x 100000 10:00:60 1:00:00",
        ),
        (),
        (" 10:00:00",),
    ),
    ("year", "default"): _more(
        _of("2020 1999 0000 0001 9999", "+123 1_00 \uff12020", "12345 -0044 20 20200 x 2020Z 2020.0 -12345"),
        (" 12 ", "12  "),
    ),
    ("yearmonth", "default"): _more(
        _of("2020-01 1999-12", "2020-1 2-01 99999-01 +2020-01", "2020-13 2020-00 2020 202001 x 2020-01-01 -2020-01"),
        (" 2020-01", "2020 - 01"),
    ),
}

#: Format of dates and times by pattern -> texts.
_PATTERNED: Mapping[str, Texts] = {
    "%d/%m/%Y": _of("05/01/2020 31/12/1999", "5/1/2020", "2020-01-05 32/01/2020 x"),
    "%Y": _of("2020 1999", "", "20 x 20200 2020-01"),
    "%H:%M": _of("10:00 23:59", "1:5", "10:00:00 25:00 x"),
    "%Y-%m-%d %H:%M": Texts(("2020-01-05 10:00", "1999-12-31 23:59"), ("2020-1-5 1:05",), ("2020-01-05", "x")),
}

#: What may stand in a column of any type.
ANYWHERE = (
    "",
    "-",
    "NA",
    " ",
    "x",
    "é",
    "\u0664\u0662",
    "a\tb",
    '"',
    "0",
    "\u00a0",
    "\ufeff1",
    "9" * 400,
    "null",
    "{}",
)

_EDITS = " 0159-+.,:_eETZaxé\u0661\uff11/"


def texts_of(field: Mapping[str, Any]) -> Texts:
    """Return the texts for a field, as its options want them."""
    kind, form = field.get("type", "string"), field.get("format", "default")
    texts = TEXTS.get((kind, form)) or _PATTERNED[form]
    if kind == "boolean" and "trueValues" in field:
        return Texts((*field["trueValues"], *field["falseValues"]), (), ("true", "1", "False", "x"))
    if kind in ("integer", "number"):
        return _numeric(texts, field)
    if kind == "list" and "delimiter" in field:
        return Texts(*(tuple(text.replace(",", field["delimiter"]) for text in part) for part in _parts(texts)))
    return texts


def _parts(texts: Texts) -> tuple[tuple[str, ...], ...]:
    return texts.good, texts.unusual, texts.wrong


def _numeric(texts: Texts, field: Mapping[str, Any]) -> Texts:
    group, point = field.get("groupChar"), field.get("decimalChar", ".")
    good = tuple(text.replace(".", point) for text in texts.good)
    if group:
        good += (f"1{group}000", f"12{group}345{group}678", f"1{group}0{group}0")
    if group and field["type"] == "number":
        good += (f"1{group}000{point}5",)
    if field.get("bareNumber") is False:
        good += ("$5", "95%", "EUR 7", "-3 kg", "7 x")
        return Texts(good, (*texts.unusual, "€.5", "(5)"), (*texts.wrong, "5x5", "1.5%"))
    return Texts(good, texts.unusual, (*texts.wrong, "$5", "95%"))


def draw(chance: random.Random, field: Mapping[str, Any], variety: int) -> str:
    """Return a text for a cell of a field.

    Args:
        chance: where the choice comes from.
        field: descriptor of the field.
        variety: how many of the good texts are used; few of them repeat often.
    """
    texts = texts_of(field)
    share = chance.random()
    if share < 0.62:
        return chance.choice(texts.good[:variety])
    if share < 0.76 and texts.unusual:
        return chance.choice(texts.unusual)
    if share < 0.84 and texts.wrong:
        return chance.choice(texts.wrong)
    if share < 0.92:
        return edited(chance, chance.choice(texts.good + texts.unusual))
    return chance.choice(ANYWHERE)


def edited(chance: random.Random, text: str) -> str:
    """Return a text with one random edit: a character inserted, left out, replaced or doubled."""
    position = chance.randrange(len(text) + 1)
    before, at, after = text[:position], text[position : position + 1], text[position + 1 :]
    return chance.choice(
        [
            before + chance.choice(_EDITS) + at + after,
            before + after,
            before + chance.choice(_EDITS) + after,
            before + at * 2 + after,
        ]
    )
