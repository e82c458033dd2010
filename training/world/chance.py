"""Chance that can be repeated: every draw follows from the seed and the name of what it is for."""

import hashlib
import random


def key_number(seed: int, *parts: object) -> int:
    """A number of 64 bits that depends on *seed* and *parts* alone, the same in every process.

    >>> key_number(1, "case", 7) == key_number(1, "case", 7) != key_number(2, "case", 7)
    True
    """
    text = "\x1f".join(map(str, (seed, *parts)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def stream(seed: int, *parts: object) -> random.Random:
    """A generator of its own for one purpose, so that a change elsewhere in the world does not move it."""
    return random.Random(key_number(seed, *parts))


def share(seed: int, *parts: object) -> float:
    """One number from 0 up to, not including, 1."""
    return (key_number(seed, *parts) >> 11) / 2.0**53
