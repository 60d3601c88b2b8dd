"""Fetch a release into a folder: from the index to SHA256SUMS to the files, and nothing that is not proven.

* What is trusted is the file of signers or the digest that the user gives, and what was seen before; the rest follows.
* The folder that is asked for holds a whole, checked release, or what it held before.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from diplodata.fetching import choosing, target
from diplodata.fetching.choosing import Wish
from diplodata.fetching.outcome import Fetched, RefusedError
from diplodata.fetching.receiving import Progress, quiet
from diplodata.fetching.run import Run
from diplodata.fetching.workshop import Workshop
from diplodata.model.limits import DEFAULT_TRANSFER_LIMITS, TransferLimits
from diplodata.published import places, selection, signatures
from diplodata.remote.clock import Clock, SystemClock

if TYPE_CHECKING:
    from diplodata.reader import PackageReader

__all__ = ["Fetched", "RefusedError", "Wish", "fetch", "fetch_release"]


def fetch(
    base: str | Path,
    dest: str | Path,
    *,
    release: str = "latest",
    only: str | None = None,
    signers: str | Path | None = None,
    expect: str | None = None,
    max_age: int | None = None,
    state: str | Path | None = None,
    limits: TransferLimits = DEFAULT_TRANSFER_LIMITS,
) -> PackageReader:
    """Fetch a release into a folder and open it.

    Args:
        base: the folder or web address that holds index.json.
        dest: the folder for the release; it is new or empty, or holds what was fetched before.
        release: a version, or a channel such as ``latest`` or ``1``.
        only: take the data in one form only: ``csv``, ``json`` or ``parquet``.
        signers: a file of allowed signers; then index and release have to be signed by one of them.
        expect: ``sha256:`` and the digest of SHA256SUMS of the release.
        max_age: days that the index may be old.
        state: file in which is remembered what was seen; beside ``dest`` when left out.
        limits: how much is received, and how long it is waited for.

    Raises:
        RefusedError: what is published is not what it should be; its findings say why.
        UsageError: there is no such release, or ``dest`` holds something else.
        FetchError: it does not come.
        LimitError: a limit is hit.
    """
    # Loaded here: to fetch takes no pyarrow, to open does.
    from diplodata.fetching import opening

    wish = Wish(release, only, expect, max_age)
    done = fetch_release(base, dest, wish, signers=signers, state=state, limits=limits)
    return opening.open_fetched(done.folder, only)


def fetch_release(
    base: str | Path,
    dest: str | Path,
    wish: Wish,
    *,
    signers: str | Path | None = None,
    state: str | Path | None = None,
    limits: TransferLimits = DEFAULT_TRANSFER_LIMITS,
    clock: Clock | None = None,
    progress: Progress = quiet,
) -> Fetched:
    """Fetch a release into a folder; see ``fetch``.

    Args:
        base: the folder or web address that holds index.json.
        dest: the folder for the release.
        wish: what is asked for.
        signers: a file of allowed signers.
        state: file in which is remembered what was seen.
        limits: how much is received, and how long it is waited for.
        clock: what tells the time.
        progress: is told what comes.
    """
    choosing.checked(wish)
    selection.checked(wish.only)
    # The name of the folder is needed for its neighbours, also when it was given as a dot.
    folder = Path(dest).absolute()
    who = signatures.signers(signers, base, folder)
    memo = target.state_of(folder, state)
    target.refuse_file(folder)
    time = clock or SystemClock()
    place = places.open_place(str(base), limits, time)
    try:
        with Workshop(folder) as workshop:
            return Run(place, workshop, memo, wish, who, limits, time, progress).fetch()
    finally:
        place.close()
