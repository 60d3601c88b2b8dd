"""A package that an entry describes, laid out as files."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from conformance import workbooks

#: Schema address of a package of version 2; without one, a descriptor is of version 1.
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"

#: What is declared of a table unless its entry says otherwise, so that nobody has to guess.
_PLAIN = {"type": "table", "format": "csv", "encoding": "utf-8"}
_DIALECT = {"delimiter": ",", "skipInitialSpace": False, "header": True}


def lay_out(package: Mapping[str, Any], folder: Path) -> Path:
    """Write the files of a package and return the place of its descriptor."""
    folder.mkdir(parents=True)
    files = dict(package.get("files", {}))
    if "csv" in package:
        files["t.csv"] = package["csv"]
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Mapping) and "link" in content:
            target.symlink_to(content["link"])
        else:
            target.write_bytes(_bytes_of(content))
    place = folder / "datapackage.json"
    place.write_text(json.dumps(descriptor_of(package)), encoding="utf-8")
    return place


def descriptor_of(package: Mapping[str, Any]) -> dict[str, Any]:
    """Return the descriptor of a package, which is written out or made for one table."""
    described: dict[str, Any] = {"$schema": V2} if package.get("v2") else {}
    described |= package.get("members", {})
    if "resources" in package:
        return described | {"resources": package["resources"]}
    if "csv" not in package:
        return described
    resource: dict[str, Any] = {"name": "t", "path": "t.csv"}
    if not package.get("undeclared"):
        resource |= _PLAIN | {"dialect": _DIALECT}
    resource |= package.get("resource", {})
    resource |= {"schema": package["schema"]} if "schema" in package else {}
    return described | {"resources": [resource]}


def _bytes_of(content: str | Mapping[str, Any]) -> bytes:  # noqa: PLR0911
    """Return the bytes of a file: text, or one of the forms that a text cannot show."""
    if isinstance(content, str):
        return content.encode()
    if "hex" in content:
        return bytes.fromhex(content["hex"])
    if "base64" in content:
        return base64.b64decode(content["base64"])
    if "zip" in content:
        return _zip(content["zip"])
    if "gzip" in content:
        return gzip.compress(content["gzip"].encode(), mtime=0)
    if "xlsx" in content:
        return _zip(workbooks.xlsx(content["xlsx"]))
    if "ods" in content:
        return _zip(workbooks.ods(content["ods"]))
    if "parquet" in content:
        return _parquet(content["parquet"], content.get("types", {}))
    text = content.get("start", "") + content["repeat"] * content["times"] if "repeat" in content else content["text"]
    return str(text + content.get("end", "")).encode(content.get("encoding", "utf-8"))


def _zip(members: Mapping[str, Any]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, _bytes_of(text))
    return stream.getvalue()


def _parquet(columns: Mapping[str, list[Any]], types: Mapping[str, str]) -> bytes:
    arrays = {name: pa.array(values) for name, values in columns.items()}
    arrays |= {name: arrays[name].cast(pa.type_for_alias(kind)) for name, kind in types.items()}
    stream = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays), stream)
    data: bytes = stream.getvalue().to_pybytes()
    return data
