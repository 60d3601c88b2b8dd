"""What metadata is made of, and how its parts are read from a descriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from diplodata.model.package import Resource
from diplodata.model.release import FileFacts

#: Licences by their SPDX identifier, under the names that Data Package (the Open Definition) and SPDX have for them.
SPDX: Mapping[str, str] = {
    **{name: name for name in ("CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0")},
    **{
        name: name for name in ("CC-BY-ND-4.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0", "MIT", "Apache-2.0", "OGL-UK-3.0")
    },
    **{name: name for name in ("ODbL-1.0", "ODC-By-1.0", "PDDL-1.0", "etalab-2.0", "DL-DE-BY-2.0", "DL-DE-ZERO-2.0")},
    "ODC-BY-1.0": "ODC-By-1.0",
    "ODC-PDDL-1.0": "PDDL-1.0",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A release as metadata tells of it."""

    descriptor: Mapping[str, Any]
    #: The content of release.json.
    record: Mapping[str, Any]
    #: Files of the release by path.
    files: Mapping[str, FileFacts]
    #: The tables, with their schemas.
    resources: Sequence[Resource]
    #: Where the index of the releases will be; None when nobody said it.
    address: str | None

    @property
    def title(self) -> str:
        """What the package is called."""
        return str(self.record["title"])

    @property
    def description(self) -> str:
        """What the package is about; a sentence of its own when the publisher wrote none."""
        text = self.descriptor.get("description")
        counts = self.record["counts"]
        made = f"{self.title}, version {self.version}: {counts['tables']} tables with {counts['rows']} rows in all."
        return text if isinstance(text, str) and text.strip() else made

    @property
    def version(self) -> str:
        """The version of the release."""
        return str(self.record["version"])

    @property
    def created(self) -> str:
        """The moment of the release."""
        return str(self.record["created"])

    @property
    def place(self) -> str:
        """Where the folder of the release will be; empty, which is here, when nobody said it."""
        return f"{self.address}releases/{self.version}/" if self.address else ""

    @property
    def keywords(self) -> list[str]:
        """Keywords, each once."""
        found = [item.strip() for item in _items(self.descriptor.get("keywords")) if isinstance(item, str)]
        return [item for item in dict.fromkeys(found) if item]

    def link(self, path: str) -> str:
        """Return the address of a file of the release; relative when nobody said where it will be."""
        return self.place + quote(path)

    @property
    def downloads(self) -> Iterator[tuple[str, str, str, FileFacts]]:
        """Name, path, media type and facts of each data file."""
        for item in self.descriptor["resources"]:
            path = item.get("path")
            if isinstance(path, str) and path in self.files:
                media = item.get("mediatype")
                kind = media if isinstance(media, str) and media else "application/octet-stream"
                yield str(item["name"]), path, kind, self.files[path]

    @property
    def license(self) -> tuple[str | None, str | None]:
        """Return (SPDX identifier, address) of the first licence; each None when it is not known."""
        for item in _items(self.descriptor.get("licenses")):
            if isinstance(item, Mapping):
                spdx = SPDX.get(str(item.get("name") or ""))
                address = web_address(item.get("path")) or (f"https://spdx.org/licenses/{spdx}.html" if spdx else None)
                return spdx, address
        return None, None

    @property
    def homepage(self) -> str | None:
        """The page of the package, when it has one on the web."""
        return web_address(self.descriptor.get("homepage"))

    def people(self, *roles: str) -> list[tuple[str, str | None]]:
        """Return (name, address) of the contributors with one of the roles; all of them when none has."""
        found = [item for item in _items(self.descriptor.get("contributors")) if isinstance(item, Mapping)]
        named = [item for item in found if _name(item)]
        chosen = [item for item in named if set(roles) & {str(role) for role in _roles(item)}] or named
        return [(_name(item), web_address(item.get("path"))) for item in chosen]


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _roles(item: Mapping[str, Any]) -> Sequence[Any]:
    return _items(item.get("roles")) or (item.get("role"),)


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("title") or item.get("organization") or "").strip()


def web_address(value: object) -> str | None:
    """Return an address of the web in the form of a URI (RFC 3986), or None for anything else."""
    text = str(value or "")
    parts = urlsplit(text) if text.startswith(("https://", "http://")) else None
    if parts is None or not parts.hostname or any(character.isspace() for character in text):
        return None
    # What a URI cannot hold is percent-encoded; what is encoded already stays.
    return quote(text, safe="%:/?#[]@!$&'()*+,;=~")
