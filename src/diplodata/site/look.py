"""How the site of a package looks: its title, its accent colour kept readable, its logo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from diplodata.errors import UsageError
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage
from diplodata.site import wording

#: The backgrounds in light and dark on which text in the accent is hardest to read: --wash of assets/site.css.
PAPER = {"light": "#f5f6f8", "dark": "#1a2028"}

#: What text and its background must differ by (WCAG 2.2, 1.4.3, level AA), with some room.
_CONTRAST = 4.8

_ACCENT = "#14507a"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)

#: First bytes of the pictures that may be a logo; a drawing in SVG can hold script and is not taken.
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp"}

#: Largest logo, in bytes.
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Look:
    """What the descriptor says of the site."""

    title: str
    description: str
    #: Accent colours for light and dark backgrounds.
    accents: Mapping[str, str]
    #: File name and bytes of the logo.
    logo: tuple[str, bytes] | None = None
    #: Where corrections are reported.
    corrections: str = ""

    @property
    def style(self) -> str:
        """The style sheet that sets the colours."""
        light, dark = self.accents["light"], self.accents["dark"]
        return (
            f":root {{ --accent: {light}; --accent-ink: #ffffff; }}\n"
            f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {dark}; --accent-ink: #12161c; }} }}\n"
            f"@media print {{ :root {{ --accent: {light}; --accent-ink: #ffffff; }} }}\n"
        )


def read(opened: OpenedPackage) -> Look:
    """Read the look of a site from the descriptor: ``diplodata.site`` with title, accent, logo and corrections.

    Raises:
        UsageError: the accent is no colour, or the logo is no picture that may be shown.
    """
    descriptor = opened.package.descriptor
    declared = descriptor.get("diplodata")
    wishes = declared.get("site") if isinstance(declared, Mapping) else None
    wishes = wishes if isinstance(wishes, Mapping) else {}
    title = wishes.get("title") or descriptor.get("title") or descriptor.get("name") or "Data package"
    accent = wishes.get("accent") or _ACCENT
    if not isinstance(accent, str) or not _COLOUR.fullmatch(accent):
        raise UsageError(f"The accent {accent!r} of the site is no colour such as {_ACCENT}.")
    return Look(
        title=wording.clean(str(title)),
        description=wording.clean(str(descriptor.get("description") or "")),
        accents={name: readable(accent, paper) for name, paper in PAPER.items()},
        logo=_logo(opened, wishes.get("logo")),
        corrections=str(wishes.get("corrections") or ""),
    )


def _logo(opened: OpenedPackage, path: object) -> tuple[str, bytes] | None:
    if path is None:
        return None
    try:
        with opened.open(str(path)) as stream:
            data = stream.read(_MOST + 1)
    except UnreadableFileError as error:
        raise UsageError(f"The logo {error.path} of the site cannot be read: {error.problem}.") from error
    if len(data) > _MOST:
        raise UsageError(f"The logo {path} of the site has more than {_MOST:,} bytes.")
    for start, suffix in _PICTURES.items():
        if data.startswith(start):
            return f"logo.{suffix}", data
    raise UsageError(f"The logo {path} of the site is no PNG, JPEG or WebP picture.")


def readable(colour: str, paper: str) -> str:
    """Return the colour, moved towards black or white as far as text in it needs to be read on the paper."""
    target = 0 if _light(_channels(paper)) > 0.5 else 255
    channels = _channels(colour)
    for step in range(101):
        mixed = tuple(round(value + (target - value) * step / 100) for value in channels)
        if contrast(mixed, _channels(paper)) >= _CONTRAST:
            return "#" + "".join(f"{value:02x}" for value in mixed)
    return "#000000" if target == 0 else "#ffffff"


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the ratio of contrast of two colours (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _light(channels: tuple[int, ...]) -> float:
    linear = [
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
