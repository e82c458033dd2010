"""How a case's inside number is hidden in its address (`qa.case_addresses`), and found again: keyed BLAKE2b, RFC 7693.

Apart from the database, so that the process that reads a large file need not load it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import blake2b

#: One more than the largest inside number.
_END = 1 << 63
#: 64 random bits in 16 digits, and what the installation's key makes of them.
Mask = tuple[str, int]


def sealed(key: bytes, case_ids: Sequence[int]) -> list[str]:
    """A new address for each of *case_ids*.

    >>> key = bytes(32)
    >>> [opened(key, address) for address in sealed(key, [1, 2, 3])]
    [1, 2, 3]
    """
    return under(masks(key, len(case_ids)), case_ids)


def masks(key: bytes, count: int) -> list[Mask]:
    """What hides as many inside numbers; each is good for one case."""
    drawn = os.urandom(8 * count)
    return [(bits.hex(), _mask(key, bits)) for bits in (drawn[at : at + 8] for at in range(0, len(drawn), 8))]


def under(drawn: Sequence[Mask], case_ids: Sequence[int]) -> list[str]:
    """The addresses of *case_ids* under masks that were drawn before."""
    return [f"{bits}{mask ^ case_id:016x}" for (bits, mask), case_id in zip(drawn, case_ids, strict=False)]


def opened(key: bytes, address: str) -> int | None:
    """The inside number that *address* leads to; None, or that of another case, when nobody gave it out."""
    try:
        both = bytes.fromhex(address)
    except ValueError:
        return None
    if len(both) != 16:
        return None
    case_id = _mask(key, both[:8]) ^ int.from_bytes(both[8:], "big")
    return case_id if case_id < _END else None


def _mask(key: bytes, bits: bytes) -> int:
    return int.from_bytes(blake2b(bits, digest_size=8, key=key).digest(), "big")
