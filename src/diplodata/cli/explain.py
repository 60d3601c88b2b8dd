"""``diplodata explain``."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("code", required=False)
@click.option("--output", type=click.Path(file_okay=False), help="Write a page for each code into this folder.")
@click.option("--check", is_flag=True, help="With --output: only say which pages are out of date.")
def command(code: str | None, output: str | None, check: bool) -> None:
    """Explain CODE: what it means, how grave it is, and how to fix it. Without CODE, list all codes."""
    from diplodata.catalogue import ALIASES, FAMILIES
    from diplodata.explain import entries, explain

    if output is not None:
        _write(output, check)
        return
    if code is None:
        for entry in entries().values():
            click.echo(f"{entry.code:26} {entry.severity:8} {entry.summary}")
        return
    if code in ALIASES or code in FAMILIES:
        click.echo(f"{code} is reported as {', '.join(entry.code for entry in explain(code))}.\n")
    for entry in explain(code):
        click.echo(f"{entry.code} ({entry.severity}, since {entry.since})\n  {entry.summary}\n  To fix: {entry.fix}")
        if entry.source:
            click.echo(f"  Source: {entry.source}")


def _write(folder: str, check: bool) -> None:
    from diplodata import handout
    from diplodata.explain import pages

    if not check:
        handout.write(pages(), folder)
        return
    for line in handout.differences(pages(), folder):
        click.echo(line)
    click.get_current_context().exit(1 if handout.differences(pages(), folder) else 0)
