"""Addresses, dates, colours and markup of a site, each by itself."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplodata.site import addresses, look, markup, ranks, wording
from diplodata.site.shown import Shown

DATES = {
    "2020-05-26": "26 May 2020",
    "2020-05": "May 2020",
    "2020": "2020",
    "2020-05-XX": "May 2020",
    "2020-XX-XX": "2020",
    "199X": "1990s",
    "19XX": "1900s",
    "2020-05-26~": "about 26 May 2020",
    "2020?": "2020 (uncertain)",
    "2020-13-01": "2020-13-01",
    "<b>": "<b>",
}


@pytest.mark.parametrize(("value", "words"), DATES.items())
def test_dates_are_told_in_words(value: str, words: str) -> None:
    assert wording.date(value) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2020-05-26", "2020-05-28", "26\u201328 May 2020"),
        ("2020-05-30", "2020-06-01", "30 May \u2013 1 June 2020"),
        ("2020-12-31", "2021-01-01", "31 December 2020 \u2013 1 January 2021"),
        ("2020-05-26", "2020-05-26", "26 May 2020"),
        ("2020-05-26", "", "26 May 2020"),
        ("", "2020", "until 2020"),
    ],
)
def test_what_two_days_share_is_said_once(start: str, end: str, words: str) -> None:
    assert wording.span(start, end) == words


def test_the_page_of_a_record_is_made_from_its_identifier() -> None:
    assert addresses.page_of("meetings", "dd:mtg-20200526-csto-cfm") == "meetings/dd/mtg-20200526-csto-cfm.html"
    assert addresses.page_of("participants", "dd:par-x") == ""


@pytest.mark.parametrize(
    "text", ["../x", "dd:mtg-../x", "dd:mtg-a/b", "DD:mtg-x", "dd:mtg-x\n", "dd:mtg-", "", "a:b:c-d"]
)
def test_what_is_no_identifier_is_no_path(text: str) -> None:
    assert addresses.page_of("meetings", text) == ""
    assert addresses.anchor_of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "ftp://example.org",
        "https://",
        'https://a"b',
    ],
)
def test_only_addresses_of_the_web_are_links(text: str) -> None:
    assert addresses.web(text) == ""


@given(st.integers(0, 0xFFFFFF))
def test_the_accent_can_be_read_on_both_papers(colour: int) -> None:
    for paper in look.PAPER.values():
        found = look.readable(f"#{colour:06x}", paper)
        one, other = (tuple(bytes.fromhex(text[1:])) for text in (found, paper))
        assert look.contrast(one, other) >= 4.5


def test_an_accent_that_can_be_read_stays() -> None:
    assert look.readable("#14507a", look.PAPER["light"]) == "#14507a"


class _One(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.names: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(texts, texts, texts)
def test_no_text_becomes_markup(text: str, language: str, kind: str) -> None:
    found = _One()
    found.feed(
        str(markup.cell((Shown(text, "", language, kind), Shown(text, "https://example.org/", language)), "../"))
    )
    found.close()
    assert found.elements in (["span", "a"], ["bdi", "a"])
    assert found.names <= {"class", "lang", "dir", "href", "rel"}
    assert found.text == f"{text} {text}" or kind.startswith("tight")


def test_names_keep_their_language_and_direction() -> None:
    assert markup.one(Shown("محمد", language="ar"), "") == '<bdi lang="ar" dir="rtl">محمد</bdi>'
    assert markup.one(Shown("Владимир Макей", language="ru"), "") == '<span lang="ru">Владимир Макей</span>'
    assert markup.one(Shown("王毅", "p.html", "zh-Hant"), "../") == '<a href="../p.html" lang="zh-Hant">王毅</a>'
    assert wording.clean("می‌خواهم") == "می‌خواهم"
    assert wording.clean("abc\u202efdp") == "abc\\u202efdp"


@pytest.mark.parametrize(
    ("post", "rank"),
    [
        ("President", "Head of state"),
        ("King", "Head of state"),
        ("First Vice-President", "Deputy head"),
        ("Deputy Prime Minister and Minister for Foreign Affairs", "Deputy head"),
        ("Prime minister", "Head of government"),
        ("President of the Council of Ministers", "Head of government"),
        ("Minister for Foreign Affairs and Trade", "Foreign minister"),
        ("Minister of Foreign Affairs", "Foreign minister"),
        ("Permanent Representative", "Others with a post"),
        ("President of the European Council", "Others with a post"),
        ("", "No post stated"),
    ],
)
def test_the_rank_is_read_from_the_post(post: str, rank: str) -> None:
    assert ranks.rank(post) == rank
