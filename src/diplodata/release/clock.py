"""The one clock of a release: a moment that the source itself has, never that of the machine.

SOURCE_DATE_EPOCH is read as https://reproducible-builds.org/specs/source-date-epoch/ has it.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
from pathlib import Path

from diplodata.errors import ReleaseError
from diplodata.package.opened import OpenedPackage

_FORM = "%Y-%m-%dT%H:%M:%SZ"

#: git may start programs that a configuration names; these are the ones that the questions below could reach.
_QUIET = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false")


def moment_of(opened: OpenedPackage) -> str:
    """Return when a package was made: SOURCE_DATE_EPOCH, else the date of the commit, else ``created``.

    Raises:
        ReleaseError: none of them is there, or one that is there is no moment.
    """
    found = from_environment() or _of_commit(Path(opened.place)) or _created(opened)
    if found is None:
        raise ReleaseError(
            f"{opened.place} is not published: nothing says when it was made. Add created to its descriptor, such as "
            "2026-01-31T00:00:00Z, or commit it to git, or set SOURCE_DATE_EPOCH."
        )
    return found


def now() -> str:
    """Return the moment of an act that has no source, such as to withdraw: SOURCE_DATE_EPOCH, else that of today."""
    return from_environment() or datetime.datetime.now(datetime.UTC).strftime(_FORM)


def from_environment() -> str | None:
    """Return what SOURCE_DATE_EPOCH says, or None.

    Raises:
        ReleaseError: it is no number of seconds.
    """
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not value:
        return None
    # Up to the end of the year 9999.
    if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) > 253402300799:
        raise ReleaseError(f"SOURCE_DATE_EPOCH is {value!r}, which is no number of seconds since 1970.")
    return _text(int(value))


def _text(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime(_FORM)


def _of_commit(place: Path) -> str | None:
    """Return the date of the newest commit, when the source is a file or folder that git keeps."""
    folder, name = (place, "datapackage.json") if place.is_dir() else (place.parent, place.name)
    # A folder with other files in it may belong to a repository that does not know it.
    if _git(folder, "ls-files", "--error-unmatch", "--", f":(literal){name}") is None:
        return None
    seconds = _git(folder, "log", "-1", "--format=%ct")
    return _text(int(seconds)) if seconds and seconds.isdigit() else None


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(folder), *_QUIET, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _created(opened: OpenedPackage) -> str | None:
    value = opened.package.descriptor.get("created")
    if value is None:
        return None
    try:
        read = datetime.datetime.fromisoformat(str(value))
        return read.replace(tzinfo=read.tzinfo or datetime.UTC).astimezone(datetime.UTC).strftime(_FORM)
    except (ValueError, OverflowError) as error:
        raise ReleaseError(f"{opened.place} is not published: its created, {value!r}, is no moment.") from error
