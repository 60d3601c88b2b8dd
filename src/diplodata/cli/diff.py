"""``diplodata diff``."""

from __future__ import annotations

import click


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="Form of the changes: text, json, csv, markdown or html.",
)
@click.option("--output", type=click.Path(dir_okay=False), help="Write the changes to a file.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="Changed records shown of each table in text, markdown and html; 0 shows all.",
)
def command(old: str, new: str, form: str, output: str | None, limit: int) -> None:
    """Compare the packages OLD and NEW: records by primary key and field by field, schemas and descriptors.

    Each is anything that validate takes, or a release. Exit codes: 0 equal, 1 different.
    """
    from diplodata.cli.output import chosen, deliver_parts
    from diplodata.render.changes import CHANGE_RENDERERS

    render = chosen(CHANGE_RENDERERS, form, "format of changes")
    from diplodata.comparing import bump_of, compare

    changes = compare(old, new)
    deliver_parts(render(changes, bump_of(changes), limit), output)
    click.get_current_context().exit(0 if changes.equal else 1)
