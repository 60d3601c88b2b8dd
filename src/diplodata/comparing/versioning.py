"""Which step of the version changes ask for, and the version that follows (Data Package, data package version)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from diplodata.errors import UsageError
from diplodata.model.changes import STEPS, Bump, Changes, CodeChange, Disappeared, Effect, Reason, Step, TableChange

#: MAJOR.MINOR.PATCH without anything behind it (Semantic Versioning 2.0.0, 2).
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)

#: Identifiers that disappeared which are named, for each table.
_NAMED = 100

#: What a change of a schema does -> step that it asks for.
STEP_OF: dict[Effect, Step] = {
    "compatible": "patch",
    "widening": "minor",
    "narrowing": "major",
    "breaking": "major",
    "cannot tell": "major",
}


def bump_of(changes: Changes) -> Bump:
    """Return the step that changes ask for, with the reasons, and the identifiers that disappeared.

    * Major: records removed or re-identified, columns or tables removed or renamed, a schema narrowed or changed in a
      way of which nothing is known, another licence, another major version of the standard.
    * Minor: records, columns, tables, files or codes added, a schema widened.
    * Patch: values corrected, anything that only describes.
    """
    reasons = sorted(_reasons(changes), key=lambda item: -STEPS.index(item.step))
    step = reasons[0].step if reasons else "none"
    disappeared = tuple(item for table in changes.tables if (item := _disappeared(table)) is not None)
    return Bump(step, tuple(reasons), disappeared)


def next_version(previous: str, step: Step) -> str:
    """Return the version that follows another one; the same one when nothing changed.

    Raises:
        UsageError: the previous version is not MAJOR.MINOR.PATCH.
    """
    match = _VERSION.fullmatch(previous)
    if match is None:
        raise UsageError(f"No version follows {previous!r}: it is not MAJOR.MINOR.PATCH.")
    major, minor, patch = map(int, match.groups())
    following = {
        "none": (major, minor, patch),
        "patch": (major, minor, patch + 1),
        "minor": (major, minor + 1, 0),
        "major": (major + 1, 0, 0),
    }
    return ".".join(str(part) for part in following[step])


def _reasons(changes: Changes) -> Iterator[Reason]:
    yield from _of_standard(changes)
    for member in changes.metadata:
        if member.member in ("licenses", "license"):
            yield Reason("major", "The licence is another one.")
        elif member.member != "diplodata" or changes.old.standard == changes.new.standard:
            yield Reason("patch", f"The member {member.member} of the descriptor is another one.")
    for table in changes.tables:
        yield from _of_table(table)
    for file in changes.files:
        if file.old is None:
            yield Reason("minor", f"The file {file.name} was added.")
        elif file.new is None:
            yield Reason("major", f"The file {file.name} was removed.")
        else:
            yield Reason("patch", f"The file {file.name} has other content.")
    for code in changes.codes:
        yield _of_code(code)


def _of_code(change: CodeChange) -> Reason:
    what = f"The code {change.code} of {change.codelist}"
    if change.old is None:
        return Reason("minor", f"{what} was added.")
    if change.new is None:
        return Reason("major", f"{what} was removed.")
    return Reason("patch", f"{what} was {change.old} and is {change.new}.")


def _of_standard(changes: Changes) -> Iterator[Reason]:
    old, new = changes.old.standard, changes.new.standard
    if old == new:
        return
    is_minor = old is not None and new is not None and old.partition(".")[0] == new.partition(".")[0]
    text = f"The standard was {old or 'not declared'} and is {new or 'not declared'}."
    yield Reason("minor" if is_minor else "major", text)


def _of_table(table: TableChange) -> Iterator[Reason]:
    if table.status in ("added", "removed"):
        step: Step = "minor" if table.status == "added" else "major"
        yield Reason(step, f"The table {table.name} was {table.status}.")
        return
    yield from _of_records(table)
    for old, new in table.columns_renamed:
        yield Reason("major", f"{table.name}: the column {old} is named {new} now.")
    for name in table.columns_removed:
        yield Reason("major", f"{table.name}: the column {name} was removed.")
    for name in table.columns_added:
        yield Reason("minor", f"{table.name}: the column {name} was added.")
    told = {*table.columns_added, *table.columns_removed, *(new for _, new in table.columns_renamed)}
    for change in table.schema:
        is_told = change.where in told and change.keyword in ("field", "name")
        if not is_told or (change.effect == "breaking" and change.keyword == "field" and change.old is None):
            doubt = " Whether data stay valid cannot be told." if change.effect == "cannot tell" else ""
            yield Reason(STEP_OF[change.effect], f"{table.name}: {change.text}{doubt}")
    for member in table.metadata:
        is_licence = member.member in ("licenses", "license")
        what = "the licence" if is_licence else f"the member {member.member}"
        yield Reason("major" if is_licence else "patch", f"{table.name}: {what} is another one.")


def _of_records(table: TableChange) -> Iterator[Reason]:
    noun = "row" if table.not_comparable else "record"
    told: dict[str, tuple[Step, str]] = {
        "removed": ("major", "removed"),
        "re-identified": ("major", "re-identified"),
        "added": ("minor", "added"),
        "changed": ("patch", "changed"),
    }
    for action, number in table.counts.items():
        if number:
            step, participle = told[action]
            verb = f"{noun} was" if number == 1 else f"{noun}s were"
            yield Reason(step, f"{table.name}: {number:,} {verb} {participle}.")


def _disappeared(table: TableChange) -> Disappeared | None:
    number = table.counts.get("removed", 0) + table.counts.get("re-identified", 0)
    if not table.is_lasting or not number:
        return None
    gone = (item for item in table.records if item.action in ("removed", "re-identified"))
    identifiers = (" ".join(text or "" for _, text in item.key) for item in itertools.islice(gone, _NAMED))
    return Disappeared(table.name, number, tuple(text for text in identifiers if text))
