"""``diplodata validate``."""

from __future__ import annotations

import datetime
import time

import click

from diplodata.model.finding import SEVERITIES


class Day(click.ParamType[datetime.date]):
    """A day, as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """Read the day."""
        text = str(value)
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            day = None
        # fromisoformat takes week dates and dates without hyphens as well.
        if day is None or day.isoformat() != text:
            self.fail(f"{value!r} is not a day; write YYYY-MM-DD.", param, ctx)
        return day


@click.command("validate")
@click.argument("source", default=".")
@click.option("--format", "form", default="text", help="Form of the report: text or json.", metavar="FORMAT")
@click.option("--output", type=click.Path(dir_okay=False), help="Write the report to a file.")
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="error",
    show_default=True,
    help="Lightest severity that gives exit code 1.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Findings shown for each code; 0 shows all. Counts are always exact.",
)
@click.option("--as-of", type=Day(), help="Day for which rules are asked; today when left out.")
@click.option(
    "--schema",
    help="Table Schema of a bare table or of records: a file, or a table of the standard, such as meetings.",
    metavar="SCHEMA",
)
@click.option("--resource", "resources", multiple=True, help="Check this resource only; may be repeated.")
def command(
    source: str,
    form: str,
    output: str | None,
    fail_on: str,
    limit: int,
    as_of: datetime.date | None,
    schema: str | None,
    resources: tuple[str, ...],
) -> None:
    """Validate SOURCE: a folder, datapackage.json, zip archive, JSON document, NDJSON, records or bare table.

    SOURCE is the current folder when it is left out, and standard input when it is a hyphen.
    """
    from diplodata.cli.output import chosen, deliver
    from diplodata.documents import lines
    from diplodata.render import RENDERERS

    render = chosen(RENDERERS, form, "report format")
    start = time.perf_counter()
    # Documents in lines need no engine, which takes longer to load than they take to be judged.
    report = lines.judged(source, limit=limit, as_of=as_of, schema=schema, resources=resources)
    if report is None:
        from diplodata.validation import Options, validate

        report = validate(source, Options(as_of=as_of, resources=resources, limit=limit, schema=schema))
    deliver(render(report), output)
    click.echo(f"Checked in {time.perf_counter() - start:.2f} s.", err=True)
    click.get_current_context().exit(1 if report.fails_at(fail_on) else 0)
