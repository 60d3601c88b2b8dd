"""The website in a browser: as people use it, over http and from disk, on a phone, without a script, and under attack."""

from __future__ import annotations

import csv
import http.server
import io
import json
import subprocess
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from browser.test_reports import CHROMIUM, program
from diplodata import validate
from diplodata.model.addresses import CODES
from site_pages import Page, page
from website.test_hostile import JOINED, built

pytestmark = pytest.mark.browser

#: One of each kind of page.
PAGES = (
    "index.html",
    "explore/meetings.html",
    "explore/participants.html",
    "pictures.html",
    "releases.html",
    "dictionary/index.html",
    "dictionary/tables/meetings.html",
    "dictionary/codelists/meeting_format.html",
    "codes/end-before-start.html",
    "meetings/index.html",
    "persons/index.html",
    "meetings/dd/mtg-20200526-csto-cfm.html",
    "meetings/dd/mtg-20240921-quad-summit.html",
    "statements/dd/sta-20200526-csto-cfm-victory-75.html",
    "persons/dd/per-makei-vladimir.html",
    "organizations/dd/org-csto.html",
    "sources/dd/src-hsg-visits.html",
)

#: Those on which axe looks at the dark colours too: they have all elements that have a colour.
DARK = ("index.html", "explore/meetings.html", "pictures.html", "releases.html", *PAGES[8:9], *PAGES[11:13])

