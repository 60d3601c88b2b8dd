"""The report of documents that are judged by themselves, without tables."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from diplodata.engine.tally import Tally
from diplodata.model.report import Report, ResourceReport
from diplodata.version import tool_version


def report(
    subject: str,
    tally: Tally,
    as_of: datetime.date | None,
    resources: Iterable[ResourceReport] = (),
    standard: str | None = None,
) -> Report:
    """Return a report of what a tally holds.

    Args:
        subject: what the user typed.
        tally: the findings, in the order in which they are shown.
        as_of: the day that the report names; None is today (UTC).
        resources: what was read.
        standard: the version of the standard that was asked.
    """
    return Report(
        tool=f"diplodata {tool_version()}",
        subject=subject,
        standard=standard,
        as_of=(as_of or datetime.datetime.now(datetime.UTC).date()).isoformat(),
        resources=tuple(resources),
        findings=tuple(tally.findings),
        totals=dict(sorted(tally.totals.items())),
    )
