"""``diplodata convert``."""

from __future__ import annotations

import click


@click.command("convert")
@click.argument("source")
@click.argument("target")
@click.option("--to", required=True, metavar="FORMAT", help="csv, json, ndjson, parquet, bundle or nested.")
def command(source: str, target: str, to: str) -> None:
    """Convert the package SOURCE into TARGET: a folder, or one file for bundle and nested.

    TARGET must not exist. What cannot be written without loss is refused before anything is written.
    """
    from diplodata.conversion import convert
    from diplodata.render.wording import counted

    done = convert(source, target, to)
    for line in (*done.assumed, *done.kept_as_text):
        click.echo(line, err=True)
    click.echo(f"{done.target}: {counted(done.tables, 'table')}, {counted(done.rows, 'row')}.", err=True)
