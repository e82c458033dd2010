"""Item statistics: how many get a question right, whether it tells the able from the rest, what misleads most."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

#: Fewer answers say nothing of a question.
SHOWN_FROM = 30


@dataclass(frozen=True, slots=True)
class Response:
    """One answer to a question: whether it was right, the share right of the rest of the sitting, and its text."""

    right: bool
    rest_share: float
    chosen: str


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Facility and discrimination of a question over *n* answers, and the wrong answer that was chosen most."""

    n: int
    facility: float
    discrimination: float
    most_chosen_wrong: str | None

    @property
    def is_shown(self) -> bool:
        """Whether there are enough answers to say something."""
        return self.n >= SHOWN_FROM


def figures(responses: Sequence[Response]) -> ItemFigures:
    """Facility p = right / n, and the point-biserial correlation of being right with the rest of the sitting.

    Parameters
    ----------
    responses : sequence of Response, one an answer; rest_share in [0, 1]

    Returns
    -------
    ItemFigures
        facility in [0, 1]; discrimination in [-1, 1], nan where all answers or all rest scores are the same; both
        nan without an answer. Ties of wrong answers go to the first by alphabet.

    References
    ----------
    Lord, Novick 1968, Statistical Theories of Mental Test Scores, 15.5; the rest score leaves the question itself out
    (Henrysson 1963, doi:10.1007/BF02289618).

    >>> answers = [Response(True, 1.0, "a"), Response(True, 0.8, "a"), Response(False, 0.2, "b")]
    >>> round(figures(answers).facility, 2), round(figures(answers).discrimination, 2)
    (0.67, 0.97)
    """
    n = len(responses)
    if n == 0:
        return ItemFigures(0, nan, nan, None)
    wrong = Counter(one.chosen for one in responses if not one.right)
    most = min(wrong, key=lambda text: (-wrong[text], text), default=None)
    return ItemFigures(n, sum(one.right for one in responses) / n, _point_biserial(responses), most)


def _point_biserial(responses: Sequence[Response]) -> float:
    """Pearson's r of right (0, 1) and the rest of the sitting."""
    n = len(responses)
    rights, rests = [float(one.right) for one in responses], [one.rest_share for one in responses]
    mean_right, mean_rest = sum(rights) / n, sum(rests) / n
    spread = sqrt(sum((x - mean_right) ** 2 for x in rights) * sum((y - mean_rest) ** 2 for y in rests))
    if spread < 1e-12:
        return nan
    return sum((x - mean_right) * (y - mean_rest) for x, y in zip(rights, rests, strict=True)) / spread
