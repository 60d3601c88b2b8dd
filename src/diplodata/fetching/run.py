"""One fetch, in the order in which each step is proven by the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diplodata.errors import AbsentError, FetchError, SizeError
from diplodata.fetching import choosing, memory, target
from diplodata.fetching.choosing import Wish
from diplodata.fetching.outcome import Fetched, RefusedError
from diplodata.fetching.receiving import Progress, Receiver
from diplodata.fetching.target import State
from diplodata.fetching.workshop import Workshop
from diplodata.model.finding import Finding
from diplodata.model.limits import TransferLimits
from diplodata.model.release import Entry, Index
from diplodata.published import index, places, record, selection, signatures, sums
from diplodata.published.places import FolderPlace, Place
from diplodata.published.signatures import Signers
from diplodata.remote.clock import Clock
from diplodata.verifying.chain import check_in_index
from diplodata.verifying.release import Look, check_release, check_signature, digest_of


@dataclass(frozen=True, slots=True)
class Run:
    """What one fetch works with."""

    place: Place
    workshop: Workshop
    state: State
    wish: Wish
    signers: Signers | None
    limits: TransferLimits
    clock: Clock
    progress: Progress

    def fetch(self) -> Fetched:
        """Fetch the release that is wished for; raises what ``fetching.fetch`` raises."""
        raw = self._index()
        read, findings = index.read(raw)
        if read is None:
            raise RefusedError(self.place.name, findings)
        digest, known = digest_of(raw).sha256, self.state.read()
        self._refuse(memory.contradictions(known, read.index, digest))
        self._refuse(choosing.age(read, self.wish, self.clock.now()))
        self._refuse(choosing.withdrawn(read, self.wish))
        entry = choosing.chosen(read, self.wish)
        self._refuse(choosing.objections(entry, self.wish))
        remembered = memory.with_index(known, read.index, digest)
        is_there = target.holds(self.workshop.dest, entry, remembered, self._look_at)
        came = 0 if is_there else self._take(entry, read.index)
        # Before the rename: a release that is there without being remembered would have to be fetched again.
        self.state.write(remembered, self.workshop.folder)
        if not is_there:
            self.workshop.commit()
        return self._fetched(entry, came, is_new=not is_there)

    def _fetched(self, entry: Entry, came: int, *, is_new: bool) -> Fetched:
        folder = self.workshop.dest
        withdrawn = entry.yanked.reason if entry.yanked else None
        sha256 = f"sha256:{entry.checksums.sha256}"
        return Fetched(folder, entry.version, sha256, target.count(folder), came, is_new, withdrawn, self.wish.only)

    def _refuse(self, findings: Iterable[Finding]) -> None:
        found = tuple(findings)
        if any(item.severity == "error" for item in found):
            raise RefusedError(self.place.name, found)

    def _look_at(self, place: Place) -> Look:
        return Look(place, self.signers, self.limits, self.wish.only)

    def _index(self) -> bytes:
        """Return the index; one whose signature does not fit may just be replaced, so it is read once more."""
        raw, found = self._signed_index()
        if found:
            self.clock.sleep(self.limits.first_wait_seconds)
            raw, found = self._signed_index()
        self._refuse(found)
        return raw

    def _signed_index(self) -> tuple[bytes, list[Finding]]:
        try:
            raw = places.read(self.place, index.NAME, self.limits.index_bytes)
        except AbsentError as error:
            raise FetchError(f"{self.place.name} holds no {index.NAME}, so no releases are there.") from error
        look = self._look_at(self.place)
        check_signature(look, index.NAME, raw, signatures.INDEX)
        return raw, look.found

    def _take(self, entry: Entry, all_releases: Index) -> int:
        """Receive a release into the workshop and check it there as a whole; return the bytes that came."""
        raw = self._checksums(entry)
        listed = sums.read(raw, entry.path + sums.NAME, self.limits.files)
        self._refuse(listed.findings)
        receiver = Receiver(self.place, self.workshop, self.limits, self.progress, entry.path, listed.digests)
        came = len(raw) + self._receive(receiver, entry)
        self.workshop.write(sums.NAME, raw)
        signature = self._signature(entry)
        if signature is not None:
            self.workshop.write(sums.SIGNATURE, signature)
        self._check(entry, all_releases)
        return came

    def _checksums(self, entry: Entry) -> bytes:
        """Return SHA256SUMS, which has the size and digest that the index says; when it differs, it is read again."""
        path = entry.path + sums.NAME
        facts = entry.checksums
        for _ in range(2):
            try:
                raw = places.read(self.place, path, self.limits.checksums_bytes, entry.checksums.bytes)
            except AbsentError as error:
                raise target.missing(self.place, path) from error
            except SizeError as error:
                raise target.resized(self.place, path, entry.checksums.bytes, index.NAME) from error
            facts = digest_of(raw)
            if facts == entry.checksums:
                return raw
        raise target.different(self.place, path, facts.sha256, entry.checksums.sha256, index.NAME)

    def _signature(self, entry: Entry) -> bytes | None:
        """Return the signature of SHA256SUMS.

        * It is judged later. Without signers it could not be, and what is not proven is not written.
        """
        if self.signers is None:
            return None
        try:
            return places.read(self.place, entry.path + sums.SIGNATURE, self.limits.signature_bytes)
        except AbsentError:
            return None

    def _receive(self, receiver: Receiver, entry: Entry) -> int:
        """Receive all files that are wanted: first those that say more about the others."""
        digests = receiver.digests
        first = [name for name in (record.NAME, selection.DESCRIPTOR) if name in digests]
        came = sum(receiver.receive(name, most=self.limits.record_bytes) for name in first)
        texts = {name: self.workshop.text(digests[name]) for name in first}
        sizes = self._sizes(texts.get(record.NAME), entry)
        wanted = selection.selected(digests, texts.get(selection.DESCRIPTOR), self.wish.only)
        came += sum(receiver.receive(name, sizes.get(name)) for name in wanted if name not in first)
        for name in wanted:
            self.workshop.put(name, digests[name])
        return came

    def _sizes(self, raw: bytes | None, entry: Entry) -> Mapping[str, int]:
        """Return the sizes that the record knows; a release without one is refused when all of it is checked."""
        if raw is None:
            return {}
        made, findings = record.read(raw, entry.path + record.NAME)
        self._refuse(findings)
        return made.sizes if made else {}

    def _check(self, entry: Entry, all_releases: Index) -> None:
        """Read the release back from disk, and refuse what is not as the index, the signers and the record say."""
        staged = FolderPlace(self.workshop.release)
        try:
            look = self._look_at(staged)
            seen = check_release(look, "", entry)
            check_in_index(look, all_releases, entry, seen, {})
        finally:
            staged.close()
        self._refuse(look.found)
