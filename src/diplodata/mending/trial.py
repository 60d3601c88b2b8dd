"""Which repairs of cells hold: those after which a cell is right, and nothing else is wrong that was not before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from diplodata.mending.cells import Mend
from diplodata.model.finding import Finding
from diplodata.model.report import Report

Mends = Sequence[Mend]


def grown(before: Report, after: Report) -> dict[str, tuple[int, int]]:
    """Return the codes of which there are more findings than before, with both numbers.

    The severities of a code are counted each by itself as well, so that no warning becomes an error.
    """
    keys = {code for code, _ in after.totals}
    worse = {key[0] for key, number in after.totals.items() if number > before.totals.get(key, 0)}
    return {code: (before.by_code.get(code, 0), after.by_code[code]) for code in sorted(worse & keys)}


def successful(mends: Mends, after: Report) -> list[Mend]:
    """Leave out repairs after which their cell is still wrong, or wrong in a new way."""
    codes: defaultdict[tuple[str | None, int | None, str], set[str]] = defaultdict(set)
    for item in after.findings:
        for field in item.fields:
            codes[item.resource, item.row, field].add(item.code)
    return [item for item in mends if _holds(item, codes[item.resource, item.row, item.field])]


def _holds(mend: Mend, codes: set[str]) -> bool:
    return codes <= mend.codes if mend.is_sure else not codes


def worse(before: Report, after: Report, whole: Report) -> list[Finding]:
    """Return the findings that were not there before, of codes of which there are more than in the whole report."""
    codes = grown(whole, after)
    known = Counter(map(_place, before.findings))
    known.subtract(map(_place, after.findings))
    return [item for item in after.findings if item.code in codes and known[_place(item)] < 0]


def without(mends: Mends, findings: Iterable[Finding], suspicion: Suspicion) -> list[Mend]:
    """Leave out the repairs that are suspected of findings."""
    suspects = {suspicion(item) for item in findings}
    return [item for item in mends if suspicion(item) not in suspects]


Suspicion = Callable[[Mend | Finding], object]

#: What a repair and a finding have in common when the one is suspected of the other; the narrowest first.
SUSPICIONS: tuple[Suspicion, ...] = (
    lambda item: (item.resource, item.row),
    lambda item: item.resource,
    lambda _: None,
)


def _place(finding: Finding) -> tuple[str, str | None, int | None, tuple[str, ...]]:
    return finding.code, finding.resource, finding.row, finding.fields
