"""Table schemas as values: what a table's columns must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

#: Field properties of Table Schema that are not options of a type.
_KNOWN = frozenset({"name", "type", "format", "title", "description", "example", "constraints", "missingValues"})

#: Constraints that make a field without a type one of texts.
_OF_TEXTS = ("minLength", "maxLength", "pattern")


@dataclass(frozen=True, slots=True)
class Annotations:
    """What the standard adds to a field: the ``x-`` keywords of its JSON Schema."""

    kind: str | None = None
    codelist: str | None = None
    #: Tables that an identifier may point to; ``("*",)`` for any.
    references: tuple[str, ...] = ()
    #: Field of the same row that names the table a value speaks of.
    record_table: str | None = None
    language_field: str | None = None
    is_list: bool = False
    #: Name and version of the profile that sets some of its limits, and their keywords.
    profile: str | None = None
    of_profile: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type and the constraints its cells must meet."""

    name: str
    type: str = "string"
    format: str = "default"
    #: (keyword, limit) pairs; a keyword may stand twice when two schemas ask for it.
    constraints: tuple[tuple[str, Any], ...] = ()
    #: Texts that mean "no value"; None takes those of the schema.
    missing_values: tuple[str, ...] | None = None
    #: Options of the type, such as trueValues or decimalChar.
    options: Mapping[str, Any] = field(default_factory=dict)
    annotations: Annotations = Annotations()
    #: Label of its column where another field has the name already; None where the name is the label.
    label: str | None = None

    @classmethod
    def from_descriptor(
        cls, descriptor: Mapping[str, Any], annotations: Annotations | None = None, default_type: str = "string"
    ) -> Field:
        """Read a Table Schema field (Data Package v2, Table Schema, Field)."""
        missing = descriptor.get("missingValues")
        return cls(
            name=str(descriptor["name"]),
            type=str(descriptor.get("type") or _type_of(descriptor, default_type)),
            format=str(descriptor.get("format", "default")),
            constraints=(*dict(descriptor.get("constraints") or {}).items(), *_categories(descriptor)),
            missing_values=None if missing is None else missing_texts(missing),
            options={key: value for key, value in descriptor.items() if key not in _KNOWN},
            annotations=annotations or Annotations(),
        )

    @property
    def is_required(self) -> bool:
        """Whether an empty cell is wrong."""
        return ("required", True) in self.constraints

    def also(self, other: Field) -> Field:
        """Return this field with the constraints of another one added."""
        extra = tuple(pair for pair in other.constraints if pair not in self.constraints)
        return replace(self, constraints=self.constraints + extra)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must exist in a parent table."""

    fields: tuple[str, ...]
    #: Name of the parent resource; the empty text means the table itself.
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A Table Schema: fields in order, keys, and what counts as missing."""

    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)
    fields_match: str = "exact"

    @classmethod
    def from_descriptor(cls, descriptor: Mapping[str, Any], default_type: str = "string") -> Schema:
        """Read a Table Schema descriptor (Data Package v2; v1 spellings of keys are accepted).

        Args:
            descriptor: the schema as parsed.
            default_type: type of fields that name none: ``any`` in v2, ``string`` in v1.
        """
        match = descriptor.get("fieldsMatch", "exact")
        return cls(
            fields=_distinct(
                Field.from_descriptor(item, default_type=default_type) for item in descriptor.get("fields", ())
            ),
            primary_key=_names(descriptor.get("primaryKey", ())),
            unique_keys=tuple(_names(item) for item in descriptor.get("uniqueKeys", ())),
            foreign_keys=tuple(_foreign_key(item) for item in descriptor.get("foreignKeys", ())),
            missing_values=missing_texts(descriptor.get("missingValues", ("",))),
            fields_match=match[0] if isinstance(match, list) else match,
        )

    def field(self, name: str) -> Field | None:
        """Return the field of that name, or None."""
        return next((item for item in self.fields if item.name == name), None)

    def is_in_order(self, labels: Sequence[str]) -> bool:
        """Whether labels and names differ, and differ only in that some are left out or added."""
        if len(set(labels)) < len(labels) or "" in labels or tuple(labels) == self.names:
            return False
        in_both = [name for name in self.names if name in labels]
        is_one_sided = len(in_both) in (len(self.names), len(labels))
        return bool(in_both) and is_one_sided and in_both == [label for label in labels if label in self.names]

    def column_names(self, labels: Sequence[str]) -> tuple[str, ...]:
        """Return what each column is called: the field that stands at its place, or its label."""
        if self.fields_match != "exact" or self.is_in_order(labels):
            return tuple(labels)
        return (*self.names[: len(labels)], *labels[len(self.names) :])

    @property
    def empty_is_missing(self) -> bool:
        """Whether an empty cell is no value in every field, as it is by default."""
        own = (field.missing_values for field in self.fields if field.missing_values is not None)
        return "" in self.missing_values and all("" in texts for texts in own)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(item.name for item in self.fields)


def _distinct(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return fields with distinct names: a name that stands twice was allowed in v1 (Table Schema v2, name)."""
    found: dict[str, Field] = {}
    for field_read in fields:
        name, number = field_read.name, 1
        while name in found:
            number += 1
            name = f"{field_read.name} ({number})"
        found[name] = field_read if number == 1 else replace(field_read, name=name, label=field_read.name)
    return tuple(found.values())


def _type_of(descriptor: Mapping[str, Any], default: str) -> str:
    """Return the type of a field that names none; what only texts can be asked makes it one of texts."""
    asked = dict(descriptor.get("constraints") or {})
    return "string" if "format" in descriptor or any(key in asked for key in _OF_TEXTS) else default


def missing_texts(values: Any) -> tuple[str, ...]:
    """Return missing values as texts, plain or labelled (Data Package v2, missingValues)."""
    return tuple(str(item["value"] if isinstance(item, Mapping) else item) for item in values)


def _categories(descriptor: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return categories as a constraint: a value outside them is invalid (Table Schema v2, categories)."""
    values = descriptor.get("categories")
    if not isinstance(values, list):
        return ()
    return (("categories", tuple(item["value"] if isinstance(item, Mapping) else item for item in values)),)


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _foreign_key(descriptor: Mapping[str, Any]) -> ForeignKey:
    reference = descriptor["reference"]
    return ForeignKey(
        fields=_names(descriptor["fields"]),
        resource=str(reference.get("resource", "")),
        reference_fields=_names(reference["fields"]),
    )
