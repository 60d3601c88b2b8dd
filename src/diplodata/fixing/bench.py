"""A package, and what it would be with some of its files changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from diplodata.errors import LimitError, MendingError
from diplodata.mending import declared, difference, sheet
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.model.report import Report
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage
from diplodata.package.overlay import changed
from diplodata.validation import Options, validate_opened

#: path of a file -> its bytes, where they are others than on disk.
Files = Mapping[str, bytes]


class Bench:
    """A package, and what it would be with some of its files changed."""

    def __init__(self, opened: OpenedPackage, place: str | None, *, unsafe: bool) -> None:
        self._opened = opened
        self._place = place
        self.unsafe = unsafe
        self._options = Options(limit=DEFAULT_LIMITS.mended_findings, as_of=datetime.datetime.now(datetime.UTC).date())
        self._originals: dict[str, bytes] = {}

    def _original(self, path: str) -> bytes:
        if path not in self._originals:
            try:
                with self._opened.open(path) as stream:
                    self._originals[path] = stream.read()
            except UnreadableFileError as error:
                # The descriptor was read by the name that the user typed, and a link is followed there.
                raise MendingError(f"{path} is not mended: {error.problem}; nothing was written.") from error
        return self._originals[path]

    def pairs(self, files: Files) -> dict[str, tuple[bytes, bytes]]:
        """Return the bytes before and after of every file that changes; the descriptor comes last."""
        found = {path: (self._original(path), data) for path, data in files.items() if self._original(path) != data}
        if self._place is not None and found:
            before = self._original(self._place)
            after = declared.corrected(before, found)
            found |= {self._place: (before, after)} if after != before else {}
        return found

    def view(self, files: Files) -> OpenedPackage:
        """Return the package with changed files."""
        return changed(self._opened, {path: after for path, (_, after) in self.pairs(files).items()}, self._place)

    def report(self, files: Files) -> Report:
        """Validate the package with changed files, and keep every finding; raises LimitError when they are too many."""
        with self.view(files) as view:
            report = validate_opened(view, self._options)
        for code, number in report.by_code.items():
            if number > self._options.limit:
                most = (
                    f"more than {self._options.limit:,}, the limit mended_findings; mend what they have in common first"
                )
                raise LimitError(f"{self._opened.place} has {number:,} findings of {code}, {most}.")
        return report

    def diff(self, files: Files) -> Iterable[str]:
        """Return the lines of the difference."""
        after = self.view(files)
        resources = {item.place: item for item in after.package.resources}
        for path, (old, new) in self.pairs(files).items():
            if path == self._place:
                yield from difference.of_lines(path, old.decode(), new.decode())
            else:
                item = resources[path]
                yield from difference.of_sheet(sheet.read(self._opened, item), sheet.read(after, item))
