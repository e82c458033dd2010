"""The decisions between which a policy lets one choose: each of its categories with its side, and what is in it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from qa.policytext.polarity import heading_side
from training.generation.catalogue import Act, Catalogue
from training.generation.giving_away import overlap, shared
from training.generation.lexicon import SIDE_WORDS
from training.generation.order import Order
from training.generation.telling import SIDES, told
from training.generation.wording import akin, roots, stem

#: A heading over fewer acts is no category to decide between.
LEAST_ACTS = 2
#: What says so much of an act elsewhere makes that place right as well: of one clause, and of a whole category.
SAME_CLAUSE, SAME_CATEGORY, LEAST_ROOTS, LEAST_SHARED = 0.6, 0.7, 3, 2
#: A category's code before its name.
_CODE = re.compile(r"^[A-Z]{1,4}-?\d*(?=\s*[(:–—-])")
#: Words of a heading that are true of whatever stands there.
_IDLE = roots(
    "activity activities conduct behavior behaviour use uses usage actions practices items material things our core "
    "basic general key main other principle principles rule rules value values standard standards guideline guidelines "
    "policy policies expectations responsibilities obligations restrictions requirements terms user users community"
)
#: Sections of one level are a list of categories where their heading says so, or so many of them hold little but bans.
LEAST_BANNING = 3
#: A heading that goes on from the one above it, like “Is unlawful”, names nothing.
_GOES_ON = re.compile(r"(?i)^(?:is|are|has|have|was|were|that|which|to|or|and)\b")
_SIDE_ROOTS = frozenset(stem(word) for word in SIDE_WORDS.split())


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: a category's home, its side, and the words for it; acts that can be told, and all its words."""

    home: str
    side: str
    name: str
    topic: frozenset[str]
    acts: tuple[Act, ...]


def choices(order: Order, slug: str) -> tuple[Choice, ...]:
    """The decisions of one policy, in document order; its own title and headings that ask are none."""
    catalogue, places = order.catalogue, order.catalogue.places
    own = [home for home in order.homes if places[home].source.slug == slug and places[home].section.key]
    return tuple(choice for home in own if not catalogue.is_asking(home) for choice in _of(catalogue, home))


def _of(catalogue: Catalogue, home: str) -> Iterator[Choice]:
    sided = {
        side: tuple(act for act in catalogue.acts_at(home) if act.rule.polarity == side and told(act) is not None)
        for side in SIDES
    }
    if len(catalogue.acts_at(home)) < LEAST_ACTS:
        return
    place = catalogue.places[home]
    if not topic_of(place.name):
        return
    says_side = heading_side(place.section.title) is not None
    both = all(sided.values())
    for side, held in sided.items():
        if held:
            words = {"prohibited": "not allowed", "permitted": "allowed"}[side]
            name = f"{place.name}: {words}" if both and not says_side else place.name
            yield Choice(home, side, name, topic_of(place.name), held)


def taxonomy(catalogue: Catalogue, slug: str) -> dict[str, tuple[str, ...]]:
    """Each category of prohibited conduct of a policy with the others of its level; other sections are not in it.

    A category holds two bans or more, and little else. Its level is a list of categories where the heading above says
    that what follows is prohibited, or where several of its sections are such.
    """
    found = {}
    for parent, homes in levels(catalogue, slug):
        banning = [home for home in homes if lists(catalogue, home, "prohibited")]
        says_so = parent is not None and heading_side(catalogue.places[parent].section.title) == "prohibited"
        if says_so or len(banning) >= LEAST_BANNING:
            found.update({home: tuple(other for other in banning if other != home) for home in banning})
    return found


def levels(catalogue: Catalogue, slug: str) -> Iterator[tuple[str | None, list[str]]]:
    """The sections of a policy that hold acts, by the place above them."""
    found: dict[str | None, list[str]] = {}
    for home in dict.fromkeys(place.home for place in catalogue.places.values() if place.source.slug == slug):
        if catalogue.places[home].section.key and catalogue.acts_at(home):
            found.setdefault(catalogue.places[home].parent, []).append(home)
    yield from found.items()


def lists(catalogue: Catalogue, home: str, side: str) -> bool:
    """Whether a section is a category of its own that lists two acts or more of a side, and little else."""
    sides: Counter[str] = Counter(act.rule.polarity for act in catalogue.acts_at(home))
    name = catalogue.places[home].name
    is_named = bool(topic_of(name) - _IDLE) and not _GOES_ON.match(name)
    other = sum(sides[one] for one in SIDES if one != side)
    return is_named and sides[side] >= max(LEAST_ACTS, other + 1, sum(sides.values()) / 2)


def topic_of(name: str) -> frozenset[str]:
    """What a category is about: its name's roots without its code and the words that say a side.

    >>> sorted(topic_of("V2 (Violence / Graphic) – VIOLATES"))
    ['graphic', 'violenc']
    """
    return (roots(_CODE.sub(" ", name)) - _SIDE_ROOTS) or (roots(name) - _SIDE_ROOTS)


def without_side(name: str) -> str:
    """A category's name without the word for its side at the end.

    >>> without_side("S (Sexual) – SAFE"), without_side("Safe work")
    ('S (Sexual)', 'Safe work')
    """
    before, _, last = name.rpartition(" ")
    ends = last and stem(last.casefold()) in _SIDE_ROOTS and re.search(r"[–—:-]$", before)
    return before.rstrip(" –—:-") if ends else name


def is_akin(one: Choice, other: Choice) -> bool:
    """Whether two decisions are of one category or of one and its sub-category: Hate, and Hate / Threatening."""
    return one.home == other.home or bool(
        one.topic and other.topic and (one.topic <= other.topic or other.topic <= one.topic)
    )


def is_named(text: str, own: Choice, other: Choice) -> bool:
    """Whether *text* names all that another category, or a part of it, is about: then it falls there as well."""
    about = roots(text)
    parts = [topic_of(part) for part in re.split(r",|\band\b|&", other.name)]
    return not is_akin(own, other) and any(
        part and all(akin(frozenset({root}), about) for root in part) for part in parts
    )


def also_says(catalogue: Catalogue, text: str, act: Act, own: Choice, other: Choice) -> bool:
    """Whether a category says nearly the same as *text*, in a clause or over all, on either side.

    What two levels of one category are both about tells nothing.
    """
    topics = own.topic | other.topic if is_akin(own, other) else frozenset()
    about = roots(text) - topics
    if other.home != act.place.home and not is_akin(own, other) and catalogue.says_nearly(act, other.home):
        return True
    rules = [one for one in catalogue.acts_at(other.home) if one is not act and one.rule.polarity != act.rule.polarity]
    rules += [one for one in catalogue.acts_at(other.home) if other.home != act.place.home]
    for rule in rules:
        said = rule.roots - topics
        if min(len(said), len(about)) >= LEAST_SHARED and overlap(about, said) >= SAME_CLAUSE:
            return True
    if other.home == act.place.home:
        return False
    whole = roots(catalogue.text_of(other.home))
    return len(about) >= LEAST_ROOTS and len(shared(about, whole)) / len(about) >= SAME_CATEGORY
