"""What the macros on texts say holds for every text, not only for those of the cases."""

# Letters that look alike are what this is about.
# ruff: noqa: RUF001

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplodata.engine.session import Session

LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéçñø"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяіўАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЎ"
GREEK = "αβγδεζηθικλμνξοπρστυφχψωάίόΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
BETWEEN = " -.,’0123456789()/"

#: Letters of two scripts that look alike.
PAIRS = (*zip("aeopcxABCEHKMOPTX", "аеорсхАВСЕНКМОРТХ", strict=True), ("o", "ο"), ("v", "ν"), ("A", "Α"))

#: Characters whose normal forms have been the same for long.
SETTLED = st.text(st.characters(max_codepoint=0x1FFF, exclude_categories=("Cc", "Cn", "Cs")), max_size=30)

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
TOP = st.from_regex(r"[a-z][a-z0-9]{1,10}", fullmatch=True).filter(lambda name: name != "invalid")


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session() as opened:
        yield opened


def said(session: Session, expression: str, *values: str) -> object:
    """Return what an expression of macros gives for values."""
    session.define(expression)
    return session.value(f"SELECT {expression}", values)


@given(text=SETTLED)
@settings(max_examples=100)
def test_normal_form_is_that_of_unicode(session: Session, text: str) -> None:
    assert said(session, "to_nfc($1)", text) == unicodedata.normalize("NFC", text)


@given(text=st.text(max_size=30).filter(lambda text: "\0" not in text))
@settings(max_examples=100)
def test_ascii_is_ascii(session: Session, text: str) -> None:
    assert said(session, "is_ascii($1)", text) is text.isascii()


@given(text=st.one_of(st.text(letters + BETWEEN, max_size=30) for letters in (LATIN, CYRILLIC, GREEK)))
@settings(max_examples=100)
def test_a_text_of_one_script_mixes_nothing(session: Session, text: str) -> None:
    assert said(session, "mixes_alike($1)", text) is False


@given(
    parts=st.tuples(st.text(LATIN, max_size=5), st.text(LATIN, max_size=5)).filter(any),
    pair=st.sampled_from(PAIRS),
    around=st.tuples(st.text(LATIN + BETWEEN, max_size=9), st.text(CYRILLIC + BETWEEN, max_size=9)),
)
@settings(max_examples=100)
def test_one_letter_that_looks_alike_is_seen(
    session: Session, parts: tuple[str, str], pair: tuple[str, str], around: tuple[str, str]
) -> None:
    right, wrong = (f"{around[0]} {parts[0]}{letter}{parts[1]} {around[1]}" for letter in pair)
    assert said(session, "mixes_alike($1)", right) is False
    assert said(session, "mixes_alike($1)", wrong) is True


@given(
    scripts=st.permutations([("Latn", LATIN), ("Cyrl", CYRILLIC), ("Grek", GREEK)]),
    more=st.integers(1, 9),
    less=st.integers(0, 8),
    data=st.data(),
)
@settings(max_examples=100)
def test_the_script_of_most_letters_counts(
    session: Session, scripts: list[tuple[str, str]], more: int, less: int, data: st.DataObject
) -> None:
    (own, letters), (other, others), _ = scripts
    less = min(less, more - 1)
    text = data.draw(st.text(letters, min_size=more, max_size=more)) + " 1 "
    text += data.draw(st.text(others, min_size=less, max_size=less))
    assert said(session, "is_foreign_to($1, $2)", text, own) is False
    assert said(session, "is_foreign_to($1, $2)", text, other) is (other != "Latn" or not text.isascii())


@given(
    host=st.one_of(
        st.builds(lambda labels, top: ".".join((*labels, top)), st.lists(LABELS, max_size=3), TOP),
        st.ip_addresses(v=4).map(str),
        st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
    ),
    port=st.one_of(st.just(""), st.integers(0, 65535).map(lambda number: f":{number}")),
    rest=st.sampled_from(["", "/", "/a@b:c", "?q=//x@y", "#:99999"]),
)
@settings(max_examples=200)
def test_addresses_with_a_host_are_valid(session: Session, host: str, port: str, rest: str) -> None:
    assert said(session, "is_web_address($1)", f"https://{host}{port}{rest}") is True
    assert said(session, "is_web_address($1)", f"https://user@{host}{port}{rest}") is False
    assert said(session, "is_web_address($1)", f"https://{host}:65536{rest}") is False


@given(numbers=st.lists(st.integers(0, 999), min_size=1, max_size=5))
@settings(max_examples=100)
def test_hosts_of_numbers_are_addresses_of_the_internet(session: Session, numbers: list[int]) -> None:
    host = ".".join(map(str, numbers))
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        assert said(session, "is_web_address($1)", f"http://{host}/") is False
    else:
        assert said(session, "is_web_address($1)", f"http://{host}/") is True


@given(text=st.text(max_size=40).filter(lambda text: "\0" not in text), other=st.text(max_size=12))
@settings(max_examples=100)
def test_no_text_stops_a_macro(session: Session, text: str, other: str) -> None:
    other = other.replace("\0", "")
    calls = (
        "letters($1)",
        "stands_for_nothing($1)",
        "is_no_plain_name($1)",
        "is_web_address($1)",
        "may_be_same_day($1, $2)",
        "has_items($1, $2)",
        "is_foreign_to($1, $2)",
        "tag_language($1)",
        "tag_script($1)",
        "tag_region($1)",
        "is_private_subtag($2, $1)",
        "mixes_alike($1)",
    )
    session.define(" ".join(calls))
    session.rows(f"SELECT {', '.join(calls)}", (text, other))
