"""The site of small packages: whole, quiet, the same whenever it is built, and no danger to what lies beside it."""

import base64
import csv
import filecmp
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diplodata.errors import UsageError
from diplodata.package.locate import open_source
from diplodata.release import checksums
from diplodata.site.build import write_site
from diplodata.site.making import make_site
from site_pages import broken_links, page, pages

#: The smallest PNG.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def built(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("small") / "site"
    report, made = make_site(target, small)
    assert (report.valid, made) == (True, True)
    return target


def changed(small: Path, target: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Return a copy of the small package with another descriptor."""
    shutil.copytree(small, target)
    descriptor = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    change(descriptor)
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return target


def test_all_links_lead_somewhere(built: Path) -> None:
    found = pages(built)
    assert list(broken_links(built, found)) == []
    assert [name for name, item in found.items() if len(set(item.ids)) != len(item.ids)] == []


def test_nothing_is_inline_and_nothing_is_from_elsewhere(built: Path) -> None:
    for name, item in pages(built).items():
        assert not [key for key, _ in item.attributes if key == "style" or key.startswith("on")], name
        assert ("http-equiv", "Content-Security-Policy") in item.attributes, name
        assert [link for link in item.loaded if ":" in link or link.startswith("/")] == [], name


@pytest.mark.parametrize("table", ["meetings", "statements", "persons", "organizations", "sources"])
def test_each_record_has_a_page_and_the_record_as_json(built: Path, small: Path, table: str) -> None:
    with (small / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        prefix, _, slug = row["id"].partition(":")
        place = built / table / prefix / f"{slug}.html"
        text = {key: value for key, value in row.items() if value}
        record = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))["record"]
        written = {key: " ".join(value) if isinstance(value, list) else str(value) for key, value in record.items()}
        assert written == text
        shown = page(place)
        name = row.get("title") or row.get("name")
        assert not name or shown.headings[0] == name
        graph = shown.data[0]["@graph"]
        identifiers = [row["id"], row["symbol"]] if row.get("symbol") else row["id"]
        assert (shown.data[0]["@context"], graph[0]["identifier"]) == ("https://schema.org", identifiers)
        assert graph[1]["@type"] == "BreadcrumbList"


def test_a_meeting_shows_what_belongs_to_it(built: Path) -> None:
    shown = page(built / "meetings" / "test" / "mtg-20200526-council.html")
    assert [
        name
        for name in ("Participants", "Topics", "Interventions", "Statements", "Sources")
        if name not in shown.headings
    ] == []
    for text in ("26 May 2020", "T. Minister", "Minister of Tests", "head of delegation", "Test Hall", "Switzerland"):
        assert text in shown.text
    assert "../../statements/test/sta-declaration.html" in shown.links


def test_names_in_other_scripts_have_their_language(built: Path) -> None:
    text = (built / "organizations" / "test" / "org-council.html").read_text(encoding="utf-8")
    assert '<span class="name" lang="ru">Тестовый совет</span>' in text


def test_there_is_a_page_for_every_code(built: Path) -> None:
    from diplodata.explain import entries

    assert {path.stem for path in (built / "codes").glob("*.html")} == {*entries(), "index"}
    assert "end-before-start" in page(built / "codes" / "end-before-start.html").text


def test_a_site_alone_has_the_tables_to_download(built: Path, small: Path) -> None:
    shown = page(built / "index.html")
    assert "downloads/data/meetings.csv" in shown.links
    assert filecmp.cmp(built / "downloads" / "data" / "meetings.csv", small / "data" / "meetings.csv", shallow=False)


def test_the_same_package_gives_the_same_bytes_anywhere(small: Path, built: Path, tmp_path: Path) -> None:
    program = "import os,sys; os.umask(0o077); from diplodata.site.making import make_site; make_site(*sys.argv[1:])"
    settings = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", program, str(tmp_path / "again"), str(small)]
    subprocess.run(command, env=os.environ | settings, check=True, timeout=120)
    first, second = ({path.relative_to(root): path for path in root.rglob("*")} for root in (built, tmp_path / "again"))
    assert first.keys() == second.keys()
    assert [
        name for name in first if first[name].is_file() and first[name].read_bytes() != second[name].read_bytes()
    ] == []
    assert {path.stat().st_mode & 0o777 for path in second.values() if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in second.values() if path.is_dir()} == {0o755}


def test_releases_are_shown_and_not_touched(site: Path, small: Path, tmp_path: Path) -> None:
    target = shutil.copytree(site, tmp_path / "target")
    before = checksums.facts_of(target / "releases")
    assert make_site(target, small)[1]
    assert checksums.facts_of(target / "releases") == before
    shown = page(target / "index.html")
    assert "releases/1.0.0/data/meetings.parquet" in shown.links
    assert checksums.facts(target / "releases" / "1.0.0" / "SHA256SUMS").sha256 in shown.text
    assert "releases/1.0.0/SHA256SUMS" in page(target / "releases.html").links
    assert not (target / "downloads").exists()
    assert list(broken_links(target, pages(target))) == []


def test_what_index_json_says_of_releases_is_shown(site: Path, small: Path, tmp_path: Path) -> None:
    target = shutil.copytree(site, tmp_path / "target")
    (target / "releases" / "1.0.0" / "CHANGELOG.md").write_text(
        "# Test, version 1.0.0\n\n### Minor\n\n- `meetings`: 2 rows &#60;b&#62;added&#60;/b&#62;\n- one\n",
        encoding="utf-8",
    )
    records = [
        {"version": "1.0.0", "created": "2026-01-02T00:00:00Z", "yanked": None},
        {
            "version": "0.9.0",
            "created": "2025-01-02T00:00:00Z",
            "yanked": {"reason": "<i>wrong</i> dates", "date": "2025-02-01"},
        },
    ]
    with open_source(small) as opened:
        write_site(opened, target, records)
    shown = page(target / "releases.html")
    assert shown.headings == ["Releases", "Version 1.0.0", "Version 0.9.0"]
    assert "meetings: 2 rows <b>added</b>" in shown.text
    assert "Withdrawn: <i>wrong</i> dates" in shown.text
    assert "meetings: 2 rows <b>added</b>" in page(target / "index.html").text


def test_pages_of_an_earlier_site_are_replaced_and_nothing_else(built: Path, small: Path, tmp_path: Path) -> None:
    target = shutil.copytree(built, tmp_path / "target")
    (target / "meetings" / "test" / "mtg-gone.html").write_text("old", encoding="utf-8")
    (target / "notes.txt").write_text("mine", encoding="utf-8")
    make_site(target, small)
    assert not (target / "meetings" / "test" / "mtg-gone.html").exists()
    assert (target / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in target.iterdir() if path.name.startswith(".")] == []


def test_what_is_no_site_is_never_replaced(small: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is no part of a site"):
        make_site(tmp_path, small)
    assert [path.name for path in tmp_path.iterdir()] == ["sources"]
    assert (tmp_path / "sources" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_package_with_errors_has_no_site(small: Path, tmp_path: Path) -> None:
    source = shutil.copytree(small, tmp_path / "package")
    path = source / "data" / "meetings.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",held,videoconference,", ",held,online,"), encoding="utf-8"
    )
    command = [sys.executable, "-m", "diplodata", "site", str(tmp_path / "site"), "--source", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "online" in done.stdout, "site is not built" in done.stderr) == (1, True, True)
    assert not (tmp_path / "site").exists()


def test_the_descriptor_says_how_the_site_looks(small: Path, tmp_path: Path) -> None:
    def change(descriptor: dict[str, Any]) -> None:
        descriptor["diplodata"]["site"] = {
            "title": "Ministry & Co",
            "accent": "#ffee00",
            "logo": "logo.png",
            "corrections": "https://example.org/corrections",
        }

    source = changed(small, tmp_path / "package", change)
    (source / "logo.png").write_bytes(PIXEL)
    report, made = make_site(tmp_path / "site", source)
    assert made, report.findings
    shown = page(tmp_path / "site" / "index.html")
    assert shown.headings[0] == "Ministry & Co"
    assert "https://example.org/corrections" in shown.links
    assert (tmp_path / "site" / "assets" / "logo.png").read_bytes() == PIXEL
    # Yellow cannot be read on white, so it is darkened there.
    assert "--accent: #ffee00" not in (tmp_path / "site" / "assets" / "colours.css").read_text().partition("@media")[0]


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"accent": "red; } body { display: none"}, "is no colour"),
        ({"logo": "logo.svg"}, "is no PNG, JPEG or WebP picture"),
        ({"logo": "absent.png"}, "cannot be read"),
        ({"logo": "../secret.png"}, "cannot be read"),
    ],
)
def test_a_look_that_cannot_be_is_refused(small: Path, tmp_path: Path, wish: dict[str, str], problem: str) -> None:
    source = changed(small, tmp_path / "package", lambda descriptor: descriptor["diplodata"].update(site=wish))
    (source / "logo.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", encoding="utf-8"
    )
    with pytest.raises(UsageError, match=problem), open_source(source) as opened:
        write_site(opened, tmp_path / "site")
    assert not (tmp_path / "site" / "index.html").exists()


def test_any_data_package_has_a_site(tmp_path: Path) -> None:
    source = tmp_path / "package"
    source.mkdir()
    fields = [{"name": "place", "title": "Place", "description": "Where it is."}, {"name": "people", "type": "integer"}]
    (source / "towns.csv").write_text("place,people\nMinsk,2000000\n<b>x</b>,1\n", encoding="utf-8")
    resource = {"name": "towns", "path": "towns.csv", "schema": {"fields": fields}}
    odd = {"name": "Odd/../name", "path": "towns.csv", "schema": {"fields": fields}}
    descriptor = {"name": "towns", "title": "Towns", "resources": [resource, odd]}
    (source / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with open_source(source) as opened:
        write_site(opened, tmp_path / "site")
    found = pages(tmp_path / "site")
    assert {"index.html", "tables/towns.html", "tables/_2.html", "dictionary/tables/towns.html"} <= found.keys()
    assert list(broken_links(tmp_path / "site", found)) == []
    assert not (tmp_path / "site" / "downloads").exists()
    assert "<b>x</b>" in found["tables/towns.html"].text
    assert "Where it is." in found["dictionary/tables/towns.html"].text
