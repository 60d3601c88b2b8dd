"""Many small tables in one package: opening a package costs both tools more than checking a few rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from conformance.layout import descriptor_of
from conformance.outcome import Outcome, Reference
from conformance.record import both
from conformance.table import Entry

#: Members of a package that describe one table and nothing else.
_OF_ONE_TABLE = {"csv", "resource", "schema", "undeclared", "v2"}

#: Errors of a descriptor, after which the reference reads no table at all.
_OF_DESCRIPTORS = ("package-error", "profile-error", "resource-error", "schema-error")


def outcomes(entries: Mapping[str, Entry], reference: Reference, folder: Path) -> dict[str, tuple[Outcome, Outcome]]:
    """Return what the reference and the tool say of each entry that can be asked about together with others."""
    found: dict[str, tuple[Outcome, Outcome]] = {}
    for is_v2 in (False, True):
        together = {
            name: entry
            for name, entry in entries.items()
            if _can_be_joined(entry) and entry["package"].get("v2", False) is is_v2
        }
        package = {"v2": is_v2, "resources": list(_resources(together)), "files": dict(_files(together))}
        said, mine = (_by_resource(lines) for lines in both(reference, package, folder / f"v{1 + is_v2}"))
        if said.keys() | mine.keys() <= together.keys():  # else something is said of the whole, so each is asked alone
            found |= {name: (said.get(name, []), mine.get(name, [])) for name in together}
    return found


def _can_be_joined(entry: Entry) -> bool:
    package = entry["package"]
    refers_to_itself_by_name = any(
        key["reference"].get("resource") == "t" for key in package.get("schema", {}).get("foreignKeys", ())
    )
    is_of_descriptor = any(line.startswith(_OF_DESCRIPTORS) for line in entry.get("both", _OF_DESCRIPTORS))
    is_one_table = "csv" in package and package.keys() <= _OF_ONE_TABLE
    # A dialect or schema by path is a file of its own.
    has_files = any(isinstance(package.get("resource", {}).get(key), str) for key in ("dialect", "schema"))
    return is_one_table and not (refers_to_itself_by_name or is_of_descriptor or has_files)


def _resources(entries: Mapping[str, Entry]) -> Iterator[dict[str, object]]:
    for name, entry in entries.items():
        (resource,) = descriptor_of(entry["package"])["resources"]
        yield resource | {"name": name, "path": f"{name}.csv"}


def _files(entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    yield from ((f"{name}.csv", entry["package"]["csv"]) for name, entry in entries.items())


def _by_resource(lines: Outcome) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for line in lines:
        resource, _, rest = line.partition(": ")
        found.setdefault(resource, []).append(rest)
    return found
