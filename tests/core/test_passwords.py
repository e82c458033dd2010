"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import re

import argon2
import pytest

from qa.core.accounts import passwords
from qa.core.errors import BadInput

pytestmark = pytest.mark.usefixtures("earnest_passwords")

GOOD = "seven quiet herons by the weir"


def test_a_password_is_kept_as_argon2id_with_at_least_the_least_parameters() -> None:
    kept = passwords.hashed(GOOD)

    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)
    assert found and int(found[1]) >= 19456 and int(found[2]) >= 2 and int(found[3]) >= 1


def test_the_same_password_is_kept_differently_each_time_and_known_again() -> None:
    first, second = passwords.hashed(GOOD), passwords.hashed(GOOD)

    assert first != second
    assert passwords.matches(first, GOOD) and not passwords.matches(first, GOOD + " ")


def test_nobody_s_password_is_never_right() -> None:
    assert not passwords.matches(None, "nobody has this password, but whoever tries waits as long")
    assert not passwords.matches("not a hash", GOOD)


def test_a_weaker_hash_is_known_and_called_weak() -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)

    assert passwords.is_weak(weak) and passwords.matches(weak, GOOD)
    assert not passwords.is_weak(passwords.hashed(GOOD))


def test_two_ways_to_write_one_character_are_one_password() -> None:
    kept = passwords.hashed("caf\u00e9 au lait, deux sucres")

    assert passwords.matches(kept, "cafe\u0301 au lait, deux sucres")


@pytest.mark.parametrize("length", [11, 257])
def test_too_short_and_too_long_are_refused(length: int) -> None:
    with pytest.raises(BadInput, match="characters"):
        passwords.check((GOOD * 20)[:length])


@pytest.mark.parametrize("length", [12, 128, 256])
def test_every_length_between_is_taken(length: int) -> None:
    passwords.check((GOOD * 20)[:length])


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "passwordpassword", "P@ssw0rd2026!", "qwertyuiop123", "123456789012", "iloveyou2026",
        "aaaaaaaaaaaa", "abcdefghijkl", "1q2w3e4r5t6y", "Correct-Horse-Battery-Staple", "letmeinletmein",
        "zxcvbnmasdfghjkl", "abcabcabcabc", "Sunshine2025!", "098765432109876",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="tried first"):
        passwords.check(password)


def test_the_own_address_is_refused() -> None:
    with pytest.raises(BadInput, match="own name or address"):
        passwords.check("Ada.Alvarez@example.org", of=("ada.alvarez@example.org",))


@pytest.mark.parametrize("password", ["kdowbxnzptqe", "rain on the tin roof", "четыре дождливых дня", "9f2c71d0b4aa"])
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    passwords.check(password)
