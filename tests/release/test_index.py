"""The index of releases: its order, its channels, its form, and what is no index."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplodata import publish
from diplodata.errors import ReleaseError
from diplodata.model.release import Entry, FileFacts, Index, Yank
from diplodata.release import index, semver
from diplodata.standard import registry
from small_packages import index_of, make

#: Clause 11 of Semantic Versioning 2.0.0, word by word, and what lies around it.
IN_ORDER = (
    "0.9.9 1.0.0-0 1.0.0-2 1.0.0-10 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 "
    "1.0.0-rc.1 1.0.0 1.0.1 1.2.0 1.10.0 2.0.0"
).split()

MOMENT = "2026-01-31T12:00:00Z"


def entry(version: str, previous: str | None = None, **members: Any) -> Entry:
    return replace(Entry(version, MOMENT, FileFacts(1, "a" * 64), "sha256:" + "b" * 64, previous), **members)


def indexed(*entries: Entry) -> Index:
    found: Index | None = None
    for item in entries:
        found = index.with_entry(found, item, "name", "Title", item.created)
    assert found is not None
    return found


def test_versions_have_the_order_of_the_specification() -> None:
    for lower, higher in itertools.combinations(IN_ORDER, 2):
        assert semver.order(lower) < semver.order(higher), (lower, higher)
    assert all(semver.is_version(version) for version in IN_ORDER)


@pytest.mark.parametrize(
    "version",
    ["", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-a..b", "1.0.0+a", "1.0.0\n", "\u0661.0.0"],
)
def test_what_is_no_version_is_refused(version: str) -> None:
    assert not semver.is_version(version)
    with pytest.raises(ReleaseError, match=r"MAJOR\.MINOR\.PATCH"):
        semver.checked(version, "package")


numbers = st.integers(0, 3)


def version_of(core: tuple[int, int, int], suffix: str) -> str:
    return ".".join(map(str, core)) + suffix


versions = st.builds(
    version_of,
    st.tuples(numbers, numbers, numbers),
    st.sampled_from(["", "-a", "-1", "-b.2"]),
)


@given(st.lists(st.tuples(versions, st.booleans()), min_size=1, max_size=8, unique_by=lambda item: item[0]))
def test_channels_lead_to_the_newest_that_is_offered(found: list[tuple[str, bool]]) -> None:
    entries = [entry(version, yanked=Yank("r", MOMENT) if is_yanked else None) for version, is_yanked in found]
    offered = [version for version, is_yanked in found if not is_yanked]
    channels = semver.channels(entries)
    for name, version in channels.items():
        inside = [item for item in offered if name == "latest" or item.startswith(f"{name}.")]
        stable = [item for item in inside if "-" not in item]
        assert version == max(stable or inside, key=semver.order)
    assert set(channels) == {
        name for item in offered for name in ("latest", item.split(".")[0], ".".join(item.split(".")[:2]))
    }


@given(st.lists(versions, min_size=1, max_size=6, unique=True))
def test_an_index_is_read_as_it_was_written(found: list[str]) -> None:
    made = indexed(*(entry(version) for version in found))
    assert index.read(index.text(made), "index.json") == made
    assert made.serial == len(found)
    assert [item.version for item in made.releases] == sorted(found, key=semver.order, reverse=True)


def test_a_release_follows_the_highest_below_it() -> None:
    entries = [entry(version) for version in ("1.0.0", "1.1.0-rc.1", "1.2.0", "2.0.0-a")]
    expected = {"0.9.0": None, "1.1.0": "1.0.0", "1.1.0-rc.2": "1.0.0", "1.2.1": "1.2.0", "2.0.0": "1.2.0"}
    for version, previous in expected.items():
        found = semver.before(version, entries)
        assert (found.version if found else None) == previous, version
    only = semver.before("1.0.0-rc.2", [entry("1.0.0-rc.1")])
    assert only is not None
    assert only.version == "1.0.0-rc.1"


def test_the_index_never_grows_younger() -> None:
    made = indexed(entry("2.0.0", created="2026-06-01T00:00:00Z"), entry("1.0.1", created="2026-01-01T00:00:00Z"))
    assert made.updated == "2026-06-01T00:00:00Z"


DAMAGES: dict[str, tuple[str, Any]] = {
    "no serial": ("serial", None),
    "serial 0": ("serial", 0),
    "a text as serial": ("serial", "1"),
    "another form": ("index_version", "2.0"),
    "no releases": ("releases", []),
    "a day as moment": ("updated", "2026-01-31"),
    "a channel that leads elsewhere": ("channels", {"latest": "9.9.9"}),
    "no channels": ("channels", {}),
}
RELEASE_DAMAGES: dict[str, tuple[str, Any]] = {
    "a path out of the place": ("path", "releases/../../etc/"),
    "the path of another release": ("path", "releases/9.9.9/"),
    "a version that is a path": ("version", "../1.0.0"),
    "a digest that is none": ("checksums", {"bytes": 1, "sha256": "A" * 64}),
    "a size that is none": ("checksums", {"bytes": -1, "sha256": "a" * 64}),
    "withdrawn without a reason": ("yanked", {"date": MOMENT}),
    "content without an algorithm": ("content", "b" * 64),
}


@pytest.mark.parametrize("damage", [*DAMAGES, *RELEASE_DAMAGES])
def test_what_is_no_index_is_refused(damage: str) -> None:
    data = json.loads(index.text(indexed(entry("1.0.0"))))
    name, value = (DAMAGES | RELEASE_DAMAGES)[damage]
    place = data["releases"][0] if damage in RELEASE_DAMAGES else data
    place[name] = value
    if value is None:
        del place[name]
    with pytest.raises(ReleaseError, match="is not used"):
        index.read(json.dumps(data).encode(), "index.json")


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"\xff", b'{"a": 1, "a": 2}', b"[" * 100_000])
def test_other_texts_are_refused(raw: bytes) -> None:
    with pytest.raises(ReleaseError, match="is not used"):
        index.read(raw, "index.json")


def test_versions_that_stand_twice_or_out_of_order_are_refused() -> None:
    made = indexed(entry("1.0.0"), entry("1.1.0"))
    for releases, problem in ((made.releases[::-1], "newest first"), (made.releases * 2, "there twice")):
        with pytest.raises(ReleaseError, match=problem):
            index.read(index.text(replace(made, releases=releases)), "index.json")


@pytest.mark.parametrize("name", ["index", "release"])
def test_the_forms_are_schemas(name: str) -> None:
    form = registry.release_schema(name)
    jsonschema.Draft202012Validator.check_schema(form)
    assert form["$id"] == f"{registry.BASE}release/{registry.RELEASE_VERSION}/{name}.schema.json"


def test_what_is_published_has_its_form(site: Path, tmp_path: Path) -> None:
    publish(tmp_path / "site", make(tmp_path / "package"))
    publish(tmp_path / "site", make(tmp_path / "package", ((1, "1.5"), (2, "2.50"), (3, "9")), version="1.1.0"))
    for target in (site, tmp_path / "site"):
        places = [("index", target / "index.json"), *(("release", path) for path in target.rglob("release.json"))]
        for name, path in places:
            data = json.loads(path.read_text(encoding="utf-8"))
            schema = registry.release_schema(name)
            assert list(jsonschema_rs.validator_for(schema, validate_formats=True).iter_errors(data)) == []
            assert list(jsonschema.Draft202012Validator(schema).iter_errors(data)) == []
    record = json.loads((tmp_path / "site/releases/1.1.0/release.json").read_text(encoding="utf-8"))
    first = index_of(tmp_path / "site")["releases"][1]
    assert record["previous"] == {"version": "1.0.0", "checksums": f"sha256:{first['checksums']['sha256']}"}
