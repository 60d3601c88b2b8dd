"""What changed since the release before: which version that asks for, and how it is told."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from diplodata import comparing
from diplodata.errors import ReleaseError
from diplodata.model.changes import Bump, Changes
from diplodata.model.release import Entry
from diplodata.package.locate import open_source
from diplodata.release import checksums, neighbours, semver
from diplodata.release.stores import Store
from diplodata.render.changes import CHANGE_RENDERERS, changelog
from diplodata.render.escaping import markdown

#: SHA256SUMS is read as a whole.
_LARGEST = 16 * 2**20

#: Files that say what changed.
CHANGES, CHANGELOG = "changes.json", "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Changed:
    """What is new in a release that is being made."""

    #: Digest of the content of its tables.
    content: str
    #: What is different, and what that asks for; None for the first release.
    changes: Changes | None
    bump: Bump | None

    @property
    def level(self) -> str:
        """How large a step the changes ask for, as release.json has it."""
        return self.bump.step if self.bump else "first"

    @property
    def reasons(self) -> list[str]:
        """Why, in words, the weightiest first."""
        return [item.text for item in self.bump.reasons] if self.bump else ["This is the first release."]

    def next_version(self, previous: str) -> str:
        """Return the lowest version that fits; a step up at least, as a version never changes."""
        step = self.bump.step if self.bump else "patch"
        core = ".".join(str(part) for part in semver.core(previous))
        if semver.is_prerelease(previous):
            # What comes after a pre-release is the version that it announces.
            return core
        return comparing.next_version(core, "patch" if step == "none" else step)

    def write(self, folder: Path, title: str, version: str, created: str) -> None:
        """Write CHANGELOG.md and changes.json into the folder of a release.

        Raises:
            ReleaseError: the package has a file of that name.
        """
        for name in (CHANGES, CHANGELOG):
            if (folder / name).exists():
                raise ReleaseError(f"{name} is a file of the package, and every release has one of its own; rename it.")
        heading = f"# {markdown(title)}, version {version}\n\n{created[:10]}\n\n"
        if self.changes is None or self.bump is None:
            (folder / CHANGELOG).write_text(heading + "This is the first release.\n", encoding="utf-8")
            return
        told = replace(self.changes, new=replace(self.changes.new, version=version))
        with (folder / CHANGES).open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(CHANGE_RENDERERS["json"](told, self.bump, 0))
        (folder / CHANGELOG).write_text(heading + changelog(told, self.bump), encoding="utf-8")


def since(previous: Path | None, folder: Path, version: str | None) -> Changed:
    """Compare the staged tables of a release with the release before.

    Args:
        previous: what ``released`` gives; None for the first release.
        folder: what was staged.
        version: version of the release before.
    """
    with open_source(folder) as new:
        content = comparing.content_hash(new)
        if previous is None:
            return Changed(content, None, None)
        with open_source(previous) as old:
            changes = comparing.compare_opened(old, new)
    # Where the two happened to lie has no place in a release.
    named = replace(
        changes,
        old=replace(changes.old, place=f"releases/{version}/", version=version),
        new=replace(changes.new, place="./"),
    )
    return Changed(content, named, comparing.bump_of(named))


@contextmanager
def released(store: Store, entry: Entry) -> Iterator[Path]:
    """Give what a comparison reads of a release, each file compared with its digest.

    Raises:
        ReleaseError: a file is absent or damaged.
    """
    listed = _listed(store, entry)
    with tempfile.TemporaryDirectory(prefix="diplodata-") as name:
        folder = Path(name)
        _take(store, entry, "datapackage.json", listed, folder)
        data = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        for path in sorted(_needed(data, listed) - {"datapackage.json"}):
            _take(store, entry, path, listed, folder)
        yield folder


def _listed(store: Store, entry: Entry) -> dict[str, str]:
    name = entry.path + checksums.NAME
    raw = store.read(name, _LARGEST)
    if raw is None or hashlib.sha256(raw).hexdigest() != entry.checksums.sha256:
        problem = "is absent" if raw is None else "is not what the index says"
        raise ReleaseError(f"The published release {entry.version} is damaged: {store.address(name)} {problem}.")
    return checksums.parse(raw, store.address(name))


def _needed(data: Mapping[str, Any], listed: Mapping[str, str]) -> set[str]:
    """Return the paths of the tables, as CSV alone, of their schemas, and of files that are no tables."""
    beside = {f"{item['name']}-{form}" for item in data["resources"] for form in ("json", "parquet")}
    own = [item for item in data["resources"] if item["name"] not in beside]
    paths = {path for item in own for path in (item["path"] if isinstance(item["path"], list) else [item["path"]])}
    paths |= {item[member] for item in own for member in ("schema", "dialect") if isinstance(item.get(member), str)}
    return paths & listed.keys() | {path for path in listed if path.startswith("schemas/")}


def _take(store: Store, entry: Entry, path: str, listed: Mapping[str, str], folder: Path) -> None:
    target = folder / path
    if not target.resolve().is_relative_to(folder.resolve()):
        raise ReleaseError(f"The published release {entry.version} is damaged: {path!r} leads out of it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    is_there = store.fetch(entry.path + path, target)
    if not is_there or checksums.facts(target).sha256 != listed.get(path):
        problem = "has another digest" if is_there else "is absent"
        raise ReleaseError(f"The published release {entry.version} is damaged: {path} {problem}.")


def is_standard(folder: Path) -> bool:
    """Whether a release is one of a package of the standard."""
    data = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return isinstance(data.get("diplodata"), dict)


def forced(store: Store, entry: Entry) -> str | None:
    """Return why the version of a release is lower than its changes asked for, if it is."""
    reason = neighbours.record(store, entry.path)["bump"].get("forced")
    return str(reason) if reason else None
