"""The release as DCAT-AP 3.0.1, in JSON-LD with a context of its own, so that no reader has to fetch one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from diplodata.model.addresses import SCHEMAS
from diplodata.model.release import FileFacts
from diplodata.release.metadata.facts import Facts

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_MEDIA = "https://www.iana.org/assignments/media-types/"

#: Media type -> its code in the list of file types that DCAT-AP asks for.
_FILE_TYPES = {"text/csv": "CSV", "application/json": "JSON", "application/vnd.apache.parquet": "PARQUET"}
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"


def text(facts: Facts) -> str:
    """Return dcat.jsonld."""
    return json.dumps({"@context": _CONTEXT, **dataset(facts)}, ensure_ascii=False, indent=2) + "\n"


def dataset(facts: Facts) -> dict[str, Any]:
    """Return the dcat:Dataset; what the descriptor does not say is left out."""
    publishers = facts.people("publisher")
    page = f"{facts.place}index.html" if facts.place else facts.homepage
    found = {
        "@id": facts.place or "./",
        "@type": "dcat:Dataset",
        "dct:title": facts.title,
        "dct:description": facts.description,
        "dct:identifier": facts.descriptor.get("id") if isinstance(facts.descriptor.get("id"), str) else None,
        "dct:modified": _typed(facts.created, "dateTime"),
        "dcat:version": facts.version,
        "dcat:keyword": facts.keywords,
        "dct:publisher": _agent(*publishers[0]) if publishers else None,
        "dct:creator": [_agent(*item) for item in facts.people("creator", "author", "compiler")],
        "dcat:landingPage": page and {"@id": page, "@type": "foaf:Document"},
        "dct:conformsTo": _standard(facts),
        "dcat:distribution": [_distribution(facts, *item) for item in facts.downloads],
    }
    return {key: value for key, value in found.items() if value}


def _standard(facts: Facts) -> dict[str, str] | None:
    version = facts.record["standard"]
    if version is None:
        return None
    folder = ".".join(str(version).split(".")[:2])
    return {"@id": f"{SCHEMAS}{folder}/datapackage.schema.json", "@type": "dct:Standard"}


def _agent(name: str, address: str | None) -> dict[str, Any]:
    page = {"foaf:homepage": {"@id": address, "@type": "foaf:Document"}} if address else {}
    return {"@type": "foaf:Agent", "foaf:name": name} | page


def _distribution(facts: Facts, name: str, path: str, media: str, file: FileFacts) -> dict[str, Any]:
    code, address = _FILE_TYPES.get(media), facts.license[1]
    found = {
        "@id": f"{facts.place or './'}#{quote(name)}",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:accessURL": {"@id": facts.link(path), "@type": "http://www.w3.org/2000/01/rdf-schema#Resource"},
        "dcat:downloadURL": {"@id": facts.link(path), "@type": "http://www.w3.org/2000/01/rdf-schema#Resource"},
        "dcat:mediaType": {"@id": f"{_MEDIA}{quote(media)}", "@type": "dct:MediaType"},
        "dct:format": {"@id": f"{_FILE_TYPE}{code}", "@type": "dct:MediaTypeOrExtent"} if code else None,
        "dcat:byteSize": _typed(str(file.bytes), "nonNegativeInteger"),
        "dct:license": {"@id": address, "@type": "dct:LicenseDocument"} if address else None,
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        },
    }
    return {key: value for key, value in found.items() if value}


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}
