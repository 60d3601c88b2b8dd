"""The version of the tool."""

from __future__ import annotations

from functools import cache


@cache
def tool_version() -> str:
    """Return the version of the installed tool."""
    from importlib.metadata import version

    return version("diplodata")
