"""The decisions between which a policy lets one choose: each of its categories with its side, and what is in it."""

import re
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


def topic_of(name: str) -> frozenset[str]:
    """What a category is about: its name's roots without those that say a side."""
    return roots(name) - _SIDE_ROOTS


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
