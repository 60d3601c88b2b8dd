"""``diplodata convert``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from diplodata.cli.progress import Progress
    from diplodata.conversion import Conversion, Wish

#: TARGET that means standard output.
_STDOUT = "-"

#: Losses that are told in lines; the report has all of them.
_TOLD = 10

_FORMATS = "csv, json, ndjson, parquet, tsv; bundle, duckdb, nested, sqlite, xlsx."

_LEVELS = {
    "bytes": "every file can be had back byte for byte",
    "lexical": "every cell comes back as the same text",
    "value": "every cell comes back as the same value",
}


@click.command("convert")
@click.argument("source")
@click.argument("target")
@click.option("--to", required=True, metavar="FORMAT", help=_FORMATS)
@click.option(
    "--resource", metavar="NAME", help="Write this table alone: TARGET is one file, or - for standard output."
)
@click.option("--report", type=click.Path(dir_okay=False), help="Write what was kept of each column to a JSON file.")
@click.option("--allow-loss", is_flag=True, help="Write what can be written, and list every cell that was lost.")
@click.option(
    "--spreadsheet-safe",
    is_flag=True,
    help="CSV and TSV: begin texts that spreadsheets run as formulas with an apostrophe. This changes data.",
)
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    source: str,
    target: str,
    to: str,
    resource: str | None,
    report: str | None,
    allow_loss: bool,
    spreadsheet_safe: bool,
    quiet: bool,
) -> None:
    """Convert the package SOURCE into TARGET: a folder with one file a table, or one file.

    SOURCE is standard input when it is a hyphen. TARGET must not exist. What cannot be written without loss is refused
    before anything is written.
    """
    from diplodata.cli.progress import Progress
    from diplodata.conversion import Wish

    wish = Wish(allow_loss=allow_loss, spreadsheet_safe=spreadsheet_safe)
    with Progress("Converting", quiet=quiet) as progress:
        done = _converted(source, target, to, resource, wish, progress)
    if report is not None:
        _write_report(done, report)
    if not quiet:
        _tell(done)


def _converted(source: str, target: str, to: str, resource: str | None, wish: Wish, progress: Progress) -> Conversion:
    from diplodata.conversion import convert

    if target == _STDOUT:
        return _print_table(source, to, resource, wish, progress)
    if resource is not None:
        return _write_table(source, target, to, resource, wish, progress)
    return convert(source, target, to, wish, progress)


def _write_report(done: Conversion, path: str) -> None:
    import json

    from diplodata.cli.output import deliver

    deliver(json.dumps(done.report(), ensure_ascii=False, indent=2) + "\n", path)


def _tell(done: Conversion) -> None:
    """Say on standard error what was written, and what of it is not as it was."""
    from diplodata.render.escaping import line
    from diplodata.render.wording import counted

    losses = [f"Lost: {loss}." for loss in done.losses[:_TOLD]]
    if len(done.losses) > _TOLD:
        losses.append(f"Lost: {len(done.losses) - _TOLD:,} more; --report lists all.")
    for text in (*done.assumed, *done.kept_as_text, *losses):
        click.echo(line(text), err=True)
    escaped = sum(column.escaped for column in done.columns)
    if escaped:
        click.echo(
            f"Changed, for spreadsheets: {counted(escaped, 'cell')} with an apostrophe before its text.", err=True
        )
    kept = _LEVELS.get(done.level) if not done.losses else None
    said = f"; {kept}" if kept else ""
    click.echo(f"{done.target}: {counted(done.tables, 'table')}, {counted(done.rows, 'row')}{said}.", err=True)


def _print_table(source: str, to: str, resource: str | None, wish: Wish, progress: Progress) -> Conversion:
    """Write one table to standard output, once all of it is known to be right."""
    import shutil
    import sys
    import tempfile

    from diplodata.conversion import convert_table

    with tempfile.TemporaryFile(prefix="diplodata-") as held:
        done = convert_table(source, held, to, resource, wish, progress)
        held.seek(0)
        shutil.copyfileobj(held, sys.stdout.buffer)
    return done


def _write_table(source: str, target: str, to: str, resource: str, wish: Wish, progress: Progress) -> Conversion:
    from dataclasses import replace
    from pathlib import Path

    from diplodata.conversion import convert_table
    from diplodata.package import staging

    with staging.file(Path(target)) as place, place.open("w+b") as stream:
        done = convert_table(source, stream, to, resource, wish, progress)
    return replace(done, target=target)
