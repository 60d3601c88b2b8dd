"""``diplodata explain``."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain CODE: what it means, how grave it is, and how to fix it. Without CODE, list all codes."""
    from diplodata.catalogue import ALIASES, FAMILIES
    from diplodata.explain import entries, explain

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
