"""JSON part by part: the items of an array, or the lines of a file, in bounded memory and as strict as a whole."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from diplodata import strict_json
from diplodata.model.limits import DEFAULT_LIMITS, Limits

#: Bytes that are parsed at a time; a file up to this size is parsed whole.
PART = 1024 * 1024

_BLANK = b" \t\n\r"

#: Everything up to the next bracket that stands outside a text.
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([\[\]{}])', re.DOTALL)

#: How items most often end, and how often it is tried whether the last of these ends one.
_ITEM_ENDS = (b"},", b"}\n", b"}\r", b"],", b"]\n", b"]\r")
_GUESSES = 3

_PLACE = re.compile(r" at line (\d+) column \d+$")

Read = Callable[[int], bytes]


class JsonFileError(Exception):
    """A file is not strict JSON of the form that is asked for; names the limit, if it is about one."""

    def __init__(self, problem: str, line: int | None = None, limit: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.limit = limit


def parsed(raw: bytes, before: int = 0) -> Any:
    """Parse a JSON text.

    Args:
        raw: the text.
        before: lines of the file that lie before it.

    Raises:
        JsonFileError: it is not strict JSON.
    """
    try:
        return strict_json.parse(raw)
    except strict_json.JsonProblemError as error:
        text = error.problem
        if error.line and before:
            text = f"{_PLACE.sub('', text)} at line {before + error.line}"
        raise JsonFileError(f"it is not strict JSON ({text})") from error


def items(read: Read, limits: Limits = DEFAULT_LIMITS) -> Iterator[list[Any]]:
    """Yield the items of the array that a file holds, some at a time.

    * A part ends behind an item, so parts are parsed as arrays of their own and nothing is accepted that the whole
      would not be.

    Raises:
        JsonFileError: the file is not strict JSON, holds no array, or an item is larger than a limit allows.
    """
    head = read(PART + 1)
    if len(head) <= PART:
        whole = parsed(head)
        if not isinstance(whole, list):
            raise JsonFileError("it is not an array of objects")
        yield whole
        return
    opening = len(head) - len(head.lstrip(_BLANK))
    if head[opening : opening + 1] != b"[":
        raise JsonFileError("it is not an array of objects")
    array = _Array(read, head[opening + 1 :], head.count(b"\n", 0, opening), limits)
    while not array.has_ended():
        yield array.part()
    array.finish()


class _Array:
    """An array that is read part by part."""

    def __init__(self, read: Read, waiting: bytes, lines: int, limits: Limits) -> None:
        self._read = read
        self._waiting = waiting
        self._lines = lines
        self._limits = limits
        self._is_first = True

    def has_ended(self) -> bool:
        """Whether no item is left; goes over the comma before the next one."""
        self._skip_blanks()
        if self._waiting[:1] == b"]":
            return True
        if not self._is_first:
            if self._waiting[:1] != b",":
                raise self._broken("expected `,` or `]`")
            self._waiting = self._waiting[1:]
            self._skip_blanks()
            if self._waiting[:1] == b"]":
                raise self._broken("trailing comma")
        self._is_first = False
        return False

    def part(self) -> list[Any]:
        """Return the next items."""
        if len(self._waiting) < PART:
            self._waiting += self._read(PART)
        end = len(self._waiting)
        for _ in range(_GUESSES):
            end = max(self._waiting.rfind(mark, 0, end) for mark in _ITEM_ENDS)
            if end < 0:
                break
            # A part that ends inside an item is no array that is closed, so a wrong guess is no harm.
            with contextlib.suppress(JsonFileError):
                return self._taken(end + 1)
        return self._taken(self._item_end())

    def _item_end(self) -> int:
        """Return where the last item that is there as a whole ends."""
        place = end = depth = 0
        while True:
            while match := _BRACKET.match(self._waiting, place):
                is_opening = match[1] in b"[{"
                if not is_opening and depth == 0:
                    # The array ends here; scalars behind the last item belong to it.
                    return match.end() - 1
                depth += 1 if is_opening else -1
                place = match.end()
                end = place if depth == 0 else end
            if end:
                return end
            self._more()

    def _skip_blanks(self) -> None:
        while not (rest := self._waiting.lstrip(_BLANK)):
            self._lines += self._waiting.count(b"\n")
            self._waiting = self._read(PART)
            if not self._waiting:
                raise self._broken("the array is never closed")
        self._lines += self._waiting.count(b"\n", 0, len(self._waiting) - len(rest))
        self._waiting = rest

    def _more(self) -> None:
        if len(self._waiting) > self._limits.record_bytes:
            problem = "it holds an item that is larger than the limit record_bytes allows"
            raise JsonFileError(problem, limit="record_bytes")
        # As much again, so that no text is gone through more than twice.
        more = self._read(max(PART, len(self._waiting)))
        if not more:
            # The whole rest says best what is wrong with it.
            parsed(b"[" + self._waiting, self._lines)
            raise self._broken("the array is never closed")
        self._waiting += more

    def _taken(self, end: int) -> list[Any]:
        part = self._waiting[:end]
        found: list[Any] = parsed(b"[" + part + b"]", self._lines)
        self._waiting = self._waiting[end:]
        self._lines += part.count(b"\n")
        return found

    def _broken(self, problem: str) -> JsonFileError:
        return JsonFileError(f"it is not strict JSON ({problem} at line {self._lines + 1})")

    def finish(self) -> None:
        """See that nothing but blanks follows the array."""
        rest = self._waiting[1:]
        while rest:
            if rest.strip(_BLANK):
                raise self._broken("trailing characters")
            rest = self._read(PART)


def lines(read: Read, limits: Limits = DEFAULT_LIMITS) -> Iterator[tuple[int, bytes]]:
    """Yield (number, text) for each line of a file that is not blank.

    Raises:
        JsonFileError: a line is larger than a limit allows.
    """
    number, waiting = 0, b""
    while data := read(PART):
        *whole, rest = data.split(b"\n")
        if whole:
            whole[0] = waiting + whole[0]
            waiting = rest
        else:
            waiting += rest
        for number, line in enumerate(whole, number + 1):  # noqa: B020 - the numbers go on from part to part
            if line.strip():
                yield number, line
        if len(waiting) > limits.record_bytes:
            raise JsonFileError(
                "it holds a line that is larger than the limit record_bytes allows", number + 1, "record_bytes"
            )
    if waiting.strip():
        yield number + 1, waiting
