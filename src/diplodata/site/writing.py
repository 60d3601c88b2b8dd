"""Write the files of a site beside what is there, then put them in its place, the first page last."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diplodata.errors import UsageError

#: The file that says which entries of a folder are those of the site, so that nothing else is ever replaced.
_RECORD = "site.json"

#: Written last: who sees the new first page sees all of the new site.
_LAST = "index.html"


class Writer:
    """Writes files below a folder; no path twice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: set[str] = set()
        self._folders: set[Path] = set()

    def text(self, path: str, text: str) -> None:
        """Write a text file in UTF-8."""
        self.data(path, text.encode("utf-8", "backslashreplace"))

    def data(self, path: str, data: bytes) -> None:
        """Write a file."""
        if path in self._written:
            raise UsageError(f"Two pages of the site would be written to {path}.")
        self._written.add(path)
        place = self.folder / path
        if place.parent not in self._folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(place.parent)
        with place.open("wb") as stream:
            stream.write(data)


@contextmanager
def replacing(target: Path) -> Iterator[Writer]:
    """Give a writer whose files take the place of the site in the target when the block ends well.

    Raises:
        UsageError: the target holds something of the same name that is no part of a site.
    """
    target.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".site.", suffix=".part", dir=target))
    try:
        writer = Writer(beside)
        yield writer
        _put(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(beside: Path, target: Path) -> None:
    made = sorted(path.name for path in beside.iterdir())
    known = _known(target)
    _refuse_others(target, made, known)
    (beside / _RECORD).write_text(
        json.dumps({"site": "1.0", "entries": [*made, _RECORD]}, indent=1) + "\n", encoding="utf-8"
    )
    for path in beside.rglob("*"):
        # Readable for a web server, whatever the umask is.
        path.chmod(0o755 if path.is_dir() else 0o644)
    aside = Path(tempfile.mkdtemp(prefix=".old.", suffix=".part", dir=target))
    try:
        for name in sorted([*made, _RECORD], key=lambda name: (name == _LAST, name)):
            if (target / name).is_dir():
                (target / name).rename(aside / name)
            (beside / name).replace(target / name)
        for name in sorted(known - {*made, _RECORD}):
            if (target / name).exists():
                (target / name).rename(aside / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _known(target: Path) -> frozenset[str]:
    """Return the entries of a site that was written here before."""
    try:
        record = json.loads((target / _RECORD).read_text(encoding="utf-8"))
        return frozenset(
            name for name in record["entries"] if isinstance(name, str) and "/" not in name and name[:1] != "."
        )
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _refuse_others(target: Path, made: list[str], known: frozenset[str]) -> None:
    # publish writes a first page of its own beside the folder of releases.
    is_published = (target / "releases").is_dir()
    for name in made:
        place = target / name
        if (place.exists() or place.is_symlink()) and name not in known and not (name == _LAST and is_published):
            raise UsageError(f"{place} is there and is no part of a site; choose another target, or remove it first.")
