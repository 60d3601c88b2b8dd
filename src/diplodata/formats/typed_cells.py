"""Cells with a type of their own, from workbooks and databases: the texts that stand for them in their fields."""

from __future__ import annotations

from collections.abc import Sequence

from diplodata.catalogue import finding
from diplodata.formats import native
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Field

#: Kind -> what a cell of it holds.
_SAID = {
    "bool": "a truth value",
    "date": "a date",
    "duration": "a duration",
    "float": "a number",
    "int": "a number",
    "time": "a time",
    "timestamp": "a date with a time",
}


def text_of(
    value: str | Sequence[str] | None,
    row: int,
    place: int,
    fields: Sequence[Field],
    resource: Resource,
    findings: list[Finding],
) -> str | None:
    """Return the text of a cell; say so when its type cannot stand for that of its field.

    Args:
        value: a text, nothing, or a kind with its text.
        row: number of its record.
        place: number of its column, from 0.
        fields: the fields of all columns.
        resource: the table.
        findings: what is wrong is added to them.
    """
    if value is None or isinstance(value, str):
        return value if value or not resource.empty_is_missing else None
    kind, text = value
    field = fields[place]
    if not native.fits(kind, field):
        findings.append(
            finding(
                "type-error",
                resource=resource.name,
                path=resource.place,
                row=row,
                column=place + 1,
                fields=(field.name,),
                value=text,
                limit=field.type,
                hint=f"The cell holds {_SAID[kind]}. Give it the format of the field, or type the value as text.",
            )
        )
    write = native.writer(kind, field)
    return (write(text) if write else None) or text
