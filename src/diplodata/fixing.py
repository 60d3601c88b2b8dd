"""Mend what is mechanical in the CSV files of a package, and nothing that would give more findings than before."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from diplodata.errors import LimitError, MendingError
from diplodata.mending import cells, declared, difference, shape, sheet, trial
from diplodata.mending.cells import Mend
from diplodata.mending.shape import Repair
from diplodata.mending.sheet import LeftAloneError, Sheet
from diplodata.model.finding import Finding
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.model.package import Resource
from diplodata.model.report import Report
from diplodata.package import paths, staging
from diplodata.package.containers import UnreadableFileError
from diplodata.package.dialects import dialect_problems
from diplodata.package.locate import DESCRIPTOR, open_source
from diplodata.package.opened import OpenedPackage
from diplodata.package.overlay import changed
from diplodata.validation import Options, validate_opened

#: Times that everything is gone through; what one repair brings to light, another mends.
_PASSES = 10

#: path of a file -> its bytes, where they are others than on disk.
Files = Mapping[str, bytes]


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


@dataclass
class _Course:
    """What has been decided so far."""

    files: Files
    report: Report
    repairs: defaultdict[str, list[Repair]] = field(default_factory=lambda: defaultdict(list))
    mends: list[Mend] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


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
        bench = _Bench(opened, place, unsafe=unsafe)
        first = bench.report({})
        done = _to_the_end(bench, first)
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


class _Bench:
    """A package, and what it would be with some of its files changed."""

    def __init__(self, opened: OpenedPackage, place: str | None, *, unsafe: bool) -> None:
        self._opened = opened
        self._place = place
        self.unsafe = unsafe
        self._options = Options(limit=DEFAULT_LIMITS.mended_findings, as_of=datetime.datetime.now(datetime.UTC).date())
        self._originals: dict[str, bytes] = {}

    def _original(self, path: str) -> bytes:
        if path not in self._originals:
            with self._opened.open(path) as stream:
                self._originals[path] = stream.read()
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


def _to_the_end(bench: _Bench, first: Report) -> _Course:
    """Go through everything until nothing changes, so that a second call finds nothing to do."""
    course = _Course({}, first)
    for _ in range(_PASSES):
        done = _pass(bench, course.files, course.report)
        course.left = done.left
        if not done.repairs and not done.mends:
            return course
        for path, repairs in done.repairs.items():
            course.repairs[path] += repairs
        course.mends += done.mends
        course.files, course.report = done.files, done.report
    raise MendingError("The repairs come to no end; nothing was written. This is a defect of the tool.")


def _pass(bench: _Bench, files: Files, whole: Report) -> _Course:
    """Mend shapes, then cells; a file that would show more findings when it is mended is left alone."""
    spared: dict[str, str] = {}
    while True:
        course = _Course(files, whole, left=dict(spared))
        _mend_shapes(bench, course)
        if course.repairs:
            course.report = bench.report(course.files)
        _mend_cells(bench, course, whole)
        codes = trial.grown(whole, course.report)
        if not codes:
            return course
        if not course.repairs:
            raise MendingError("Repairs of cells that were taken back left findings. This is a defect of the tool.")
        spared |= _blamed(course, codes, [item for item in course.report.findings if item.code in codes])


def _blamed(course: _Course, codes: Mapping[str, tuple[int, int]], findings: Iterable[Finding]) -> dict[str, str]:
    """Return the mended files that show more findings now, or all if none does, with the reason."""
    worse = {item.path or "": item for item in reversed(list(findings))}
    numbers = ", ".join(f"{code} from {before:,} to {after:,}" for code, (before, after) in codes.items())
    reason = f"because it hides findings that would come to light: {numbers}"
    blamed = [path for path in course.repairs if path in worse]
    if not blamed:
        return dict.fromkeys(course.repairs, f"{reason}, in other files")
    return {path: f"{reason}; correct them by hand, the first is this: {worse[path].message}" for path in blamed}


def _sheets(view: OpenedPackage, left: dict[str, str]) -> Iterable[Sheet]:
    """Yield the CSV files of a package that can be mended, and note why others cannot."""
    uses = Counter(path for item in view.package.resources for path in item.paths)
    for item in view.package.resources:
        name = item.place if item.paths else item.name
        if name not in left:
            try:
                yield _sheet(view, item, uses)
            except LeftAloneError as error:
                left[name] = str(error)
            except UnreadableFileError as error:
                left[name] = f"it cannot be opened: {error.problem}"


def _sheet(view: OpenedPackage, item: Resource, uses: Mapping[str, int]) -> Sheet:
    if any(map(paths.is_remote, item.paths)):
        raise LeftAloneError("it lies at an address")
    if any(dialect_problems(item.dialect)):
        raise LeftAloneError("its dialect is damaged")
    if any(uses[path] > 1 for path in item.paths):
        raise LeftAloneError("it is the file of more than one resource")
    return sheet.read(view, item)


def _mend_shapes(bench: _Bench, course: _Course) -> None:
    for item in _sheets(bench.view(course.files), course.left):
        try:
            done = shape.mended(item)
        except LeftAloneError as error:
            course.left[item.path] = str(error)
            continue
        if done is not None:
            course.files = {**course.files, item.path: done.raw}
            course.repairs[item.path] += done.repairs


def _mend_cells(bench: _Bench, course: _Course, whole: Report) -> None:
    """Mend the cells of all files together, then take back what does not hold."""
    before, base = course.report, course.files
    by_resource: defaultdict[str | None, list[Finding]] = defaultdict(list)
    for item in before.findings:
        by_resource[item.resource].append(item)
    sheets = {}
    tried: list[Mend] = []
    for one in _sheets(bench.view(base), course.left):
        found = list(cells.mends(one, by_resource[one.resource.name], unsafe=bench.unsafe))
        if found:
            sheets[one.path] = one
            tried += found

    def settle(mends: list[Mend]) -> None:
        course.files, course.mends = _with_cells(base, sheets, mends, course.left)
        course.report = bench.report(course.files) if course.mends else before

    if tried:
        settle(tried)
    while len(kept := trial.successful(course.mends, course.report)) < len(course.mends):
        settle(kept)
    for suspicion in trial.SUSPICIONS:
        findings = trial.worse(before, course.report, whole)
        kept = trial.without(course.mends, findings, suspicion)
        if len(kept) < len(course.mends):
            settle(kept)


def _with_cells(
    base: Files, sheets: Mapping[str, Sheet], mends: Iterable[Mend], left: dict[str, str]
) -> tuple[Files, list[Mend]]:
    """Return the files with mended cells, and the repairs that could be written."""
    files = dict(base)
    by_path: defaultdict[str, list[Mend]] = defaultdict(list)
    for item in mends:
        by_path[item.path].append(item)
    for path, items in by_path.items():
        try:
            files[path] = sheets[path].bytes_of(cells.spliced(sheets[path].text, items))
        except LeftAloneError as error:
            left[path] = str(error)
    return files, [item for item in mends if item.path not in left]


def _by_file(course: _Course, descriptor: str | None) -> Iterable[FileMended]:
    """Yield what changes in each file, in the order of the package; the descriptor comes last."""
    order = [item.path for item in course.report.resources]
    for path in sorted(course.files, key=order.index):
        mends = tuple(item for item in course.mends if item.path == path)
        yield FileMended(path, tuple(course.repairs[path]), mends)
    if descriptor is not None:
        repair = Repair("bytes-and-hash", "those of the files before", "those of the files now")
        yield FileMended(descriptor, (repair,), ())
