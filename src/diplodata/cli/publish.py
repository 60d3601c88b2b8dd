"""``diplodata publish``."""

from __future__ import annotations

import click


@click.command("publish")
@click.argument("target")
@click.option("--source", default=".", show_default=True, help="The package to publish.")
def command(target: str, source: str) -> None:
    """Validate a package and write it as an immutable release below the folder TARGET.

    The version is that of the descriptor. The same bytes again change nothing; other bytes under a version that
    is published are refused.
    """
    from diplodata.release.publish import InvalidPackageError, publish
    from diplodata.render.text_report import render

    try:
        done = publish(target, source)
    except InvalidPackageError as error:
        click.echo(render(error.report), nl=False)
        click.echo(str(error), err=True)
        click.get_current_context().exit(1)
    state = "published" if done.is_new else "was published already with the same bytes"
    click.echo(f"{done.folder}: version {done.version} {state}.", err=True)
