"""Choices that look arbitrary and are the same everywhere: each is read off a SHA-256 of what it is about."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")


def number(*parts: object) -> int:
    """A 64-bit number from the words of *parts*; the same in every process and on every machine.

    >>> number("a", 1) == number("a", 1), number("a", 1) == number("a1")
    (True, False)
    """
    joined = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(sha256(joined.encode()).digest()[:8], "big")


def short_id(*parts: object) -> str:
    """Twelve hex digits that name *parts*."""
    return f"{number(*parts):016x}"[:12]


def pick(options: Sequence[T], *parts: object) -> T:
    """One of *options*."""
    return options[number(*parts) % len(options)]


def shuffled(options: Sequence[T], *parts: object) -> list[T]:
    """*options* in an order that depends on *parts* alone."""
    return [option for _, option in sorted(enumerate(options), key=lambda at: number(*parts, at[0]))]


def balanced_positions(sizes: Sequence[int], *parts: object) -> list[int]:
    """A position for the key of each item (sizes = options per item): every place equally often.

    Items of one size take the places of a shuffled block 0..size-1, then of the next block, so that
    counts differ by one at most.

    >>> sorted(balanced_positions([3, 3, 3], "seed"))
    [0, 1, 2]
    """
    places = [0] * len(sizes)
    order = sorted(range(len(sizes)), key=lambda at: (sizes[at], at))
    for size, group in groupby(order, key=lambda at: sizes[at]):
        for turn, at in enumerate(group):
            block = shuffled(range(size), *parts, size, turn // size)
            places[at] = block[turn % size]
    return places
