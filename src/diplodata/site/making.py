"""Validate a package and build its site: the use case behind ``diplodata site``."""

from __future__ import annotations

from pathlib import Path

from diplodata.model.report import Report
from diplodata.package.locate import open_source
from diplodata.site.build import write_site
from diplodata.validation import Options, validate_opened


def make_site(target: str | Path, source: str | Path = ".") -> tuple[Report, bool]:
    """Validate a package and, when it has no errors, write its site into a folder.

    Args:
        target: the folder; the pages of an earlier site in it are replaced, and nothing else.
        source: the package.

    Returns:
        the report, and whether the site was written.

    Raises:
        UsageError: the target holds something else in the place of a page, or the look of the site cannot be used.
        SourceError: the source cannot be read as a package.
    """
    with open_source(source) as opened:
        report = validate_opened(opened, Options())
        if report.valid:
            write_site(opened, Path(target))
    return report, report.valid
