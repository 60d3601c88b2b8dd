"""The website beside the releases: it shows the newest one, whatever was published last."""

from __future__ import annotations

from diplodata.errors import DiplodataError, ReleaseError
from diplodata.package.locate import DESCRIPTOR, open_source
from diplodata.release import index, semver
from diplodata.release.stores import Store


def write(store: Store) -> None:
    """Write the website of the release to which the channel ``latest`` leads; a bucket has none.

    Raises:
        ReleaseError: it cannot be written; what is published stays published.
    """
    raw = None if store.folder is None else store.read(index.NAME, index.LARGEST)
    if store.folder is None or raw is None:
        return
    found = index.read(raw, store.address(index.NAME))
    entry = found.entry(semver.channels(found.releases).get("latest", ""))
    if entry is None:
        return  # all are withdrawn
    # Loaded here, as publishing alone does not need it.
    from diplodata.site.build import write_site

    try:
        with open_source(store.folder / entry.path / DESCRIPTOR) as opened:
            write_site(opened, store.folder)
    except DiplodataError as error:
        raise ReleaseError(f"What is published stays so; its website could not be written: {error}") from error


def renew(store: Store) -> None:
    """Write the website anew where there is one."""
    if store.folder is not None and store.read(index.SITE, index.LARGEST) is not None:
        write(store)
