"""A new package in a folder: valid at once, with an example to delete and files for continuous integration."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from diplodata.conversion import write_tables
from diplodata.errors import UsageError
from diplodata.package import staging
from diplodata.package.document import open_document
from diplodata.standard import registry
from diplodata.start.bundle import bundle, package_name
from diplodata.version import tool_version

#: host of the repository -> {file of the package: file here}.
CI: Mapping[str, Mapping[str, str]] = {
    "github": {".github/workflows/data.yml": "github.yml", ".github/publish.sh": "publish.sh"},
    "gitlab": {".gitlab-ci.yml": "gitlab.yml", ".gitlab/publish.sh": "publish.sh"},
}

#: Prefixes of identifiers (pattern of the descriptor's ``diplodata.prefixes``).
_PREFIX = re.compile(r"[a-z][a-z0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new package begins with."""

    #: Prefix of the identifiers that are given out in it.
    prefix: str
    title: str
    #: ``required`` for the tables that every package has, ``all`` for all of them.
    tables: str = "required"
    #: A key of CI; None for no such files.
    ci: str | None = None
    #: Name of the package; None takes that of the folder.
    name: str | None = None


def init(target: str | Path, wish: Beginning) -> tuple[str, ...]:
    """Write a new package and return the paths of its files, sorted.

    Args:
        target: the folder; it must not exist, or be empty.
        wish: what the package begins with.

    Raises:
        UsageError: the target holds something, or the name, prefix or title cannot be one.
    """
    folder = Path(target)
    if not _PREFIX.fullmatch(wish.prefix) or wish.prefix == "dd":
        raise UsageError(
            f"{wish.prefix!r} cannot be your prefix: 2 to 16 small letters and digits, first a letter, and not dd, "
            "which is that of the reference package."
        )
    if not wish.title.strip():
        raise UsageError("A package needs a title.")
    name = package_name(wish.name, folder.absolute().name)
    metadata = {"name": name, "title": wish.title.strip(), "version": "0.1.0"}
    data = bundle(metadata, wish.prefix, wish.tables, _example(wish.prefix))
    with staging.folder(folder) as beside:
        with open_document(data, beside / "datapackage.json", str(target)) as opened:
            for item in opened.findings:
                raise UsageError(f"{target} is not made: {item.message}")
            write_tables(opened, beside, "csv")
        for place, file in {"README.md": "README.md", **CI.get(wish.ci or "", {})}.items():
            path = beside / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_filled_in(file, wish), encoding="utf-8")
        return tuple(sorted(path.relative_to(beside).as_posix() for path in beside.rglob("*") if path.is_file()))


def _text(name: str) -> str:
    return resources.files("diplodata.start").joinpath("files", name).read_text(encoding="utf-8")


def _example(prefix: str) -> dict[str, list[dict[str, Any]]]:
    example: dict[str, list[dict[str, Any]]] = json.loads(_text("example.json").replace("{prefix}", prefix))
    return example


def _filled_in(name: str, wish: Beginning) -> str:
    """Put into a file what it has in braces."""
    words = {
        "{title}": wish.title.strip(),
        "{prefix}": wish.prefix,
        "{standard}": registry.latest(),
        "{tables}": "its required tables" if wish.tables == "required" else "all its tables",
        "{version}": tool_version(),
    }
    text = _text(name)
    for word, value in words.items():
        text = text.replace(word, value)
    return text
