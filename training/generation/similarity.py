"""How alike texts are, behind one small interface: TF-IDF over word roots, cosine."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from training.generation.lexicon import STOP_WORDS
from training.generation.wording import stem, tokens


def _terms(text: str) -> list[str]:
    return [stem(word) for word in tokens(text) if word not in STOP_WORDS and len(word) > 1]


class Similarity:
    """Cosines between any text and a fixed list of texts; weights come from that list."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._vectorizer = TfidfVectorizer(analyzer=_terms, sublinear_tf=True)
        usable = any(_terms(text) for text in texts)
        self._matrix = self._vectorizer.fit_transform(texts) if usable else None
        self._size = len(texts)

    def to_all(self, text: str) -> NDArray[np.float64]:
        """The cosine (0..1, rounded to 9 places) of *text* with each text of the list, in its order.

        Zeros where *text* shares no word with the list.
        """
        if self._matrix is None:
            return np.zeros(self._size)
        row = self._vectorizer.transform([text])
        cosines: NDArray[np.float64] = np.asarray((self._matrix @ row.T).todense(), dtype=float).ravel()
        return np.round(cosines, 9)
