"""From what the user typed to an opened package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diplodata import strict_json
from diplodata.errors import LimitError, SourceError, UsageError
from diplodata.model.limits import DEFAULT_LIMITS, Limits
from diplodata.package import bare, descriptor, document, records
from diplodata.package.containers import Archive, Container, Folder, UnreadableFileError
from diplodata.package.opened import OpenedPackage
from diplodata.package.origin import is_document

DESCRIPTOR = "datapackage.json"

#: Extensions of tables that are read without a descriptor.
_BARE = (".csv", ".tsv", ".ndjson", ".jsonl", ".ods", ".parquet", ".xls", ".xlsx", *bare.DATABASES)

#: Those of files that can hold a whole package.
_WHOLE = (*bare.DATABASES, ".xlsx")

#: Extensions behind those, of tables that are packed.
_PACKED = (".gz", ".zip")


def open_source(source: str | Path, limits: Limits = DEFAULT_LIMITS, schema: str | Path | None = None) -> OpenedPackage:
    """Open a folder, descriptor, zip archive, bundle, nested document, records, workbook, database or bare table.

    Args:
        source: what to open.
        limits: what may be read.
        schema: the Table Schema of a bare table or of records: a file, or the name of a table of the standard.

    Raises:
        NotStrictError: a JSON file that is named as the source is not strict JSON.
        SourceError: nothing that can be read as a package, or as the schema, is there.
        UsageError: a schema is given for something that has its own.
        LimitError: the source is larger than a limit allows.
    """
    path = Path(source)
    suffix = path.suffix.lower()
    is_bare = _is_bare(path, limits)
    if path.exists() and not is_bare and not (path.is_file() and suffix == ".json"):
        _refuse_schema(source, schema)
    if path.is_dir():
        return _of_container(Folder(path), str(source), limits)
    if not path.exists():
        raise SourceError(f"{source}: no such file or folder.")
    if not path.is_file():
        raise SourceError(f"{source}: neither a regular file nor a folder.")
    if is_bare:
        return _of_table(path, str(source), schema, limits)
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return _of_container(Archive(path, limits), str(source), limits)
    if suffix == ".json":
        return _of_json(path, str(source), limits, schema)
    known = ", ".join(("a folder", ".json", ".zip", *_BARE))
    raise SourceError(f"{source}: the kind of file is unknown; a source is {known}.")


def _of_table(path: Path, source: str, schema: str | Path | None, limits: Limits) -> OpenedPackage:
    if path.suffix.lower() not in _WHOLE:
        return bare.open_table(path, source, schema, limits)
    # Loaded here: few sources are workbooks or databases.
    from diplodata.package import onefile

    onefile.refuse_logs(path)
    opened = bare.open_table(path, source, schema, limits)
    try:
        return opened if schema is not None else onefile.looked_into(opened, limits)
    except BaseException:
        opened.close()
        raise


def _is_bare(path: Path, limits: Limits) -> bool:
    """Whether a path is a table file, packed or not; a zip archive that holds a descriptor is a package."""
    if not path.is_file():
        return False
    suffix = path.suffix.lower()
    if suffix not in _PACKED or Path(path.stem).suffix.lower() not in _BARE:
        return suffix in _BARE
    return suffix != ".zip" or not _holds_descriptor(path, limits)


def _holds_descriptor(path: Path, limits: Limits) -> bool:
    try:
        archive = Archive(path, limits)
    except SourceError:
        return False
    try:
        with archive.open(DESCRIPTOR):
            return True
    except UnreadableFileError:
        return False
    finally:
        archive.close()


def _of_container(container: Container, source: str, limits: Limits) -> OpenedPackage:
    try:
        try:
            with container.open(DESCRIPTOR) as stream:
                raw = stream.read(limits.descriptor_bytes + 1)
        except UnreadableFileError as error:
            raise SourceError(f"{source} holds no {DESCRIPTOR} that can be read: {error.problem}.") from error
        return _described(
            _parse(raw, DESCRIPTOR, limits.descriptor_bytes, "descriptor_bytes"), container, source, limits
        )
    except BaseException:
        container.close()
        raise


def _refuse_schema(source: str | Path, schema: str | Path | None) -> None:
    if schema is not None:
        known = ", ".join(_BARE)
        raise UsageError(
            f"{source} has its own schemas; --schema is for records in JSON and for a bare table: {known}."
        )


def _of_json(path: Path, source: str, limits: Limits, schema: str | Path | None) -> OpenedPackage:
    folder = Folder(path.parent)
    try:
        with path.open("rb") as stream:
            raw = stream.read(limits.document_bytes + 1)
        data = _parse(raw, source, limits.document_bytes, "document_bytes")
        are_records = records.are_records(data, schema)
        _refuse_schema(source, None if are_records else schema)
        if not are_records and not is_document(data):
            return _described(data, folder, source, limits, path.name)
    except BaseException:
        folder.close()
        raise
    folder.close()
    if are_records:
        return records.open_records(data, path, source, schema, limits)
    return document.open_document(data, path, source)


class NotStrictError(SourceError):
    """A JSON file is not strict JSON; holds its text, so that a document can be told what is wrong where."""

    def __init__(self, name: str, raw: bytes, error: strict_json.JsonProblemError) -> None:
        super().__init__(f"{name} is not strict JSON: {error.problem}.")
        self.raw = raw
        self.error = error


def _described(data: Any, container: Container, source: str, limits: Limits, place: str = DESCRIPTOR) -> OpenedPackage:
    if not isinstance(data, dict):
        raise SourceError(f"{source} holds no JSON object; a source is a descriptor, a bundle or a nested document.")
    if "resources" not in data:
        raise SourceError(f"{source}: no descriptor, bundle or nested document: it has no resources and no diplodata.")
    resources = data["resources"]
    if isinstance(resources, list) and len(resources) > limits.resources:
        raise LimitError(f"{source} has {len(resources)} resources; the limit resources is {limits.resources}.")
    package, findings = descriptor.read(strict_json.plain(data), container, place)
    return OpenedPackage(package, source, container, tuple(findings), descriptor=place)


def _parse(raw: bytes, name: str, limit: int, limit_name: str) -> Any:
    if len(raw) > limit:
        raise LimitError(f"{name} is larger than {limit} bytes, the limit {limit_name}.")
    try:
        return strict_json.parse(raw)
    except strict_json.JsonProblemError as error:
        raise NotStrictError(name, raw, error) from error
