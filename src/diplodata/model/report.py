"""The result of a validation: findings, exact counts, and what was looked at."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diplodata.model.finding import SEVERITIES, Finding
from diplodata.model.profile import Profile

#: Version of the report's form.
REPORT_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class FieldSummary:
    """How one field of a table is filled."""

    name: str
    #: Cells with a value; missing values are none.
    filled: int
    #: Different values among them, as they are written.
    distinct: int
    #: Rows of the table.
    rows: int

    @property
    def fill_rate(self) -> float | None:
        """Share of the rows that have a value, to four digits, 1 and 0 only when that is exact; None without rows."""
        if self.filled in (0, self.rows):
            return self.filled / self.rows if self.rows else None
        return min(max(round(self.filled / self.rows, 4), 0.0001), 0.9999)

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON report."""
        return {"name": self.name, "filled": self.filled, "fill_rate": self.fill_rate, "distinct": self.distinct}


@dataclass(frozen=True, slots=True)
class ResourceReport:
    """What was read of one resource."""

    name: str
    path: str
    format: str
    rows: int | None
    bytes: int | None
    sha256: str | None
    valid: bool
    #: How its fields are filled; None when that was not asked, or the resource is no table that could be read.
    fields: tuple[FieldSummary, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON report."""
        names = ("name", "path", "format", "rows", "bytes", "sha256", "valid")
        data: dict[str, Any] = {name: getattr(self, name) for name in names}
        return data if self.fields is None else data | {"fields": [item.to_dict() for item in self.fields]}


@dataclass(frozen=True, slots=True)
class SkippedRule:
    """A rule, or part of one, that could not be asked, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that the package itself excuses, and its reason."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the findings compare with those of a baseline; the numbers are exact."""

    #: Number of known findings by (code, severity): those that the baseline has as well.
    known: Mapping[tuple[str, str], int]
    #: Number of findings of the baseline that are there no longer.
    fixed: int


#: Label and value of each cell of a row.
Cells = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Findings and counts of one validation; the same input gives the same report."""

    #: Name and version of the tool, as in ``diplodata 0.1.0``.
    tool: str
    subject: str
    standard: str | None
    #: Day for which rules were asked, ``YYYY-MM-DD``.
    as_of: str
    resources: tuple[ResourceReport, ...]
    #: Findings for display, capped per code.
    findings: tuple[Finding, ...]
    #: Exact number of findings by (code, severity), never capped.
    totals: Mapping[tuple[str, str], int] = field(default_factory=dict)
    #: The same by (code, severity, resource); the empty text stands for the package.
    places: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    skipped: tuple[SkippedRule, ...] = ()
    #: Findings of rules that the package waives; they are in no count.
    waived: tuple[Waived, ...] = ()
    #: Folder from which paths of findings go out, as seen from where the tool runs; None when all lie in ``subject``.
    folder: str | None = None
    #: How the findings compare with a baseline; None without one.
    comparison: Comparison | None = None
    #: Cells of the rows of the findings, by (resource, row), for forms that show them.
    rows: Mapping[tuple[str, int], Cells] = field(default_factory=dict)
    #: MAJOR.MINOR.PATCH of the standard; None for any package that is not of it.
    standard_version: str | None = None
    #: The profile of the standard that was asked as well.
    profile: Profile | None = None

    def location(self, path: str | None) -> str:
        """Return a path of a finding as seen from where the tool runs; what lies in an archive is at the archive."""
        if self.folder is None or path is None:
            return posixpath.normpath(self.subject)
        return path if "://" in path else posixpath.normpath(posixpath.join(self.folder, path))

    def known(self, severity: str) -> int:
        """Return the exact number of findings of that severity that the baseline has as well."""
        numbers = self.comparison.known if self.comparison else {}
        return sum(number for (_, level), number in numbers.items() if level == severity)

    @property
    def counts(self) -> dict[str, Any]:
        """Exact counts: by severity, by code, and beside a baseline."""
        levels = {level: self.count(level) for level in SEVERITIES}
        compared = (
            {"known": sum(map(self.known, SEVERITIES)), "fixed": self.comparison.fixed} if self.comparison else {}
        )
        return levels | compared | {"by_code": self.by_code}

    def count(self, severity: str) -> int:
        """Return the exact number of findings of that severity."""
        return sum(number for (_, level), number in self.totals.items() if level == severity)

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings never make a package invalid."""
        return self.count("error") == 0

    @property
    def by_code(self) -> dict[str, int]:
        """Exact counts by code, sorted."""
        counts: Counter[str] = Counter()
        for (code, _), number in self.totals.items():
            counts[code] += number
        return dict(sorted(counts.items()))

    def fails_at(self, severity: str) -> bool:
        """Whether there is a finding at or above that severity that is not known; ``never`` never fails."""
        if severity not in SEVERITIES:
            return False
        levels = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return any(self.count(level) > self.known(level) for level in levels)

    @property
    def _versions(self) -> dict[str, Any]:
        """Exact versions of what was asked, where there are any."""
        exact = {} if self.standard_version is None else {"standard_version": self.standard_version}
        asked = {"id": self.profile.address, "version": self.profile.version} if self.profile else None
        return exact if asked is None else exact | {"profile": asked}

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON report."""
        return {
            "report_version": REPORT_VERSION,
            "tool": self.tool,
            "subject": self.subject,
            "standard": self.standard,
            **self._versions,
            "as_of": self.as_of,
            "valid": self.valid,
            "counts": self.counts,
            "resources": [item.to_dict() for item in self.resources],
            "skipped": [{"code": item.code, "reason": item.reason} for item in self.skipped],
            "waived": [item.finding.to_dict() | {"reason": item.reason} for item in self.waived],
            "findings": [item.to_dict() for item in self.findings],
        }
