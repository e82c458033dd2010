"""Which statement matches: a sentence of the policy beside itself with one thing turned, another, and both.

Two things that are each turned in half of the options leave nobody a majority to follow: what is most like the others
is no better a guess than any.
"""

import re
from collections.abc import Iterator, Sequence

from training.generation.glosses import beside
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, Statement, shortened
from training.generation.quantities import find
from training.generation.swaps import pairs, turned
from training.generation.wording import flaws, jaccard, key_of, roots, stands_alone, tokens, without_stop

KIND = "statement"
LEAST_WORDS, MOST_WORDS = 8, 40
#: A variant so like another sentence of the policies could be true as well.
TOO_LIKE = 0.6


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every whole sentence in which two things can be turned."""
    known = [s for place in order.catalogue.places.values() for s in order.statements(place)]
    for place in order.catalogue.places.values():
        target = order.target_of(place.key)
        for statement in order.statements(place) if target is not None else ():
            draft = _draft(order, statement, target or "", known)
            if draft is not None:
                yield draft


#: What a sentence says of the text itself: how it is kept decides nothing.
_KEEPING = re.compile(
    r"(?i)\b(?:update|revise|amend|extend|review|change|maintain)s?\b(?: \w+){0,2}?"
    r" (?:list|page|document|policy|guide(?:lines?)?)\b"
)


#: What stands in front of a sentence says what it is about, and so which of its variants is right.
_LABEL = re.compile(r"^[^:.“]{2,60}:\s+(?=[A-Z])")


def unlabelled(text: str) -> str:
    """*text* without the label in front of it.

    >>> unlabelled("Duty to report: Hosts must report it.")
    'Hosts must report it.'
    """
    return _LABEL.sub("", text, count=1)


def is_askable(text: str) -> bool:
    """Whether *text* is a whole sentence that can be read alone, and is about more than the text that it stands in.

    One with a number is asked about its number.
    """
    if _KEEPING.search(text) or ":" in text or " | " in text or find(text):
        return False
    whole = text.rstrip().endswith((".", "!")) and text[0].isupper() and not text.count("“")
    return whole and LEAST_WORDS <= len(tokens(text)) <= MOST_WORDS and stands_alone(text) and '"' not in text


def _draft(order: Order, statement: Statement, target: str, known: Sequence[Statement]) -> Draft | None:
    said = unlabelled(statement.text)
    citation = statement.cite() if is_askable(said) else None
    if citation is None or _has_like(statement, known):
        return None
    parts = order.parts(statement.place, statement.unit, KIND)
    for one, other in pairs(said, *parts):
        made = [turned(said, *chosen) for chosen in ((one,), (other,), (one, other))]
        texts = [without_stop(text) for text in (said, *made)]
        if len({key_of(text) for text in texts}) < len(texts) or any(flaws(text) for text in texts):
            continue
        told = (f"The policy does not say so: {shortened(statement.text)}", citation)
        right = DraftOption(texts[0], f"It stands in “{order.name(statement.place.home)}”.", citation)
        stem = f"{_asked(order, statement)}{beside(said, statement.place.source)}"
        wrong = tuple(DraftOption(text, *told) for text in texts[1:])
        return Draft(KIND, stem, right, wrong, citation, statement.unit, order.skill(target))
    return None


def _asked(order: Order, statement: Statement) -> str:
    title, name = statement.place.source.title, order.name(statement.place.home)
    under = "" if name == title else f" under “{name.rstrip('?!.: ')}”"
    return f"Which of these does “{title}” say{under}?"


def _has_like(statement: Statement, known: Sequence[Statement]) -> bool:
    """Whether another sentence says nearly the same, so that a variant could stand there."""
    own = roots(statement.text)
    return any(
        key_of(other.text) != key_of(statement.text) and jaccard(own, roots(other.text)) >= TOO_LIKE for other in known
    )
