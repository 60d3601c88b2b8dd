"""Metadata of a release: its form, its links, and texts that stay texts. ``make conformance`` asks other judges."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
import yaml

from conftest import ROOT
from diplodata import Wishes, publish
from diplodata.cli import main
from diplodata.release.metadata.facts import web_address
from small_packages import make

ADDRESS = "https://example.org/data/"

MEMBERS: dict[str, Any] = {
    "title": "Meetings",
    "description": "Who met whom.",
    "homepage": "https://example.org/",
    "licenses": [{"name": "ODC-PDDL-1.0"}],
    "keywords": ["meetings", "meetings", " ", "summits"],
    "contributors": [{"title": "The Institute", "path": "https://example.org/us", "roles": ["publisher"]}],
}

HOSTILE = [
    '"\n  injected: true\n',
    "a: b # c",
    "</script><script>alert(1)</script>",
    "\u0000\u0007\u001b[31m\u0085\u2028\u202e\ufeff\U0001f600",
    "'\"\\",
    "- [x](javascript:alert(1))",
    "]]>&amp;<!--",
]


def release(tmp_path: Path, address: str | None = None, **members: Any) -> Path:
    return publish(tmp_path / "site", make(tmp_path / "package", **members), Wishes(address=address)).folder


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def judge(name: str) -> jsonschema_rs.Validator:
    schema = json.loads((ROOT / "tests" / "release" / name).read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema, validate_formats=True)


def citation(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize("members", [MEMBERS, {}], ids=["all", "nothing"])
@pytest.mark.parametrize("address", [None, ADDRESS])
def test_the_dataset_is_what_search_engines_ask_for(
    members: dict[str, Any], address: str | None, tmp_path: Path
) -> None:
    folder = release(tmp_path, address, **members)
    data = read(folder, "dataset.jsonld")
    assert list(judge("dataset.schema.json").iter_errors(data)) == []
    links = [item["contentUrl"] for item in data["distribution"]]
    base = f"{ADDRESS}releases/1.0.0/" if address else ""
    assert [(folder / unquote(link.removeprefix(base))).is_file() for link in links] == [True] * 3
    assert data.get("license") == ("https://spdx.org/licenses/PDDL-1.0.html" if members else None)
    # The judge would refuse a dataset that lacks what it asks for.
    assert list(judge("dataset.schema.json").iter_errors(data | {"description": "short"})) != []


def test_dcat_states_size_and_digest_of_each_file(tmp_path: Path) -> None:
    folder = release(tmp_path, ADDRESS, **MEMBERS)
    data = read(folder, "dcat.jsonld")
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    assert isinstance(data["@context"], dict)
    for item in data["dcat:distribution"]:
        path = item["dcat:downloadURL"]["@id"].removeprefix(f"{ADDRESS}releases/1.0.0/")
        assert f"{item['spdx:checksum']['spdx:checksumValue']['@value']}  {path}\n" in sums
        assert item["dcat:byteSize"]["@value"] == str((folder / path).stat().st_size)
    assert data["dct:publisher"]["foaf:name"] == "The Institute"


def test_croissant_describes_the_columns_of_the_table(tmp_path: Path) -> None:
    data = read(release(tmp_path, **MEMBERS), "croissant.json")
    records = data["recordSet"][0]
    found = {field["source"]["extract"]["column"]: field["dataType"] for field in records["field"]}
    assert found == {"a": "sc:Integer", "b": "sc:Float"}
    assert records["key"] == [{"@id": "table-records/a"}]
    files = {item["@id"] for item in data["distribution"]}
    assert {field["source"]["fileObject"]["@id"] for field in records["field"]} <= files
    identifiers = [*files, records["@id"], *(field["@id"] for field in records["field"])]
    assert len(identifiers) == len(set(identifiers))


def test_the_citation_names_authors_version_and_licence(tmp_path: Path) -> None:
    found = citation(release(tmp_path, ADDRESS, **MEMBERS))
    assert found["authors"] == [{"name": "The Institute", "website": "https://example.org/us"}]
    assert (found["version"], str(found["date-released"])) == ("1.0.0", "2026-11-24")
    assert (found["license"], found["url"]) == ("PDDL-1.0", f"{ADDRESS}releases/1.0.0/")
    assert found["keywords"] == ["meetings", "summits"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str, tmp_path: Path) -> None:
    members = {"title": text, "description": text, "keywords": [text], "contributors": [{"title": text}]}
    folder = release(tmp_path, **members)
    found = citation(folder)
    assert (found["title"], found["abstract"]) == (text, text)
    assert found["authors"][0]["name"] == text.strip()
    assert "injected" not in found
    assert read(folder, "dataset.jsonld")["name"] == text
    assert read(folder, "dcat.jsonld")["dct:title"] == text
    assert read(folder, "croissant.json")["name"] == text
    feed = ET.fromstring((tmp_path / "site" / "feed.atom").read_bytes())
    shown = feed.findtext("{http://www.w3.org/2005/Atom}title")
    assert shown is not None
    assert shown == re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "\ufffd", text).replace("\r", "\n")
    assert [item.tag.rpartition("}")[2] for item in feed][:3] == ["title", "id", "updated"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://example.org/a b", None),
        ("javascript:alert(1)", None),
        ("HTTPS://example.org", None),
        ("https://", None),
        (None, None),
        ("https://example.org/ü?q=1#f", "https://example.org/%C3%BC?q=1#f"),
        ('https://example.org/"<>', "https://example.org/%22%3C%3E"),
        ("https://example.org/%20", "https://example.org/%20"),
    ],
)
def test_only_addresses_of_the_web_are_links(value: object, expected: str | None) -> None:
    assert web_address(value) == expected


# Beside the releases


def test_feed_and_sitemap_lead_to_the_releases(tmp_path: Path) -> None:
    release(tmp_path, ADDRESS, **MEMBERS)
    feed = ET.fromstring((tmp_path / "site" / "feed.atom").read_bytes())
    links = {item.get("href") for item in feed.iter("{http://www.w3.org/2005/Atom}link")}
    assert links == {f"{ADDRESS}{name}" for name in ("feed.atom", "index.html", "releases/1.0.0/index.html")}
    sitemap = ET.fromstring((tmp_path / "site" / "sitemap.xml").read_bytes())
    places = [item.text for item in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert places == [f"{ADDRESS}index.html", f"{ADDRESS}releases/1.0.0/index.html"]


def test_without_an_address_links_are_relative_and_there_is_no_sitemap(tmp_path: Path) -> None:
    release(tmp_path, **MEMBERS)
    feed = ET.fromstring((tmp_path / "site" / "feed.atom").read_bytes())
    links = {str(item.get("href")) for item in feed.iter("{http://www.w3.org/2005/Atom}link")}
    assert [(tmp_path / "site" / link).is_file() for link in sorted(links)] == [True] * 2
    assert (feed.findtext("{http://www.w3.org/2005/Atom}id") or "").startswith("urn:uuid:")
    assert not (tmp_path / "site" / "sitemap.xml").exists()


@pytest.mark.parametrize(
    "address",
    ["example.org", "ftp://example.org/", "https://u:p@example.org/", "https://example.org/?a", "https://a b/", "x:"],
)
def test_what_is_no_address_of_a_folder_is_refused(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = make(tmp_path / "package")
    with pytest.raises(SystemExit) as caught:
        main(["publish", str(tmp_path / "site"), "--source", str(package), "--address", address])
    assert caught.value.code == 2
    assert "is no address" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_the_first_page_of_a_site_is_left_alone(tmp_path: Path) -> None:
    release(tmp_path)
    (tmp_path / "site" / "site.json").write_text('{"site": "1.0", "entries": ["index.html"]}', encoding="utf-8")
    (tmp_path / "site" / "index.html").write_text("The first page of a site.", encoding="utf-8")
    publish(tmp_path / "site", make(tmp_path / "package", ((1, "1"),), version="2.0.0"))
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "The first page of a site."
    assert "2.0.0" in (tmp_path / "site" / "feed.atom").read_text(encoding="utf-8")
