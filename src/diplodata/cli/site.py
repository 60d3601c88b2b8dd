"""``diplodata site``."""

from __future__ import annotations

import click


@click.command("site")
@click.argument("target")
@click.option("--source", default=".", show_default=True, help="The package whose site is built.")
def command(target: str, source: str) -> None:
    """Validate a package and write its site into the folder TARGET, beside the releases in it.

    The pages of an earlier site are replaced; anything else in TARGET is left alone.
    """
    from diplodata.render.text_report import render
    from diplodata.site.making import make_site

    report, made = make_site(target, source)
    if not made:
        click.echo(render(report), nl=False)
        click.echo(f"{report.subject} has errors, so its site is not built.", err=True)
        click.get_current_context().exit(1)
    click.echo(f"{target}: open index.html.", err=True)
