"""Threshold: a sentence of the policy with its number left out."""

import re
from collections.abc import Iterator

from training.generation import choice
from training.generation.glosses import beside
from training.generation.material import Citation, Draft, DraftOption
from training.generation.order import Order, Statement, shortened
from training.generation.quantities import Found, Quantity, find, others
from training.generation.wording import flaws, jaccard, quoted, roots, stands_alone, tokens, without_stop

KIND = "threshold"
GAP = "____"
#: What somebody says in an example is no limit of the policy's.
_QUOTE = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
#: "Consequence: The account ..." loses its label; "Strike: a break of ..." would lose its subject.
_LABEL = re.compile(r"^[A-Z][\w ]{2,30}:\s+(?=[A-Z])")
#: Half of a range is no number of its own.
_RANGE_BEFORE = re.compile(r"(?i)(?:\d\s*[-–—]|[-–—]|\b(?:\d+|one|two|three|four|five|six|ten)\s+(?:to|or))\s*$")
_RANGE_AFTER = re.compile(r"(?i)^\s*(?:[-–—]\s*\d|(?:to|or)\s+(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|ten\b))")
#: “the 6 month period”, “a 30 day ban”: the unit of such a number has no plural, and its rivals would need one.
_SINGULAR = re.compile(r"(?i)(?:minute|hour|day|week|month|year)$")
#: The number that anybody would guess.
OF_AGE = 18
#: What has no verb is half of a sentence.
_VERB = re.compile(
    r"(?i)\b(?:is|are|was|were|be|has|have|do|does|must|may|can|will|shall|should|cannot|needs?|requires?|lasts?|gets?|"
    r"receives?|results?|counts?|wait|use|keep|allow\w*|limit|post|send|report|leads?)\b"
)
LEAST_WORDS, MOST_WORDS = 6, 50
#: A sentence with another number that is so like another true sentence would be a second right answer.
TOO_LIKE = 0.6
ASKED = "Which number completes this sentence of “{}”?"


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every sentence with a number and a unit, or with a counted minimum or maximum.

    A limit that a section repeats is asked once.
    """
    for place in order.catalogue.places.values():
        target = order.target_of(place.key)
        if target is None:
            continue
        known = [s for other in order.catalogue.places.values() if other.source is place.source
                 for s in order.statements(other)]  # fmt: skip
        asked = set()
        for statement in order.statements(place):
            draft = _draft(order, statement, target, known)
            if draft is not None and draft.right.text not in asked:
                asked.add(draft.right.text)
                yield draft


def _gap(statement: Statement, order: Order) -> Found | None:
    """The number to leave out: one that the rest of the sentence does not repeat."""
    found = find(statement.text)
    clear = [
        at for at in found
        if not any(other is not at and other.quantity.value == at.quantity.value for other in found)
        and not statement.text[: at.start].lower().endswith((" a ", " an ", "(", "$", "€"))
        and "-" not in statement.text[at.start : at.end]
        and (at.quantity.value == 1 or not _SINGULAR.search(statement.text[at.start : at.end]))
        and not (at.quantity.unit == "age" and at.quantity.value == OF_AGE)
        and not _RANGE_BEFORE.search(statement.text[: at.start])
        and not _RANGE_AFTER.match(statement.text[at.end :])
        and not any(span.start() < at.start < span.end() for span in _QUOTE.finditer(statement.text))
    ]  # fmt: skip
    return choice.pick(clear, *order.parts(statement.place, statement.unit, KIND)) if clear else None


def _is_askable(text: str) -> bool:
    return (
        _VERB.search(text) is not None
        and LEAST_WORDS <= len(tokens(text)) <= MOST_WORDS
        and stands_alone(text)
        and not flaws(without_stop(text))
    )


def _draft(order: Order, statement: Statement, target: str, known: list[Statement]) -> Draft | None:
    gap = _gap(statement, order) if _is_askable(statement.text) else None
    citation = statement.cite()
    if gap is None or citation is None:
        return None
    elsewhere = {q: s for s in known if s.text != statement.text for q in (at.quantity for at in find(s.text))}
    met = [q for q, s in elsewhere.items() if not _also_true(statement, q, s)]
    parts = order.parts(statement.place, statement.unit, KIND)
    wrong = others(gap.quantity, met, 3, *parts) or others(gap.quantity, met, 2, *parts)
    barred = {round(q.amount, 6) for q, s in elsewhere.items() if _also_true(statement, q, s)}
    if not wrong or any(round(q.amount, 6) in barred for q in wrong):
        return None
    text = _LABEL.sub("", f"{statement.text[: gap.start]}{GAP}{statement.text[gap.end :]}")
    right = DraftOption(gap.quantity.written(), f"The policy says: {shortened(statement.text)}", citation)
    return Draft(
        KIND,
        f"{ASKED.format(statement.place.source.title)} {quoted(without_stop(text))}"
        f"{beside(text, statement.place.source)}",
        right,
        tuple(_option(q, elsewhere.get(q), statement, citation) for q in wrong),
        citation,
        statement.unit,
        order.skill(target),
    )


def _also_true(statement: Statement, quantity: Quantity, other: Statement) -> bool:
    return jaccard(roots(statement.text), roots(other.text)) >= TOO_LIKE


def _option(quantity: Quantity, other: Statement | None, own: Statement, citation: Citation) -> DraftOption:
    """A wrong number with the sentence that it comes from, or else with the one that it is not in."""
    elsewhere = other.cite() if other is not None else None
    if other is not None and elsewhere is not None:
        return DraftOption(quantity.written(), f"That number stands elsewhere: {shortened(other.text)}", elsewhere)
    return DraftOption(quantity.written(), f"The policy sets another number: {shortened(own.text)}", citation)
