"""``diplodata fetch``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from diplodata.cli import transfer

if TYPE_CHECKING:
    from diplodata.fetching import Fetched
    from diplodata.fetching.receiving import Progress


@click.command("fetch")
@click.argument("base")
@click.argument("dest")
@click.option("--release", default="latest", show_default=True, help="A version, or a channel such as 1 or 1.2.")
@click.option("--only", metavar="FORM", help="Take the data in one form only: csv, json or parquet.")
@click.option("--signers", metavar="FILE", help="Allowed signers (ssh-keygen): then everything has to be signed.")
@click.option("--expect", metavar="DIGEST", help="sha256: and the digest of SHA256SUMS of the release.")
@click.option("--max-age", type=click.IntRange(min=0), metavar="DAYS", help="Refuse an index that is older.")
@click.option("--state", metavar="FILE", help="Where is remembered what was seen; DEST.fetched.json when left out.")
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
@transfer.options
def command(
    base: str,
    dest: str,
    release: str,
    only: str | None,
    signers: str | None,
    expect: str | None,
    max_age: int | None,
    state: str | None,
    quiet: bool,
    **given: Any,
) -> None:
    """Fetch a release from BASE, a folder or web address with index.json, into the folder DEST.

    DEST is new or empty, or holds what was fetched before. What breaks off is resumed by the next run. Nothing is
    there under the name DEST before every byte of it is checked.
    """
    from diplodata.fetching import RefusedError, Wish, fetch_release
    from diplodata.render.verification import findings

    wish = Wish(release, only, expect, max_age)
    limits = transfer.limits_of(**given)
    try:
        with _progress(is_shown=not quiet and sys.stderr.isatty()) as progress:
            done = fetch_release(base, dest, wish, signers=signers, state=state, limits=limits, progress=progress)
    except RefusedError as error:
        click.echo(findings(error.findings), nl=False)
        click.echo(f"{dest}: nothing was written.", err=True)
        click.get_current_context().exit(1)
    if not quiet:
        _tell(done, dest)


def _tell(done: Fetched, dest: str) -> None:
    from diplodata.render.escaping import cut, line
    from diplodata.render.wording import counted

    if done.withdrawn is not None:
        click.echo(line(f"Warning: release {done.version} was withdrawn: {cut(done.withdrawn)}"), err=True)
    state = f"{counted(done.received, 'byte')} received" if done.is_new else "was there already"
    click.echo(line(f"{dest}: release {done.version}, {counted(done.files, 'file')}, {state}."), err=True)
    click.echo(f"{done.sha256}", err=True)


@contextmanager
def _progress(*, is_shown: bool) -> Iterator[Progress]:
    """Give what shows the file that comes, on a terminal."""
    if not is_shown:
        yield lambda _path, _there, _size: None
        return
    from diplodata.render.escaping import cut

    def show(path: str, there: int, size: int | None) -> None:
        share = f" of {size:,}" if size else ""
        # Back to the start of the line, and the rest of it cleared.
        click.echo(f"\r\x1b[2K{cut(path, 60)}: {there:,}{share} bytes", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo("\r\x1b[2K", nl=False, err=True)
