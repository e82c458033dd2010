"""What gives an answer away: a word of the question, or one of its family, that stands in the right answer alone."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from training.generation.lexicon import FAMILIES
from training.generation.wording import is_akin, roots, stem, tokens

#: Each family as the roots of its words.
_FAMILIES = tuple(frozenset(stem(word) for word in tokens(line)) for line in FAMILIES)


@cache
def _related(one: str, other: str) -> bool:
    return is_akin(one, other) or any(one in family and other in family for family in _FAMILIES)


def shared(about: Collection[str], other: Collection[str]) -> frozenset[str]:
    """The roots of *about* that have one of their family among *other*.

    >>> sorted(shared(roots("a child in danger"), roots("Minors")))
    ['child']
    """
    return frozenset(one for one in about if any(_related(one, word) for word in other))


def same(about: Collection[str], other: Collection[str]) -> frozenset[str]:
    """The roots of *about* that stand among *other*, or begin as one there does: *violent*, *violence*."""
    return frozenset(one for one in about if any(is_akin(one, word) for word in other))


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """Share (0..1) of the shorter text's roots that the longer one has too, or one of their family; 0 for no roots."""
    first, second = sorted((frozenset(one), frozenset(other)), key=lambda found: (len(found), sorted(found)))
    return len(shared(first, second)) / len(first) if first else 0.0


def gives_away(about: Collection[str], right: str, wrong: Sequence[str], held: Mapping[str, int] | None = None) -> bool:
    """Whether the roots *about* point at the answer *right* alone.

    What several answers have in common points at none of them. A wrong answer leads astray only by a word that is as
    rare as the right one's: *held* says how many of the policy's sections hold a root. Then nobody need have read
    anything.
    """
    texts = [roots(text) for text in (right, *wrong)]
    times = Counter(root for text in texts for root in text)
    own = [frozenset(root for root in text if times[root] < 2) for text in texts]
    known = held or {}
    for points in (same, shared):
        named = [known.get(root, 1) for root in points(own[0], about)]
        if named:
            limit = max(2, min(named))
            return not any(known.get(root, 1) <= limit for text in own[1:] for root in points(text, about))
    return False
