"""Changes of records, kept in a file without a name once they are many."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator

from diplodata.model.changes import RecordChange, ValueChange

#: Bytes that are kept in memory, for each table.
_IN_MEMORY = 1_000_000


class Spool:
    """Changes of the records of one table; each look at them starts anew.

    * The file has no name and is gone when nobody holds the changes any more.
    """

    def __init__(self, changes: Iterable[RecordChange] = ()) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+b", prefix="diplodata-")  # noqa: SIM115 - see __del__
        self._number = 0
        for change in changes:
            self._file.write(_packed(change))
            self._number += 1

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[RecordChange]:
        place = 0
        while True:
            # Somebody else may look at the same file in between.
            self._file.seek(place)
            lines = self._file.readlines(1 << 16)
            if not lines:
                return
            place = self._file.tell()
            yield from map(_unpacked, lines)

    def __del__(self) -> None:
        self._file.close()


def _packed(change: RecordChange) -> bytes:
    values = [(item.field, item.old, item.new) for item in change.values]
    return json.dumps([change.action, change.key, change.new_key, change.times, values]).encode() + b"\n"


def _unpacked(line: bytes) -> RecordChange:
    action, key, new_key, times, values = json.loads(line)
    return RecordChange(
        action=action,
        key=tuple((name, text) for name, text in key),
        values=tuple(ValueChange(*item) for item in values),
        new_key=tuple((name, text) for name, text in new_key),
        times=times,
    )
