"""The cosine agrees with an independent computation, and has its edges."""

from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.generation.similarity import Similarity, terms

TEXTS = [
    "Sending soil across a border is not allowed; soil carries worms",
    "Writing to somebody who asked for silence",
    "Mixing poisonous berries among beans without a warning",
    "",
]
WORDS = ("soil", "border", "worms", "silence", "berries", "beans", "warning", "somebody", "the", "of", "sending")


def by_hand(texts: list[str], text: str) -> np.ndarray:
    """The formula of the docstring, written out; no rounding."""
    counts = [Counter(terms(one)) for one in texts]
    held = Counter(root for count in counts for root in count)

    def row(count: Counter[str]) -> np.ndarray:
        weights = [
            (1 + log(count[root])) * (1 + log((1 + len(texts)) / (1 + held[root]))) if count[root] else 0.0
            for root in sorted(held)
        ]
        length = float(np.sqrt(np.sum(np.square(weights))))
        return np.array(weights) / length if length else np.array(weights)

    other = row(Counter(terms(text)))
    return np.array([float(np.sum(row(count) * other)) for count in counts])


@pytest.mark.parametrize("text", ["worms in the soil of a border", "silence, silence and berries", TEXTS[2]])
def test_cosines_are_those_of_the_formula(text: str) -> None:
    assert Similarity(TEXTS).to_all(text) == pytest.approx(np.round(by_hand(TEXTS, text), 9), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), min_size=1, max_size=6),
    text=st.lists(st.sampled_from((*WORDS, "chromodynamics")), max_size=8).map(" ".join),
)
def test_cosines_of_any_texts_are_those_of_the_formula(texts: list[str], text: str) -> None:
    similarity = Similarity(texts)
    exact = by_hand(texts, text)

    found = similarity.to_all(text)

    assert np.max(np.abs(found - exact), initial=0) <= 5e-10 + 1e-12
    if similarity._matrix is not None:
        unrounded = (similarity._matrix @ similarity._vectorizer.transform([text]).T).toarray().ravel()
        assert np.max(np.abs(unrounded - exact), initial=0) <= 1e-12


def test_a_text_without_shared_words_is_like_none() -> None:
    assert np.array_equal(Similarity(TEXTS).to_all("quantum chromodynamics"), np.zeros(4))


def test_no_words_at_all_are_like_none() -> None:
    assert np.array_equal(Similarity(["", "the"]).to_all("anything"), np.zeros(2))


def test_no_texts_at_all_are_like_none() -> None:
    assert Similarity([]).to_all("anything").shape == (0,)
