"""Exception completion: a rule that ends on its exception, and the exceptions of other rules beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from training.generation import choice
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.material import Citation, Draft, DraftOption
from training.generation.order import Order, Statement, shortened
from training.generation.wording import flaws, jaccard, quoted, roots, stands_alone, tokens, without_stop

KIND = "unless"
ASKED = "Which exception completes this sentence of “{}”?"
#: The last clause of a sentence, from the word on that takes something out.
_TAIL = re.compile(
    r"^(?P<rule>[^“”\"]{20,}?),?\s(?P<tail>(?:unless|except (?:where|when|if|for|in))\s[^“”\"():;]+?)\.?$", re.I
)
#: Whom “they” means stands in the rule that the exception belongs to.
_POINTS = re.compile(
    r"(?i)^(?:unless|except \w+) (?:it|its|they|their|this|that|these|those|he|she|such|so|otherwise)\b"
)
LEAST_RULE, LEAST_TAIL, MOST_TAIL, MOST_WORDS = 5, 3, 20, 45
TOO_LIKE = 0.4


@dataclass(frozen=True, slots=True)
class Excepted:
    """A sentence in two parts: its rule, and the clause that takes something out of it."""

    statement: Statement
    rule: str
    tail: str
    citation: Citation


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every sentence that ends on an exception, where its policy has three such of one word."""
    known = [one for place in order.catalogue.places.values() for s in order.statements(place)
             if (one := _parted(s)) is not None]  # fmt: skip
    for one in known:
        target = order.target_of(one.statement.place.key)
        draft = _draft(order, one, known, target) if target is not None else None
        if draft is not None:
            yield draft


def _parted(statement: Statement) -> Excepted | None:
    match, citation = _TAIL.match(statement.text), statement.cite()
    if match is None or citation is None:
        return None
    rule, tail = match["rule"], without_stop(match["tail"])
    fits = len(tokens(rule)) >= LEAST_RULE and LEAST_TAIL <= len(tokens(tail)) <= MOST_TAIL
    fits = fits and not _POINTS.match(tail)
    whole = len(tokens(statement.text)) <= MOST_WORDS and stands_alone(statement.text)
    return Excepted(statement, rule, tail, citation) if fits and whole and not flaws(tail) else None


def _draft(order: Order, own: Excepted, known: list[Excepted], target: str) -> Draft | None:
    stem = f"{ASKED.format(own.statement.place.source.title)} {quoted(f'{own.rule} …')}"
    parts = order.parts(own.statement.place, own.statement.unit, KIND)
    first = tokens(own.tail)[0]
    candidates = [
        Candidate(other.tail, 0.05 + jaccard(roots(other.rule), roots(own.rule)), handle)
        for handle, other in enumerate(known)
        if tokens(other.tail)[0] == first
        and roots(other.statement.text) & roots(own.statement.text)
        and other.statement.place.source is own.statement.place.source
        and jaccard(roots(other.tail), roots(own.tail)) < TOO_LIKE
        and jaccard(roots(other.rule), roots(own.rule)) < TOO_LIKE
        and 1 / LENGTH_RATIO <= len(other.tail) / len(own.tail) <= LENGTH_RATIO
    ]
    wrong = chosen(own.tail, choice.shuffled(candidates, *parts), stem, *parts)
    if not wrong:
        return None
    options = tuple(
        DraftOption(c.text, f"That exception belongs to another rule: {shortened(known[c.handle].statement.text)}",
                    known[c.handle].citation)
        for c in wrong
    )  # fmt: skip
    right = DraftOption(own.tail, f"The policy says: {shortened(own.statement.text)}", own.citation)
    return Draft(KIND, stem, right, options, own.citation, own.statement.unit, order.skill(target))
