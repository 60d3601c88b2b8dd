"""Metadata that harvesters read, one file a vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diplodata.release.metadata import citation, croissant, dcat, schema_org
from diplodata.release.metadata.facts import Facts

#: File of a release -> what writes it.
WRITERS: Mapping[str, Callable[[Facts], str]] = {
    "CITATION.cff": citation.text,
    "croissant.json": croissant.text,
    "dataset.jsonld": schema_org.text,
    "dcat.jsonld": dcat.text,
}

__all__ = ["WRITERS", "Facts"]
