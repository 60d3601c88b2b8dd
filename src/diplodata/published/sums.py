"""SHA256SUMS of a release, read strictly: its names decide which files are opened and written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diplodata.catalogue import finding
from diplodata.errors import LimitError
from diplodata.model.finding import Finding
from diplodata.package import paths

NAME = "SHA256SUMS"
SIGNATURE = f"{NAME}.sig"

#: As ``sha256sum`` writes it. A line that begins with a backslash has an escaped name, which no release has.
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")

#: Longest path of a file of a release.
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Sums:
    """What SHA256SUMS lists."""

    #: Path -> digest.
    digests: Mapping[str, str]
    findings: tuple[Finding, ...]


def read(raw: bytes, place: str, files: int) -> Sums:
    """Return what a SHA256SUMS lists; what is wrong with it is a finding, and is not listed.

    Args:
        raw: its bytes.
        place: its path, for findings.
        files: how many files a release may have.

    Raises:
        LimitError: it lists more files than that.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return Sums({}, (_malformed(place, None, "it is not UTF-8"),))
    if not text.endswith("\n"):
        return Sums({}, (_malformed(place, None, "it is empty, or its last line has no end"),))
    lines = text[:-1].split("\n")
    if len(lines) > files:
        raise LimitError(f"{place} lists {len(lines):,} files; the limit files is {files:,}.")
    digests: dict[str, str] = {}
    findings = [item for number, line in enumerate(lines, 1) for item in _take(digests, place, number, line)]
    return Sums(digests, (*findings, *_repeated(digests, place)))


def _take(digests: dict[str, str], place: str, number: int, line: str) -> Iterator[Finding]:
    """Add what a line lists to the digests, or yield what is wrong with it."""
    found = _LINE.fullmatch(line)
    if found is None:
        yield _malformed(place, number, "it is not a digest of 64 small hexadecimal digits, two spaces and a path")
        return
    digest, name = found.groups()
    problem = paths.problem(name) or ("it is too long" if len(name) > _LONGEST else None)
    if name in (NAME, SIGNATURE):
        problem = "no digest can be part of what it is taken of"
    if problem:
        yield finding("release-path-unsafe", {"problem": problem}, path=place, line=number, value=name)
    elif name in digests:
        yield finding("release-path-repeated", {"other": "itself"}, path=place, line=number, value=name)
    else:
        digests[name] = digest


def _malformed(place: str, line: int | None, problem: str) -> Finding:
    where = place if line is None else f"Line {line} of {place}"
    return finding("release-checksums-malformed", {"problem": problem, "where": where}, path=place, line=line)


def _repeated(digests: Mapping[str, str], place: str) -> Iterator[Finding]:
    """Yield names that some file systems take for one, and names that would have to be file and folder at once."""
    seen: dict[str, str] = {}
    for name in digests:
        other = seen.setdefault(folded(name), name)
        if other != name:
            yield finding("release-path-repeated", {"other": other}, path=place, value=name)
    for name in digests:
        parts = folded(name).split("/")
        for length in range(1, len(parts)):
            file = seen.get("/".join(parts[:length]))
            if file is not None:
                yield finding("release-path-repeated", {"other": f"the file {file}"}, path=place, value=name)


def folded(name: str) -> str:
    """Return a name as file systems see it that know neither case nor Unicode normal forms."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
