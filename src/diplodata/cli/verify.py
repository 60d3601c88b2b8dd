"""``diplodata verify``."""

from __future__ import annotations

from typing import Any

import click

from diplodata.cli import transfer


@click.command("verify")
@click.argument("place", metavar="RELEASE")
@click.option("--signers", metavar="FILE", help="Allowed signers (ssh-keygen): then everything has to be signed.")
@click.option("--release", metavar="VERSION", help="Read this version or channel only, where there are many.")
@click.option("--only", metavar="FORM", help="Do not miss data in other forms than csv, json or parquet.")
@click.option("--format", "form", default="text", show_default=True, metavar="FORMAT", help="text or json.")
@click.option("--output", type=click.Path(dir_okay=False), help="Write the result to a file.")
@transfer.options
def command(
    place: str,
    signers: str | None,
    release: str | None,
    only: str | None,
    form: str,
    output: str | None,
    **given: Any,
) -> None:
    """Verify RELEASE: a release, or all of a place; a folder or a web address.

    Every file is read and compared with the checksums, the checksums with the index, each release with the one that
    it follows, and with --signers everything with its signature.
    """
    from diplodata.cli.output import chosen, deliver
    from diplodata.render.verification import VERIFICATION_RENDERERS
    from diplodata.verifying import verify

    render = chosen(VERIFICATION_RENDERERS, form, "format")
    done = verify(place, signers, release=release, only=only, limits=transfer.limits_of(**given))
    deliver(render(done), output)
    click.get_current_context().exit(0 if done.verified else 1)
