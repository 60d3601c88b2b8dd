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
    help="Table Schema of a bare table: a file, or a table of the standard, such as meetings.",
    metavar="SCHEMA",
)
@click.option(
    "--previous",
    help="An earlier release of the package: identifiers that disappeared are found.",
    metavar="RELEASE",
)
@click.option("--snapshots", help="Folder with the kept texts of sources: quotes are looked up.", metavar="DIR")
@click.option("--registry", help="CSV file of registered prefixes.", metavar="FILE")
@click.option("--shared", help="Package with the project's records, of which copies must not differ.", metavar="DIR")
@click.option("--resource", "resources", multiple=True, help="Check this resource only; may be repeated.")
def command(
    source: str,
    form: str,
    output: str | None,
    fail_on: str,
    limit: int,
    as_of: datetime.date | None,
    schema: str | None,
    previous: str | None,
    snapshots: str | None,
    registry: str | None,
    shared: str | None,
    resources: tuple[str, ...],
) -> None:
    """Validate SOURCE: a folder, datapackage.json, zip archive, bundle, nested document or bare table.

    SOURCE is the current folder when it is left out.
    """
    from diplodata.cli.output import chosen, deliver
    from diplodata.model.given import Given
    from diplodata.render import RENDERERS
    from diplodata.validation import Options, validate

    render = chosen(RENDERERS, form, "report format")
    start = time.perf_counter()
    given = Given(previous, snapshots, registry, shared)
    options = Options(as_of=as_of, resources=resources, limit=limit, schema=schema, given=given)
    report = validate(source, options)
    deliver(render(report), output)
    click.echo(f"Checked in {time.perf_counter() - start:.2f} s.", err=True)
    click.get_current_context().exit(1 if report.fails_at(fail_on) else 0)
