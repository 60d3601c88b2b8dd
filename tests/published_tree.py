"""Trees of releases as publishing leaves them behind, made small and by hand, so that each part can be made wrong."""

from __future__ import annotations

import copy
import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

CREATED = {"1.0.0": "2026-01-01T00:00:00Z", "1.1.0": "2026-02-01T00:00:00Z", "2.0.0": "2026-03-01T00:00:00Z"}
CONTENT = "sha256:" + "c" * 64


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def as_json(data: Any) -> bytes:
    return (json.dumps(data, indent=2) + "\n").encode()


def sums_of(folder: Path) -> bytes:
    """Return the SHA256SUMS of a folder."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    names = [name for name in files if name not in ("SHA256SUMS", "SHA256SUMS.sig")]
    return "".join(f"{sha256((folder / name).read_bytes())}  {name}\n" for name in names).encode()


def seal(folder: Path) -> None:
    """Write SHA256SUMS over all files of a release."""
    (folder / "SHA256SUMS").write_bytes(sums_of(folder))


def resource(folder: Path, path: str, **members: Any) -> dict[str, Any]:
    raw = (folder / path).read_bytes()
    return {"path": path, "bytes": len(raw), "hash": f"sha256:{sha256(raw)}"} | members


def make_release(root: Path, version: str, previous: str | None, rows: int = 3, **files: bytes) -> Path:
    """Write one release of a package with one table in three formats."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = root / "releases" / version
    (folder / "data").mkdir(parents=True)
    ids, names = [f"{version}-{number}" for number in range(rows)], [f"name {number}" for number in range(rows)]
    lines = "".join(f"{one},{two}\n" for one, two in zip(ids, names, strict=True))
    (folder / "data" / "t.csv").write_text(f"id,name\n{lines}", encoding="utf-8")
    records = [{"id": one, "name": two} for one, two in zip(ids, names, strict=True)]
    (folder / "data" / "t.json").write_bytes(as_json(records))
    pq.write_table(pa.table({"id": ids, "name": names}), folder / "data" / "t.parquet")
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    fields = [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}]
    dialect = {"delimiter": ",", "skipInitialSpace": False, "header": True}
    table = {"name": "t", "type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    table |= {"dialect": dialect, "schema": {"fields": fields, "primaryKey": "id"}}
    items = [
        resource(folder, "data/t.csv", **table),
        resource(folder, "data/t.json", name="t-json", format="json", mediatype="application/json"),
        resource(folder, "data/t.parquet", name="t-parquet", format="vnd.apache.parquet"),
    ]
    descriptor = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "tiny"}
    descriptor |= {"version": version, "created": CREATED[version], "resources": items}
    (folder / "datapackage.json").write_bytes(as_json(descriptor))
    listed = [{key: item[key] for key in ("name", "path", "bytes", "hash")} for item in items]
    (folder / "release.json").write_bytes(as_json(record(root, version, previous, listed)))
    seal(folder)
    return folder


def record(root: Path, version: str, previous: str | None, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the content of release.json."""
    before = None
    if previous is not None:
        raw = (root / "releases" / previous / "SHA256SUMS").read_bytes()
        before = {"version": previous, "checksums": f"sha256:{sha256(raw)}"}
    return {
        "release_version": "1.0",
        "name": "tiny",
        "title": "Tiny",
        "address": None,
        "version": version,
        "created": CREATED[version],
        "previous": before,
        "standard": None,
        "tool": {"name": "diplodata", "version": "0.1.0", "libraries": {"pyarrow": "22.0.0"}},
        "counts": {"tables": 1, "rows": 3, "per_table": {"t": 3}},
        "findings": {"error": 0, "warning": 0, "info": 0},
        "content": CONTENT,
        "bump": {"level": "first" if previous is None else "minor", "reasons": []},
        "resources": resources,
    }


def entry(root: Path, version: str, previous: str | None) -> dict[str, Any]:
    """Return what the index says of a release."""
    raw = (root / "releases" / version / "SHA256SUMS").read_bytes()
    return {
        "version": version,
        "created": CREATED[version],
        "path": f"releases/{version}/",
        "checksums": {"bytes": len(raw), "sha256": sha256(raw)},
        "content": CONTENT,
        "previous": previous,
        "yanked": None,
    }


def channels_of(releases: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the channels of releases that are listed newest first."""
    found: dict[str, str] = {}
    for item in releases:
        if item["yanked"] is None:
            major, minor, _ = item["version"].split(".")
            for name in ("latest", major, f"{major}.{minor}"):
                found.setdefault(name, item["version"])
    return found


def write_index(root: Path, versions: Mapping[str, str | None], serial: int) -> dict[str, Any]:
    """Write index.json for versions and what each follows, oldest first."""
    releases = [entry(root, version, previous) for version, previous in reversed(versions.items())]
    data = {
        "index_version": "1.0",
        "name": "tiny",
        "title": "Tiny",
        "serial": serial,
        "updated": releases[0]["created"],
        "channels": channels_of(releases),
        "releases": releases,
    }
    (root / "index.json").write_bytes(as_json(data))
    return data


def make_tree(root: Path, versions: Iterable[str] = ("1.0.0", "1.1.0"), rows: int = 3) -> Path:
    """Write a place with releases, each of which follows the one before."""
    root.mkdir(parents=True, exist_ok=True)
    known: dict[str, str | None] = {}
    previous = None
    for version in versions:
        make_release(root, version, previous, rows)
        known[version] = previous
        previous = version
    write_index(root, known, len(known))
    return root


def change_index(root: Path, **members: Any) -> None:
    """Change members of index.json."""
    data = json.loads((root / "index.json").read_text(encoding="utf-8"))
    (root / "index.json").write_bytes(as_json(copy.deepcopy(data) | members))


def read_index(root: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((root / "index.json").read_text(encoding="utf-8"))
    return data


# Signatures


def make_key(folder: Path, name: str = "key") -> Path:
    """Make an SSH key without a password."""
    key = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "publisher@example.org", "-f", str(key)]
    subprocess.run(command, check=True)
    return key


def signers_of(key: Path, namespaces: str = "diplodata-release,diplodata-index", name: str = "p@example.org") -> str:
    """Return a line of a file of allowed signers."""
    kind, text, *_ = key.with_suffix(".pub").read_text(encoding="utf-8").split()
    return f'{name} namespaces="{namespaces}" {kind} {text}\n'


def sign(key: Path, path: Path, namespace: str) -> None:
    """Sign a file as publish does: from standard input to standard output."""
    command = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", namespace]
    done = subprocess.run(command, input=path.read_bytes(), capture_output=True, check=True)
    path.with_name(f"{path.name}.sig").write_bytes(done.stdout)


def sign_tree(root: Path, key: Path) -> None:
    """Sign the index and every release."""
    sign(key, root / "index.json", "diplodata-index")
    for folder in (root / "releases").iterdir():
        sign(key, folder / "SHA256SUMS", "diplodata-release")
