"""From changes to text for people and machines; each form is written piece by piece, so that it may be large."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from diplodata.model.changes import Bump, Changes

#: Changes of records that forms for people show of one table, unless another number is asked for.
LIMIT = 50

ChangeRenderer = Callable[[Changes, Bump, int], Iterator[str]]

#: format -> module that writes it; a module is loaded when it is asked for.
_WRITERS: Mapping[str, str] = {
    "csv": "csv_changes",
    "html": "html_changes",
    "json": "json_changes",
    "markdown": "markdown_changes",
    "text": "text_changes",
}


def _writer(module: str) -> ChangeRenderer:
    def render(changes: Changes, bump: Bump, limit: int) -> Iterator[str]:
        write: ChangeRenderer = import_module(f"diplodata.render.changes.{module}").render
        return write(changes, bump, limit)

    return render


#: format -> how changes are written; csv and json hold every change whatever the limit.
CHANGE_RENDERERS: Mapping[str, ChangeRenderer] = {name: _writer(module) for name, module in _WRITERS.items()}


def changelog(changes: Changes, bump: Bump) -> str:
    """Return the changes in words, as Markdown: the text for CHANGELOG.md of a release."""
    from diplodata.render.changes import markdown_changes

    return markdown_changes.changelog(changes, bump)
