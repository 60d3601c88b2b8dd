"""The time, behind one door, so that tests need not wait."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from typing import Protocol

from diplodata.errors import LimitError


class Clock(Protocol):
    """What tells the time and waits."""

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    def now(self) -> datetime.datetime:
        """Return the moment, with its zone."""
        ...


class SystemClock:
    """The clock of the machine."""

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def now(self) -> datetime.datetime:
        """Return the moment."""
        return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment after which nothing is waited for any more."""

    clock: Clock
    end: float
    seconds: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """Return the moment that is so many seconds away."""
        return cls(clock, clock.monotonic() + seconds, seconds)

    def at_most(self, seconds: float) -> float:
        """Return how long may be waited now, of so many seconds.

        Raises:
            LimitError: the moment has passed.
        """
        left = self.end - self.clock.monotonic()
        if left <= 0:
            raise LimitError(f"The run took more than {self.seconds:g} seconds, the limit total_seconds.")
        return min(seconds, left)
