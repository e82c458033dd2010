"""How alike texts are, behind one small interface: TF-IDF over word roots, cosine.

Lists are short here and a text has few roots, so what each root weighs in which text is all that is kept: the library
that has this too takes longer to load than a module to be built.
"""

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

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
        counts = [Counter(terms(text)) for text in texts]
        held = Counter(root for count in counts for root in count)
        self._texts = len(texts)
        self._rarity = {root: 1 + log((1 + len(texts)) / (1 + many)) for root, many in held.items()}
        found: dict[str, list[tuple[int, float]]] = {root: [] for root in held}
        for at, count in enumerate(counts):
            for root, weight in self._row(count).items():
                found[root].append((at, weight))
        self._places = {root: np.array([at for at, _ in row], np.intp) for root, row in found.items()}
        self._weights = {root: np.array([weight for _, weight in row]) for root, row in found.items()}

    def to_all(self, text: str) -> NDArray[np.float64]:
        """The cosine (0..1, rounded to 9 places) of *text* with each text of the list, in its order.

        Zeros where *text* shares no word with the list.
        """
        cosines = np.zeros(self._texts)
        for root, weight in self._row(Counter(terms(text))).items():
            cosines[self._places[root]] += weight * self._weights[root]
        return np.round(cosines, 9)

    def _row(self, count: Counter[str]) -> dict[str, float]:
        """The weights of the roots that the list knows; their squares sum to 1."""
        row = {root: (1 + log(many)) * self._rarity[root] for root, many in count.items() if root in self._rarity}
        length = sqrt(sum(weight * weight for weight in row.values()))
        return {root: weight / length for root, weight in row.items()}
