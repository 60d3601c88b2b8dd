"""Changes as one HTML file: no scripts, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import jinja2

from diplodata import templating
from diplodata.model.changes import ACTIONS, Bump, Changes
from diplodata.render.changes import telling
from diplodata.render.escaping import cut, markup_without_commands


@cache
def _environment() -> jinja2.Environment:
    return templating.environment("diplodata.render", {"number": "{:,}".format, "shown": cut})


def render(changes: Changes, bump: Bump, limit: int) -> Iterator[str]:
    """Yield the page in pieces, each of which ends with a line."""
    environment = _environment()
    page = environment.get_template("changes.html").generate(
        changes=changes,
        bump=bump,
        limit=limit,
        actions=ACTIONS,
        telling=telling,
        tables=list(telling.told(changes.tables)),
        **templating.style(environment, "report.css"),
    )
    # A command of a build server could begin at the end of one piece and go on in the next.
    held = ""
    for part in page:
        # A plain text: one that is marked as HTML would escape what it is added to.
        held += str(part)
        whole, end, held = held.rpartition("\n")
        if end:
            yield markup_without_commands(whole + end)
    yield markup_without_commands(held) + "\n"
