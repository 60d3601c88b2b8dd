"""One release: every file against SHA256SUMS, SHA256SUMS against the index, the record against both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from diplodata.catalogue import finding
from diplodata.errors import AbsentError
from diplodata.model.finding import Finding
from diplodata.model.limits import TransferLimits
from diplodata.model.release import Entry, FileFacts
from diplodata.published import places, record, selection, signatures, sums
from diplodata.published.places import OddFileError, Place
from diplodata.published.record import Record
from diplodata.published.signatures import Signers
from diplodata.remote.sinks import Digest, Memory, Sink
from diplodata.remote.transfer import Wanted

#: Files that are looked into as well.
_KEPT = (record.NAME, selection.DESCRIPTOR)


@dataclass
class Look:
    """What is looked at, and what was seen of it so far."""

    place: Place
    signers: Signers | None
    limits: TransferLimits
    only: str | None = None
    files: int = 0
    bytes: int = 0
    found: list[Finding] = field(default_factory=list)

    def say(self, code: str, **members: object) -> None:
        """Add a finding."""
        details = members.pop("details", None)
        self.found.append(finding(code, details, **members))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a release turned out to be."""

    #: Size and digest of its SHA256SUMS.
    checksums: FileFacts
    #: Its release.json; None when that cannot be read.
    record: Record | None


def digest_of(raw: bytes) -> FileFacts:
    """Return size and digest of bytes."""
    return FileFacts(len(raw), hashlib.sha256(raw).hexdigest())


def check_release(look: Look, at: str, entry: Entry | None) -> Seen | None:
    """Check one release.

    Args:
        look: what is looked at; findings are added to it.
        at: the folder of the release, seen from the place, with a slash at its end; empty for the place itself.
        entry: what the index says of it.

    Returns:
        What it turned out to be; None when it has no SHA256SUMS.
    """
    path = at + sums.NAME
    raw = _small(look, path, look.limits.checksums_bytes)
    if raw is None:
        return None
    facts = digest_of(raw)
    if entry is not None and facts != entry.checksums:
        _different(look, path, facts, entry.checksums, "index.json")
    check_signature(look, path, raw, signatures.RELEASE)
    listed = sums.read(raw, path, look.limits.files)
    look.found.extend(listed.findings)
    kept = _check_files(look, at, listed)
    _check_unlisted(look, at, listed)
    return Seen(facts, _check_record(look, at, kept.get(record.NAME), entry))


def _different(look: Look, path: str, facts: FileFacts, expected: FileFacts, source: str) -> None:
    value, limit = f"sha256:{facts.sha256}", f"sha256:{expected.sha256}"
    if facts.sha256 == expected.sha256:
        value, limit = f"{facts.bytes} bytes", f"{expected.bytes} bytes"
    look.say("release-file-different", details={"source": source}, path=path, value=value, limit=limit)


def _small(look: Look, path: str, most: int) -> bytes | None:
    """Read a file as a whole; what keeps it from being read is a finding."""
    sink = Memory()
    return bytes(sink.data) if _copied(look, path, sink, most) else None


def _copied(look: Look, path: str, sink: Sink, most: int) -> bool:
    try:
        look.place.copy(path, sink, Wanted(None, most))
    except AbsentError:
        look.say("release-file-missing", path=path)
        return False
    except OddFileError as error:
        look.say("release-path-unsafe", details={"problem": error.problem}, path=path, value=path)
        return False
    look.files += 1
    look.bytes += sink.length
    return True


def check_signature(look: Look, path: str, data: bytes, namespace: str) -> None:
    """Check the signature that lies beside a file, if signers were given."""
    if look.signers is None:
        return
    place = f"{path}.sig"
    try:
        signature = places.read(look.place, place, look.limits.signature_bytes)
    except (AbsentError, OddFileError):
        look.say("release-signature-missing", path=place, limit=path)
        return
    problem = look.signers.problem(data, signature, namespace)
    if problem:
        look.say("release-signature-wrong", details={"problem": problem}, path=place)


def _check_files(look: Look, at: str, listed: sums.Sums) -> dict[str, bytes]:
    """Check the digest of every listed file; return those that are looked into."""
    kept = {name: raw for name in _KEPT if name in listed.digests for raw in _checked(look, at, name, listed)}
    wanted = selection.selected(listed.digests, kept.get(selection.DESCRIPTOR), look.only)
    for name in wanted:
        if name not in _KEPT:
            sink = Digest()
            if _copied(look, at + name, sink, look.limits.file_bytes):
                _compare(look, at + name, FileFacts(sink.length, sink.sha256), listed.digests[name])
    return kept


def _checked(look: Look, at: str, name: str, listed: sums.Sums) -> Iterator[bytes]:
    """Yield the bytes of a small file when they are as listed."""
    raw = _small(look, at + name, look.limits.record_bytes)
    if raw is not None and _compare(look, at + name, digest_of(raw), listed.digests[name]):
        yield raw


def _compare(look: Look, path: str, facts: FileFacts, sha256: str) -> bool:
    if facts.sha256 != sha256:
        _different(look, path, facts, FileFacts(facts.bytes, sha256), sums.NAME)
    return facts.sha256 == sha256


def _check_unlisted(look: Look, at: str, listed: sums.Sums) -> None:
    found = look.place.listing(at)
    if found is None:
        return
    known = {*listed.digests, sums.NAME, sums.SIGNATURE}
    for name in found.files:
        if name not in known:
            look.say("release-file-unlisted", path=at + name)
    for name, kind in found.odd:
        # What is listed was refused when it was read.
        if name not in listed.digests:
            details = {"problem": f"it is {kind}"}
            look.say("release-path-unsafe", details=details, path=at + name, value=at + name)


def _check_record(look: Look, at: str, raw: bytes | None, entry: Entry | None) -> Record | None:
    path = at + record.NAME
    if raw is None:
        # A record that is there and has other bytes has its finding; one that is not listed has none yet.
        if not any(item.path == path for item in look.found):
            look.say("release-file-missing", path=path)
        return None
    read, findings = record.read(raw, path)
    look.found.extend(findings)
    if read is not None and entry is not None:
        look.found.extend(record.differences(read, entry, path))
    return read
