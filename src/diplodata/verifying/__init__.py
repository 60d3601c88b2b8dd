"""Verify published releases: every byte, every signature, every step back to the first one."""

from __future__ import annotations

from pathlib import Path

from diplodata.errors import AbsentError, FetchError, UsageError
from diplodata.model.limits import DEFAULT_TRANSFER_LIMITS, TransferLimits
from diplodata.model.verification import Verification
from diplodata.published import index, places, record, selection, signatures, sums
from diplodata.published.places import OddFileError, Place
from diplodata.remote.clock import Clock, SystemClock
from diplodata.verifying import tree
from diplodata.verifying.release import Look
from diplodata.verifying.single import check_single
from diplodata.version import tool_version

__all__ = ["verify"]


def verify(
    place: str | Path,
    signers: str | Path | None = None,
    *,
    release: str | None = None,
    only: str | None = None,
    limits: TransferLimits = DEFAULT_TRANSFER_LIMITS,
    clock: Clock | None = None,
) -> Verification:
    """Verify a release, or all releases of a place.

    Args:
        place: a folder or web address that holds SHA256SUMS (one release) or index.json (all of them).
        signers: a file of allowed signers; then everything has to be signed by one of them.
        release: the one version to read; only where there is an index.
        only: the form of the data, ``csv``, ``json`` or ``parquet``, that is there; others are not missed.
        limits: how much is read, and how long it is waited for.
        clock: what tells the time.

    Raises:
        UsageError: the signers come from the place itself, or there is no such version or form.
        FetchError: there is no release at the place, or it cannot be read.
        LimitError: a limit is hit.
    """
    who = signatures.signers(signers, place)
    opened = places.open_place(str(place), limits, clock or SystemClock())
    try:
        look = Look(opened, who, limits, selection.checked(only))
        versions, is_listed = _check(look, release), opened.can_list
    finally:
        opened.close()
    return Verification(
        f"diplodata {tool_version()}",
        str(place),
        versions,
        look.files,
        look.bytes,
        who is not None,
        is_listed,
        tuple(look.found),
    )


def _check(look: Look, release: str | None) -> tuple[str, ...]:
    """Find out what lies at the place, and check it; return the versions."""
    if _holds(look.place, sums.NAME, look.limits) or _holds(look.place, record.NAME, look.limits):
        if release is not None:
            raise UsageError(f"{look.place.name} is one release; --release is for a folder of many.")
        return check_single(look)
    try:
        raw = places.read(look.place, index.NAME, look.limits.index_bytes)
    except AbsentError as error:
        raise FetchError(
            f"{look.place.name} holds neither {index.NAME} nor {sums.NAME}, so no release is there."
        ) from error
    return tree.check_tree(look, raw, release)


def _holds(place: Place, name: str, limits: TransferLimits) -> bool:
    try:
        places.read(place, name, max(limits.checksums_bytes, limits.record_bytes))
    except AbsentError:
        return False
    except OddFileError:
        # It is there; what it is will be said when it is looked at.
        return True
    return True
