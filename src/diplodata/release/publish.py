"""Publish a release: plan, stage, build, verify, commit; then the pages that lead to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplodata.errors import ReleaseError, UsageError
from diplodata.model.given import Given
from diplodata.model.release import Entry, Index, VerifiedRelease
from diplodata.model.report import Report
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage
from diplodata.release import build, clock, history, index, neighbours, semver, stores, website
from diplodata.release.plan import Plan
from diplodata.release.sign import Signer, signer
from diplodata.release.stores import Store
from diplodata.release.verify import verify
from diplodata.validation import Options, validate_opened

#: The version that follows from the changes.
AUTO = "auto"


class InvalidPackageError(ReleaseError):
    """The package has errors, so it is not published; the report says which."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.subject} is not published: it is not valid.")
        self.report = report


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a release is asked to be; each is what the option of the command says."""

    #: ``auto``: the version follows from the changes; None: that of the descriptor.
    version: str | None = None
    #: Why the version is lower than the changes ask for.
    force_version: str | None = None
    #: Further formats of the whole package: sqlite, xlsx.
    extras: tuple[str, ...] = ()
    #: SSH key that signs SHA256SUMS and the index.
    key: str | Path | None = None
    #: Address at which the target will be, for metadata, feed and sitemap; None: that of the descriptor.
    address: str | None = None
    #: Whether a folder gets a website of the newest release; the command asks for it.
    site: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of a publish."""

    #: Folder of the release; for a bucket, its address.
    place: str
    version: str
    #: Whether the version was new; False when it was there already.
    is_new: bool
    #: Why the version is the one it is, in words.
    reasons: tuple[str, ...] = ()
    #: Whether the tables are those of the version that is published, so that no new one was needed.
    is_unchanged: bool = False

    @property
    def folder(self) -> Path:
        """The place as a path; it has no meaning for a bucket."""
        return Path(self.place)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a publish works with."""

    store: Store
    opened: OpenedPackage
    wishes: Wishes
    signer: Signer | None
    #: What is published; None when nothing is.
    index: Index | None
    #: The entry of the version that is asked for, when it is published already.
    entry: Entry | None
    #: The release that this one follows.
    previous: Entry | None
    created: str

    @property
    def title(self) -> str:
        return build.title_of(self.opened.package.descriptor)


def publish(target: str | Path, source: str | Path = ".", wishes: Wishes | None = None) -> Publication:
    """Validate a package and write it as a release.

    Args:
        target: the folder that holds all releases, which is made when it is not there; or ``s3://bucket/prefix``.
        source: the package.
        wishes: how the release is asked to be.

    Raises:
        InvalidPackageError: the package has errors.
        ReleaseError: the version is there with other bytes, or is too low, or the release cannot be built or written.
        SourceError: the source cannot be read as a package.
        MissingExtraError: the target or a format needs an extra that is not installed.
    """
    wishes = wishes or Wishes()
    _check(wishes)
    store, key = stores.at(target), signer(wishes.key)
    with open_source(source) as opened:
        build.refuse_release(opened)
        work = _begin(store, opened, wishes, key)
        with _previous_folder(work) as previous:
            _validate(work, previous)
            with store.staging() as folder:
                done = _published(work, folder, previous)
    neighbours.write(store, key)
    if wishes.site:
        website.write(store)
    return done


def _check(wishes: Wishes) -> None:
    if wishes.version not in (None, AUTO):
        raise UsageError(f"Unknown version {wishes.version!r}: say auto, or write it in the descriptor.")
    for form in wishes.extras:
        if form not in build.EXTRAS:
            raise UsageError(f"Unknown format {form!r} beside a release; known: {', '.join(build.EXTRAS)}.")
    if wishes.force_version is not None and not wishes.force_version.strip():
        raise UsageError("--force-version needs a reason.")


def _begin(store: Store, opened: OpenedPackage, wishes: Wishes, key: Signer | None) -> _Work:
    """Read what is published, and find the place of the release in it."""
    auto = wishes.version == AUTO
    wanted = None if auto else semver.checked(opened.package.descriptor.get("version"), opened.place)
    raw = store.read(index.NAME, index.LARGEST)
    found = index.read(raw, store.address(index.NAME)) if raw is not None else None
    if found is not None:
        stores.unsigned_index(store, key)
    releases = found.releases if found else ()
    entry = found.entry(wanted) if found and wanted else None
    if entry is not None:
        # Published already: as it was then, so that another day, or a release that came between, says the same.
        previous = found.entry(entry.previous) if found and entry.previous else None
        return _Work(store, opened, wishes, key, found, entry, previous, entry.created)
    previous = semver.newest(releases) if wanted is None else semver.before(wanted, releases)
    return _Work(store, opened, wishes, key, found, None, previous, clock.moment_of(opened))


@contextmanager
def _previous_folder(work: _Work) -> Iterator[Path | None]:
    """Give the release before, with everything that a comparison reads."""
    with nullcontext(None) if work.previous is None else history.released(work.store, work.previous) as folder:
        yield folder


def _validate(work: _Work, previous: Path | None) -> None:
    """Validate the source: as of the moment of the release, and against the release before.

    Raises:
        InvalidPackageError: there are errors.
    """
    is_standard = work.opened.package.standard is not None
    given = Given(previous=previous if is_standard and previous and history.is_standard(previous) else None)
    as_of = datetime.date.fromisoformat(work.created[:10])
    report = validate_opened(work.opened, Options(as_of=as_of, given=given))
    if not report.valid:
        raise InvalidPackageError(report)


def _published(work: _Work, folder: Path, previous: Path | None) -> Publication:
    build.stage(work.opened, folder)
    changed = history.since(previous, folder, work.previous.version if work.previous else None)
    if work.previous is not None and work.wishes.version == AUTO and changed.level == "none":
        return Publication(
            work.store.address(work.previous.path), work.previous.version, is_new=False, is_unchanged=True
        )
    plan = _plan(work, changed)
    changed.write(folder, work.title, plan.version, plan.created)
    release = verify(build.complete(folder, plan, work.signer))
    place = work.store.address(f"releases/{plan.version}")
    if work.entry is not None:
        work.store.check(release)
        return Publication(place, plan.version, is_new=False)
    is_new = _commit(work, plan, release)
    return Publication(place, plan.version, is_new, tuple(changed.reasons))


def _plan(work: _Work, changed: history.Changed) -> Plan:
    """Decide on the version; a published one is what it was decided to be."""
    if work.entry is not None:
        version, forced = work.entry.version, history.forced(work.store, work.entry)
    else:
        version, forced = _version(work, changed)
    bump: dict[str, Any] = {"level": changed.level, "reasons": list(changed.reasons)}
    return Plan(
        version=version,
        created=work.created,
        previous=work.previous,
        content=changed.content,
        bump=bump | ({"forced": forced} if forced else {}),
        extras=tuple(sorted(set(work.wishes.extras))),
        address=neighbours.address(work.opened.package.descriptor, work.wishes.address),
    )


def _version(work: _Work, changed: history.Changed) -> tuple[str, str | None]:
    """Return the version, and the reason that forced it when the changes ask for a higher one."""
    declared = work.opened.package.descriptor.get("version")
    if work.wishes.version == AUTO:
        first = declared if isinstance(declared, str) and semver.is_version(declared) else "1.0.0"
        return (first if work.previous is None else changed.next_version(work.previous.version)), None
    version = str(declared)
    if work.previous is None:
        return version, None
    lowest = changed.next_version(work.previous.version)
    if semver.core(version) >= semver.core(lowest):
        return version, None
    if work.wishes.force_version is None:
        raise ReleaseError(
            f"Version {version} is too low: the changes since {work.previous.version} ask for {lowest} "
            f"({changed.level}: {changed.reasons[0]}). Raise the version, or say why not: --force-version REASON."
        )
    return version, work.wishes.force_version.strip()


def _commit(work: _Work, plan: Plan, release: VerifiedRelease) -> bool:
    """Publish; False when somebody else did it meanwhile, with the same bytes."""
    previous = plan.previous.version if plan.previous else None
    entry = Entry(plan.version, plan.created, release.checksums, plan.content, previous)
    seen: list[bool] = []

    def change(current: Index | None) -> Index:
        there = current.entry(entry.version) if current else None
        seen.append(there is not None)
        if current is not None and there is not None:
            work.store.check(release)
            return current
        before = semver.before(entry.version, current.releases) if current else None
        if (before and before.checksums) != (plan.previous and plan.previous.checksums):
            raise ReleaseError(
                f"{before.version if before else 'Another version'} was published meanwhile; nothing was changed. "
                f"Publish again, so that {entry.version} says what changed since."
            )
        name = work.opened.package.descriptor.get("name")
        return index.with_entry(current, entry, name if isinstance(name, str) else None, work.title, entry.created)

    work.store.commit(change, release, work.signer)
    return not seen[-1]
