"""``diplodata adopt``."""

from __future__ import annotations

import click


@click.command("adopt")
@click.argument("source")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--package", default=".", show_default=True, help="The folder of the package that takes them.")
def command(source: str, ids: tuple[str, ...], package: str) -> None:
    """Take published organizations or persons into a package, unchanged, with the sources that they rest on.

    SOURCE is the package or release that publishes them.
    """
    from diplodata.start.adopt import adopt

    done = adopt(source, ids, package)
    for table, name in done.taken:
        click.echo(f"{table}: {name}")
    there = f", {len(done.present)} there already" if done.present else ""
    click.echo(f"{len(done.taken)} taken{there}.", err=True)
