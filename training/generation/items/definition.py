"""Definition to term: what a real definition section says, and the question which term it defines."""

from collections.abc import Iterator, Sequence

from training.generation.catalogue import Act
from training.generation.distractors import Candidate, chosen
from training.generation.giving_away import gives_away, shared
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import flaws, jaccard, quoted, roots, stands_alone, tokens

KIND = "definition"
LEAST_WORDS, MOST_WORDS = 3, 45
#: Definitions of two levels of one thing have so much in common.
LEAST_SHARED = 2
#: A word in more terms than that is what all of them are about.
MOST_LEVELS = 3
ASKED = "Which term does “{}” define like this?"


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every term that is defined beside at least two others."""
    for act, target in order.acts():
        if is_definition(act) and LEAST_WORDS <= len(tokens(act.body)) <= MOST_WORDS and stands_alone(act.body):
            draft = _draft(order, act, target)
            if draft is not None:
                yield draft


def is_definition(act: Act) -> bool:
    """Whether a rule defines a term that it names in front."""
    return act.rule.role == "definition" and bool(act.label) and act.body != act.label


def _draft(order: Order, act: Act, target: str) -> Draft | None:
    family = [a for a in order.catalogue.acts if is_definition(a) and a.place.key == act.place.key and a is not act]
    citation = act.cite()
    stem = f"{ASKED.format(act.place.source.title)} {quoted(act.body)}"
    candidates = [
        Candidate(
            other.label, jaccard(other.roots, act.roots) + 0.01, handle, wanted=_is_level(act, other, [act, *family])
        )
        for handle, other in enumerate(family)
        if jaccard(other.roots, act.roots) < 0.6
        and roots(other.label) != roots(act.label)
        and len(shared(act.roots, other.roots)) >= LEAST_SHARED
    ]
    if not any(one.wanted for one in candidates):
        return None
    wrong = chosen(act.label, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(family[candidate.handle]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if citation is None or not wrong or len(sure) < len(wrong) or flaws(act.body):
        return None
    if gives_away(act.roots, act.label, [option.text for option in sure]):
        return None
    right = DraftOption(act.label, f"The policy's definition: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _is_level(one: Act, other: Act, family: Sequence[Act]) -> bool:
    """Whether of two terms one is a level of the other: Hate, Hate speech; not a word that all terms have."""
    first, second = roots(one.label), roots(other.label)
    base = min(first, second, key=len)
    return (first < second or second < first) and sum(base <= roots(term.label) for term in family) <= MOST_LEVELS


def _option(act: Act) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(act.label, f"“{act.label}” is defined otherwise: {shortened(act.rule.text)}", citation)
