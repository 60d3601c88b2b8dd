"""Workbooks of one sheet, as little of one as is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_OPEN = "http://schemas.openxmlformats.org"
_MAIN = f"{_OPEN}/spreadsheetml/2006/main"
_KINDS = f"{_OPEN}/officeDocument/2006/relationships"
_OF_PACKAGES = f"{_OPEN}/package/2006/relationships"
_ODS = "urn:oasis:names:tc:opendocument:xmlns"

Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows) -> Mapping[str, str]:
    """Return the members of an xlsx file; an error is an object with ``error``."""
    cells = "".join(f"<row>{''.join(map(_xlsx_cell, row))}</row>" for row in rows)
    return {
        "_rels/.rels": f'<Relationships xmlns="{_OF_PACKAGES}"><Relationship Id="r1" Type="{_KINDS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_KINDS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_OF_PACKAGES}"><Relationship Id="r1" '
        f'Type="{_KINDS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }


def _xlsx_cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return f'<c t="e"><v>{value["error"]}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c t="b"><v>{value:d}</v></c>' if isinstance(value, bool) else f"<c><v>{value}</v></c>"


def ods(rows: Rows) -> Mapping[str, str]:
    """Return the members of an OpenDocument spreadsheet; a time is an object with ``time``."""
    cells = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    names = "".join(f' xmlns:{name}="{_ODS}:{name}:1.0"' for name in ("office", "table", "text"))
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0"/>',
        "content.xml": f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
    }


def _ods_cell(value: Any) -> str:
    if isinstance(value, Mapping):
        kind, text = f'office:value-type="time" office:time-value="{value["time"]}"', ""
    else:
        kind, text = 'office:value-type="string"', str(value)
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"
