"""Templates, compiled once, and what every page of a site shares."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from diplodata import templating
from diplodata.site import addresses, markup, wording
from diplodata.site.look import Look
from diplodata.site.shown import Shown

#: Nothing from elsewhere, no script or style but the files of the site (Content Security Policy 3).
#: ``file:`` is for pages opened from disk, for which browsers may take ``'self'`` to be nothing at all; a page that
#: came over http can load no file, whatever its policy says.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What head and foot of every page say."""

    title: str
    nav: tuple[Shown, ...]
    version: str
    standard: str
    licence: str
    licence_address: str
    logo: str


@cache
def environment() -> jinja2.Environment:
    """Return what renders the templates of every page, those of releases too."""
    made = templating.environment(
        "diplodata.site",
        {
            "number": "{:,}".format,
            "size": wording.size,
            "one": markup.one,
            "cell": markup.cell,
            "listed": markup.listed,
            "raw_json": _raw_json,
            "address": urllib.parse.quote,
            "words": wording.code,
            "day": wording.date,
            "clean": wording.clean,
        },
    )
    made.globals["policy"] = POLICY
    return made


def _raw_json(text: str) -> Markup:
    """Let JSON stand in a script element as it is; it holds no character of markup (linked.safe)."""
    if "<" in text or ">" in text or "&" in text:
        raise ValueError("JSON for a page holds markup")
    return Markup(text)  # noqa: S704 - checked above


class Pages:
    """Renders the pages of one site."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def page(self, template: str, path: str, heading: str, *, active: str = "", summary: str = "", document: str = "",
             **values: Any) -> str:  # fmt: skip
        """Return a page.

        Args:
            template: its template.
            path: its place below the root of the site.
            heading: its title.
            active: the page of the navigation to which it belongs.
            summary: one sentence for search engines.
            document: the JSON that lies beside it.
            values: what the template shows.
        """
        return environment().get_template(template).render(
            site=self._frame, root=addresses.root_from(path), heading=heading, active=active, summary=summary,
            document=document, **values,
        )  # fmt: skip


def frame(look: Look, descriptor: Mapping[str, Any], nav: tuple[Shown, ...], standard: str) -> Frame:
    """Return what every page of a site shares."""
    licences = descriptor.get("licenses")
    first = licences[0] if isinstance(licences, list) and licences and isinstance(licences[0], Mapping) else {}
    name = first.get("title") or first.get("name") or first.get("path") or ""
    return Frame(
        title=look.title,
        nav=nav,
        version=wording.clean(str(descriptor.get("version") or "")),
        standard=standard,
        licence=wording.clean(str(name)),
        licence_address=addresses.web(first.get("path")),
        logo=look.logo[0] if look.logo else "",
    )
