"""Go through a package until nothing is left that can be mended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from diplodata.errors import MendingError
from diplodata.fixing.bench import Bench, Files
from diplodata.mending import cells, shape, sheet, trial
from diplodata.mending.cells import Mend
from diplodata.mending.shape import Repair
from diplodata.mending.sheet import LeftAloneError, Sheet
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.report import Report
from diplodata.package import paths
from diplodata.package.containers import UnreadableFileError
from diplodata.package.dialects import dialect_problems
from diplodata.package.opened import OpenedPackage

#: Times that everything is gone through; what one repair brings to light, another mends.
_PASSES = 10


@dataclass
class Course:
    """What has been decided so far."""

    files: Files
    report: Report
    repairs: defaultdict[str, list[Repair]] = field(default_factory=lambda: defaultdict(list))
    mends: list[Mend] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def to_the_end(bench: Bench, first: Report) -> Course:
    """Go through everything until nothing changes, so that a second call finds nothing to do."""
    course = Course({}, first)
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


def _pass(bench: Bench, files: Files, whole: Report) -> Course:
    """Mend shapes, then cells; a file that would show more findings when it is mended is left alone."""
    spared: dict[str, str] = {}
    while True:
        course = Course(files, whole, left=dict(spared))
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


def _blamed(course: Course, codes: Mapping[str, tuple[int, int]], findings: Iterable[Finding]) -> dict[str, str]:
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


def _mend_shapes(bench: Bench, course: Course) -> None:
    for item in _sheets(bench.view(course.files), course.left):
        try:
            done = shape.mended(item)
        except LeftAloneError as error:
            course.left[item.path] = str(error)
            continue
        if done is not None:
            course.files = {**course.files, item.path: done.raw}
            course.repairs[item.path] += done.repairs


def _mend_cells(bench: Bench, course: Course, whole: Report) -> None:
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
