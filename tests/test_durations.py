"""Durations are ordered as XML Schema orders them: a month is neither longer nor shorter than 30 days."""

from __future__ import annotations

import pytest
from isodate import parse_duration

from diplodata.engine import durations

#: (one, other, whether one is certainly not below, certainly not above): the table of XML Schema, and more.
ORDER = [
    ("P1Y", "P364D", True, False),
    ("P1Y", "P365D", True, False),
    ("P1Y", "P366D", False, True),
    ("P1Y", "P367D", False, True),
    ("P1M", "P27D", True, False),
    ("P1M", "P28D", True, False),
    ("P1M", "P29D", False, False),
    ("P1M", "P30D", False, False),
    ("P1M", "P31D", False, True),
    ("P5M", "P149D", True, False),
    ("P5M", "P152D", False, False),
    ("P5M", "P153D", False, True),
    ("P1Y", "P12M", True, True),
    ("P1D", "PT24H", True, True),
    ("-P1M", "P0D", False, True),
    ("P9999999999Y", "P1Y", True, False),
    ("PT0.5S", "PT0.25S", True, False),
]


@pytest.mark.parametrize(("one", "other", "not_below", "not_above"), ORDER)
def test_order(one: str, other: str, not_below: bool, not_above: bool) -> None:
    bounds = durations.limits({"minimum": other, "maximum": other}, parse_duration)
    broken = set(durations.broken(parse_duration(one), bounds))
    assert broken == {keyword for keyword, holds in (("minimum", not_below), ("maximum", not_above)) if not holds}


def test_a_limit_is_a_duration() -> None:
    with pytest.raises(ValueError, match="1 month"):
        durations.limits({"minimum": "1 month"}, lambda _: None)
