"""The HTML report: counts, rows with all their cells, and nothing that could run."""

from __future__ import annotations

import pytest

from diplodata.model.addresses import CODES
from diplodata.model.report import Report
from diplodata.render import RENDERERS
from render.made import broken
from render.page import Page


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return broken(tmp_path_factory.mktemp("html") / "package")


def test_html_shows_the_rows_with_their_cells(report: Report) -> None:
    page = Page(RENDERERS["html"](report))
    text = " ".join(page.words)
    cells = [value for item in report.rows.values() for _, value in item if value is not None]
    assert len(report.rows) >= 3
    for value in cells:
        assert value.replace("\n", "\\u000a") in text
    assert sum(tag == "details" for tag, _ in page.elements) == sum(
        (item.resource, item.row) in report.rows for item in report.findings
    )
    assert sum(tag == "tr" and "failed" in (known.get("class") or "") for tag, known in page.elements) >= 3


def test_html_counts_by_code_and_table(report: Report) -> None:
    text = " ".join(" ".join(Page(RENDERERS["html"](report)).words).split())
    for (code, _, resource), number in report.places.items():
        assert f"{code}: {number}" in text
        assert resource in text
    assert sum(report.places.values()) == sum(report.totals.values())


def test_html_links_to_nothing_but_the_codes(report: Report) -> None:
    for tag, known in Page(RENDERERS["html"](report)).elements:
        assert tag not in ("script", "link", "img", "iframe", "object", "form", "base")
        assert "src" not in known
        assert (known.get("href") or "#").startswith(("#", CODES))
