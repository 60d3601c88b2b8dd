"""``diplodata validate``."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path

import click

from diplodata.model.finding import SEVERITIES
from diplodata.model.report import Report

#: Bytes of the summary of a step, of which GitHub takes 1 MiB.
_STEP_SUMMARY = 1_000_000


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
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    help="Form of the report: text, concise, json, ndjson, sarif, junit, github, gitlab, markdown or html. "
    "When left out: text, and annotations as well in GitHub Actions.",
)
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
@click.option("--baseline", metavar="REPORT", help="An earlier JSON report, whose findings do not fail again.")
@click.option("--summary", is_flag=True, help="Say of each field how many cells have a value, and how many differ.")
@click.option("--as-of", type=Day(), help="Day for which rules are asked; today when left out.")
@click.option(
    "--schema",
    help="Table Schema of a bare table or of records: a file, or a table of the standard, such as meetings.",
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
    form: str | None,
    output: str | None,
    fail_on: str,
    limit: int,
    baseline: str | None,
    summary: bool,
    as_of: datetime.date | None,
    schema: str | None,
    previous: str | None,
    snapshots: str | None,
    registry: str | None,
    shared: str | None,
    resources: tuple[str, ...],
) -> None:
    """Validate SOURCE: a folder, datapackage.json, zip archive, JSON document, NDJSON, records or bare table.

    SOURCE is the current folder when it is left out, and standard input when it is a hyphen.
    """
    from diplodata.cli.output import chosen, deliver
    from diplodata.documents import lines
    from diplodata.model.given import Given
    from diplodata.render import RENDERERS, WITH_ROWS

    render = chosen(RENDERERS, form or "text", "report format")
    start = time.perf_counter()
    given = Given(previous, snapshots, registry, shared)
    report = None
    if baseline is None and given == Given():
        # Documents in lines need no engine, which takes longer to load than they take to be judged.
        report = lines.judged(source, limit=limit, as_of=as_of, schema=schema, resources=resources)
    if report is None:
        from diplodata.validation import Options, validate

        options = Options(
            as_of=as_of,
            resources=resources,
            limit=limit,
            schema=schema,
            baseline=baseline,
            summary=summary,
            rows=form in WITH_ROWS,
            given=given,
        )
        report = validate(source, options)
    deliver(render(report), output)
    if form in (None, "github"):
        _tell_github(report, annotate=form is None)
    click.echo(f"Checked in {time.perf_counter() - start:.2f} s.", err=True)
    click.get_current_context().exit(1 if report.fails_at(fail_on) else 0)


def _tell_github(report: Report, *, annotate: bool) -> None:
    """Write annotations to the log and the totals to the summary of a run of GitHub Actions; nothing elsewhere."""
    from diplodata.cli.output import deliver

    if annotate and os.environ.get("GITHUB_ACTIONS") == "true":
        from diplodata.render.github_report import commands

        deliver("".join(f"{line}\n" for line in commands(report)), None)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        from diplodata.render.markdown_report import totals

        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(totals(report, _STEP_SUMMARY))
