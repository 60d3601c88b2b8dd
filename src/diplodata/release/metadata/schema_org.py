"""A schema.org Dataset in JSON-LD, as search engines for data read it."""

from __future__ import annotations

import json
from typing import Any

from diplodata.release.metadata.facts import Facts

#: The shortest and the longest description that Google's guide to Dataset takes.
_SHORTEST, _LONGEST = 50, 5000


def text(facts: Facts) -> str:
    """Return dataset.jsonld."""
    return json.dumps(dataset(facts), ensure_ascii=False, indent=2) + "\n"


def dataset(facts: Facts) -> dict[str, Any]:
    """Return the Dataset; what the descriptor does not say is left out."""
    creators = [_organization(*item) for item in facts.people("creator", "author", "compiler", "publisher")]
    publishers = [_organization(*item) for item in facts.people("publisher")]
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": facts.place or None,
        "name": facts.title,
        "description": _description(facts),
        "identifier": facts.descriptor.get("id") if isinstance(facts.descriptor.get("id"), str) else None,
        "url": f"{facts.place}index.html" if facts.place else facts.homepage,
        "version": facts.version,
        "dateModified": facts.created,
        "license": facts.license[1],
        "creator": creators,
        "publisher": publishers[0] if publishers else None,
        "keywords": facts.keywords,
        "distribution": [_download(facts, *item) for item in facts.downloads],
    }
    return {key: value for key, value in found.items() if value}


def _description(facts: Facts) -> str:
    said = facts.description
    if len(said) < _SHORTEST:
        names = ", ".join(facts.record["counts"]["per_table"])
        said = f"{said.rstrip('. ')}. Version {facts.version} of this dataset holds the tables {names}."
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…"


def _organization(name: str, address: str | None) -> dict[str, str]:
    return {"@type": "Organization", "name": name} | ({"url": address} if address else {})


def _download(facts: Facts, name: str, path: str, media: str, file: Any) -> dict[str, str]:
    return {
        "@type": "DataDownload",
        "name": name,
        "contentUrl": facts.link(path),
        "encodingFormat": media,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }
