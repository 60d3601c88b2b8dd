"""Mend a package in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from diplodata.errors import MendingError
from diplodata.fixing.bench import Bench
from diplodata.fixing.passes import Course, to_the_end
from diplodata.mending import trial
from diplodata.mending.cells import Mend
from diplodata.mending.shape import Repair
from diplodata.model.report import Report
from diplodata.package import staging
from diplodata.package.locate import DESCRIPTOR, open_source


@dataclass(frozen=True, slots=True)
class FileMended:
    """What changes in one file."""

    path: str
    #: Repairs of the file as a whole.
    repairs: tuple[Repair, ...]
    cells: tuple[Mend, ...]


@dataclass(frozen=True, slots=True)
class Fixing:
    """What was mended, what was left alone, and what is left to do by hand."""

    subject: str
    files: tuple[FileMended, ...]
    #: path or resource -> why it was left alone.
    left: Mapping[str, str]
    #: The reports before and after.
    before: Report
    after: Report
    #: Lines of a unified diff; only where nothing was written.
    diff: tuple[str, ...] = ()


def fix(
    source: str | Path = ".", *, unsafe: bool = False, schema: str | Path | None = None, write: bool = True
) -> Fixing:
    """Mend a package in place; a second time changes nothing.

    Args:
        source: a folder, a datapackage.json or a bare CSV file.
        unsafe: also write the code of a closed list that a value nearly is.
        schema: the Table Schema of a bare table: a file, or the name of a table of the standard.
        write: whether files are changed; if not, the result holds the difference.

    Raises:
        SourceError: nothing that can be read as a package is there.
        MendingError: the source is of a kind that is not mended.
        LimitError: it has too many findings to look at.
        StagingError: a file cannot be replaced; nothing was changed.
    """
    path = Path(source)
    _refuse(path)
    with open_source(source, schema=schema) as opened:
        place = None if _is_bare(path) else DESCRIPTOR if path.is_dir() else path.name
        if any(item.format == "records" for item in opened.package.resources):
            raise MendingError(
                f"{source} is one JSON document, which is not mended; write it as CSV with diplodata convert."
            )
        bench = Bench(opened, place, unsafe=unsafe)
        first = bench.report({})
        done = to_the_end(bench, first)
        if trial.grown(first, done.report):
            raise MendingError(f"{source} would have more findings than before, so nothing was written.")
        pairs = bench.pairs(done.files)
        if write:
            staging.exchange(path if path.is_dir() else path.parent, pairs)
        diff = () if write else tuple(bench.diff(done.files))
    files = _by_file(done, place if place in pairs else None)
    return Fixing(str(source), tuple(files), done.left, first, done.report, diff)


def _is_bare(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in (".csv", ".tsv")


def _refuse(path: Path) -> None:
    """Refuse what is no folder, descriptor or CSV file; what is not there is for the reader to say."""
    suffix = path.suffix.lower()
    if not path.is_file() or suffix in (".csv", ".tsv", ".json"):
        return
    if suffix == ".zip":
        raise MendingError(f"{path} is an archive, which is not mended; unpack it and mend its folder.")
    raise MendingError(f"{path} is not mended; only a package in a folder, its descriptor, or a .csv or .tsv file is.")


def _by_file(course: Course, descriptor: str | None) -> Iterable[FileMended]:
    """Yield what changes in each file, in the order of the package; the descriptor comes last."""
    order = [item.path for item in course.report.resources]
    for path in sorted(course.files, key=order.index):
        mends = tuple(item for item in course.mends if item.path == path)
        yield FileMended(path, tuple(course.repairs[path]), mends)
    if descriptor is not None:
        repair = Repair("bytes-and-hash", "those of the files before", "those of the files now")
        yield FileMended(descriptor, (repair,), ())
