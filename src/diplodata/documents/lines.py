"""NDJSON whose lines are documents: each is judged by the JSON Schema of the version that it declares.

Good lines are parsed and asked once, in memory that does not grow with their number; everything that takes longer is
for the lines in which that finds something.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diplodata import strict_json
from diplodata.catalogue import finding
from diplodata.documents.deciding import version_of
from diplodata.documents.reporting import report
from diplodata.documents.sharing import screened
from diplodata.engine.tally import Tally
from diplodata.errors import UsageError
from diplodata.model.finding import Finding
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.model.report import Report, ResourceReport
from diplodata.package.origin import is_document
from diplodata.standard import registry

#: Extensions of files with one JSON value a line.
SUFFIXES = (".jsonl", ".ndjson")


def holds_documents(path: Path) -> bool:
    """Whether the first line of an NDJSON file that is not blank is a bundle or nested document, or was to be one."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    with path.open("rb") as stream:
        line = b"\n"
        while line and not line.strip():
            line = stream.readline(DEFAULT_LIMITS.record_bytes)
    try:
        return is_document(strict_json.parse(line))
    except strict_json.JsonProblemError:
        return line.lstrip().startswith(b"{") and b'"diplodata"' in line


def judged(
    source: str | Path,
    *,
    limit: int,
    as_of: datetime.date | None = None,
    schema: str | Path | None = None,
    resources: tuple[str, ...] = (),
) -> Report | None:
    """Judge the documents of an NDJSON file; None when the source is anything else.

    Args:
        source: what the user typed.
        limit: findings kept per code; 0 keeps all.
        as_of: the day that the report names.
        schema: a schema that was given for the source.
        resources: resources that were asked for.

    Raises:
        UsageError: something was asked for that documents do not have.
    """
    path = Path(source)
    if not holds_documents(path):
        return None
    if schema is not None:
        raise UsageError(f"The lines of {source} are documents, which have their own schemas; leave out --schema.")
    if resources:
        raise UsageError(f"The lines of {source} are documents; --resource is for the tables of one package.")
    tally = Tally(limit)
    lines = _Lines(path.name, tally)
    tally.add([lines.unasked()])
    lines.read(path)
    facts = ResourceReport(path.stem, path.name, "ndjson", lines.documents, None, None, not lines.has_errors)
    standard = lines.versions.pop() if len(lines.versions) == 1 else None
    return report(str(source), tally, as_of, [facts], standard)


class _Lines:
    """Goes through the lines of one file."""

    def __init__(self, name: str, tally: Tally) -> None:
        self.documents = 0
        self.versions: set[str] = set()
        self._before = 0
        self._name = name
        self._tally = tally

    @property
    def has_errors(self) -> bool:
        """Whether a document is wrong."""
        return any(severity == "error" for _, severity in self._tally.totals)

    def unasked(self) -> Finding:
        """Say once what is not asked of documents in lines."""
        problem = (
            f"Each line of {self._name} was judged by itself, by its JSON Schema; keys, references, rules and what a "
            "whole package has to have were not asked."
        )
        hint = "To have them asked, validate one document as a .json file."
        return finding("unchecked", {"problem": problem}, hint=hint, path=self._name)

    def read(self, path: Path) -> None:
        """Judge every line."""
        with path.open("rb") as stream:
            for found in screened(path):
                self.versions |= found.versions
                for suspect in found.suspects:
                    stream.seek(suspect.offset)
                    line = stream.read(min(suspect.length, DEFAULT_LIMITS.record_bytes + 1))
                    self._tally.add(self._slowly(line, self._before + suspect.number))
                self.documents += found.lines
                self._before += found.lines

    def _slowly(self, line: bytes, number: int) -> Iterator[Finding]:
        """Yield what is wrong with a line."""
        if not line.strip():
            self.documents -= 1
            return
        if len(line) > DEFAULT_LIMITS.record_bytes:
            problem = f"line {number} is longer than the limit record_bytes allows"
            yield finding("limit-exceeded", {"problem": problem}, path=self._name, line=number, limit="record_bytes")
            return
        # Needed for lines that are not good alone, and not loaded for others.
        from diplodata.documents import strictness, whole

        try:
            value = strict_json.parse(line)
        except strict_json.JsonProblemError as error:
            yield strictness.refusal(line, error, self._name, number)
            return
        version = version_of(value)
        if version is None:
            yield self._undeclared(value, number)
            return
        self.versions.add(version)
        if "profile" in value["diplodata"]:
            problem = f"The document in line {number} names a profile, which is not asked of documents in lines."
            hint = "To have it asked, validate the document as a .json file."
            where = "/diplodata/profile"
            yield finding("unchecked", {"problem": problem}, hint=hint, path=self._name, line=number, pointer=where)
        yield from whole.placed(line.decode(), whole.findings_of(value, version, self._name), number)

    def _undeclared(self, value: Any, number: int) -> Finding:
        if not is_document(value):
            problem = f"Line {number} is no bundle or nested document, as the first line of the file is."
            return finding("profile-error", {"problem": problem}, path=self._name, line=number, column=1, pointer="")
        declared = value["diplodata"]
        standard = declared.get("standard") if isinstance(declared, dict) else declared
        problem = f"The standard {standard!r} is unknown; this tool knows {', '.join(registry.versions())}."
        where = "/diplodata/standard" if isinstance(declared, dict) else "/diplodata"
        return finding("profile-error", {"problem": problem}, path=self._name, line=number, column=1, pointer=where)
