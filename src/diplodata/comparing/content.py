"""The content hash: equal for equal data, whatever the format, the order of rows or columns, or the day."""

from __future__ import annotations

import hashlib

from diplodata.comparing.loading import Loaded, digest, load, portions, size_of, tables_of
from diplodata.engine.session import Session
from diplodata.errors import MemoryShortageError
from diplodata.formats import get_ready
from diplodata.package.opened import OpenedPackage

#: Digests of rows that are fetched at a time.
_PORTION = 50_000


def content_hash(opened: OpenedPackage) -> str:
    """Return the digest of what the tables of a package hold, such as ``sha256:…``.

    * A record is the SHA-256 of its cells that have a value, sorted by name, each as
      ``<length>:<name>=<length>:<value>,`` with lengths in bytes of UTF-8.
    * A table is the SHA-256 of the hexadecimal digests of its records, sorted, without anything between them.
    * The package is the SHA-256 of ``<length>:<name>=<digest>`` and a line end for each table, sorted by name.

    Args:
        opened: the package; descriptor, schemas and resources that are no tables have no part in it.

    Raises:
        ComparisonError: a table cannot be read, or has a shape in which cells would be lost.
    """
    get_ready(opened, opened.package.resources)
    try:
        return _content_hash(opened, on_disk=False)
    except MemoryShortageError:
        return _content_hash(opened, on_disk=True)


def _content_hash(opened: OpenedPackage, *, on_disk: bool) -> str:
    resources = {item.name: item for item in sorted(tables_of(opened.package), key=lambda item: item.name)}
    whole = hashlib.sha256()
    for names in portions({name: size_of(opened, item) for name, item in resources.items()}):
        with Session(on_disk=on_disk, whole=True) as session:
            for name in names:
                digest_of_table = _of_table(session, load(session, opened, resources[name]))
                whole.update(f"{len(name.encode())}:{name}={digest_of_table}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def _of_table(session: Session, loaded: Loaded) -> str:
    record = digest({name: loaded.cell(name) for name in sorted(loaded.table.columns)})
    table = hashlib.sha256()
    for rows in session.portions(f"SELECT {record} AS digest FROM {loaded.table.table} ORDER BY digest", _PORTION):
        table.update("".join(row[0] for row in rows).encode())
    return table.hexdigest()
