"""Which arm an alert falls into: by a key that was made before the alert."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_key() -> str:
    """256 random bits."""
    return secrets.token_hex(32)


def hash_of(key: str) -> str:
    """What the audit log holds of a key from the first day on."""
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()


def arm(key: str, signal: str) -> str:
    """The arm of the alert with address *signal*: the first bit of HMAC-SHA-256(key, address); 0 is now, 1 is later.

    >>> [arm("00" * 32, f"{n:032x}") for n in range(6)]
    ['now', 'later', 'later', 'now', 'now', 'later']
    """
    digest = hmac.digest(bytes.fromhex(key), signal.encode(), "sha256")
    return "later" if digest[0] >> 7 else "now"
