"""What becomes of the characters of a text: nothing that a rule reports is left, and nothing else has changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplodata.engine.session import Session
from diplodata.mending.cell import RULES, Cell
from diplodata.mending.cells import REPAIRS, UNSAFE
from diplodata.model.schema import Annotations, Field
from diplodata.rules.rule import rules

TEXT = Field("title", annotations=Annotations(kind="text"))
GIVEN = Field("quote", annotations=Annotations(kind="text"))

#: Letters and marks of scripts with joiners and of others, spaces, and what cannot be seen.
CHARACTERS = (
    "aAeé1.,\u0301\u0308\u0327\u212b\u1e9b\ufb01"
    "\u0627\u0645\u06cc\u0640\u060c\u0915\u094d\u0964\u0d15\u0d4d\u1820\u1805\u1780\u0710\u0b95\u5927"
    " \u00a0\u1680\u2003\u202f\u205f\u3000"
    "\t\n\r\x0b\x0c\x1c\x1f\x7f\x85\x00\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2069\ufeff"
    "\ufdd0\U0001f469"
)
TEXTS = st.lists(st.text(alphabet=st.sampled_from(CHARACTERS), max_size=12), min_size=40, max_size=60)


def mended(value: str, field: Field = TEXT, codes: frozenset[str] = frozenset()) -> str:
    for kind, repair in REPAIRS.items():
        if kind not in UNSAFE:
            value = repair(replace(Cell(field, value, codes), value=value))
    return value


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(on_disk=False) as opened:
        yield opened


def found(session: Session, code: str, values: list[str]) -> list[str]:
    """Return the values in which a rule finds something."""
    condition = re.sub(r"\{[a-z_]+\}", "NULL", rules()[code].expression.replace("{column}", "value"))
    session.define(condition)
    query = f"SELECT value FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS value) WHERE coalesce({condition}, false)"
    return [value for (value,) in session.rows(query, [values])]


@given(texts=TEXTS)
def test_no_rule_finds_anything_afterwards(session: Session, texts: list[str]) -> None:
    after = [value for value in map(mended, texts) if value]
    for code in RULES & rules().keys():
        assert not found(session, code, after), code
    assert all(unicodedata.is_normalized("NFC", value) for value in after)
    assert [mended(value) for value in after] == after


@given(texts=TEXTS)
def test_a_text_in_which_no_rule_finds_anything_stays(session: Session, texts: list[str]) -> None:
    # These two are of scripts with joiners themselves, so that the rule takes a joiner behind them for a wanted one.
    odd = {"\u061c", "\u180e"}
    normal = [unicodedata.normalize("NFC", text) for text in texts if text and not odd & set(text)]
    wrong = {value for code in RULES & rules().keys() for value in found(session, code, normal)}
    for text in normal:
        assert (mended(text) == text) == (text not in wrong)


@given(texts=TEXTS)
def test_what_can_be_seen_stays_in_its_order(texts: list[str]) -> None:
    for text in texts:
        assert visible(mended(text)) == visible(text)


def visible(text: str) -> str:
    """Return the letters and marks of a text in normal form, without joiners and spaces."""
    kept = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp", "Zs"))
    return unicodedata.normalize("NFC", kept)


@given(texts=TEXTS)
def test_what_repeats_a_source_stays_without_a_finding(texts: list[str]) -> None:
    assert [mended(text, GIVEN) for text in texts] == texts
    assert [mended(text, GIVEN, frozenset({"constraint-error"})) for text in texts] == texts
    code = frozenset({"invisible-character"})
    assert [mended(text, GIVEN, code) for text in texts] == [mended(text) for text in texts]
