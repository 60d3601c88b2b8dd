"""Which addresses are dialled: what the user typed, and of what a server says only the public network."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

import published_tree as trees
from diplodata.errors import FetchError
from diplodata.model.limits import TransferLimits
from diplodata.published import places
from diplodata.remote import address as addresses
from diplodata.remote import networks
from diplodata.remote.client import Client
from diplodata.remote.connection import Connection
from diplodata.remote.sinks import Memory
from diplodata.remote.transfer import Wanted, receive
from loopback import QuickClock, Server

LIMITS = TransferLimits(connect_seconds=10, read_seconds=10, attempts=1)

#: Numbers to which no redirect may lead.
PRIVATE = """
0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.1 192.0.2.1 192.168.1.1
198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 2002:a00:1::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0
fec0::1 ff02::1 ff0e::1
""".split()

PUBLIC = ["1.1.1.1", "93.184.216.34", "192.0.1.1", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1"]

#: Ways to write a host that the resolver of the system takes for 127.0.0.1 or another private one.
DISGUISES = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0x0.0x0.0x1 0177.0.0.1 017700000001 localhost LOCALHOST localhost.
[::1] [::ffff:127.0.0.1] [0:0:0:0:0:ffff:7f00:1] [0000::1] [::] 0 0.0.0.0
""".split()


@pytest.mark.parametrize("number", PRIVATE)
def test_private_numbers(number: str) -> None:
    assert networks.is_public(number) is False


@pytest.mark.parametrize("number", PUBLIC)
def test_public_numbers(number: str) -> None:
    assert networks.is_public(number)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"content")
    return tmp_path


def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down every number that is dialled."""
    found: list[str] = []
    dial = Connection.connect

    def connect(self: Connection) -> None:
        found.extend(self._numbers)
        dial(self)

    monkeypatch.setattr(Connection, "connect", connect)
    return found


def ask(server: Server, path: str = "start", **resolved: Sequence[str]) -> bytes:
    """Ask a server for a file, with other hosts resolved as given; dots of a host are underscores."""
    known = {"127.0.0.1": ["127.0.0.1"]} | {name.replace("_", "."): numbers for name, numbers in resolved.items()}
    typed, sink = addresses.base(server.address), Memory()
    client = Client(typed, LIMITS, QuickClock(), lambda host, _port: known[host])
    try:
        receive(client, typed.below(path), sink, Wanted(None, 1_000))
    finally:
        client.close()
    return bytes(sink.data)


@pytest.mark.parametrize("host", DISGUISES)
def test_a_redirect_to_a_disguised_host(host: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system resolves the host; what it says is judged, however the host was written."""
    found = dialled(monkeypatch)
    with Server(tree) as inner, Server(tree) as server:
        server.redirects["/start"] = f"http://{host}:{inner.port}/file"
        typed, sink = addresses.base(server.address), Memory()
        client = Client(typed, LIMITS, QuickClock())
        # The host that was typed may be asked at another port as well.
        if host == "127.0.0.1":
            receive(client, typed.below("start"), sink, Wanted(None, 1_000))
            assert bytes(sink.data) == b"content"
            return
        with pytest.raises(FetchError):
            receive(client, typed.below("start"), sink, Wanted(None, 1_000))
        client.close()
        assert inner.requests == []
    assert found == ["127.0.0.1"]


