"""Changes as JSON, the same bytes for the same input; every change is in it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from diplodata.model.changes import ACTIONS, CHANGES_VERSION, Bump, Changes, TableChange
from diplodata.render.json_report import text_of


def render(changes: Changes, bump: Bump, _: int) -> Iterator[str]:
    """Yield the document piece by piece; a change of a record is one line."""
    head = {
        "changes_version": CHANGES_VERSION,
        "old": changes.old.to_dict(),
        "new": changes.new.to_dict(),
        "equal": changes.equal,
        "counts": {action: changes.count(action) for action in ACTIONS},
        "version": bump.to_dict(),
        "metadata": [item.to_dict() for item in changes.metadata],
        "files": [item.to_dict() for item in changes.files],
        "codes": [item.to_dict() for item in changes.codes],
    }
    yield text_of(head, indent=2).removesuffix("\n}") + ',\n  "tables": ['
    for place, table in enumerate(changes.tables):
        yield (",\n" if place else "\n") + "".join(_head(table))
        yield from _records(table)
    yield ("\n  ]" if changes.tables else "]") + "\n}\n"


def _head(table: TableChange) -> str:
    return textwrap.indent(text_of(table.head(), indent=2).removesuffix("\n}"), "    ") + ',\n      "records": ['


def _records(table: TableChange) -> Iterator[str]:
    separator = "\n        "
    for change in table.records:
        yield separator + text_of(change.to_dict())
        separator = ",\n        "
    yield ("\n      ]" if len(table.records) else "]") + "\n    }"
