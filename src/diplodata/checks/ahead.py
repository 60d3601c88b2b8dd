"""Open the tables of a package ahead of their use, so that one is parsed while the engine is busy with another."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from diplodata.formats import READERS, TextTable
from diplodata.model.package import Resource
from diplodata.package import paths
from diplodata.package.dialects import dialect_problems
from diplodata.package.opened import OpenedPackage

#: Formats whose readers parse in threads once they are started.
_STARTED = ("csv", "tsv")


class Ahead:
    """Hands out the tables of a package in order; the next one is started already."""

    def __init__(self, opened: OpenedPackage, resources: Sequence[Resource]) -> None:
        self._opened = opened
        self._pool = ThreadPoolExecutor(2)
        self._coming = [item for item in resources if item.format in _STARTED and _is_readable(item)]
        self._started: dict[str, Future[TextTable]] = {}
        self._start_next()

    def table(self, resource: Resource) -> TextTable:
        """Return the table of a resource, to be read from its start; raises UnreadableFileError."""
        started = self._started.pop(resource.name, None)
        self._start_next()
        return started.result() if started else READERS[resource.format](self._opened, resource)

    def _start_next(self) -> None:
        if self._coming and not self._started:
            resource = self._coming.pop(0)
            self._started[resource.name] = self._pool.submit(self._open, resource)

    def _open(self, resource: Resource) -> TextTable:
        table = READERS[resource.format](self._opened, resource)
        if table.start:
            table.start(self._pool)
        return table

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def _is_readable(resource: Resource) -> bool:
    """Whether there is a file, and a dialect by which it can be read."""
    is_elsewhere = not resource.paths or any(paths.is_remote(path) for path in resource.paths)
    return not is_elsewhere and not any(dialect_problems(resource.dialect))
