"""``diplodata template``."""

from __future__ import annotations

import click


@click.command("template")
@click.argument("target", metavar="FILE.xlsx")
@click.option(
    "--tables", type=click.Choice(["required", "all"]), default="all", show_default=True, help="Which tables it has."
)
@click.option("--prefix", default="xdraft", show_default=True, help="Prefix of your identifiers, such as xdraft:mtg-1.")
@click.option("--name", help="Name of the package; that of the file when left out.")
def command(target: str, tables: str, prefix: str, name: str | None) -> None:
    """Make an empty workbook of the standard to fill in: one sheet a table, with notes and drop-downs.

    What it becomes is a package: diplodata validate FILE.xlsx, diplodata convert FILE.xlsx FOLDER --to csv.
    """
    from diplodata.render.wording import counted
    from diplodata.start.template import Template, write

    number = write(target, Template(tables, prefix, name))
    click.echo(f"{target}: {counted(number, 'sheet')} to fill in.", err=True)
