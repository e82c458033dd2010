"""Where the policy says this: a sentence, and the question under which heading it stands. Navigation only."""

import re
from collections.abc import Iterator

from training.generation import choice
from training.generation.distractors import Candidate
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, Statement, shortened
from training.generation.wording import containment, flaws, quoted, roots, stands_alone, tokens, without_stop

KIND = "where"
LEAST_WORDS, MOST_WORDS = 8, 45
#: It tests finding, not judging: no home gets more of them.
MOST_PER_HOME = 4
#: A label or code in front, or an address, says where it stands or says nothing.
_UNFIT = re.compile(r"^[^.,;“]{2,60}:\s|^[A-Z]{1,4}\d|https?://|\bwww\.|→| \| ")
#: Headings over words about the text's own sources decide nothing.
_SOURCES = frozenset(
    {"attribution", "credits", "acknowledgements", "acknowledgments", "license", "licence", "changelog"}
)
ASKED = "Under which heading does the policy say this?"


def drafts(order: Order) -> Iterator[Draft]:
    """Up to four items for every heading of a policy that has at least three."""
    for home in order.homes:
        target = order.target_of(home)
        if target is None or _SOURCES & set(tokens(order.catalogue.places[home].name)):
            continue
        made = 0
        for statement in _askable(order, home):
            draft = _draft(order, home, statement, target)
            if draft is not None and made < MOST_PER_HOME:
                made += 1
                yield draft


def _askable(order: Order, home: str) -> list[Statement]:
    """Sentences of the home that are read alone, in an order of their own."""
    places = [place for place in order.catalogue.places.values() if place.home == home]
    found = {
        statement.text: statement
        for place in places
        for statement in order.statements(place)
        if LEAST_WORDS <= len(tokens(statement.text)) <= MOST_WORDS
        and not statement.is_fragment
        and stands_alone(statement.text)
        and not flaws(without_stop(statement.text))
        and statement.text[0].isupper()
        and not statement.text.rstrip().endswith(("?", ":"))
        and not _UNFIT.search(statement.text)
    }
    return choice.shuffled(list(found.values()), home, order.seed)


def _draft(order: Order, home: str, statement: Statement, target: str) -> Draft | None:
    catalogue = order.catalogue
    own, words = catalogue.places[home], roots(statement.text)
    near = order.nearness(statement.text)
    candidates = [
        Candidate(order.name(other), near[other] + 0.01, handle)
        for handle, other in enumerate(order.homes)
        if catalogue.places[other].source is own.source
        and not (catalogue.covers(home, other) or catalogue.covers(other, home))
        and not any(containment(words, roots(s.text)) >= 0.7 for s in _all(order, other))
    ]
    citation = statement.cite()
    right = order.name(home)
    stem = f"{ASKED} {quoted(without_stop(statement.text))}"
    parts = order.parts(statement.place, statement.unit, KIND)
    wrong = order.home_options(candidates, right, statement.text, None, stem, *parts)
    if citation is None or not wrong:
        return None
    right_option = DraftOption(right, f"It stands under “{right}”: {shortened(statement.text)}", citation)
    return Draft(KIND, stem, right_option, wrong, citation, statement.unit, order.skill(target))


def _all(order: Order, home: str) -> Iterator[Statement]:
    for place in order.catalogue.places.values():
        if place.home == home:
            yield from order.statements(place)