#: What is searched: Cyrillic aliases of bodies and persons, letters without their accents, several words.
QUERIES = (
    {"table": "meetings", "text": "ОДКБ"},
    {"table": "meetings", "text": "no such thing"},
    {"table": "participants", "text": "Чингиз Айдарбеков"},
    {"table": "participants", "text": "valery GISCARD"},
    {"table": "statements", "text": "декларация стамбульская"},
    {"table": "statements", "text": "declaracion principios"},
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(reference_site: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(reference_site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def help_code(small: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The last part of the address that a finding gives for help."""
    source = tmp_path_factory.mktemp("broken") / "meetings.csv"
    text = (small / "data" / "meetings.csv").read_text(encoding="utf-8")
    source.write_text(text.replace(",held,videoconference,", ",held,online,"), encoding="utf-8")
    found = validate(source, _with_schema()).findings[0]
    assert found.help.startswith(CODES)
    return found.help.removeprefix(CODES)


def _with_schema() -> Any:
    from diplodata import Options

    return Options(schema="meetings")


@pytest.fixture(scope="module")
def hostile(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Page]]:
    folder = tmp_path_factory.mktemp("hostile")
    found = built(small, folder, JOINED["all at once"])
    shown = {name: item for name, item in found.items() if not name.startswith(("codes/", "dictionary/"))}
    return folder / "site", shown


@pytest.fixture(scope="module")
def seen(
    reference: Path,
    reference_site: Path,
    served: str,
    help_code: str,
    hostile: tuple[Path, dict[str, Page]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    packages = reference / "build" / "node"
    if not (packages / "node_modules" / "axe-core").is_dir():
        pytest.fail("axe-core is not in build/node; run: make build/node/.ready")
    plan = {
        "packages": str(packages),
        "program": program(*CHROMIUM),
        "bases": {"http": served, "file": f"{reference_site.as_uri()}/"},
        "pages": PAGES,
        "dark": DARK,
        "queries": QUERIES,
        "code": help_code,
        "screens": str(reference / "build" / "screens"),
        "hostile": {"base": f"{hostile[0].as_uri()}/", "pages": list(hostile[1])},
    }
    place = tmp_path_factory.mktemp("plan") / "plan.json"
    place.write_text(json.dumps(plan), encoding="utf-8")
    command = [program("node"), str(Path(__file__).parent / "site.mjs"), str(place)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


@pytest.fixture(params=["http", "file"])
def way(request: pytest.FixtureRequest, seen: dict[str, Any]) -> dict[str, Any]:
    """What was seen over http, and from disk."""
    found: dict[str, Any] = seen[request.param]
    return found


def table(reference: Path, name: str) -> list[dict[str, str]]:
    with (reference / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_axe_finds_nothing_on_any_kind_of_page(seen: dict[str, Any]) -> None:
    assert len(seen["looks"]) == 3 * len(PAGES)
    assert [(item["name"], item["width"], item["violations"]) for item in seen["looks"] if item["violations"]] == []


def test_pages_fit_on_every_screen(seen: dict[str, Any], reference: Path) -> None:
    assert [(item["name"], item["width"]) for item in seen["looks"] if item["overflow"] > 0] == []
    assert len(list((reference / "build" / "screens").glob("*.png"))) >= 3 * len(PAGES)


def test_no_section_is_empty_and_every_picture_has_sources(seen: dict[str, Any]) -> None:
    assert [(item["name"], item["empty"]) for item in seen["looks"] if item["empty"]] == []
    assert [item["name"] for item in seen["looks"] if item["unsourced"]] == []
    assert all(item["styled"] for item in seen["looks"])


def test_nothing_is_said_and_no_request_leaves_the_site(seen: dict[str, Any]) -> None:
    assert seen["heard"] == []


def test_meetings_are_sorted_and_filtered(way: dict[str, Any], reference: Path) -> None:
    meetings = table(reference, "meetings")
    found = way["explore"]
    assert found["all"] == f"{len(meetings)} of {len(meetings)} meetings"
    days = sorted(row["start_date"] for row in meetings)
    assert (found["sorted"], found["oldest"][0]) == ("ascending", days[0])
    newest = next(row["title"] for row in meetings if row["start_date"] == days[-1])
    assert found["newest"][1] == newest
    chosen = [row for row in meetings if row["format"] == "videoconference" and row["start_date"].startswith("2020")]
    assert found["filtered"] == found["reloaded"] == f"{len(chosen)} of {len(meetings)} meetings"
    state = parse_qs(found["address"].removeprefix("#"))
    assert state == {"sort": ["-start_date"], "format": ["videoconference"], "year": ["2020"]}
    assert (found["kept"], found["cleared"]) == ("2020", found["all"])


def test_a_selection_is_downloaded_as_it_is_in_the_data(way: dict[str, Any], reference: Path) -> None:
    meetings = table(reference, "meetings")
    chosen = [row for row in meetings if row["format"] == "videoconference" and row["start_date"].startswith("2020")]
    found = way["explore"]
    assert (found["csv"]["name"], found["json"]["name"]) == ("meetings-selection.csv", "meetings-selection.json")
    rows = list(csv.DictReader(io.StringIO(found["csv"]["text"], newline="")))
    assert sorted(rows, key=lambda row: row["id"]) == chosen
    assert [row["start_date"] for row in rows] == sorted((row["start_date"] for row in rows), reverse=True)
    records = json.loads(found["json"]["text"])
    assert sorted(records, key=lambda row: row["id"]) == [
        {key: value for key, value in row.items() if value} for row in chosen
    ]


def fold(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))


def test_searches_find_names_in_any_script(way: dict[str, Any], reference: Path) -> None:
    counts = {item["text"]: item["count"] for item in way["explore"]["searches"]}
    firsts = {item["text"]: " ".join(item["first"]) for item in way["explore"]["searches"]}
    organs = {row["id"] for row in table(reference, "organizations") if "dd:org-csto" in (row["id"], row["parent_id"])}
    meetings = [row for row in table(reference, "meetings") if row["organization_id"] in organs]
    assert counts["ОДКБ"] == f"{len(meetings)} of 218 meetings"
    participants = table(reference, "participants")
    named = [row for row in participants if row["person_id"] == "dd:per-aidarbekov-chingiz"]
    assert counts["Чингиз Айдарбеков"] == f"{len(named)} of 12,200 participants"
    # In Latin letters in the data, found by the name in Cyrillic that another source prints.
    assert {"Чингиз Айдарбеков"} < {row["name_as_given"] for row in named}
    folded = [row for row in participants if all(word in fold(row["name_as_given"]) for word in ("valery", "giscard"))]
    assert counts["valery GISCARD"] == f"{len(folded)} of 12,200 participants"
    assert folded
    assert counts["декларация стамбульская"] == "1 of 165 statements"
    assert "Istanbul Declaration" in firsts["декларация стамбульская"]
    assert counts["declaracion principios"] == "1 of 165 statements"
    assert "Declaración de Principios" in firsts["declaracion principios"]
    assert counts["no such thing"] == "0 of 218 meetings"


def test_everything_can_be_done_with_keys(way: dict[str, Any]) -> None:
    found = way["explore"]
    assert found["typed"] == next(item["count"] for item in found["searches"] if item["text"] == QUERIES[0]["text"])
    assert found["reached"][:5] == ["f-body", "f-year", "f-format", "f-type", "f-country"]
    assert "row" in found["reached"]


def test_pages_lead_to_each_other(way: dict[str, Any], help_code: str) -> None:
    found = way["explore"]
    assert found["turned"] == ["Page 2 of 244", True]
    assert found["meeting"][1] == 2
    assert found["list"] == "Meetings"
    assert found["code"] == help_code


def test_without_a_script_everything_but_filtering_works(way: dict[str, Any]) -> None:
    found = way["without"]
    assert (found["rows"], found["form"], found["note"]) == (50, False, True)
    assert found["listed"] == 218
    assert found["drawn"] > 400


def test_hostile_data_run_nothing(seen: dict[str, Any], hostile: tuple[Path, dict[str, Page]]) -> None:
    assert {item["name"] for item in seen["hostile"]} == hostile[1].keys()
    for item in seen["hostile"]:
        tables = {"explore.js", f"{Path(item['name']).stem}.js"}
        assert set(item["scripts"]) <= {"application/ld+json", *tables}, item
        assert (item["handlers"], item["images"], item["overflow"]) == (0, 0, 0), item
        assert set(item["schemes"]) <= {"file:", "https:", "http:"}, item


def test_the_checker_of_html_finds_no_error(reference: Path, reference_site: Path) -> None:
    jar = reference / "build" / "node" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        pytest.fail("vnu-jar is not in build/node; run: make build/node/.ready")
    files = [
        str(reference_site / name)
        for name in (*PAGES, "assets/site.css", "assets/colours.css")
        if "explore/p" not in name
    ]
    command = [program("java"), "-jar", str(jar), "--errors-only", "--also-check-css", "--format", "json", *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert json.loads(done.stderr)["messages"] == []
    assert page(reference_site / "index.html").headings
