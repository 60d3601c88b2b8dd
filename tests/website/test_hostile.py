"""Nothing in the data can become markup: every text of a package carries a payload into every page that shows it."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from conftest import DEEP
from diplodata.package.locate import open_source
from diplodata.site.build import write_site
from render.made import PAYLOADS
from site_pages import Page, pages

#: Fields whose values lead from record to record; they keep theirs, or the pages would not show the others.
KEPT = ("id", "record_table", "record_id", "field_name", "start_date", "adoption_date", "is_preferred")

#: Fields of numbers.
NUMBERS = ("votes_", "position", "count", "party_size")

#: Fields that hold several values.
LISTS = ("same_as", "languages", "subject_uris")


def _texts(payload: str) -> str:
    """Return a payload as a cell can hold it."""
    return "".join(
        char for char in payload[:3000] if char not in "\0\ufffe\uffff" and not 0xD800 <= ord(char) <= 0xDFFF
    )


def lay_out(small: Path, folder: Path, text: str) -> Path:
    """Copy the small package with a text in every field that is no key, no day and no number."""
    shutil.copytree(small, folder)
    for path in sorted((folder / "data").glob("*.csv")):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        head = rows[0]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(
                [[_cell(name, value, text) for name, value in zip(head, row, strict=True)] for row in rows[1:]]
            )
    descriptor = folder / "datapackage.json"
    descriptor.write_text(
        descriptor.read_text(encoding="utf-8").replace('"Test package"', json.dumps(text)), encoding="utf-8"
    )
    return folder


def _cell(name: str, value: str, text: str) -> str:
    if name in KEPT or name.startswith(NUMBERS) or (name.endswith(("_id", "_ids")) and name != "wikidata_id"):
        return value
    # A list is one text with spaces between its items.
    return re.sub(r"\s+", "_", text) if name in LISTS else text


def built(small: Path, folder: Path, text: str) -> dict[str, Page]:
    with open_source(lay_out(small, folder / "package", text)) as opened:
        write_site(opened, folder / "site")
    return pages(folder / "site")


def shown(found: Mapping[str, Page]) -> Iterator[tuple[str, Page]]:
    """Yield the pages that show data; those of the standard are the same for every package."""
    yield from ((name, item) for name, item in found.items() if not name.startswith(("codes/", "dictionary/")))


@pytest.fixture(scope="module")
def benign(small: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    return built(small, tmp_path_factory.mktemp("benign"), "harmless words")


JOINED = {
    "all at once": " ".join(_texts(text)[:400] for text in PAYLOADS.values()),
    "address": "javascript:alert(document.domain)",
    "scheme in disguise": "java\tscript:alert(1)//https://example.org",
}


@pytest.fixture(scope="module")
def hostile(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, dict[str, Page]]]:
    """Build the site with a payload, once for each."""

    @cache
    def build(payload: str) -> tuple[Path, dict[str, Page]]:
        folder = tmp_path_factory.mktemp("hostile")
        return folder / "site", built(small, folder, JOINED.get(payload) or _texts(PAYLOADS[payload]))

    return build


@pytest.fixture
def scripts(hostile: Callable[[str], tuple[Path, dict[str, Page]]]) -> list[Path]:
    return sorted((hostile("all at once")[0] / "explore").glob("*.js"))


@pytest.mark.parametrize("payload", [*JOINED, *(PAYLOADS if DEEP else ())])
def test_a_payload_changes_no_element(
    benign: dict[str, Page], hostile: Callable[[str], tuple[Path, dict[str, Page]]], payload: str
) -> None:
    text = JOINED.get(payload) or _texts(PAYLOADS[payload])
    _, found = hostile(payload)
    assert found.keys() == benign.keys()
    seen = 0
    for name, item in shown(found):
        assert item.skeleton == benign[name].skeleton, name
        for key, value in item.attributes:
            assert not key.startswith("on"), (name, key)
            if key in {"href", "src"}:
                assert not value.lower().lstrip().startswith(("javascript:", "data:", "java", "vbscript:")), (
                    name,
                    value,
                )
        seen += "alert(" in item.text
    assert seen >= 10 or "alert(" not in text


def test_a_script_of_data_has_no_sign_of_markup(scripts: list[Path]) -> None:
    assert [path.name for path in scripts] == ["meetings.js", "participants.js", "statements.js"]
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert not set("<>&\u2028\u2029") & set(text)
        assert text.startswith("window.diplodataTable={")
        assert text.count("\n") == 1
