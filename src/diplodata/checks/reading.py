"""Load the resources of a package into the engine, with a finding for everything that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from diplodata.catalogue import finding
from diplodata.checks.ahead import Ahead
from diplodata.checks.conditions import plan
from diplodata.checks.rows import without_blank
from diplodata.checks.structure import check_file, read_header
from diplodata.engine import sql
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.formats import EXACT_READERS, READERS, TextTable, unhonoured
from diplodata.formats.text_table import Facts, HashingStream, OddFileError, algorithms, arrow_schema
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.package import paths
from diplodata.package.containers import UnreadableFileError
from diplodata.package.dialects import dialect_problems
from diplodata.package.opened import OpenedPackage


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one resource."""

    resource: Resource
    facts: Facts | None
    #: None when the resource is no table, or could not be read.
    table: LoadedTable | None


def load(
    session: Session, opened: OpenedPackage, ahead: Ahead, resource: Resource, keys: frozenset[str], tally: Tally
) -> Read:
    """Read a resource into the engine and compare it with what is declared of it.

    Args:
        session: the engine.
        opened: the package.
        ahead: its tables, of which the next one is being read.
        resource: what to read.
        keys: fields of the resource whose values are compared with each other.
        tally: where findings go.
    """
    place: dict[str, Any] = {"resource": resource.name, "path": resource.place}
    remote = [path for path in resource.paths if paths.is_remote(path)]
    if remote:
        tally.add([finding("remote-not-read", value=remote[0], **place)])
        return Read(resource, None, None)
    if any(dialect_problems(resource.dialect)):
        return Read(resource, None, None)  # said of the descriptor; by another dialect every cell would be wrong
    try:
        if resource.format not in READERS:
            return _plain_file(opened, resource, tally)
        tally.add(_unhonoured(resource))
        read = _table(session, opened, ahead, resource, keys, tally)
    except UnreadableFileError as error:
        members = {"value": error.path} if error.code == "unsafe-path" else {}
        tally.add([finding(error.code, {"problem": error.problem}, **place | {"path": error.path}, **members)])
        return Read(resource, None, None)
    if read.table is not None and "schema" not in resource.descriptor and resource.schema is None:
        tally.add([finding("schema-missing", **place)])
    return read


def _unhonoured(resource: Resource) -> Iterator[Finding]:
    names = unhonoured(resource.format, resource.dialect)
    if names:
        problem = f"The dialect of {resource.name} uses {', '.join(names)}, which this version does not honour."
        yield finding("unchecked", {"problem": problem}, resource=resource.name, path=resource.place)


def _plain_file(opened: OpenedPackage, resource: Resource, tally: Tally) -> Read:
    """Compare size and hash of a file that is no table that we read."""
    if resource.schema is not None or not resource.paths:
        value = resource.format or "inline data"
        tally.add([finding("format-error", resource=resource.name, path=resource.place, value=value)])
    facts = Facts()
    for path in resource.paths:
        stream = HashingStream(opened.open(path), algorithms(resource.descriptor))
        stream.fill(facts)
        stream.close()
    tally.add(check_file(resource, facts.bytes, facts.hashes))
    return Read(resource, facts, None)


def _table(
    session: Session, opened: OpenedPackage, ahead: Ahead, resource: Resource, keys: frozenset[str], tally: Tally
) -> Read:
    text = ahead.table(resource)
    try:
        table = _loaded(session, text, resource, keys)
    except OddFileError:
        text = EXACT_READERS[resource.format](opened, resource)
        table = _loaded(session, text, resource, keys)
    text.findings[:] = without_blank(session, table, text.findings)
    tally.add(text.findings)
    if resource.paths and resource.format != "records":
        tally.add(check_file(resource, text.facts.bytes, text.facts.hashes))
    if not text.labels:
        return Read(resource, text.facts, None)
    if text.assumed is not None:
        resource = replace(resource, descriptor=text.assumed)
    header = read_header(resource, text.labels)
    if text.has_header:
        tally.add(header.findings)
    if header.findings and not header.columns:
        return Read(resource, text.facts, None)
    _mark(session, table, text)
    return Read(resource, text.facts, table)


def _loaded(session: Session, text: TextTable, resource: Resource, keys: frozenset[str]) -> LoadedTable:
    columns = read_header(resource, text.labels).columns
    columns = {name: number for name, number in columns.items() if number not in text.misfits}
    planned = plan(session, resource, columns, keys)
    schema = text.encode() if text.encode else arrow_schema(len(text.labels))
    table = session.load(resource, planned, text.batches, schema)
    table.keys |= keys
    text.settle()
    return table


def _mark(session: Session, table: LoadedTable, text: TextTable) -> None:
    """Note the cells in which the reader found something, so that no check reports them again."""
    for item in text.findings:
        if item.row is not None and item.field is not None:
            table.marked.add(item.field)
            name, field = sql.literal(table.resource.name), sql.literal(item.field)
            session.execute(f"INSERT INTO failed VALUES ({name}, {int(item.row)}, {field})")
