"""The release as Croissant 1.1 (MLCommons): its files, and the fields of its CSV tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from diplodata.model.package import Resource
from diplodata.model.release import FileFacts
from diplodata.release.metadata.facts import Facts

_OWN = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty"),
    *("fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5"),
    *("parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator"),
    *("source", "subField", "transform"),
)

#: The context that the specification asks for, word by word.
CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{name: f"cr:{name}" for name in _OWN},
}

#: Type of a field in its default form -> type of Croissant. Everything else is a text, as it stands in the file.
_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}

#: Members of a field by which its form is not the default one.
_OTHER_FORMS = ("format", "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber")


def text(facts: Facts) -> str:
    """Return croissant.json."""
    return json.dumps(dataset(facts), ensure_ascii=False, indent=2) + "\n"


def dataset(facts: Facts) -> dict[str, Any]:
    """Return the dataset; what the descriptor does not say is left out."""
    publishers = [{"@type": "Organization", "name": name} for name, _ in facts.people("publisher")]
    found = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": facts.title,
        "description": facts.description,
        "version": facts.version,
        "datePublished": facts.created,
        "citeAs": _citation(facts),
        "license": facts.license[1],
        "url": facts.place or facts.homepage,
        "creator": publishers,
        "publisher": publishers,
        "keywords": facts.keywords,
        "distribution": [_file(*item) for item in facts.downloads],
        "recordSet": list(_record_sets(facts)),
    }
    return {key: value for key, value in found.items() if value}


def _citation(facts: Facts) -> str:
    """Return how to cite the release, in words."""
    names = ", ".join(name for name, _ in facts.people("author", "creator", "compiler", "publisher"))
    place = facts.place or facts.homepage
    told = f"{names}: " if names else ""
    return f"{told}{facts.title}, version {facts.version}, {facts.created[:4]}" + (f", {place}" if place else "") + "."


def _file(name: str, path: str, media: str, file: FileFacts) -> dict[str, str]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        # Seen from this file, so that a copy on disk is read from disk.
        "contentUrl": path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": media,
        "sha256": file.sha256,
    }


def _record_sets(facts: Facts) -> Iterator[dict[str, Any]]:
    files = {item["name"] for item in facts.descriptor["resources"] if isinstance(item.get("path"), str)}
    for resource in facts.resources:
        fields = (resource.schema_descriptor or {}).get("fields")
        if resource.name in files and resource.format == "csv" and isinstance(fields, list) and fields:
            yield _record_set(resource, fields)


def _record_set(resource: Resource, fields: list[Any]) -> dict[str, Any]:
    # A record set and a file never have the same identifier.
    own = f"{resource.name}-records"
    key = resource.schema.primary_key if resource.schema else ()
    found: dict[str, Any] = {"@type": "cr:RecordSet", "@id": own, "name": resource.name}
    description = resource.descriptor.get("description")
    if isinstance(description, str) and description:
        found["description"] = description
    if key:
        found["key"] = [{"@id": f"{own}/{name}"} for name in key]
    return found | {"field": [_field(resource.name, own, item) for item in fields]}


def _field(file: str, own: str, item: Mapping[str, Any]) -> dict[str, Any]:
    name = str(item["name"])
    found: dict[str, Any] = {"@type": "cr:Field", "@id": f"{own}/{name}", "name": name}
    description = item.get("description") or item.get("title")
    if isinstance(description, str) and description:
        found["description"] = description
    return found | {
        "dataType": _type(item),
        "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
    }


def _type(item: Mapping[str, Any]) -> str:
    kind = str(item.get("type") or "string")
    is_default = not any(item.get(member) not in (None, "default") for member in _OTHER_FORMS)
    return _TYPES.get(kind, "sc:Text") if is_default else "sc:Text"
