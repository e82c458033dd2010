"""Closed-book solvers: guesses that read no policy. What they get right beyond chance is the items' flaw."""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

from training.generation.quantities import Found, find
from training.generation.wording import jaccard, roots, tokens

#: Words of a clause that forbids; their number is what tone goes by.
HARSH_WORDS = """
    no not never without attack abuse abusive threat threaten violent violence harm hate hateful
    insult illegal fraud fraudulent false fake slur demean exploit steal stolen coerce harass bully
    weapon kill deceive mislead malicious scam spam unlawful explicit graphic glorify celebrate
    encourage promote solicit evade bypass
"""
HARSH = frozenset(HARSH_WORDS.split())
#: Above chance by more than this share, with certainty, a kind is too easy to guess.
MARGIN = 0.05
JUDGED_FROM = 200

Scores = Sequence[float]


def longest(stem: str, options: Sequence[str]) -> Scores:
    """By number of characters."""
    return [float(len(option)) for option in options]


def shortest(stem: str, options: Sequence[str]) -> Scores:
    """By number of characters, the other way round."""
    return [-float(len(option)) for option in options]


def stem_overlap(stem: str, options: Sequence[str]) -> Scores:
    """By the number of word roots that the option shares with the stem."""
    asked = roots(stem)
    return [float(len(roots(option) & asked)) for option in options]


def convergence(stem: str, options: Sequence[str]) -> Scores:
    """By how much an option is like the others."""
    sets = [frozenset(tokens(option)) for option in options]
    return [round(sum(jaccard(one, other) for other in sets) - 1, 9) for one in sets]


def middle_number(stem: str, options: Sequence[str]) -> Scores:
    """The second smallest number; no preference unless every option is one."""
    amounts = [found[0].quantity.amount for option in options if (found := _numbers(option))]
    if len(amounts) < len(options):
        return [0.0] * len(options)
    second = sorted(amounts)[1]
    return [1.0 if amount == second else 0.0 for amount in amounts]


def _numbers(option: str) -> list[Found]:
    return find(option.replace("(s)", ""))


def tone(stem: str, options: Sequence[str]) -> Scores:
    """The mildest option where something allowed is asked for, else the harshest."""
    harsh = [float(sum(word in HARSH for word in tokens(option))) for option in options]
    mild = any(phrase in stem.lower() for phrase in ("not a violation", "is allowed", "permitted"))
    return [-score for score in harsh] if mild else harsh


SOLVERS: Mapping[str, Callable[[str, Sequence[str]], Scores]] = {
    "longest": longest,
    "shortest": shortest,
    "stem overlap": stem_overlap,
    "convergence": convergence,
    "middle number": middle_number,
    "tone": tone,
}


def credit(solver: str, stem: str, options: Sequence[str], right: int) -> float:
    """What *solver* earns on one item: 1 for the key alone, 1/k when it ties with k options, else 0."""
    scores = SOLVERS[solver](stem, options)
    best = max(scores)
    return 1 / scores.count(best) if scores[right] == best else 0.0


def lower_limit(mean: float, n: int) -> float:
    """Lower end of the two-sided 95 % Wilson interval for a share *mean* of *n* > 0.

    Credits may be fractions.

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953.

    >>> round(lower_limit(0.5, 100), 3)
    0.404
    """
    z2 = 1.959963984540054**2
    centre = mean + z2 / (2 * n)
    return (centre - sqrt(z2 * (mean * (1 - mean) / n + z2 / (4 * n * n)))) / (1 + z2 / n)
