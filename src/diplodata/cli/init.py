"""``diplodata init``."""

from __future__ import annotations

import sys

import click


@click.command("init")
@click.argument("target", metavar="DIR")
@click.option("--prefix", help="Prefix of your identifiers, such as bymfa in bymfa:mtg-20200526.")
@click.option("--title", help="Title of the package.")
@click.option(
    "--tables",
    type=click.Choice(["required", "all"]),
    default="required",
    show_default=True,
    help="Which tables it has.",
)
@click.option("--ci", type=click.Choice(["github", "gitlab"]), help="Add files that validate and publish it there.")
@click.option("--name", help="Name of the package; that of the folder when left out.")
def command(target: str, prefix: str | None, title: str | None, tables: str, ci: str | None, name: str | None) -> None:
    """Begin a package of the standard in the folder DIR: valid at once, with an example meeting to delete.

    Asks for the prefix and the title when they are left out and somebody sits there.
    """
    from diplodata.start.init import Beginning, init

    wish = Beginning(_asked("--prefix", "Prefix of your identifiers", prefix), _asked("--title", "Title", title))
    files = init(target, Beginning(wish.prefix, wish.title, tables, ci, name))
    for path in files:
        click.echo(f"{target.rstrip('/')}/{path}")
    click.echo(f"Next: diplodata validate {target}", err=True)


def _asked(option: str, question: str, value: str | None) -> str:
    """Return the value of an option; a person is asked for one that is left out, a program never."""
    from diplodata.errors import UsageError

    if value is not None:
        return value
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"Give {option}; nobody is there to be asked.")
    answer: str = click.prompt(question, err=True)
    return answer
