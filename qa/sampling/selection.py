"""Permanent random numbers: which cases a draw takes follows from a key, never from the order of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from heapq import nsmallest

#: One more than the largest number; number / SPAN is uniform on [0, 1).
SPAN = 1 << 63


def number(key: bytes, source: str, external_id: str) -> int:
    """The permanent random number of one case.

    Formula: the first 63 bits of HMAC-SHA256(key, source ':' external_id), texts in UTF-8. It stays an
    integer: as a float two cases could share a number, and the largest would round up to 1.

    Parameters
    ----------
    key : bytes, not empty; secret while cases are still being closed, so that nobody can foresee a draw
    source, external_id : str, what names the case; *source* should hold no colon

    Returns
    -------
    int in [0, 2**63); fits a signed 64-bit column.

    Raises
    ------
    ValueError : *key* is empty: anybody could compute the number.

    References
    ----------
    Ohlsson 1995 in *Business Survey Methods*, doi:10.1002/9781118150504.ch9 (permanent random numbers, after
    Brewer, Early & Joyce 1972); RFC 2104 (HMAC).

    >>> number(b"autumn", "desk", "c-1")
    7876834747850350235
    """
    return numbering(key, source)(external_id)


def numbering(key: bytes, source: str) -> Callable[[str], int]:
    """The function external_id -> `number` for many cases of one source; the key is hashed once."""
    if not key:
        raise ValueError("a key must not be empty")
    # HMAC as RFC 2104 writes it out, because `hmac` does in Python for each case what is the same for all of them.
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + f"{source}:".encode())
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def one(external_id: str) -> int:
        within, code = inner.copy(), outer.copy()
        within.update(external_id.encode())
        code.update(within.digest())
        return int.from_bytes(code.digest()[:8], "big") >> 1

    return one


def seed_key(seed: int | str) -> bytes:
    """The key that a published seed stands for: its text in UTF-8.

    >>> seed_key(7) == seed_key("7") == b"7"
    True
    """
    return str(seed).encode()


def key_sha256(key: bytes) -> str:
    """The promise that is published while the key itself is still secret.

    >>> key_sha256(b"7")[:12]
    '7902699be42c'
    """
    return hashlib.sha256(key).hexdigest()


def smallest(numbered: Iterable[tuple[int, str]], n: int) -> list[tuple[int, str]]:
    """The *n* cases with the smallest numbers: a simple random sample without replacement.

    Ties go by the bytes of the id (the order of UTF-8 bytes is that of code points, so plain text order
    is meant). A larger *n* contains the smaller sample.

    Parameters
    ----------
    numbered : (number, external_id) of every case of one stratum, in any order, each case once
    n : int >= 0, cases wanted

    Returns
    -------
    list of (number, external_id), ascending; all of them when there are fewer than *n*.

    Raises
    ------
    ValueError : *n* is negative.

    >>> smallest([(5, "b"), (2, "z"), (5, "a")], 2)
    [(2, 'z'), (5, 'a')]
    """
    if n < 0:
        raise ValueError(f"n must be 0 or more, not {n}")
    return nsmallest(n, numbered)
