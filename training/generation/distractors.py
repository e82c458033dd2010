"""Wrong answers: like the right one in kind, near it in matter, and none that gives the right one away."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from training.generation import choice
from training.generation.solvers import credit
from training.generation.wording import jaccard, key_of, roots

#: Cues that the choice of wrong answers can even out; what the stem gives away weighs most.
CUES = {"stem overlap": 4.0, "longest": 1.0, "shortest": 1.0, "convergence": 1.5}
#: So many of the best candidates are tried in all combinations.
LOOKED_AT = 8
#: Longest over shortest option, in characters, from where an option sticks out.
LENGTH_RATIO = 1.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible wrong answer: its text, how near it is (0..1), and a handle for whoever asked."""

    text: str
    nearness: float
    handle: int
    #: It must be among the options (the agent's own wrong answer, the other half of a pair).
    wanted: bool = False


@lru_cache(maxsize=65536)
def _credit(cue: str, stem: str, options: tuple[str, ...]) -> float:
    return credit(cue, stem, options, 0)


def _targets(count: int, *parts: object) -> dict[str, bool]:
    """For each cue, whether it may point at the key this once: one time in so many as there are options."""
    return {cue: choice.number(*parts, "cue", cue) % (count + 1) == 0 for cue in CUES}


def _cost(right: str, wrong: Sequence[Candidate], stem: str, targets: dict[str, bool], order: Sequence[int]) -> float:
    options = (right, *(candidate.text for candidate in wrong))
    lengths = [len(option) for option in options]
    cost = 0.3 * (max(lengths) > LENGTH_RATIO * min(lengths)) + 0.03 * sum(order)
    for cue, weight in CUES.items():
        cost += weight * abs(_credit(cue, stem, options) - targets[cue])
    return round(cost, 9)


def usable(candidates: Sequence[Candidate], right: str) -> list[Candidate]:
    """Candidates that differ from the right answer and from each other, best first."""
    seen = {key_of(right)}
    kept = []
    for candidate in sorted(candidates, key=lambda c: (not c.wanted, -c.nearness, c.handle)):
        if key_of(candidate.text) not in seen and jaccard(roots(candidate.text), roots(right)) < 0.8:
            seen.add(key_of(candidate.text))
            kept.append(candidate)
    return kept


def chosen(
    right: str, candidates: Sequence[Candidate], stem: str, *parts: object, count: int = 3, least: int = 2
) -> list[Candidate]:
    """*count* wrong answers out of *candidates*, or *least* where a further one would be a silly one.

    Nothing where there are fewer, or where the stem's words point at the key alone more often than
    chance allows.

    Which cue may hold (longest option, most like the others, shares the stem's words) is drawn per
    item from *parts*, so that over many items each holds as often as a guess is right.
    """
    kept = usable(candidates, right)
    near = [c for c in kept if c.nearness > 0 or c.wanted]
    size = count if len(near) >= count else least
    pool = (near if len(near) >= size else kept)[:LOOKED_AT]
    if len(pool) < size:
        return []
    targets = _targets(size, *parts)
    wanted = sum(c.wanted for c in pool[:size])
    options = [
        (_cost(right, [pool[at] for at in places], stem, targets, places), places)
        for places in combinations(range(len(pool)), size)
        if sum(pool[at].wanted for at in places) >= wanted
    ]
    best = [pool[at] for at in min(options)[1]]
    texts = (right, *(c.text for c in best))
    given_away = _credit("stem overlap", stem, texts) == 1 and not targets["stem overlap"]
    return [] if given_away else best
