"""What all tests share: the reference package, conversions made once, a blocked network, and how much is tried."""

import fcntl
import os
import socket
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from diplodata.conversion import convert
from diplodata.package.locate import open_source
from diplodata.release.publish import publish
from diplodata.site.build import write_site
from target_names import target_name

ROOT = Path(__file__).parents[1]

#: Whether the full numbers are asked for, as ``make deep`` does.
DEEP = os.environ.get("DIPLODATA_DEEP") == "1"

_QUICK_EXAMPLES = 12
_DEEP_FACTOR = 40

# When what the tests publish was made: a release takes its clock from here, and never from the machine.
os.environ["SOURCE_DATE_EPOCH"] = "1795478400"

# Examples work on files: times vary, and a failing example is printed so that it can be repeated.
settings.register_profile(
    "quick",
    max_examples=_QUICK_EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "deep", settings.get_profile("quick"), max_examples=_QUICK_EXAMPLES * _DEEP_FACTOR, derandomize=False
)
settings.load_profile("deep" if DEEP else "quick")


@pytest.fixture(scope="session")
def reference() -> Path:
    """The repository as a package: its datapackage.json lies at the root."""
    return ROOT


@pytest.fixture(scope="session")
def small() -> Path:
    """A valid package of the standard with a few rows in each table."""
    return ROOT / "tests" / "base"


@pytest.fixture(scope="session")
def scale() -> int:
    """By how much a test multiplies what it tries."""
    return _DEEP_FACTOR if DEEP else 1


@pytest.fixture(scope="session")
def converted(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the reference package in a format; each format is made once. Do not change what it gives."""

    @cache
    def make(to: str) -> Path:
        folder = tmp_path_factory.mktemp(f"reference-{to}")
        target = folder / target_name(to, to)
        convert(reference, target, to)
        return target

    return make


@pytest.fixture(scope="session")
def site(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A target with the small package as release 1.0.0. Do not change it."""
    target = tmp_path_factory.mktemp("published") / "site"
    assert publish(target, small).is_new
    return target


@pytest.fixture(scope="session")
def reference_site(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the reference package, built once for all processes of a run. Do not change it."""
    shared = "PYTEST_XDIST_WORKER" in os.environ
    folder = tmp_path_factory.getbasetemp().parent if shared else tmp_path_factory.mktemp("reference-site")
    target = folder / "reference-site"
    with (folder / "reference-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "site.json").is_file():
            with open_source(reference) as opened:
                write_site(opened, target)
    return target


class _Blocked(socket.socket):
    """A socket that nobody can make."""

    def __init__(self, *_: object, **__: object) -> None:
        raise AssertionError("A socket was made, though nothing may use the network.")


def _refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("The network was used, though nothing may use it.")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every use of a socket an error for one test."""
    monkeypatch.setattr(socket, "socket", _Blocked)
    monkeypatch.setattr(socket, "create_connection", _refuse)
    monkeypatch.setattr(socket, "getaddrinfo", _refuse)
