"""Choose from a registry, and hand out text: to the terminal, or to a file in one step."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from diplodata.errors import UsageError

Choice = TypeVar("Choice")


def chosen(registry: Mapping[str, Choice], name: str, noun: str) -> Choice:
    """Return an entry of a registry by name.

    Raises:
        UsageError: there is no such entry; the message offers what is close.
    """
    if name in registry:
        return registry[name]
    import difflib

    close = difflib.get_close_matches(name, registry, n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    raise UsageError(f"Unknown {noun} {name!r}; known: {', '.join(sorted(registry))}.{guess}")


def deliver(text: str, output: str | None) -> None:
    """Print text, or write it beside the file and rename, so that no half report is ever seen."""
    deliver_parts([text], output)


def deliver_parts(parts: Iterable[str], output: str | None) -> None:
    """Print text that comes in parts, or write it beside the file and rename."""
    if output is None:
        # What the terminal cannot show is written as an escape.
        encoding = sys.stdout.encoding or "utf-8"
        for text in parts:
            click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise UsageError(f"{output} cannot be written: {path.parent} is no folder.")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8") as stream:
            stream.writelines(parts)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
