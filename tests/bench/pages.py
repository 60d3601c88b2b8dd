"""Sections of the page that the measurements are written to."""

from __future__ import annotations

from pathlib import Path


def put_into(page: Path, head: str, text: str) -> None:
    """Replace a section in a page, or add it at the end.

    Args:
        page: the page.
        head: the line that begins the section.
        text: the section, its head included.
    """
    whole = page.read_text(encoding="utf-8") if page.exists() else ""
    before, _, after = whole.partition(f"{head}\n")
    _, mark, rest = after.partition("\n## ")
    page.write_text(f"{before.rstrip()}\n\n{text}{mark}{rest}", encoding="utf-8")
