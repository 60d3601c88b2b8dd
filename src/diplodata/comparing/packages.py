"""Two packages: their descriptors, their tables record by record, and their other files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

from diplodata.comparing.columns import Alignment, align
from diplodata.comparing.loading import Loaded, files_of, load, portions, size_of, tables_of
from diplodata.comparing.records import differences
from diplodata.comparing.table_schemas import table_schema_changes
from diplodata.engine.session import Session
from diplodata.errors import ComparisonError, MemoryShortageError
from diplodata.formats import get_ready
from diplodata.model.changes import Changes, CodeChange, FileChange, MemberChange, Side, TableChange
from diplodata.model.package import Resource
from diplodata.package import codelists, paths
from diplodata.package.containers import UnreadableFileError
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage

#: Bytes from which on the tables of both packages are kept on disk.
_LARGE = 1_000_000_000

#: Members of a descriptor that say which release it is, or where its resources are.
_NOT_CONTENT = ("$schema", "created", "profile", "resources", "version")

#: Members of a resource that say how its file is written, or what is compared by itself.
_NOT_OF_TABLE = (
    "$schema",
    "bytes",
    "data",
    "dialect",
    "encoding",
    "format",
    "hash",
    "mediatype",
    "name",
    "path",
    "profile",
    "schema",
    "type",
)

#: Tables of the standard whose records may disappear (The diplodata model, identifiers).
_PASSING = ("evidence", "names")


def compare(old: str | Path, new: str | Path) -> Changes:
    """Compare two states of a package.

    Args:
        old: the older state: anything that ``validate`` takes, a release too.
        new: the newer state.

    Raises:
        SourceError: one of them cannot be read as a package.
        ComparisonError: a table cannot be read, or has a shape in which cells would be lost.
    """
    with ExitStack() as stack:
        return compare_opened(*(stack.enter_context(open_source(item)) for item in (old, new)))


def compare_opened(old: OpenedPackage, new: OpenedPackage) -> Changes:
    """Compare two packages that are open already; the changes stay good when these are closed."""
    size = 0
    for opened in (old, new):
        _refuse_broken(opened)
        get_ready(opened, opened.package.resources)
        size += sum(size_of(opened, item) for item in tables_of(opened.package))
    if size <= _LARGE:
        try:
            return _compared(old, new, on_disk=False)
        except MemoryShortageError:
            pass
    return _compared(old, new, on_disk=True)


def _refuse_broken(opened: OpenedPackage) -> None:
    for item in opened.findings:
        if item.severity == "error" and item.code != "required-table-missing":
            raise ComparisonError(f"{opened.place} is not compared: {item.message} Run diplodata validate.")


def _compared(old: OpenedPackage, new: OpenedPackage, *, on_disk: bool) -> Changes:
    sides = [{item.name: item for item in tables_of(opened.package)} for opened in (old, new)]
    names = (*sides[1], *(name for name in sides[0] if name not in sides[1]))
    sizes = {name: size_of(old, sides[0].get(name)) + size_of(new, sides[1].get(name)) for name in names}
    tables = []
    for portion in portions(sizes):
        with Session(on_disk=on_disk, whole=True) as session:
            tables += [_table(session, (old, sides[0].get(name)), (new, sides[1].get(name))) for name in portion]
    return Changes(
        old=_side(old),
        new=_side(new),
        tables=tuple(tables),
        files=tuple(_files(old, new)),
        codes=tuple(_codes(old, new)),
        metadata=tuple(_members(old.package.descriptor, new.package.descriptor, _NOT_CONTENT)),
    )


def _side(opened: OpenedPackage) -> Side:
    version = opened.package.descriptor.get("version")
    return Side(opened.place, version if isinstance(version, str) else None, opened.package.standard)


def _members(old: Mapping[str, Any], new: Mapping[str, Any], without: Sequence[str]) -> Iterator[MemberChange]:
    for name in sorted(old.keys() | new.keys()):
        if name not in without and old.get(name) != new.get(name):
            yield MemberChange(name, old.get(name), new.get(name))


_Place = tuple[OpenedPackage, Resource | None]


def _table(session: Session, old: _Place, new: _Place) -> TableChange:
    before, after = old[1], new[1]
    loaded = _loaded(session, *old), _loaded(session, *new)
    how = align(session, loaded[0], loaded[1])
    found = differences(session, loaded[0], loaded[1], how)
    resources = [item for item in (after, before) if item is not None]
    name = resources[0].name
    is_both = before is not None and after is not None
    pairs = [*how.key, *how.shared] if is_both else []
    renamed = [(str(item.old), str(item.new)) for item in pairs if item.old != item.new]
    schema = table_schema_changes(_schema(before), _schema(after), renamed) if is_both else ()
    metadata = tuple(_members(before.descriptor, after.descriptor, _NOT_OF_TABLE)) if before and after else ()
    columns = _column_changes(loaded, how)
    is_equal = is_both and not (len(found.records) or schema or metadata or columns[0] or columns[1] or renamed)
    one_sided: Literal["added", "removed"] = "removed" if after is None else "added"
    return TableChange(
        name=name,
        status="equal" if is_equal else "changed" if is_both else one_sided,
        key=tuple(item.name for item in how.key),
        not_comparable=how.obstacle,
        old_rows=loaded[0].table.rows if loaded[0] else 0,
        new_rows=loaded[1].table.rows if loaded[1] else 0,
        counts=found.counts,
        records=found.records,
        columns_added=columns[0],
        columns_removed=columns[1],
        columns_renamed=tuple(renamed),
        schema=schema,
        metadata=metadata,
        is_lasting=any(item.is_standard for item in resources) and name not in _PASSING,
    )


def _loaded(session: Session, opened: OpenedPackage, resource: Resource | None) -> Loaded | None:
    return None if resource is None else load(session, opened, resource)


def _schema(resource: Resource | None) -> Mapping[str, Any] | None:
    return resource.schema_descriptor if resource is not None else None


def _column_changes(loaded: Sequence[Loaded | None], how: Alignment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    columns = (*how.key, *how.rest)
    added = tuple(str(item.new) for item in columns if item.old is None) if loaded[1] else ()
    removed = tuple(str(item.old) for item in columns if item.new is None) if loaded[0] else ()
    return added, removed


def _files(old: OpenedPackage, new: OpenedPackage) -> Iterator[FileChange]:
    digests = [{item.name: _digest(opened, item) for item in files_of(opened.package)} for opened in (old, new)]
    for name in dict.fromkeys((*digests[1], *digests[0])):
        before, after = digests[0].get(name), digests[1].get(name)
        if before != after:
            yield FileChange(name, before, after)


def _codes(old: OpenedPackage, new: OpenedPackage) -> Iterator[CodeChange]:
    """Yield the codes that the packages add to lists of the standard, where they differ."""
    sides: list[dict[tuple[str, str], str]] = []
    for opened in (old, new):
        standard = opened.package.standard
        codes = codelists.read(opened, standard)[0] if standard is not None else ()
        sides.append({(item.codelist, item.code): item.status for item in codes})
    for codelist, code in sorted(sides[0].keys() | sides[1].keys()):
        before, after = (side.get((codelist, code)) for side in sides)
        if before != after:
            yield CodeChange(codelist, code, before, after)


def _digest(opened: OpenedPackage, resource: Resource) -> str:
    """Return the digest of the bytes of a resource; of files elsewhere, of their addresses."""
    digest = hashlib.sha256()
    for path in resource.paths:
        if paths.is_remote(path):
            digest.update(path.encode())
            continue
        try:
            with opened.open(path) as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
        except UnreadableFileError as error:
            raise ComparisonError(f"{error.path} of {opened.place} is not compared: {error.problem}.") from error
    return f"sha256:{digest.hexdigest()}"
