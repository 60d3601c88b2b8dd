"""``diplodata schema list``, ``show``, ``export`` and ``diff``."""

from __future__ import annotations

import click


@click.group("schema")
def command() -> None:
    """Look at the schemas and codelists of the standard, and hand them out."""


@command.command("list")
@click.option("--standard", help="Version of the standard; the newest when left out.")
def list_schemas(standard: str | None) -> None:
    """List the schemas and codelists of the standard."""
    from diplodata.standard import registry

    version = standard or registry.latest()
    click.echo(f"diplodata standard {version} ({registry.full_version(version)})")
    for name in registry.schema_names(version):
        click.echo(f"  {name:24} {registry.json_schema(version, name)['description']}")
    for name, schema in registry.OF_OUTPUT.items():
        click.echo(f"  {name:24} {schema()['description']}")
    for name, is_open in registry.codelists(version).items():
        click.echo(
            f"  {name:24} codelist, {'open' if is_open else 'closed'}: {len(registry.codes(version, name))} codes"
        )


@command.command("show")
@click.argument("name")
@click.option("--standard", help="Version of the standard; the newest when left out.")
def show(name: str, standard: str | None) -> None:
    """Show the JSON Schema or the codelist NAME; changes, profile and report are forms of the tool."""
    from diplodata.standard import export, registry

    version = standard or registry.latest()
    if name in registry.codelists(version):
        click.echo(registry.codelist_text(version, name), nl=False)
    elif name in registry.OF_OUTPUT:
        click.echo(export.text_of(registry.OF_OUTPUT[name]()), nl=False)
    else:
        click.echo(export.text_of(registry.json_schema(version, name)), nl=False)


@command.command("export")
@click.argument("names", nargs=-1)
@click.option("--as", "form", default="json-schema", show_default=True, help="json-schema or table-schema.")
@click.option("--output", type=click.Path(file_okay=False), help="Folder for the files; printed when left out.")
@click.option(
    "--tables", help="Tables of your package, joined by commas, or 'required': leaves out other foreign keys."
)
@click.option("--generated", is_flag=True, help="Write every generated file of the standard itself instead.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file in --output differs.")
@click.option("--standard", help="Version of the standard; the newest when left out.")
@click.option("--profile", metavar="FILE|PACKAGE", help="Work in the profile of this file, or that of this package.")
def export_schemas(
    names: tuple[str, ...],
    form: str,
    output: str | None,
    tables: str | None,
    generated: bool,
    check: bool,
    standard: str | None,
    profile: str | None,
) -> None:
    """Write self-contained schemas NAMES, or all: every definition inside, nothing to fetch."""
    from diplodata.handout import Handout, differences, files, write

    if check and output is None:
        raise click.UsageError("--check compares with files: name their folder with --output.")
    if generated and profile is not None:
        raise click.UsageError("--generated writes the standard as it is; leave out --profile.")
    found = files(Handout(names, form, tables, generated, standard, profile))
    if output is None:
        click.echo("".join(found.values()), nl=False)
    elif check:
        stale = differences(found, output)
        for line in stale:
            click.echo(line)
        click.get_current_context().exit(1 if stale else 0)
    else:
        write(found, output)
        click.echo(f"{len(found)} files written to {output}.", err=True)


@command.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", default="text", show_default=True, metavar="FORMAT", help="text or json.")
@click.option("--output", type=click.Path(dir_okay=False), help="Write the comparison to a file.")
def diff(old: str, new: str, form: str, output: str | None) -> None:
    """Compare the schemas OLD and NEW: what changed, and whether data stay valid, either way.

    Each is a file with a Table Schema or JSON Schema, a version of the standard such as 1.0, or a schema of one such as
    1.0/meetings. Exit codes: 0 equal, 1 different.
    """
    from diplodata.cli.output import chosen, deliver
    from diplodata.render.changes.schema_comparisons import SCHEMA_RENDERERS

    render = chosen(SCHEMA_RENDERERS, form, "format of comparisons")
    from diplodata.comparing.named_schemas import compare_named

    found = compare_named(old, new)
    deliver(render(found), output)
    click.get_current_context().exit(0 if found.equal else 1)
