"""``diplodata publish``."""

from __future__ import annotations

import click


@click.command("publish")
@click.argument("target")
@click.option("--source", default=".", show_default=True, help="The package to publish.")
@click.option("--version", "version", help="auto: the version follows from what changed; else that of the descriptor.")
@click.option("--force-version", metavar="REASON", help="Take a version that is lower than the changes ask for.")
@click.option("--with", "extras", metavar="FORMATS", default="", help="More formats, joined by commas: sqlite, xlsx.")
@click.option("--sign", "key", metavar="KEY", help="SSH key that signs the checksums and the index.")
@click.option("--address", metavar="URL", help="Where TARGET will be on the web; for metadata, feed and sitemap.")
@click.option("--site/--no-site", default=True, show_default=True, help="Whether a folder gets a website.")
def command(
    target: str,
    source: str,
    version: str | None,
    force_version: str | None,
    extras: str,
    key: str | None,
    address: str | None,
    site: bool,
) -> None:
    """Validate a package and write it as an immutable release below TARGET, a folder or s3://bucket/prefix.

    The version is that of the descriptor. The same bytes again change nothing; other bytes under a version that
    is published are refused, and so is a version that is lower than the changes ask for.
    """
    from diplodata.release.publish import InvalidPackageError, Wishes, publish
    from diplodata.render.escaping import line
    from diplodata.render.text_report import render

    formats = tuple(item.strip() for item in extras.split(",") if item.strip())
    try:
        done = publish(target, source, Wishes(version, force_version, formats, key, address, site))
    except InvalidPackageError as error:
        click.echo(render(error.report), nl=False)
        click.echo(str(error), err=True)
        click.get_current_context().exit(1)
    if done.is_unchanged:
        state = "is published, and nothing has changed since"
    else:
        state = "published" if done.is_new else "was published already with the same bytes"
    click.echo(line(f"{done.place}: version {done.version} {state}."), err=True)
    if done.is_new:
        for reason in done.reasons:
            click.echo(line(f"  {reason}"), err=True)
