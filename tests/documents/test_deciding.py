"""jsonschema-rs decides and jsonschema explains: they agree on documents of every kind of damage."""

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from diplodata import strict_json
from diplodata.documents.deciding import decider, quick_decider
from diplodata.documents.explaining import explained, records
from diplodata.documents.keywords import KEYWORDS, OTHERWISE
from diplodata.documents.whole import findings_of
from diplodata.standard import export, registry

KINDS = ("bundle", "nested")

DOCUMENTS: dict[str, Any] = {
    "nested": {
        "diplodata": {"standard": "1.0", "prefixes": ["test"]},
        "meetings": [
            {
                "id": "test:mtg-a",
                "title": "Session",
                "title_language": "be-Cyrl",
                "status": "held",
                "format": "in_person",
                "start_date": "2020-05-26~",
                "start_time": "10:00",
                "time_zone": "Europe/Minsk",
                "country_code": "BLR",
                "url": "https://example.org/a?b=c",
                "wikidata_id": "Q184",
                "same_as": ["https://example.org/1", "urn:x:2"],
                "source_id": "test:src-a",
                "participants": [
                    {
                        "id": "test:par-a",
                        "role": "delegation",
                        "attendance": "attended",
                        "party_size": 3,
                        "source_id": "test:src-a",
                    }
                ],
                "decisions": [],
            }
        ],
        "names": [
            {
                "id": "test:nam-a",
                "record_table": "meetings",
                "record_id": "test:mtg-a",
                "field_name": "title",
                "value": "Сустрэча",
                "language": "be",
                "is_preferred": True,
                "source_id": "test:src-a",
            }
        ],
    }
}
DOCUMENTS["bundle"] = {
    "diplodata": DOCUMENTS["nested"]["diplodata"],
    "participants": [DOCUMENTS["nested"]["meetings"][0]["participants"][0] | {"meeting_id": "test:mtg-a"}],
    "organizations": [
        {"id": "test:org-a", "name": "A", "name_language": "en", "classification": "state", "source_id": "test:src-a"}
    ],
}

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000),
    st.text(max_size=12),
    # Where engines of patterns differ: line ends, digits and letters beyond ASCII, white space of several kinds.
    st.sampled_from(
        ["2020\n", "٢٠٢٠", "test:mtg-a\n", "Q1\r", "en\u2028", "\uff45\uff4e", "test:mtg-é", "https://e.org/\u00a0"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "x_a", "title", "ö"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield before
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        yield from _paths(item, (*before, key))


@st.composite
def damaged(draw: st.DrawFn, kind: str) -> Any:
    """Draw a document in which up to three places are changed, added or removed."""
    document = copy.deepcopy(DOCUMENTS[kind])
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(_paths(document))[1:] or [()]))
        if not path:
            break
        parent = document
        for part in path[:-1]:
            parent = parent[part]
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "remove":
            del parent[path[-1]]
        elif change == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(["x_note", "x_", "other", "meeting_id", "Title", "note"]))] = draw(VALUES)
        else:
            parent[path[-1]] = draw(VALUES)
    return document


def _explainer(kind: str) -> Draft202012Validator:
    schema = export.as_json_schema("1.0", kind)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_both_agree(kind: str, data: st.DataObject) -> None:
    document = data.draw(damaged(kind))
    by_jsonschema = [tuple(error.absolute_path) for error in _explainer(kind).iter_errors(document)]
    assert decider("1.0", kind).is_valid(document) is (not by_jsonschema)
    # Places are those of the keywords, so that they can be compared as well.
    by_rust = [tuple(error.instance_path) for error in decider("1.0", kind).iter_errors(document)]
    assert set(by_rust) == set(by_jsonschema)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_refused_is_explained_and_nothing_else(kind: str, data: st.DataObject) -> None:
    document = data.draw(damaged(kind))
    found = [item for item, _ in explained(document, "1.0", kind, "document.json")]
    has_extensions = any(key.startswith("x_") for _, record, _ in records(document, kind) for key in record)
    if decider("1.0", kind).is_valid(document):
        assert has_extensions or not found
    else:
        assert found
    assert len(found) == len({(item.code, item.pointer, item.message) for item in found})


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_the_quick_decider_takes_only_what_has_no_finding(kind: str, data: st.DataObject) -> None:
    # Through a text, as documents come: what the quick decider takes is never looked at again.
    document = strict_json.parse(json.dumps(data.draw(damaged(kind)), default=float).encode())
    if quick_decider("1.0", kind).is_valid(document):
        kind_of = "nested" if "meetings" in document and "participants" not in document else "bundle"
        assert kind_of != kind or not findings_of(document, "1.0", "document.json")


@pytest.mark.parametrize("kind", KINDS)
def test_the_quick_decider_takes_good_documents(kind: str) -> None:
    assert quick_decider("1.0", kind).is_valid(DOCUMENTS[kind])
    assert not findings_of(DOCUMENTS[kind], "1.0", "document.json")


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _patterns(item)
    elif isinstance(schema, dict):
        for key, item in schema.items():
            if key == "pattern" and isinstance(item, str):
                yield item
            elif key == "patternProperties":
                yield from item
            yield from _patterns(item)


def test_patterns_have_classes_of_ascii_only() -> None:
    """Python, Rust, RE2 and ECMAScript disagree about what these mean beyond ASCII."""
    found = {
        pattern for name in registry.schema_names("1.0") for pattern in _patterns(registry.json_schema("1.0", name))
    }
    assert len(found) > 20
    assert [pattern for pattern in found if re.search(r"\\[dDwWsSbBpP]", pattern) or not pattern.isascii()] == []


def _keywords(schema: Any, *, is_schema: bool = True) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _keywords(item)
    elif isinstance(schema, dict):
        for key, item in schema.items():
            if is_schema:
                yield key
            yield from _keywords(
                item, is_schema=not is_schema or key not in ("properties", "patternProperties", "$defs")
            )


#: Keywords that no value breaks.
SILENT = {"$schema", "$id", "$ref", "$defs", "$comment", "title", "description", "examples", "items", "properties",
          "patternProperties"}  # fmt: skip


def test_every_keyword_of_the_tables_has_a_code() -> None:
    used = {
        key for name in (*registry.table_names("1.0"), "common") for key in _keywords(registry.json_schema("1.0", name))
    }
    asked = {key for key in used if key not in SILENT and not key.startswith("x-")}
    assert asked - KEYWORDS.keys() == set()
    assert OTHERWISE.code == "profile-error"


def test_a_schema_fetches_nothing() -> None:
    from diplodata.documents.deciding import _validator

    with pytest.raises(Exception, match="is not fetched"):
        _validator({"$ref": "https://example.org/schema.json"})


def test_decimals_are_numbers_for_both() -> None:
    document = copy.deepcopy(DOCUMENTS["bundle"])
    document["participants"][0]["party_size"] = Decimal("2.0")
    assert decider("1.0", "bundle").is_valid(document)
    assert not findings_of(document, "1.0", "document.json")
