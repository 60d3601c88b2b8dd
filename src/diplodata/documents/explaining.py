"""What is wrong with a document that jsonschema-rs refused: jsonschema explains, record by record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from diplodata.catalogue import finding
from diplodata.catalogue.wording import KIND_HINTS, constraint_problem
from diplodata.documents.deciding import decider
from diplodata.documents.keywords import KEYWORDS, OF_ITEMS, OTHERWISE
from diplodata.formats.json_cells import ABSENT, Cells
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Field
from diplodata.package.origin import pointer
from diplodata.standard import export, registry, tables
from diplodata.standard.documents import INSIDE_MEETING

Parts = tuple[str | int, ...]

#: A finding, and the keys and positions that lead to its place.
Placed = tuple[Finding, Parts]


def explained(value: Mapping[str, Any], version: str, kind: str, name: str) -> Iterator[Placed]:
    """Yield what is wrong with a document by its JSON Schema, once for each defect.

    Args:
        value: a document that the decider refused, or that has extension columns.
        version: the version of the standard that it declares.
        kind: ``bundle`` or ``nested``.
        name: its file.
    """
    labels: set[tuple[str, str]] = set()
    refused = {_unit(parts): message for parts, message in _refusals(value, version, kind)}
    for place in refused.keys() | set(_extended(value, kind)):
        found = list(
            _of_frame(value, version, kind, name) if not place else _of_record(value, place, version, kind, name)
        )
        for item, parts in found:
            # A member that no record may have is one finding for its table, as a column is.
            label = (str(item.resource), str(item.value))
            if item.code == "extra-label" and label in labels:
                continue
            if item.code == "extra-label":
                labels.add(label)
            yield item, parts
        if not found and place in refused:
            yield _unexplained(refused[place], place, name)


def _refusals(value: Any, version: str, kind: str) -> Iterator[tuple[Parts, str]]:
    for error in decider(version, kind).iter_errors(value):
        yield tuple(error.instance_path), error.message


def _unit(parts: Parts) -> Parts:
    """Return the place of the record that a place belongs to; nothing for the frame of the document."""
    is_inside = len(parts) >= 4 and parts[0] == "meetings" and parts[2] in INSIDE_MEETING and isinstance(parts[3], int)
    if is_inside:
        return parts[:4]
    return parts[:2] if len(parts) >= 2 and isinstance(parts[1], int) else ()


def _extended(value: Mapping[str, Any], kind: str) -> Iterator[Parts]:
    """Yield the places of records with extension columns that the document does not declare."""
    declared = _declared(value)
    for table, record, place in records(value, kind):
        extra = {key for key in record if tables.EXTENSION.fullmatch(key)}
        if extra - declared.get(table, set()):
            yield place


def records(value: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any], Parts]]:
    """Yield (table, record, place) for each record of a document."""
    for table, rows in value.items():
        for number, record in enumerate(rows if isinstance(rows, list) else ()):
            if not isinstance(record, dict):
                continue
            yield table, record, (table, number)
            for inner in INSIDE_MEETING if kind == "nested" and table == "meetings" else ():
                below = record.get(inner)
                for place, row in enumerate(below if isinstance(below, list) else ()):
                    if isinstance(row, dict):
                        yield inner, row, (table, number, inner, place)


def _declared(value: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the columns that the document's own schemas have, by table."""
    metadata = value.get("package")
    resources = metadata.get("resources") if isinstance(metadata, dict) else None
    result: dict[str, set[str]] = {}
    for item in resources if isinstance(resources, list) else ():
        schema = item.get("schema") if isinstance(item, dict) else None
        fields = schema.get("fields") if isinstance(schema, dict) else None
        names = {str(field.get("name")) for field in fields or () if isinstance(field, dict)}
        result[str(item.get("name"))] = names
    return result


def _unexplained(message: str, place: Parts, name: str) -> Placed:
    """Say what jsonschema-rs says, where jsonschema has no word for it."""
    where = pointer(place)
    problem = f"At {where or 'the top'}: {message}."
    return finding(OTHERWISE.code, {"problem": problem}, path=name, pointer=where), place


def _of_frame(value: Mapping[str, Any], version: str, kind: str, name: str) -> Iterator[Placed]:
    """Explain what stands around the records: metadata, unknown members, tables that are no arrays."""
    known = registry.table_names(version)
    frame = {key: [] if key in known and isinstance(item, list) else item for key, item in value.items()}
    for error in _validator(version, kind).iter_errors(frame):
        parts: Parts = tuple(error.absolute_path)
        if error.validator == "additionalProperties" and not parts:
            for key in value.keys() - {"diplodata", "package", *known}:
                yield _frame_finding(f"{key!r} is no table of the standard.", (key,), name)
        elif error.validator == "type" and len(parts) == 1 and parts[0] in known:
            yield _frame_finding(f"{parts[0]!r} is not an array of objects.", parts, name)
        else:
            where = pointer(parts)
            yield _frame_finding(f"At {where or 'the top'}: {error.message}.", parts, name)


def _frame_finding(problem: str, parts: Parts, name: str) -> Placed:
    return finding("profile-error", {"problem": problem}, path=name, pointer=pointer(parts)), parts


