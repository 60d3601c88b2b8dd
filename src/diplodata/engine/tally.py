"""Findings as they come in: counted exactly, kept up to a limit per code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from diplodata.model.finding import Finding
from diplodata.model.report import Waived


@dataclass
class Tally:
    """Counts every finding and keeps the first ones of each code for display."""

    #: Findings kept per code; 0 keeps all.
    limit: int
    #: Resources whose findings are wanted, besides those of the package; empty for all.
    wanted: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    totals: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Number of findings by (code, severity, resource); the empty text stands for the package.
    places: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: Resources with at least one error.
    invalid: set[str] = field(default_factory=set)
    waived: list[Waived] = field(default_factory=list)
    _kept: Counter[str] = field(default_factory=Counter)

    def add(self, findings: Iterable[Finding]) -> None:
        """Count findings and keep those that fit."""
        for item in findings:
            self.count(item, 1)
            self.keep(item)

    def count(self, example: Finding, number: int) -> None:
        """Count findings of the kind of an example, without keeping any."""
        if not self._is_wanted(example):
            return
        self.totals[example.code, example.severity] += number
        self.places[example.code, example.severity, example.resource or ""] += number
        if example.severity == "error" and example.resource:
            self.invalid.add(example.resource)

    def keep(self, item: Finding) -> None:
        """Keep a finding that has been counted, if there is room for its code."""
        if self._is_wanted(item) and self.room(item.code) != 0:
            self.findings.append(item)
            self._kept[item.code] += 1

    def waive(self, item: Finding, reason: str) -> None:
        """List a finding that the package excuses; it is not counted."""
        if self._is_wanted(item):
            self.waived.append(Waived(item, reason))

    def _is_wanted(self, item: Finding) -> bool:
        return not self.wanted or item.resource is None or item.resource in self.wanted

    def room(self, code: str) -> int | None:
        """Return how many more findings of a code are kept; None for any number."""
        return None if self.limit == 0 else max(0, self.limit - self._kept[code])
