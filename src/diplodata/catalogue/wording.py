"""From a code and its values to a finding with its message and hint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diplodata.catalogue.entries import ENTRIES
from diplodata.catalogue.entry import Entry
from diplodata.model.finding import Finding

#: Longest value shown in a message; the finding itself keeps all of it.
_SHOWN = 80

#: Longest limit shown in a message; codelists have up to twenty codes.
_LIMIT_SHOWN = 400

#: Members of a finding that a template may name.
_MEMBERS = ("resource", "path", "row", "column", "field", "value", "limit")

#: What a broken constraint says, by keyword.
CONSTRAINTS = {
    "categories": "{field} {value} is none of the categories {limit}",
    "enum": "{field} {value} is not one of the allowed values {limit}",
    "exclusiveMaximum": "{field} {value} is not below {limit}",
    "exclusiveMinimum": "{field} {value} is not above {limit}",
    "jsonSchema": "{field} {value} does not match its JSON Schema",
    "itemMaxLength": "{field} {value} has an item of more than {limit} characters",
    "maxLength": "{field} {value} is longer than {limit} characters",
    "maximum": "{field} {value} is above {limit}",
    "minLength": "{field} {value} is shorter than {limit} characters",
    "minimum": "{field} {value} is below {limit}",
    "pattern": "{field} {value} does not match the pattern {limit}",
    "required": "{field} is required, and the cell is empty",
    "uniqueItems": "{field} {value} holds an item twice",
}

#: How to write the values of a kind, for hints.
KIND_HINTS = {
    "boolean": "Write true or false.",
    "code": "Use a code of the codelist {codelist}: diplodata schema show {codelist}.",
    "column": "Use the name of a column, such as start_date.",
    "country": "Use an ISO 3166-1 alpha-3 code, or the alpha-4 code of a former state.",
    "date": "Write YYYY-MM-DD.",
    "edtf": "Write YYYY, YYYY-MM or YYYY-MM-DD, with ?, ~ or % at the end if needed; X for unknown digits.",
    "id": "Write prefix:type-slug in lower case, such as dd:mtg-20200526-csto-cfm; at most 100 characters.",
    "integer": "Write a whole number in digits.",
    "language": "Write a BCP 47 tag such as en, be-Cyrl or zh-Hant-TW.",
    "record": "Write the identifier of a record: prefix:type-slug.",
    "reference": "Write the identifier of a record: prefix:type-slug with the type code of its table.",
    "sha256": "Write 64 lower-case hexadecimal digits.",
    "time": "Write hours and minutes, HH:MM.",
    "time_zone": "Use a name of the IANA database such as Europe/Minsk, or UTC.",
    "uri": "Write a URI in ASCII, with other characters percent-encoded.",
    "url": "Write an http or https address in ASCII, with other characters percent-encoded.",
    "wikidata": "Write the item's identifier, such as Q184.",
}

#: A value of each type in its default format, for hints.
TYPE_EXAMPLES = {
    "array": '["a", "b"]',
    "boolean": "true",
    "date": "2020-05-26",
    "datetime": "2020-05-26T14:30:00Z",
    "duration": "PT1H30M",
    "geojson": '{"type": "Point", "coordinates": [27.56, 53.9]}',
    "geopoint": "27.56, 53.9",
    "integer": "42",
    "number": "42.5",
    "object": '{"a": 1}',
    "time": "14:30:00",
    "year": "2020",
    "yearmonth": "2020-05",
}


def type_hint(kind: str, form: str, *, has_options: bool) -> str | None:
    """Return how to write a value of a type; None where the field's own options or format say it.

    Args:
        kind: the type.
        form: the format; for dates and times it can be a pattern.
        has_options: whether the field has options of its own, such as trueValues.
    """
    if "%" in form:
        return f"Write it in the format {form}, or leave the cell empty."
    if form != "default" or has_options or kind not in TYPE_EXAMPLES:
        return None
    return f"Write it as in {TYPE_EXAMPLES[kind]}, leave the cell empty, or give the field another type."


def shown(value: Any) -> str:
    """Return a value for a message: quoted, cut, with everything unprintable escaped."""
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return '"' + "".join(char if char.isprintable() else _escape(char) for char in text) + '"'


def _escape(char: str) -> str:
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def finding(
    entry: Entry | str,
    details: Mapping[str, Any] | None = None,
    severity: str | None = None,
    hint: str | None = None,
    message: str | None = None,
    **members: Any,
) -> Finding:
    """Make a finding of a catalogue entry.

    Args:
        entry: the entry, or the code of one in ENTRIES.
        details: further values that the message template names.
        severity: another severity than the catalogue's.
        hint: a better next step than the catalogue's.
        message: a better sentence than the catalogue's.
        members: members of the finding, such as resource, row, value.
    """
    entry = ENTRIES[entry] if isinstance(entry, str) else entry
    named = dict.fromkeys(_MEMBERS, "") | members | {"field": (members.get("fields") or ("",))[0]}
    values = {name: _worded(name, item) for name, item in named.items()} | dict(details or {})
    return Finding(
        code=entry.code,
        severity=severity or entry.severity,
        message=entry.message.format_map(values) if message is None else message,
        hint=entry.fix if hint is None else hint,
        **members,
    )


def _worded(name: str, value: Any) -> Any:
    if name in ("value", "limit"):
        return "empty" if value is None else shown(value) if isinstance(value, str) else value
    return value


def constraint_problem(field: str, keyword: str, value: str | None, limit: Any) -> str:
    """Say which constraint of a field a value breaks."""
    text = CONSTRAINTS.get(keyword, "{field} {value} breaks the constraint " + keyword + " {limit}")
    bound = ", ".join(str(item) for item in limit) if isinstance(limit, (list, tuple)) else str(limit)
    bound = bound if len(bound) <= _LIMIT_SHOWN else bound[: _LIMIT_SHOWN - 1] + "…"
    return text.format(field=field, value=shown(value or ""), limit=bound) + "."
