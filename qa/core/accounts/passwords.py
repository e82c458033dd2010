"""Passwords: which are taken, and how they are kept. Never call `hashed` or `matches` inside a transaction."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qa.core.errors import BadInput, Busy, Problem

SHORTEST, LONGEST = 12, 256
#: OWASP's least parameters for argon2id: 19 MiB, two passes, one lane. A weaker hash is renewed at sign-in.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
#: A flood of sign-ins must stall neither memory nor pages.
_AT_ONCE = threading.BoundedSemaphore(4)
_PATIENCE_SECONDS = 10
_LEET = str.maketrans("013457@$!", "oieastasi")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!@#$%^&*()",
)


def check(password: str, *, field: str = "password", of: tuple[str, ...] = ()) -> None:
    """Refuse what anybody would guess. *of*: words that belong to the person, such as name and address.

    Raises BadInput. There is no rule about kinds of characters: they make passwords worse.
    """
    text = _plain(password)
    if len(text) < SHORTEST:
        raise BadInput(Problem(f"expected at least {SHORTEST} characters; a few words in a row do well", field=field))
    if len(text) > LONGEST:
        raise BadInput(Problem(f"expected at most {LONGEST} characters", field=field))
    if is_common(text):
        raise BadInput(Problem("expected something that is not among the passwords tried first", field=field))
    if any(_plain(word).casefold() == text.casefold() for word in of):
        raise BadInput(Problem("expected something else than your own name or address", field=field))


def is_common(password: str) -> bool:
    """Whether a password is a common one, also repeated, counted up, spelled with digits, or a walk on the keys."""
    text = _plain(password).casefold()
    forms = {text, text.translate(_LEET), re.sub(r"[\W_]+", "", text)}
    for form in list(forms):
        stem = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", form)
        forms |= {stem, stem.translate(_LEET), _unit(form), _unit(stem)}
    return any(form in common() for form in forms) or len(set(text)) < 5 or _is_walk(text)


@cache
def common() -> frozenset[str]:
    """Common passwords and the words that most of them are made of."""
    lines = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
    return frozenset(line.casefold() for line in lines)


def hashed(password: str) -> str:
    """What is kept of a password: an argon2id hash with its own salt. Raises Busy when too many ask at once."""
    with _in_turn():
        return _HASHER.hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether *password* is the one that was *kept*; without a kept one the work is done all the same."""
    with _in_turn():
        try:
            return _HASHER.verify(kept or _nobody(), _plain(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_weak(kept: str) -> bool:
    """Whether a kept hash has weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password, but whoever tries waits as long")


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise Busy("Many people are signing in just now. Please try again in a moment.")
    try:
        yield
    finally:
        _AT_ONCE.release()


def _plain(password: str) -> str:
    """The same password from every keyboard: one way to write each character."""
    return unicodedata.normalize("NFKC", password)


def _unit(text: str) -> str:
    """The part that *text* repeats: `abcabc` repeats `abc`, `abca` repeats nothing and is its own unit."""
    doubled = (text + text).find(text, 1)
    return text[:doubled] if text else text


def _is_walk(text: str) -> bool:
    """Whether nearly all of *text* are steps along the alphabet, the digits or the rows of a keyboard."""
    steps = {row[at : at + 2] for row in _ROWS for at in range(len(row) - 1)}
    steps |= {step[::-1] for step in steps}
    walked = sum(text[at : at + 2] in steps or text[at] == text[at + 1] for at in range(len(text) - 1))
    return walked >= 0.75 * (len(text) - 1)
