"""Tests of single members: of which kind a value is, and whether an object has members of the right kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Test = Callable[[Any], bool]

#: Names of v1; the reference asks them of packages and resources of v1, and of table schemas always.
NAME = re.compile(r"[-a-z0-9._/]+", re.ASCII)


def text(value: Any) -> bool:
    """Whether a value is a text."""
    return isinstance(value, str)


def flag(value: Any) -> bool:
    """Whether a value is true or false."""
    return isinstance(value, bool)


def whole(value: Any) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def array(value: Any) -> bool:
    """Whether a value is an array."""
    return isinstance(value, list)


def texts(value: Any) -> bool:
    """Whether a value is an array of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def whatever(_: Any) -> bool:
    """Take any value."""
    return True


def ask(_: Any) -> bool:
    """Refuse a member to which the reference gives a meaning of its own."""
    return False


def fits(value: Any, members: Mapping[str, Test]) -> bool:
    """Whether a value is an object whose members of a known name are as they must be; the reference ignores others."""
    return isinstance(value, dict) and all(members[key](item) for key, item in value.items() if key in members)


def each(members: Mapping[str, Test], *needed: str) -> Test:
    """Return a test for arrays of such objects, each with at least one of the members that are needed."""
    return lambda value: (
        isinstance(value, list)
        and all(fits(item, members) and (not needed or any(item.get(key) for key in needed)) for item in value)
    )
