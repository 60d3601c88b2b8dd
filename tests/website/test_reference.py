"""The site of the reference package: every record, every link, every conflict, and pages that stay small."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from site_pages import Links, broken_links, links_of, page

#: Largest page of a record, in bytes.
LARGEST = 100_000


@pytest.fixture(scope="module")
def found(reference_site: Path) -> dict[str, Links]:
    return links_of(reference_site)


def rows(reference: Path, table: str) -> list[dict[str, str]]:
    with (reference / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def place(site: Path, table: str, identifier: str) -> Path:
    prefix, _, slug = identifier.partition(":")
    return site / table / prefix / f"{slug}.html"


def test_all_links_lead_somewhere(reference_site: Path, found: dict[str, Links]) -> None:
    assert list(broken_links(reference_site, found)) == []
    assert [name for name, item in found.items() if len(set(item.ids)) != len(item.ids)] == []


def test_every_record_has_a_small_page(reference: Path, reference_site: Path) -> None:
    for table in ("meetings", "statements", "persons", "organizations", "sources"):
        records = rows(reference, table)
        assert len(list((reference_site / table / "dd").glob("*.html"))) == len(records)
        for item in records:
            path = place(reference_site, table, item["id"])
            assert path.stat().st_size < LARGEST, path
            assert path.with_suffix(".json").is_file()


def _conflicts(reference: Path) -> Iterator[tuple[dict[str, str], str, str]]:
    """Yield each contradicting row of evidence with table and identifier of the page that shows it."""
    records = {row["id"]: row for table in ("participants", "decisions") for row in rows(reference, table)}
    for item in rows(reference, "evidence"):
        if item["stance"] == "contradicts":
            of_meeting = item["record_table"] in {"participants", "decisions"}
            yield (
                item,
                "meetings" if of_meeting else item["record_table"],
                (records[item["record_id"]]["meeting_id"] if of_meeting else item["record_id"]),
            )


def test_what_sources_contradict_is_shown(reference: Path, reference_site: Path) -> None:
    conflicts = list(_conflicts(reference))
    assert len(conflicts) == 10
    for item, table, identifier in conflicts:
        path = place(reference_site, table, identifier)
        html = path.read_text(encoding="utf-8")
        assert '<span class="mark contradicts">Contradicted:</span>' in html, item
        assert f"../../sources/{item['source_id'].replace(':', '/')}.html" in page(path).links


def test_what_sources_are_silent_about_is_shown(reference: Path, reference_site: Path) -> None:
    silent = [
        row for row in rows(reference, "evidence") if row["stance"] == "silent" and row["record_table"] == "meetings"
    ]
    assert silent
    for item in silent:
        assert "Sources are silent on" in page(place(reference_site, "meetings", item["record_id"])).text


def test_neighbours_walk_through_a_series(reference: Path, reference_site: Path) -> None:
    debates = [row["id"] for row in rows(reference, "meetings") if row["organization_id"] == "dd:org-un-ga"]
    seen, current = [], place(reference_site, "meetings", "dd:mtg-unga-1-general-debate")
    while current not in seen:
        seen.append(current)
        after = re.search(r'rel="next" href="([^"]+)"', current.read_text(encoding="utf-8"))
        if after:
            current = (current.parent / after[1]).resolve()
    assert len(seen) == len(debates) == 79


def test_pictures_count_what_the_tables_hold(reference: Path, reference_site: Path) -> None:
    html = (reference_site / "pictures.html").read_text(encoding="utf-8")
    meetings, participants = rows(reference, "meetings"), rows(reference, "participants")
    debates = {row["id"] for row in meetings if row["organization_id"] == "dd:org-un-ga"}
    counted = {
        noun: [int(text.replace(",", "")) for text in re.findall(rf"<title>[^<]*: ([\d,]+) {noun}</title>", html)]
        for noun in ("meetings", "participants")
    }
    # Over time, by format, and body by year.
    assert sum(counted["meetings"]) == 3 * len(meetings)
    assert sum(counted["participants"]) == sum(row["meeting_id"] in debates for row in participants)
    videos = [row for row in meetings if row["format"] == "videoconference"]
    in_2020 = [row for row in videos if row["start_date"].startswith("2020")]
    assert f"Of {len(videos)} meetings by videoconference, {len(in_2020)} were held in 2020." in html
    assert html.count("<figcaption>") == html.count("Source") - html.count(">Sources<") == 4
    assert re.findall(r"<figcaption>(?:(?!</figcaption>).)*sources/dd/", html, re.DOTALL).__len__() == 4


def test_no_section_is_empty(found: dict[str, Links], reference_site: Path) -> None:
    for name in found:
        html = (reference_site / name).read_text(encoding="utf-8")
        # The rows of tables that are searched are put in by the script as well.
        assert not re.search(r"<tbody>\s*</tbody>|<dl class=\"facts\">\s*</dl>|<ul>\s*</ul>", html), name


def test_the_data_of_the_tables_are_those_of_the_package(reference: Path, reference_site: Path) -> None:
    for table in ("meetings", "statements", "participants"):
        script = (reference_site / "explore" / f"{table}.js").read_text(encoding="utf-8")
        data = json.loads(script.removeprefix("window.diplodataTable=").removesuffix(";\n"))
        columns = [
            [column["values"][place] for place in column["rows"]] if "rows" in column else column["values"]
            for column in (data["columns"][name] for name in data["fields"])
        ]
        texts = [
            {
                name: "" if value is None else " ".join(value) if isinstance(value, list) else str(value)
                for name, value in zip(data["fields"], row, strict=True)
            }
            for row in zip(*columns, strict=True)
        ]
        assert sorted(texts, key=lambda row: row["id"]) == rows(reference, table)
