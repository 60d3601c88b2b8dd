"""Build the site of a package beside its releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from diplodata.package.opened import OpenedPackage
from diplodata.site import contents, dictionary, look, pages, parts, pictures, versions, views
from diplodata.site.contents import Contents
from diplodata.site.parts import Work
from diplodata.site.shown import Shown
from diplodata.site.writing import replacing
from diplodata.standard import registry


def write_site(opened: OpenedPackage, target: Path, releases: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Write the site of a package into a folder, beside the releases in it.

    * The pages are written beside their place first; the first page is put there last.
    * The same package and the same releases give the same bytes.

    Args:
        opened: the package; it is valid.
        target: the folder. What lies in ``releases/`` is read and never written.
        releases: the releases as index.json lists them, newest first; None reads them from the target.

    Raises:
        UsageError: the target holds something else in the place of a page, or the look of the site cannot be used.
        ConversionError: a table cannot be read.
    """
    found, wishes = contents.read(opened), look.read(opened)
    known = versions.read(target, releases)
    has_pictures = bool(pictures.pictures(found)) if opened.package.standard else False
    version = opened.package.standard
    standard = registry.full_version(version) if version else ""
    nav = tuple(_nav(opened, found, has_pictures=has_pictures))
    frame = pages.frame(wishes, opened.package.descriptor, nav, standard)
    with replacing(target) as writer:
        work = Work(opened, found, wishes, pages.Pages(frame), writer, target, known, has_pictures)
        parts.look_of(work, _assets())
        if version:
            parts.records(work)
        parts.tables(work)
        parts.charts(work)
        parts.words(work)
        parts.releases(work)
        parts.first_page(work)


def _nav(opened: OpenedPackage, found: Contents, *, has_pictures: bool) -> Iterator[Shown]:
    if opened.package.standard:
        yield from (Shown(title, f"{table}/index.html") for table, title in views.LISTS.items() if found.rows(table))
        explored = next((name for name in ("meetings", "statements", "participants") if found.rows(name)), "")
        if explored:
            yield Shown("Explore", f"explore/{explored}.html")
    elif found.tables:
        first = next(item.name for item in opened.package.resources if item.name in found.tables)
        yield Shown("Tables", f"tables/{dictionary.slug(opened.package, first)}.html")
    if has_pictures:
        yield Shown("Pictures", "pictures.html")
    yield Shown("Dictionary", "dictionary/index.html")
    yield Shown("Releases", "releases.html")


def _assets() -> dict[str, bytes]:
    """Return the style and the script of every site."""
    folder = resources.files("diplodata.site") / "assets"
    return {item.name: item.read_bytes() for item in sorted(folder.iterdir(), key=lambda item: item.name)}
