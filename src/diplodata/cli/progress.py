"""Progress on a terminal: how far, how fast, and how long it will take; nothing for work of a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

#: Seconds after which it is worth showing, and between two looks.
_AFTER, _BETWEEN = 1.0, 0.1

_MB = 1_000_000


class Progress:
    """A line on standard error that is gone when the work is done; use it in a ``with`` block and call it."""

    def __init__(self, label: str, *, quiet: bool) -> None:
        self._label = label
        self._is_wanted = not quiet and sys.stderr.isatty()
        self._start = self._looked = time.monotonic()
        self._bar: Any = None

    def __call__(self, done: int, whole: int) -> None:
        """Say how many bytes of how many are done."""
        now = time.monotonic()
        if not self._is_wanted or now - self._start < _AFTER or now - self._looked < _BETWEEN:
            return
        self._looked = now
        if self._bar is None:
            self._bar = click.progressbar(
                length=whole, label=self._label, file=sys.stderr, item_show_func=lambda item: item, show_percent=True
            )
            # The time left is reckoned from the beginning of the work.
            self._bar.start -= now - self._start
        self._bar.length = max(whole, done)
        rate = f"{done / _MB:,.0f} of {whole / _MB:,.0f} MB, {done / _MB / (now - self._start):,.0f} MB/s"
        self._bar.update(done - self._bar.pos, rate)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            # The bar is wiped off and the cursor shown, so that what is said next stands in a line of its own.
            click.echo("\r\033[K\033[?25h", nl=False, err=True)
