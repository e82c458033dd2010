"""How alike texts are, behind one small interface: TF-IDF over word roots, cosine.

A few lines of numpy instead of a library whose import would cost every command a second.
"""

from collections import Counter
from collections.abc import Sequence
from math import log

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
    it; rows have length 1. Source: Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0, with smoothed idf.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(terms(text)) for text in texts]
        held = Counter(root for count in counts for root in count)
        self._columns = {root: column for column, root in enumerate(sorted(held))}
        self._idf = np.array([1 + log((1 + len(texts)) / (1 + held[root])) for root in self._columns])
        self._matrix = np.array([self._row(count) for count in counts]).reshape(len(texts), len(held))

    def _row(self, count: Counter[str]) -> NDArray[np.float64]:
        row = np.zeros(len(self._columns))
        for root, times in count.items():
            if root in self._columns:
                row[self._columns[root]] = 1 + log(times)
        row *= self._idf
        length = float(np.sqrt(np.sum(row * row)))
        if length:
            row /= length
        return row

    def to_all(self, text: str) -> NDArray[np.float64]:
        """The cosine (0..1, rounded to 9 places) of *text* with each text of the list, in its order.

        Zeros where *text* shares no word with the list.
        """
        row = self._row(Counter(terms(text)))
        cosines: NDArray[np.float64] = np.sum(self._matrix * row, axis=1)
        return np.round(cosines, 9)