@cache
def _validator(version: str, kind: str, *steps: str) -> Draft202012Validator:
    """Return what explains a document, or the records of one table in it."""
    schema = root = export.as_json_schema(version, kind)
    for step in steps:
        schema = schema["properties"][step]["items"]
        # Bundles name the schema of a table as a whole.
        while set(schema) == {"$ref"}:
            schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if steps:
        inner = schema["properties"]
        # Records inside a meeting are asked for themselves.
        below = INSIDE_MEETING if steps == ("meetings",) else ()
        inner = {key: {"type": "array"} if key in below else inner[key] for key in inner}
        schema = {**schema, "properties": inner, "$defs": root["$defs"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _of_record(document: Mapping[str, Any], place: Parts, version: str, kind: str, name: str) -> Iterator[Placed]:
    """Explain one record: its members, their types, and each constraint that they break."""
    record: Any = document
    for part in place:
        record = record[part]
    steps = tuple(str(part) for part in place if isinstance(part, str))
    if not isinstance(record, dict):
        problem = f"{pointer(place[:-1])} is not an array of objects."
        yield finding("profile-error", {"problem": problem}, path=name, pointer=pointer(place)), place
        return
    yield from _Record(record, place, version, name, kind, steps).findings(_declared(document).get(steps[-1], set()))


class _Record:
    """One record under explanation."""

    def __init__(
        self, record: Mapping[str, Any], place: Parts, version: str, name: str, kind: str, steps: tuple[str, ...]
    ) -> None:
        self._record = record
        self._place = place
        self._name = name
        self._validator = _validator(version, kind, *steps)
        self._resource = _resource(version, steps[-1], name)
        identifier = record.get("id")
        self._id = identifier if isinstance(identifier, str) else None

    def findings(self, declared: set[str]) -> Iterator[Placed]:
        """Yield what is wrong with the record; extension columns have to be declared."""
        broken: dict[tuple[str, str], tuple[str, Parts]] = {}
        for error in self._validator.iter_errors(self._record):
            path = tuple(error.absolute_path)
            if error.validator not in ("required", "additionalProperties"):
                keyword, code = self._constraint(error, is_of_item=len(path) > 1)
                broken.setdefault((str(path[0]) if path else "", keyword), (code, path))
        wrong = list(self._cells())
        yield from wrong
        mistyped = {item.field for item, _ in wrong}
        for (field, keyword), (code, path) in broken.items():
            if field in INSIDE_MEETING and self._resource.name == "meetings":
                where = (*self._place, field)
                problem = f"{pointer(where)} is not an array of objects."
                yield finding("profile-error", {"problem": problem}, path=self._name, pointer=pointer(where)), where
            elif field not in mistyped and (known := self._field(field)) is not None:
                yield self._broken(known, keyword, code, path)
        for field in self._validator.schema["required"]:
            if field not in self._record and (known := self._field(field)) is not None:
                yield self._broken(known, "required", KEYWORDS["required"].code, ())
        yield from self._labels(declared)

    @staticmethod
    def _constraint(error: Any, *, is_of_item: bool) -> tuple[str, str]:
        """Return the constraint of a cell that a keyword is, and the code of its finding."""
        keyword = KEYWORDS.get(str(error.validator), OTHERWISE)
        name = keyword.constraint or str(error.validator)
        return OF_ITEMS.get(name, name) if is_of_item else name, keyword.code

    def _field(self, name: str) -> Field | None:
        return self._resource.schema.field(name) if self._resource.schema else None

    def _cells(self) -> Iterator[Placed]:
        """Yield values that are not of the type of their field, as the reader of tables finds them."""
        fields = [field for key in self._record if (field := self._field(key)) is not None]
        found: list[Finding] = []
        Cells(self._resource, fields, found).of([self._record[field.name] for field in fields], 0)
        for item in found:
            place = (*self._place, str(item.field))
            yield _at(item, place), place

    def _broken(self, field: Field, keyword: str, code: str, path: Parts) -> Placed:
        text = Cells(self._resource, [field], []).of([self._record.get(field.name, ABSENT)], 0)[0]
        limit = dict(field.constraints).get(keyword)
        place = (*self._place, *path)
        is_about_form = keyword in ("enum", "pattern")
        hint = KIND_HINTS.get(field.annotations.kind or "", "") if is_about_form else ""
        hint = "Fill in the cell." if keyword == "required" else hint.format(codelist=field.annotations.codelist or "")
        return (
            finding(
                code,
                {"problem": constraint_problem(field.name, keyword, text, limit)},
                hint=hint or None,
                resource=self._resource.name,
                path=self._name,
                fields=(field.name,),
                value=text,
                limit=limit,
                record_id=self._id,
                pointer=pointer(place),
            ),
            place,
        )

    def _labels(self, declared: set[str]) -> Iterator[Placed]:
        known = self._validator.schema["properties"].keys() | {
            key for key in self._record if tables.EXTENSION.fullmatch(key) and key in declared
        }
        for key in self._record:
            if key not in known:
                place = (*self._place, key)
                message = f"The member {key!r} is not in the schema of {self._resource.name}."
                members: dict[str, Any] = {
                    "resource": self._resource.name,
                    "path": self._name,
                    "value": key,
                    "pointer": pointer(place),
                }
                yield finding("extra-label", message=message, **members), place


def _at(item: Finding, place: Parts) -> Finding:
    return replace(item, row=None, column=None, pointer=pointer(place))


@cache
def _resource(version: str, table: str, name: str) -> Resource:
    schema = tables.schema(version, table)
    return Resource(table, (name,), "records", {}, schema, None, is_standard=True)


def sorted_by_place(found: Iterable[Placed]) -> list[Placed]:
    """Return findings in the order of their places."""
    return sorted(found, key=lambda item: [(isinstance(part, str), str(part).zfill(9)) for part in item[1]])
