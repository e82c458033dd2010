"""How alike texts are, behind one small interface: TF-IDF over word roots, cosine.

Its library takes seconds to load, so it is loaded by what first builds a module.
"""

from collections.abc import Sequence
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from training.generation.lexicon import STOP_WORDS
from training.generation.wording import stem, tokens


def terms(text: str) -> list[str]:
    """The roots of the words that carry meaning, in order."""
    return [stem(word) for word in tokens(text) if word not in STOP_WORDS and len(word) > 1]


class Similarity:
    """Cosines between any text and a fixed list of texts; weights come from that list.

    A root that occurs c times in a text weighs (1 + ln c)(1 + ln((1 + n) / (1 + d))), with n texts of which d hold
    it; rows have length 1. Source: Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0, with smoothed idf, as
    in scikit-learn's TfidfVectorizer.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = len(texts)
        self._vectorizer = import_module("sklearn.feature_extraction.text").TfidfVectorizer(
            analyzer=terms, sublinear_tf=True
        )
        has_words = any(terms(text) for text in texts)
        self._matrix = self._vectorizer.fit_transform(texts) if has_words else None

    def to_all(self, text: str) -> NDArray[np.float64]:
        """The cosine (0..1, rounded to 9 places) of *text* with each text of the list, in its order.

        Zeros where *text* shares no word with the list.
        """
        if self._matrix is None:
            return np.zeros(self._texts)
        cosines: NDArray[np.float64] = (self._matrix @ self._vectorizer.transform([text]).T).toarray().ravel()
        return np.round(cosines, 9)
