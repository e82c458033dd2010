"""The cosine agrees with an independent implementation, and has its edges."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from training.generation.similarity import Similarity, terms

TEXTS = [
    "Sending soil across a border is not allowed; soil carries worms",
    "Writing to somebody who asked for silence",
    "Mixing poisonous berries among beans without a warning",
    "",
]


@pytest.mark.parametrize("text", ["worms in the soil of a border", "silence, silence and berries", TEXTS[2]])
def test_cosines_are_those_of_scikit_learn(text):
    theirs = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
    matrix = theirs.fit_transform(TEXTS)

    ours = Similarity(TEXTS).to_all(text)

    assert ours == pytest.approx((matrix @ theirs.transform([text]).T).toarray().ravel())


def test_a_text_without_shared_words_is_like_none():
    assert np.array_equal(Similarity(TEXTS).to_all("quantum chromodynamics"), np.zeros(4))


def test_no_words_at_all_are_like_none():
    assert np.array_equal(Similarity(["", "the"]).to_all("anything"), np.zeros(2))