@pytest.mark.parametrize("number", PRIVATE)
def test_a_redirect_to_a_name_of_a_private_number(number: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = dialled(monkeypatch)
    with Server(tree, redirects={"/start": "http://example.org/file"}) as server:
        with pytest.raises(FetchError, match="no address of the public network"):
            ask(server, example_org=[number])
        # One private number among public ones is enough.
        with pytest.raises(FetchError, match="no address of the public network"):
            ask(server, example_org=["1.1.1.1", number])
    assert set(found) == {"127.0.0.1"}


def test_a_name_is_resolved_once(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is judged and private when it is dialled (rebinding) is dialled as it was judged."""
    answers = iter([["127.0.0.1"], ["1.1.1.1"], ["127.0.0.1"]])
    found: list[str] = []

    def connect(self: Connection) -> None:
        found.extend(self._numbers)
        if self._numbers == ["1.1.1.1"]:
            raise ConnectionRefusedError
        dial(self)

    dial = Connection.connect
    monkeypatch.setattr(Connection, "connect", connect)
    with Server(tree, redirects={"/start": "http://rebinding.example/file"}) as server:
        typed = addresses.base(server.address)
        client = Client(typed, TransferLimits(attempts=3), QuickClock(), lambda *_: next(answers))
        with pytest.raises(FetchError, match="given up"):
            receive(client, typed.below("start"), Memory(), Wanted(None, 1_000))
        client.close()
    assert "1.1.1.1" in found
    assert found.count("127.0.0.1") == 1


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/file",
        "gopher://example.org/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "http://user:secret@example.org/file",
        "http://user@example.org/file",
        "http://example.org\\@127.0.0.1/file",
        "http://exa mple.org/file",
        "http://example.org:99999/file",
        "http://[::1/file",
        "http://ex\u00e4mple.org/",
        "\r\nX: y",
    ],
)
def test_redirects_that_are_not_followed(location: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = dialled(monkeypatch)
    address = addresses.base("http://127.0.0.1")
    with pytest.raises(FetchError) as caught:
        addresses.redirected(address, location)
    assert "secret" not in str(caught.value)
    assert found == []


def test_no_redirect_leads_from_https_to_http() -> None:
    secure = addresses.base("https://example.org/data")
    with pytest.raises(FetchError, match="from https to http"):
        addresses.redirected(secure, "http://example.org/data/file")
    assert str(addresses.redirected(secure, "//example.org/x")) == "https://example.org/x"
    assert str(addresses.redirected(secure, "other?Signature=secret")) == "https://example.org/data/other?…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("HTTPS://Example.ORG/Data", "https://example.org/Data/"),
        ("http://example.org:80/a/", "http://example.org/a/"),
        ("http://[::1]:8000/a%20b", "http://[::1]:8000/a%20b/"),
        ("http://localhost/\u00e9", "http://localhost/%C3%A9/"),
    ],
)
def test_what_a_user_may_type(text: str, shown: str) -> None:
    assert str(addresses.base(text)) == shown


@pytest.mark.parametrize(
    "text", ["http://a:b@example.org/", "http://example.org/?x=1", "ftp://example.org/", "http://", "http://ex ample/"]
)
def test_what_a_user_may_not_type(text: str) -> None:
    with pytest.raises(FetchError):
        places.open_place(text, LIMITS, QuickClock())


def test_paths_are_encoded(tree: Path) -> None:
    (tree / "a b#c?\u00e9+%41").write_bytes(b"odd")
    with Server(tree) as server:
        assert ask(server, "a b#c?\u00e9+%41") == b"odd"


def test_nothing_is_sent_that_nobody_asked_for(tree: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy of the environment, no file with passwords, no cookies."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login canary password canary\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with Server(tree) as server:
        assert ask(server, "file") == b"content"
        (request,) = server.requests
    assert set(request.headers) == {"host", "accept-encoding", "user-agent"}
    assert request.headers["accept-encoding"] == "identity"


def test_one_connection_serves_many_files(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = dialled(monkeypatch)
    with Server(tree) as server:
        place = places.open_place(server.address, LIMITS, QuickClock())
        assert [places.read(place, "file", 100) for _ in range(5)] == [b"content"] * 5
        place.close()
    assert len(found) == 1


@pytest.mark.system
def test_https(tree: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The certificate has to be trusted, and to be one of the name."""
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with Server(tree, context=context) as server:
        place = places.open_place(server.address, LIMITS, QuickClock())
        with pytest.raises(FetchError, match="certificate is not trusted"):
            places.read(place, "file", 100)
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
        assert places.read(place, "file", 100) == b"content"
        place.close()
        other = places.open_place(f"https://127.0.0.1:{server.port}", LIMITS, QuickClock())
        with pytest.raises(FetchError, match="certificate is not trusted"):
            places.read(other, "file", 100)
        other.close()


def test_trees_are_made_as_the_schemas_say(tmp_path: Path) -> None:
    """The trees of these tests are what publishing writes, as far as its schemas tell."""
    import jsonschema_rs

    from diplodata.standard import registry

    root = trees.make_tree(tmp_path / "site")
    for name, path in (("index", root / "index.json"), ("release", root / "releases/1.1.0/release.json")):
        judge = jsonschema_rs.validator_for(registry.release_schema(name), validate_formats=True)
        assert [str(item) for item in judge.iter_errors(json.loads(path.read_bytes()))] == []
