"""What gives an answer away: a word of the question, or one of its family, that stands in the right answer alone."""

from collections import Counter
from collections.abc import Collection, Sequence
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


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """Share (0..1) of the shorter text's roots that the longer one has too, or one of their family; 0 for no roots."""
    first, second = sorted((frozenset(one), frozenset(other)), key=lambda found: (len(found), sorted(found)))
    return len(shared(first, second)) / len(first) if first else 0.0


def gives_away(about: Collection[str], right: str, wrong: Sequence[str], common: Collection[str] = ()) -> bool:
    """Whether the roots *about* point at the answer *right* alone.

    What several answers have in common points at none of them; a word that is *common* in the policy is no false
    trail. Then nobody need have read anything.
    """
    texts = [roots(text) for text in (right, *wrong)]
    times = Counter(root for text in texts for root in text)
    own = [frozenset(root for root in text if times[root] < 2) for text in texts]
    if not shared(own[0], about):
        return False
    return not any(shared(text - frozenset(common), about) for text in own[1:])
