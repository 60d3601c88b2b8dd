"""Publish to a store that speaks S3: a real server (moto) on this machine, behind a proxy that lets requests fail."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from conftest import DEEP
from diplodata import Wishes, publish, yank
from diplodata.cli import main
from diplodata.errors import MissingExtraError, ReleaseError
from diplodata.release.stores import bucket, objects
from fault_proxy import FAULTS, IGNORING, FaultProxy
from small_packages import ROWS, contents, make

#: One store for all tests; each has a prefix of its own.
BUCKET = "bucket"

Address = tuple[str, int]


@pytest.fixture(scope="module")
def server() -> Iterator[Address]:
    """A server in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while ask(("127.0.0.1", port), "PUT", f"/{BUCKET}")[0] != 200:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)
        yield "127.0.0.1", port
        process.terminate()


def ask(server: Address, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    """Ask the server itself, past the proxy and without the library; status 0 when it does not answer."""
    connection = http.client.HTTPConnection(*server, timeout=30)
    who = "AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    try:
        connection.request(method, path, body, {"Authorization": who})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    except OSError:
        return 0, {}, b""
    finally:
        connection.close()


def objects_of(server: Address, prefix: str) -> dict[str, bytes]:
    """Return all objects below a prefix."""
    status, _, listed = ask(server, "GET", f"/{BUCKET}?list-type=2&prefix={quote(prefix + '/')}")
    assert status == 200
    names = [unquote(name) for name in re.findall(r"<Key>([^<]+)</Key>", listed.decode())]
    found = {name: ask(server, "GET", f"/{BUCKET}/{quote(name)}") for name in names}
    assert all(answer[0] == 200 for answer in found.values())
    return {name.removeprefix(f"{prefix}/"): answer[2] for name, answer in found.items()}


@pytest.fixture(scope="module")
def running(server: Address) -> Iterator[FaultProxy]:
    with FaultProxy(*server) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()


@pytest.fixture
def proxy(running: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> FaultProxy:
    """The proxy, to which the environment leads; pauses are short."""
    members = {"AWS_ENDPOINT_URL": running.address, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "id"}
    for name, value in (members | {"AWS_SECRET_ACCESS_KEY": "secret"}).items():
        monkeypatch.setenv(name, value)
    for module in (objects, bucket):
        monkeypatch.setattr(module, "PAUSE", 0.005)
    running.begin()
    return running


@pytest.fixture
def prefix() -> str:
    return f"{secrets.token_hex(6)}/data"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("package") / "first")


@pytest.fixture(scope="module")
def wanted(package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the same publish writes into a folder."""
    target = tmp_path_factory.mktemp("wanted") / "site"
    publish(target, package)
    return contents(target)


def index_of(server: Address, prefix: str) -> Any:
    return json.loads(objects_of(server, prefix)["index.json"])


# Without faults


def test_a_bucket_gets_the_bytes_that_a_folder_gets(
    proxy: FaultProxy, server: Address, prefix: str, package: Path, wanted: dict[str, bytes]
) -> None:
    target = f"s3://{BUCKET}/{prefix}"
    done = publish(target, package)
    assert (done.place, done.is_new) == (f"{target}/releases/1.0.0", True)
    assert objects_of(server, prefix) == wanted
    order = [path.rpartition(f"{prefix}/")[2] for method, path in proxy.seen if method == "PUT"]
    release = [place for place, path in enumerate(order) if path.startswith("releases/")]
    # What takes the version goes first, the index after all of the release.
    assert order[release[0]].endswith("SHA256SUMS")
    assert order.index("index.json") == release[-1] + 1
    # Nothing of the probe is left, and again nothing changes.
    assert ask(server, "GET", f"/{BUCKET}?list-type=2&prefix={quote(prefix)}/.probe")[2].count(b"<Key>") == 0
    assert not publish(target, package).is_new
    assert objects_of(server, prefix) == wanted


@pytest.mark.usefixtures("proxy")
def test_objects_say_what_they_are_and_how_long_they_last(server: Address, prefix: str, package: Path) -> None:
    publish(f"s3://{BUCKET}/{prefix}", package)
    for name, kind in {"table.csv": "text/csv; charset=utf-8", "SHA256SUMS": "text/plain; charset=utf-8"}.items():
        headers = ask(server, "HEAD", f"/{BUCKET}/{prefix}/releases/1.0.0/{name}")[1]
        assert (headers["content-type"], "immutable" in headers["cache-control"]) == (kind, True)
    headers = ask(server, "HEAD", f"/{BUCKET}/{prefix}/index.json")[1]
    assert (headers["content-type"], headers["cache-control"]) == ("application/json", "public, max-age=60")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("releases/1.0.0/index.html", "text/html; charset=utf-8"),
        ("releases/1.0.0/data/index.html", "application/octet-stream"),
        ("releases/1.0.0/data/picture.SVG", "application/octet-stream"),
        ("releases/1.0.0/data/x.xhtml", "application/octet-stream"),
        ("releases/1.0.0/data/notes.md", "text/markdown; charset=utf-8"),
        ("releases/1.0.0/data/x.unheard-of", "application/octet-stream"),
        ("feed.atom", "application/atom+xml"),
    ],
)
def test_pages_among_the_data_are_only_downloaded(path: str, kind: str) -> None:
    assert objects.content_type(path) == kind


@pytest.mark.system
def test_signatures_are_those_that_a_folder_gets(
    proxy: FaultProxy, server: Address, prefix: str, package: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    publish(tmp_path / "site", package, Wishes(key=key))
    publish(f"s3://{BUCKET}/{prefix}", package, Wishes(key=key))
    assert objects_of(server, prefix) == contents(tmp_path / "site")
    proxy.begin(lambda _, method, path: "503" if method == "PUT" and path.endswith("index.json.sig") else "")
    with pytest.raises(ReleaseError, match=r"index\.json\.sig cannot be written"):
        yank(f"s3://{BUCKET}/{prefix}", "1.0.0", "Wrong.", key)
    stale = objects_of(server, prefix)["index.json.sig"]
    proxy.begin()
    yank(f"s3://{BUCKET}/{prefix}", "1.0.0", "Wrong.", key)
    yank(tmp_path / "site", "1.0.0", "Wrong.", key)
    assert stale != objects_of(server, prefix)["index.json.sig"]
    assert objects_of(server, prefix) == contents(tmp_path / "site")


@pytest.mark.usefixtures("proxy")
def test_the_next_release_knows_the_one_before(server: Address, prefix: str, package: Path, tmp_path: Path) -> None:
    target = f"s3://{BUCKET}/{prefix}"
    publish(target, package)
    first = objects_of(server, prefix)
    other = make(tmp_path / "other", ((1, "1.5"),))
    with pytest.raises(ReleaseError, match="other content"):
        publish(target, other)
    assert objects_of(server, prefix) == first
    done = publish(target, make(tmp_path / "next", (*ROWS, (3, "3"))), Wishes(version="auto"))
    assert (done.version, done.reasons) == ("1.1.0", ("table: 1 record was added.",))
    assert yank(target, "1.1.0", "Wrong.")
    found = index_of(server, prefix)
    assert (found["serial"], found["channels"]["latest"]) == (3, "1.0.0")
    with pytest.raises(ReleaseError, match=r"ask for 2\.0\.0"):
        publish(target, make(tmp_path / "low", ((1, "1.5"),), version="1.2.0"))


# With faults


def one_fault(fault: str, at: int) -> Any:
    return lambda number, _, __: fault if number == at else ""


#: Fault -> numbers of the requests of a publish at which it is tried: the probe, the index, the objects, the neighbours.
TRIED = {fault: range(45) if DEEP else (2 * place, 17 + 2 * place) for place, fault in enumerate(FAULTS)}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_changes_nothing_in_the_end(
    fault: str,
    proxy: FaultProxy,
    server: Address,
    package: Path,
    wanted: dict[str, bytes],
) -> None:
    for at in TRIED[fault]:
        prefix = secrets.token_hex(6)
        proxy.begin(one_fault(fault, at))
        publish(f"s3://{BUCKET}/{prefix}", package)
        assert len(proxy.seen) > at or DEEP, "a publish has fewer requests than this"
        assert objects_of(server, prefix) == wanted, at


@pytest.mark.parametrize("fault", ["503", "lost"])
def test_a_store_that_stays_away_is_said_and_the_next_run_goes_on(
    fault: str, proxy: FaultProxy, server: Address, prefix: str, package: Path, wanted: dict[str, bytes]
) -> None:
    target = f"s3://{BUCKET}/{prefix}"
    proxy.begin(lambda number, _, __: fault if number >= 12 else "")
    with pytest.raises(ReleaseError, match="after 6 tries"):
        publish(target, package)
    assert "index.json" not in objects_of(server, prefix)
    proxy.begin()
    assert publish(target, package).is_new
    assert objects_of(server, prefix) == wanted


def test_what_a_run_that_was_ended_left_is_not_overwritten(
    proxy: FaultProxy, server: Address, prefix: str, package: Path, tmp_path: Path, wanted: dict[str, bytes]
) -> None:
    target = f"s3://{BUCKET}/{prefix}"
    proxy.begin(lambda number, _, __: "reset" if number >= 12 else "")
    with pytest.raises(ReleaseError):
        publish(target, package)
    proxy.begin()
    left = objects_of(server, prefix)
    with pytest.raises(ReleaseError, match="a run was ended"):
        publish(target, make(tmp_path / "other", ((1, "1.5"),)))
    assert objects_of(server, prefix) == left
    assert publish(target, package).is_new
    assert objects_of(server, prefix) == wanted


def test_an_index_whose_answers_are_all_lost_is_recognised(
    proxy: FaultProxy, server: Address, prefix: str, package: Path, wanted: dict[str, bytes]
) -> None:
    first: list[int] = []

    def script(number: int, method: str, path: str) -> str:
        if method == "PUT" and path.endswith("index.json"):
            first.append(number)
            return "lost" if len(first) == 1 else ""
        return ""

    proxy.begin(script)
    assert publish(f"s3://{BUCKET}/{prefix}", package).is_new
    assert len(first) == 2
    assert objects_of(server, prefix) == wanted


def test_a_store_that_ignores_conditions_is_refused(
    proxy: FaultProxy, server: Address, prefix: str, package: Path
) -> None:
    proxy.begin(lambda _, __, ___: IGNORING)
    with pytest.raises(ReleaseError, match="overwrites objects"):
        publish(f"s3://{BUCKET}/{prefix}", package)
    assert objects_of(server, prefix) == {}


# At once


@pytest.mark.usefixtures("proxy")
def test_two_publishers_of_different_bytes(
    server: Address, prefix: str, package: Path, tmp_path: Path, wanted: dict[str, bytes]
) -> None:
    other = make(tmp_path / "other", ((1, "1.5"),))
    publish(tmp_path / "other-site", other)
    command = [sys.executable, "-m", "diplodata", "publish", f"s3://{BUCKET}/{prefix}", "--source"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": os.environ}
    running = [subprocess.Popen([*command, str(source)], **pipes) for source in (package, other)]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert sorted(process.returncode for process in running) == [0, 2], said
    assert "Traceback" not in "".join(said)
    assert objects_of(server, prefix) in (wanted, contents(tmp_path / "other-site"))


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize(("mine", "theirs", "wins"), [("1.2.0", "1.1.0", False), ("1.1.0", "1.2.0", True)])
def test_another_version_comes_between(
    mine: str,
    theirs: str,
    wins: bool,
    server: Address,
    prefix: str,
    package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever builds on an index that has moved on publishes only what still says the truth of its predecessor."""
    target = f"s3://{BUCKET}/{prefix}"
    publish(target, package)
    swap = objects.Objects.swap
    others = make(tmp_path / "theirs", (*ROWS, (3, "3")), version=theirs)

    def swap_late(*arguments: Any) -> bool:
        monkeypatch.setattr(objects.Objects, "swap", swap)
        publish(target, others)
        return swap(*arguments)

    monkeypatch.setattr(objects.Objects, "swap", swap_late)
    source = make(tmp_path / "mine", (*ROWS, (4, "4")), version=mine)
    if wins:
        assert publish(target, source).is_new
    else:
        with pytest.raises(ReleaseError, match="published meanwhile"):
            publish(target, source)
        assert not any(name.startswith(f"releases/{mine}/") for name in objects_of(server, prefix))
        # Built anew, it says what changed since, and has its place.
        assert publish(target, make(tmp_path / "mine", (*ROWS, (3, "3"), (4, "4")), version=mine)).is_new
    found = index_of(server, prefix)
    assert [item["version"] for item in found["releases"]] == ["1.2.0", "1.1.0", "1.0.0"]
    assert found["serial"] == 3


# Refused


@pytest.mark.parametrize(
    "target", ["s3://", "s3://a", "s3://Bucket/x", "s3://bucket/../x", "s3://bucket//x", "s3://bucket/a?b", "s3:///x"]
)
def test_what_is_no_address_of_a_bucket_is_refused(
    target: str, package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["publish", target, "--source", str(package)])
    assert caught.value.code == 2
    assert "no address of a bucket" in capsys.readouterr().err


@pytest.mark.usefixtures("proxy")
def test_a_bucket_that_is_not_there_is_said(package: Path) -> None:
    with pytest.raises(ReleaseError, match="no such bucket"):
        publish("s3://no-such-bucket/data", package)


def test_without_the_extra_it_says_what_to_install(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(MissingExtraError, match=r"diplodata\[s3\]"):
        publish(f"s3://{BUCKET}/data", package)
