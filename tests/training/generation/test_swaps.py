"""A swap turns what a sentence says, adds no word, and leaves alone what would become nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.generation.swaps import apart, pairs, swaps, turned
from training.generation.wording import tokens

WORDS = (
    "you", "must", "may", "before", "unless", "the", "14", "days", "at", "least", "we", "will", "if", "can", ",", ".",
)  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "made"),
    [
        ("You must reply within 14 days.", {"may"}),
        ("We will restore it unless the owner objects.", {"may"}),
        ("At least 3 members decide before the hearing.", {"At most", "after"}),
        ("You can appeal without a lawyer.", {"cannot", "with"}),
        ("Hosts may close it without further notice.", {"must", "with"}),
        ("The spade is automatically withheld.", {"manually"}),
    ],
)
def test_what_can_be_turned_is_found(sentence: str, made: set[str]):
    found = {one.text for one in swaps(sentence)}

    assert found and found <= made and len(found) == len(swaps(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "It may be that somebody lied.",
        "The board may, in its sole discretion, close it.",
        "They must not shout.",
        "It should have been closed.",
        "We look without accessing an account.",
        "We determine if the report is true.",
        "Decide on a temporary or permanent ban.",
        "You may appeal within a week.",
        "We may close it at any time.",
        "Members must be at least 16 years old.",
        "It is publicly known that they lied.",
        "Act with or without notice.",
        "Give a label where required.",
    ],
)
def test_what_would_become_nonsense_is_left_alone(sentence: str):
    assert swaps(sentence) == []


def test_two_of_a_kind_and_a_doubled_negation_are_not_made_at_once():
    assert pairs("You must pay, and you must leave.") == []
    assert all({"if", "cannot"} != {a.kind, b.kind} for a, b in pairs("If you agree, you can leave before noon."))


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_a_variant_has_as_many_words_and_other_ones(words: list[str]):
    sentence = " ".join(words)

    for one, other in pairs(sentence):
        assert apart(one, other)
        both = turned(sentence, one, other)
        assert len(tokens(both)) == len(tokens(sentence)) and tokens(both) != tokens(sentence)
        assert len({turned(sentence, one), turned(sentence, other), both, sentence}) == 4
