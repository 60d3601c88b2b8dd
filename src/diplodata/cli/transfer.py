"""Options of the commands that read from places: how much is received, and how long it is waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from diplodata.model.limits import TransferLimits

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--max-bytes", type=click.IntRange(min=1), metavar="BYTES", help="Most bytes of the whole run."),
    click.option("--max-seconds", type=click.IntRange(min=1), metavar="SECONDS", help="Most time of the whole run."),
    click.option("--timeout", type=click.IntRange(min=1), metavar="SECONDS", help="Longest wait for the next bytes."),
    click.option(
        "--attempts", type=click.IntRange(min=1), metavar="NUMBER", help="Attempts in a row that bring nothing."
    ),
)


def options(command: Command) -> Command:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def limits_of(
    max_bytes: int | None, max_seconds: int | None, timeout: int | None, attempts: int | None
) -> TransferLimits:
    """Return the limits, with those that were given."""
    from dataclasses import replace

    from diplodata.model.limits import DEFAULT_TRANSFER_LIMITS

    given = {
        "total_bytes": max_bytes,
        "total_seconds": max_seconds,
        "read_seconds": timeout,
        "connect_seconds": timeout,
        "attempts": attempts,
    }
    return replace(DEFAULT_TRANSFER_LIMITS, **{key: value for key, value in given.items() if value is not None})
