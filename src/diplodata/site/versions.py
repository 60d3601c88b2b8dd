"""The releases that lie in a target: read, never written."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplodata.site import wording

#: A version is the name of a folder and a part of an address.
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,99}", re.ASCII)

#: Files of a release that its part of the page names.
_FILES = (
    ("index.html", "Page of the release"),
    ("CHANGELOG.md", "Changelog"),
    ("changes.json", "What changed, as JSON"),
    ("changes.csv", "What changed, as CSV"),
    ("validation.json", "Validation report"),
    ("release.json", "What was released, by what"),
    ("datapackage.json", "Descriptor"),
    ("SHA256SUMS", "Checksums"),
    ("SHA256SUMS.sig", "Signature"),
)

#: Longest changelog that the page shows.
_MOST = 20_000


#: A part of a changelog: ``h``, ``p`` or ``ul``, and its texts.
Block = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Download:
    """One file that can be downloaded."""

    form: str
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """One release, as far as its folder tells."""

    version: str
    created: str
    #: Path of the folder below the target.
    path: str
    yanked: str
    files: tuple[tuple[str, str, int], ...]
    #: SHA-256 of the list of checksums.
    checksums: str
    is_signed: bool
    changes: tuple[Block, ...]
    counts: str


def read(target: Path, records: Sequence[Mapping[str, Any]] | None) -> tuple[Version, ...]:
    """Return the releases in a target, newest first."""
    found = records if records is not None else _records(target)
    named = [(str(item.get("version", "")), item) for item in found]
    return tuple(_version(target, name, item) for name, item in named if _VERSION.fullmatch(name))


def _records(target: Path) -> list[Mapping[str, Any]]:
    listed = _json(target / "index.json").get("releases")
    if isinstance(listed, list):
        return [item for item in listed if isinstance(item, Mapping)]
    folders = sorted(
        (target / "releases").glob("*/release.json"), key=lambda path: _order(path.parent.name), reverse=True
    )
    return [{"version": path.parent.name, "created": _json(path).get("created")} for path in folders]


def _order(version: str) -> tuple[list[int], str]:
    core, _, suffix = version.partition("-")
    return [int(part) if part.isdigit() else 0 for part in core.partition("+")[0].split(".")], suffix or "~"


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _version(target: Path, name: str, item: Mapping[str, Any]) -> Version:
    folder = target / "releases" / name
    present = tuple(
        (file, title, (folder / file).stat().st_size) for file, title in _FILES if (folder / file).is_file()
    )
    sums = folder / "SHA256SUMS"
    yanked = item.get("yanked")
    record = _json(folder / "release.json")
    return Version(
        version=name,
        created=str(item.get("created") or record.get("created") or "")[:10],
        path=f"releases/{name}/",
        yanked=wording.clean(str(yanked.get("reason", "withdrawn"))) if isinstance(yanked, Mapping) else "",
        files=present,
        checksums=hashlib.sha256(sums.read_bytes()).hexdigest() if sums.is_file() else "",
        is_signed=(folder / "SHA256SUMS.sig").is_file(),
        changes=_changes(folder / "CHANGELOG.md"),
        counts=_counts(record),
    )


def _counts(record: Mapping[str, Any]) -> str:
    """Return tables and rows of a release, from either form of its record."""
    counts = record.get("counts")
    if isinstance(counts, Mapping) and isinstance(counts.get("rows"), int) and isinstance(counts.get("tables"), int):
        return f"{wording.counted(counts['tables'], 'table')}, {wording.counted(counts['rows'], 'row')}"
    tables = record.get("tables")
    if isinstance(tables, Mapping) and all(isinstance(number, int) for number in tables.values()):
        return f"{wording.counted(len(tables), 'table')}, {wording.counted(sum(tables.values()), 'row')}"
    return ""


def _changes(path: Path) -> tuple[Block, ...]:
    """Return the newest part of a changelog as headings, lists and paragraphs; its title is left out."""
    try:
        text = path.read_text(encoding="utf-8")[:_MOST]
    except (OSError, UnicodeError):
        return ()
    blocks: list[Block] = []
    seen = 0
    for line in text.splitlines():
        seen += line.startswith("## ")
        if seen > 1:
            break
        if not line.strip() or line.startswith(("# ", "## ")):
            continue
        kind = "h" if line.startswith("#") else "ul" if line.lstrip().startswith(("* ", "- ")) else "p"
        bare = _plain(line.strip().lstrip("#*-").strip() if kind != "p" else line.strip())
        if kind == "ul" and blocks and blocks[-1][0] == "ul":
            blocks[-1] = ("ul", (*blocks[-1][1], bare))
        else:
            blocks.append((kind, (bare,)))
    return tuple(blocks)


def _plain(line: str) -> str:
    """Return a line of Markdown as text: without what makes it bold or code, its characters as they are."""
    bare = line.replace("**", "").replace("`", "").replace("<span>", "").replace("</span>", "")
    return wording.clean(html.unescape(bare))


def of_package(versions: Sequence[Version], version: str) -> Version | None:
    """Return the release of a version of the package, when it is there."""
    return next((item for item in versions if item.version == version and item.files), None)


def downloads(folder: Path, prefix: str) -> dict[str, list[Download]]:
    """Return the data files that the descriptor of a release lists, by table.

    Args:
        folder: the folder of the release.
        prefix: path of that folder below the root of the site.
    """
    found: dict[str, list[Download]] = {}
    for item in _json(folder / "datapackage.json").get("resources", ()):
        path = item.get("path") if isinstance(item, Mapping) else None
        if isinstance(path, str) and (folder / path).is_file():
            name = Path(path).stem
            size = (folder / path).stat().st_size
            digest = str(item.get("hash", "")).removeprefix("sha256:")
            found.setdefault(name, []).append(
                Download(Path(path).suffix.removeprefix("."), prefix + path, size, digest)
            )
    return found


def whole(folder: Path, prefix: str) -> list[Download]:
    """Return the files that hold all tables at once, such as a workbook."""
    suffixes = {".sqlite": "SQLite", ".xlsx": "Excel workbook", ".duckdb": "DuckDB", ".zip": "zip archive"}
    files = [path for path in sorted(folder.iterdir()) if path.is_file()] if folder.is_dir() else []
    found = [(suffixes[path.suffix], path) for path in files if path.suffix in suffixes]
    found += [("Bundle (JSON)", path) for path in files if path.name == "bundle.json"]
    return [
        Download(form, prefix + path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for form, path in found
    ]


def files_in(folder: Path, prefix: str) -> dict[str, list[Download]]:
    """Return all files below a folder by their names without suffix."""
    found: dict[str, list[Download]] = {}
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        data = path.read_bytes()
        place = prefix + path.relative_to(folder).as_posix()
        form = path.suffix.removeprefix(".")
        found.setdefault(path.stem, []).append(Download(form, place, len(data), hashlib.sha256(data).hexdigest()))
    return found
