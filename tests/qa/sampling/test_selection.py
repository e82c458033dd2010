"""Permanent random numbers: recomputable by anybody, uniform, and blind to the order of rows."""

import hashlib
import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from qa.sampling.selection import SPAN, key_sha256, number, numbering, seed_key, smallest

NUMBERED = st.lists(st.tuples(st.integers(0, 5), st.text(max_size=3)), unique=True, max_size=30)


def test_a_number_is_the_first_63_bits_of_the_keyed_hash():
    digest = hmac.new(b"key", "bücherei:fall-7".encode(), hashlib.sha256).hexdigest()

    found = number(b"key", "bücherei", "fall-7")

    assert found == int(bin(int(digest, 16))[2:].zfill(256)[:63], 2)


@given(st.binary(min_size=1, max_size=100), st.text(max_size=5), st.text(max_size=20))
def test_many_numbers_are_the_same_as_one_by_one(key, source, external_id):
    expected = int.from_bytes(hmac.digest(key, f"{source}:{external_id}".encode(), "sha256")[:8], "big") >> 1

    found = numbering(key, source)

    assert [found(external_id), found(external_id)] == [expected, expected]
    assert 0 <= expected < SPAN


def test_an_empty_key_is_refused():
    with pytest.raises(ValueError, match="key must not be empty"):
        number(b"", "desk", "c-1")


def test_numbers_are_uniform():
    found = numbering(b"a key", "desk")

    counts = [0] * 64
    for case in range(20_000):
        counts[found(f"c-{case}") * 64 // SPAN] += 1

    assert chisquare(counts).pvalue > 0.001


def test_neighbouring_ids_have_unrelated_numbers():
    found = numbering(b"a key", "desk")
    pairs = [(found(f"c-{case}"), found(f"c-{case + 1}")) for case in range(10_000)]

    cells = [0] * 16
    for one, other in pairs:
        cells[one * 4 // SPAN * 4 + other * 4 // SPAN] += 1

    assert chisquare(cells).pvalue > 0.001


def test_another_key_and_another_source_give_another_sample():
    ids = [f"c-{case}" for case in range(1000)]
    samples = [
        {case for _, case in smallest([(numbering(key, source)(case), case) for case in ids], 100)}
        for key, source in ((b"one", "desk"), (b"two", "desk"), (b"one", "mail"))
    ]

    assert all(len(one & other) < 30 for one in samples for other in samples if one is not other)


def test_a_seed_is_its_text():
    assert seed_key(2026) == seed_key("2026") == b"2026"
    assert key_sha256(b"2026") == hashlib.sha256(b"2026").hexdigest()


@given(NUMBERED, st.integers(0, 35), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(numbered, n, chance):
    shuffled = random.Random(chance.random()).sample(numbered, len(numbered))

    assert smallest(shuffled, n) == smallest(numbered, n)


@given(NUMBERED, st.integers(0, 35))
def test_a_larger_sample_begins_with_the_smaller(numbered, n):
    assert smallest(numbered, n + 1)[:n] == smallest(numbered, n)


@given(NUMBERED)
def test_ties_go_by_the_bytes_of_the_id(numbered):
    by_bytes = sorted(numbered, key=lambda pair: (pair[0], pair[1].encode("utf-8")))

    assert smallest(numbered, len(numbered)) == by_bytes


def test_a_negative_size_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        smallest([], -1)
