"""``diplodata yank``."""

from __future__ import annotations

import click


@click.command("yank")
@click.argument("target")
@click.argument("version")
@click.option("--reason", required=True, metavar="TEXT", help="Why; readers are shown it.")
@click.option("--sign", "key", metavar="KEY", help="SSH key that signs the index.")
def command(target: str, version: str, reason: str, key: str | None) -> None:
    """Mark the release VERSION below TARGET as withdrawn: it stays, and no channel leads to it."""
    from diplodata.release.yank import yank
    from diplodata.render.escaping import line

    is_new = yank(target, version, reason, key)
    state = "withdrawn" if is_new else "was withdrawn already"
    click.echo(line(f"{target}: version {version} {state}."), err=True)
