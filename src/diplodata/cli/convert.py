"""``diplodata convert``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from diplodata.conversion import Conversion

#: TARGET that means standard output.
_STDOUT = "-"

_FORMATS = "csv, json, ndjson, parquet, tsv; bundle, duckdb, nested, sqlite, xlsx."


@click.command("convert")
@click.argument("source")
@click.argument("target")
@click.option("--to", required=True, metavar="FORMAT", help=_FORMATS)
@click.option(
    "--resource", metavar="NAME", help="Write this table alone: TARGET is one file, or - for standard output."
)
def command(source: str, target: str, to: str, resource: str | None) -> None:
    """Convert the package SOURCE into TARGET: a folder with one file a table, or one file.

    TARGET must not exist. What cannot be written without loss is refused before anything is written.
    """
    from diplodata.conversion import convert
    from diplodata.render.wording import counted

    if target == _STDOUT:
        done = _print_table(source, to, resource)
    elif resource is not None:
        done = _write_table(source, target, to, resource)
    else:
        done = convert(source, target, to)
    for line in (*done.assumed, *done.kept_as_text):
        click.echo(line, err=True)
    click.echo(f"{done.target}: {counted(done.tables, 'table')}, {counted(done.rows, 'row')}.", err=True)


def _print_table(source: str, to: str, resource: str | None) -> Conversion:
    """Write one table to standard output, once all of it is known to be right."""
    import shutil
    import sys
    import tempfile

    from diplodata.conversion import convert_table

    with tempfile.TemporaryFile(prefix="diplodata-") as held:
        done = convert_table(source, held, to, resource)
        held.seek(0)
        shutil.copyfileobj(held, sys.stdout.buffer)
    return done


def _write_table(source: str, target: str, to: str, resource: str) -> Conversion:
    from dataclasses import replace
    from pathlib import Path

    from diplodata.conversion import convert_table
    from diplodata.package import staging

    with staging.file(Path(target)) as place, place.open("wb") as stream:
        done = convert_table(source, stream, to, resource)
    return replace(done, target=target)
