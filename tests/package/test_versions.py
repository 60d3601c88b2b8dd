"""The version of a descriptor is the one that the reference sees in it."""

from __future__ import annotations

import pytest
from frictionless import Package

from diplodata.package import versions

OFFICIAL = "https://datapackage.org/profiles/{}/datapackage.json"

ADDRESSES = [
    *(OFFICIAL.format(number) for number in ("1.0", "2.0", "2.1", "3.0")),
    OFFICIAL.format("2.0").replace("https", "http"),
    OFFICIAL.format("2.0").replace("datapackage.json", "tableschema.json"),
    OFFICIAL.format("2.0").replace("datapackage.org", "example.org"),
    "https://specs.frictionlessdata.io/schemas/data-package.json",
    "https://example.org/own.json",
    "profiles/own.json",
    "",
    None,
]

#: What the reference calls a version that nobody but the author of the profile knows.
NAMES = {"unknown": "own"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_version_is_that_of_the_reference(address: str | None) -> None:
    expected = Package.effective_datapackage_version({"$schema": address}, None)
    assert versions.version({"$schema": address}) == NAMES.get(expected, expected)


def test_a_descriptor_without_a_profile_is_of_version_1() -> None:
    assert versions.version({}) == Package.effective_datapackage_version({}, None) == "v1"


@pytest.mark.parametrize("name", [*versions.OF_PACKAGES, *versions.OF_RESOURCES])
def test_the_official_address_of_a_profile_is_its_name(name: str) -> None:
    address = f"https://specs.frictionlessdata.io/schemas/{name}.json"
    assert versions.name_of(address) == versions.name_of(name) == name
    assert versions.is_official(address)


@pytest.mark.parametrize("profile", ["fiscal-data-package", "https://example.org/data-package.json", "own.json"])
def test_other_profiles_are_not_official(profile: str) -> None:
    assert not versions.is_official(profile)
