"""Which piece of an old text is which of a new one: by what they are called, else by the words they share."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from math import ceil, floor
from typing import Protocol

# Two sections with other titles are the same section when they share this part of their words.
SAME_SHARE = 0.5
# Two units are one that was edited when more than this part of their words stands in the same order.
SAME_RATIO = 0.6
# Where more than this many are left on a side, only texts at about the same place are held against each other.
_MANY = 200
_REACH = 40


class Titled(Protocol):
    """What sections are matched by."""

    @property
    def key(self) -> str:
        """What it is kept by; "" is the document's own text."""

    @property
    def path(self) -> tuple[str, ...]:
        """The titles down to its own."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def text(self) -> str:
        """Its own words."""


def matched(old: Sequence[Titled], new: Sequence[Titled]) -> dict[int, int]:
    """Place of each section in *new* -> its place in *old*: with the same path, else title, else half of the words.

    Of several with one title ("Exceptions") those go together that say the same.

    The document's own section (key "") is only ever itself. Turned around, the answer is that of the texts swapped.
    """
    found = same([_way(section) for section in old], [_way(section) for section in new])
    for called in (_title_and_words, _title):
        rest_old, rest_new = _left(len(old), found.values()), _left(len(new), found)
        by_title = same([called(old[at]) for at in rest_old], [called(new[at]) for at in rest_new])
        found |= {rest_new[at]: rest_old[other] for at, other in by_title.items()}
    rest_old, rest_new = _left(len(old), found.values()), _left(len(new), found)
    some = [_words(old[at]) for at in rest_old]
    others = [_words(new[at]) for at in rest_new]
    found |= {rest_new[at]: rest_old[other] for at, other in _alike_sections(some, others).items()}
    return found


def same(old: Sequence[Hashable], new: Sequence[Hashable]) -> dict[int, int]:
    """Place in *new* -> place in *old* of what is equal; the first of equals is the first, and so on.

    >>> same(["a", "b", "a"], ["a", "a", "c"])
    {0: 0, 1: 2}
    """
    places: dict[Hashable, deque[int]] = defaultdict(deque)
    for at, what in enumerate(old):
        if what is not None:
            places[what].append(at)
    return {at: places[what].popleft() for at, what in enumerate(new) if places.get(what)}


def edited(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Place in *new* -> place in *old* of texts that are one text, edited; the likest pair goes first.

    >>> edited(["never share keys"], ["post often", "never share any keys"])
    {1: 0}
    """
    some, others = [text.split() for text in old], [text.split() for text in new]
    # Of two texts at this ratio each holds at least this part of its own words in the other.
    least = SAME_RATIO / (2 - SAME_RATIO)
    counts, counts_of_others = [Counter(words) for words in some], [Counter(words) for words in others]
    pairs = [
        (ratio(some[at], others[to]), at, to)
        for at, to in _near(some, others, least)
        if 2 * (counts[at] & counts_of_others[to]).total() > SAME_RATIO * (len(some[at]) + len(others[to]))
    ]
    return _best([pair for pair in pairs if pair[0] > SAME_RATIO])


def ratio(some: Sequence[str], others: Sequence[str]) -> float:
    """The share, from 0 to 1, of two texts' words that stand in the same order in both; the same whichever is first."""
    first, second = sorted((list(some), list(others)))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def out_of_order(places: Sequence[int]) -> set[int]:
    """The fewest of *places* (all different) that must go for the rest to ascend.

    >>> out_of_order([0, 3, 1, 2])
    {3}
    """
    tails: list[int] = []
    above: dict[int, int | None] = {}
    for place in places:
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tails[middle] < place else (low, middle)
        above[place] = tails[low - 1] if low else None
        tails[low : low + 1] = [place]
    kept: set[int] = set()
    at = tails[-1] if tails else None
    while at is not None:
        kept.add(at)
        at = above[at]
    return set(places) - kept


def _alike_sections(old: Sequence[frozenset[str]], new: Sequence[frozenset[str]]) -> dict[int, int]:
    some, others = [sorted(words) for words in old], [sorted(words) for words in new]
    pairs = []
    for at, to in _near(some, others, SAME_SHARE):
        share = len(old[at] & new[to]) / len(old[at] | new[to])
        if share >= SAME_SHARE:
            pairs.append((share, at, to))
    return _best(pairs)


def _best(pairs: Sequence[tuple[float, int, int]]) -> dict[int, int]:
    """Each place at most once, the highest first; of equals the nearest to the top."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, to in sorted(pairs, key=lambda pair: (-pair[0], pair[1] + pair[2], abs(pair[1] - pair[2]), pair[1])):
        if to not in found and at not in taken:
            found[to] = at
            taken.add(at)
    return dict(sorted(found.items()))


def _near(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]], least: float) -> Iterator[tuple[int, int]]:
    """The pairs of which each may hold the part *least* of its words in the other.

    Such a pair shares one of the rarest words of each, so only those are looked up (prefix filtering: Chaudhuri, Ganti
    and Kaushik 2006, doi:10.1109/ICDE.2006.9).
    """
    count = Counter(word for words in (*old, *new) for word in set(words))
    holders: dict[str, list[int]] = defaultdict(list)
    for at, words in enumerate(old):
        for word in _rarest(words, count, least):
            holders[word].append(at)
    for to, words in enumerate(new):
        low, high = _reach(to, len(old), len(new))
        near = {at for word in _rarest(words, count, least) for at in _between(holders.get(word, []), low, high)}
        for at in sorted(near):
            if least * len(old[at]) <= len(words) and least * len(words) <= len(old[at]):
                yield at, to


def _reach(to: int, old: int, new: int) -> tuple[int, int]:
    """The first and last place in a row of *old* that may be held against place *to* in a row of *new*."""
    if max(old, new) <= _MANY:
        return 0, old
    middle, reach = to * old / new, _REACH * max(old, new) / new
    return ceil(middle - reach), floor(middle + reach)


def _between(places: Sequence[int], low: int, high: int) -> Sequence[int]:
    return places[bisect_left(places, low) : bisect_right(places, high)]


def _rarest(words: Sequence[str], count: Mapping[str, int], least: float) -> set[str]:
    """The words among which at least one is shared with whatever holds the part *least* of all of them."""
    ordered = sorted(words, key=lambda word: (count[word], word))
    return set(ordered[: len(ordered) - ceil(least * len(ordered)) + 1])


def _left(total: int, taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [at for at in range(total) if at not in gone]


def _way(section: Titled) -> tuple[str, ...] | None:
    return tuple(_folded(title) for title in section.path) if section.key else ("",)


def _title(section: Titled) -> str | None:
    return _folded(section.title) if section.key else None


def _title_and_words(section: Titled) -> tuple[str, frozenset[str]] | None:
    words = _words(section)
    return (_folded(section.title), words) if words else None


def _words(section: Titled) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", section.text.casefold())) if section.key else frozenset()


def _folded(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold())) or title
