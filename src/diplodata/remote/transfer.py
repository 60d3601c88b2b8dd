"""One file over HTTP: resumed where it broke off, asked for again after a wait, stopped when it does not end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diplodata.errors import FetchError, LimitError, SizeError
from diplodata.remote.address import Address
from diplodata.remote.client import Answer, Client, TransientError
from diplodata.remote.sinks import Sink

_CHUNK = 256 * 1024

_PART = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")


class _SizeProblemError(TransientError):
    """The bytes are more or fewer than they should be; says so if that does not change."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a file before it comes."""

    #: Its size; None when that is not known.
    size: int | None
    #: Bytes at which it is given up when its size is not known.
    most: int


def receive(client: Client, address: Address, sink: Sink, wanted: Wanted) -> None:
    """Receive a file.

    Args:
        client: what asks for it.
        address: where it lies.
        sink: where its bytes go; it may have the first of them already.
        wanted: what is known of it.

    Raises:
        AbsentError: there is no such file.
        SizeError: it has another size than it should have.
        LimitError: it is too large, or the run takes too long.
        FetchError: it does not come.
    """
    vain = 0
    while wanted.size is None or sink.length != wanted.size or not sink.length:
        before = sink.length
        try:
            _attempt(client, address, sink, wanted)
        except TransientError as error:
            if error.begins_anew:
                sink.restart()
            # What came is a reason to go on, but only for as long as the run may take.
            vain = 1 if sink.length > before else vain + 1
            if vain >= client.limits.attempts:
                raise _given_up(address, error, vain) from error
            _wait(client, error, vain)
        else:
            return


def _given_up(address: Address, error: TransientError, attempts: int) -> FetchError:
    kind = SizeError if isinstance(error, _SizeProblemError) else FetchError
    return kind(f"{address}: {error}; given up after {attempts} attempts in a row.")


def _wait(client: Client, error: TransientError, vain: int) -> None:
    limits = client.limits
    if error.wait is not None and error.wait > limits.longest_wait_seconds:
        raise FetchError(
            f"{error}, and to come again after {error.wait:,.0f} seconds; the limit longest_wait_seconds is "
            f"{limits.longest_wait_seconds:g}."
        ) from error
    own = min(limits.first_wait_seconds * 2 ** (vain - 1), limits.longest_wait_seconds)
    client.clock.sleep(client.deadline.at_most(max(own, error.wait or 0)))


def _attempt(client: Client, address: Address, sink: Sink, wanted: Wanted) -> None:
    headers = {}
    if sink.length and sink.tag:
        # If-Range: a file that changed meanwhile comes as a whole (RFC 9110, 13.1.5).
        headers = {"Range": f"bytes={sink.length}-", "If-Range": sink.tag}
    elif sink.length:
        sink.restart()
    answer = client.ask(address, headers)
    try:
        promised = _begun(answer, sink, wanted)
        _pour(answer, sink, wanted)
        if promised is not None and sink.length != promised:
            raise TransientError(f"it ends after {sink.length} of {promised} bytes")
        if wanted.size is not None and sink.length != wanted.size:
            raise _SizeProblemError(f"it ends after {sink.length} bytes, and should have {wanted.size}")
    finally:
        answer.close()


def _begun(answer: Answer, sink: Sink, wanted: Wanted) -> int | None:
    """Bring the sink to where the answer begins; return the size that the file is to have."""
    tag = _tag(answer)
    if answer.status == 206:
        _fits(answer, sink, tag, wanted)
    elif sink.length:
        sink.restart()
    sink.tag = tag or sink.tag
    length = answer.length
    promised = None if length is None else sink.length + length
    if promised is not None and wanted.size is not None and promised != wanted.size:
        raise _SizeProblemError(f"it is said to have {promised} bytes, and should have {wanted.size}", begins_anew=True)
    if promised is not None and promised > wanted.most:
        raise LimitError(f"{answer.address} has {promised} bytes; the limit is {wanted.most}.")
    return promised


def _fits(answer: Answer, sink: Sink, tag: str | None, wanted: Wanted) -> None:
    """Make sure that a part of a file is the part that was asked for, of the same file."""
    found = _PART.fullmatch(answer.headers.get("content-range", ""))
    is_right = found is not None and int(found[1]) == sink.length and sink.length > 0 and tag in (sink.tag, None)
    if found is not None and found[3] != "*":
        is_right = is_right and int(found[2]) + 1 == int(found[3]) and wanted.size in (None, int(found[3]))
    if not is_right:
        raise TransientError("another part came than the one that was asked for", begins_anew=True)


def _tag(answer: Answer) -> str | None:
    """Return what names this version of the file; a weak ETag does not (RFC 9110, 13.1.5)."""
    tag = answer.headers.get("etag", "")
    if tag.startswith('"') and tag.endswith('"') and len(tag) > 2 and tag.isascii():
        return tag
    return None if tag else answer.headers.get("last-modified")


def _pour(answer: Answer, sink: Sink, wanted: Wanted) -> None:
    most = wanted.most if wanted.size is None else wanted.size
    while data := answer.read(_CHUNK):
        if sink.length + len(data) <= most:
            sink.add(data)
            continue
        if wanted.size is None:
            raise LimitError(f"{answer.address} has more than {most} bytes, the limit for it.")
        raise _SizeProblemError(f"it has more than {wanted.size} bytes, which it should have", begins_anew=True)
