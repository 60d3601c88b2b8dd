"""Edits of bytes at random: flipped, left out, put in, doubled, swapped, cut off."""

from __future__ import annotations

import random
from collections.abc import Callable

#: What is put in: characters that mean something to a parser, and numbers and depths that reach its limits.
_TOKENS = (
    *(b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b";", b"\n", b"\r", b"\r\n", b"\t", b"\0", b"\\", b"#", b"/"),
    *(b"\xef\xbb\xbf", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xff\xfe", b"\\ud800", b"\\u0000", b"\\", b"../"),
    *(b"null", b"true", b"NaN", b"1e999999999", b"-1", b"0", b"1e400", b"9" * 400, b"9" * 5000, b"a" * 5000),
    *(b"[" * 3000, b'{"a":' * 1000, b"(" * 500, b"\n" * 500, b'""', b'"""', b"%Y", b"$x", b"https://example.org/x"),
    *(b"\xe2\x80\xae", b"\xef\xbc\x91", b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"(a+)+$", b"integer", b"geojson"),
)

Edit = Callable[[random.Random, bytes], bytes]


def _flip(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def _replace(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def _leave_out(chance: random.Random, data: bytes) -> bytes:
    start, end = _range(chance, data)
    return data[:start] + data[end:]


def _put_in(chance: random.Random, data: bytes) -> bytes:
    place = chance.randint(0, len(data))
    return data[:place] + chance.choice(_TOKENS) + data[place:]


def _double(chance: random.Random, data: bytes) -> bytes:
    start, end = _range(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 1, 1, 50)) + data[end:]


def _swap(chance: random.Random, data: bytes) -> bytes:
    (first, second), (third, fourth) = sorted((_range(chance, data), _range(chance, data)))
    if third < second:
        return data[:second] + data[first:]
    return data[:first] + data[third:fourth] + data[second:third] + data[first:second] + data[fourth:]


def _cut_off(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randint(0, len(data))]


def _range(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 1, 2, 4, 16, 64, 256)))


_EDITS: tuple[Edit, ...] = (_flip, _flip, _replace, _leave_out, _put_in, _put_in, _double, _swap, _cut_off)


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Return data with one to four edits."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        if data:
            data = chance.choice(_EDITS)(chance, data)
    return data
