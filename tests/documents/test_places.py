"""Places in the text of a document: of each value, and of what a strict parser refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diplodata import strict_json
from diplodata.documents import places, strictness
from diplodata.package.origin import pointer

KEYS = st.sampled_from(["id", "a/b", "m~n", "é", '"', "\\", "", "\n"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=6) | st.sampled_from([0.5, -1e-7]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def written(draw: st.DrawFn, value: Any) -> str:
    """Draw a text of a value: blanks of every kind, characters as such or escaped."""
    blank = draw(st.lists(st.sampled_from(["", " ", "\n", "\r\n", "\t\n "]), min_size=8, max_size=8))
    is_ascii = draw(st.booleans())
    count = iter(range(10**6))

    def gap() -> str:
        return blank[next(count) % len(blank)]

    def text(item: Any) -> str:
        if isinstance(item, dict):
            members = [
                f"{gap()}{json.dumps(key, ensure_ascii=is_ascii)}{gap()}:{gap()}{text(below)}{gap()}"
                for key, below in item.items()
            ]
            return "{" + gap() + ",".join(members) + "}"
        if isinstance(item, list):
            return "[" + gap() + ",".join(f"{gap()}{text(below)}{gap()}" for below in item) + "]"
        return json.dumps(item, ensure_ascii=is_ascii)

    return gap() + text(value) + gap()


def _all(value: Any, before: places.Parts = ()) -> Iterator[tuple[places.Parts, Any]]:
    yield before, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        yield from _all(item, (*before, key))


def _rest(text: str, place: places.Place) -> str:
    """Return the text from a place on, found as a person would: by counting lines, then characters."""
    line, column = place
    return "\n".join(text.split("\n")[line - 1 :])[column - 1 :]


@given(data=st.data())
def test_each_value_stands_where_it_is_said(data: st.DataObject) -> None:
    value = data.draw(VALUES)
    text = data.draw(written(value))
    asked = dict(_all(value))
    found = places.places(text, asked)
    assert found.keys() == asked.keys()
    for parts, item in asked.items():
        assert json.JSONDecoder().raw_decode(_rest(text, found[parts]))[0] == item


@given(data=st.data())
def test_a_value_that_is_not_there_has_the_place_of_the_one_around_it(data: st.DataObject) -> None:
    value = data.draw(VALUES)
    text = data.draw(written(value))
    parts, _ = data.draw(st.sampled_from(list(_all(value))))
    found = places.places(text, [(*parts, "no such"), parts])
    assert found[*parts, "no such"] == found[parts]


#: What is put in place of a value -> the code, where in it the place is, and whether the value's pointer is given.
REFUSED = {
    "NaN": "json-number",
    "-Infinity": "json-number",
    '"a\\ud800b"': "json-surrogate",
    "01": "json-syntax",
    "tru": "json-syntax",
}


@pytest.mark.parametrize("wrong", REFUSED)
@given(data=st.data())
def test_what_is_refused_has_its_place(wrong: str, data: st.DataObject) -> None:
    value = data.draw(VALUES)
    parts, _ = data.draw(st.sampled_from(list(_all(value))))
    mark = 987_654_321
    text = data.draw(written(_with(value, parts, mark)))
    assume(text.count(str(mark)) == 1)
    text = text.replace(str(mark), wrong)
    finding = _refused(text)
    assert finding.code == REFUSED[wrong]
    assert finding.pointer == pointer(parts)
    assert finding.line is not None
    assert finding.column is not None
    start = text.index(wrong)
    at = places.line_places(text, [start, start + len(wrong)])
    assert at[start] <= (finding.line, finding.column) <= at[start + len(wrong)]


def test_a_key_that_stands_twice_is_named_where_it_stands_again() -> None:
    finding = _refused('{"é": 1,\n "b": {"c": [0, {"é": 1,\n  "d": 2, "é" : 3}]}}')
    assert (finding.code, finding.value) == ("json-duplicate-key", "é")
    assert (finding.line, finding.column, finding.pointer) == (3, 11, "/b/c/1/é")


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "json-syntax", 1, 1),
        ("{}x", "json-syntax", 1, 3),
        ('{"a": 1,}', "json-syntax", 1, 9),
        ('{"a": [1, 2', "json-syntax", 1, 12),
        ('["a\nb"]', "json-syntax", 1, 4),
        ("[" * 500, "limit-exceeded", 1, 202),
        ("[" + "9" * 5000 + "]", "json-number", 1, 4303),
    ],
)
def test_other_refusals(text: str, code: str, line: int, column: int) -> None:
    finding = _refused(text)
    assert finding.code == code
    assert finding.line == line
    assert abs((finding.column or 0) - column) <= 1


def test_bytes_that_are_no_utf8_have_a_place() -> None:
    finding = _refused_bytes(b'["\xc3\xa9", "\xff"]')
    assert (finding.code, finding.line, finding.pointer) == ("json-syntax", 1, "/1")
    assert finding.column in (8, 9)


def _refused(text: str) -> Any:
    return _refused_bytes(text.encode())


def _refused_bytes(raw: bytes) -> Any:
    with pytest.raises(strict_json.JsonProblemError) as caught:
        strict_json.parse(raw)
    return strictness.refusal(raw, caught.value, "document.json")


def _with(value: Any, parts: places.Parts, other: Any) -> Any:
    if not parts:
        return other
    copy = list(value) if isinstance(value, list) else dict(value)
    copy[parts[0]] = _with(copy[parts[0]], parts[1:], other)
    return copy
