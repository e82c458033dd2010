"""Definition to term: what a real definition section says, and the question which term it defines."""

from collections.abc import Iterator

from training.generation.catalogue import Act, is_named
from training.generation.distractors import Candidate, chosen
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import flaws, jaccard, quoted, roots, stands_alone, tokens

KIND = "definition"
LEAST_WORDS, MOST_WORDS = 3, 45
ASKED = "Which term does the policy define like this?"


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
    stem = f"{ASKED} {quoted(act.body)}"
    candidates = [
        Candidate(other.label, jaccard(other.roots, act.roots) + 0.01, handle)
        for handle, other in enumerate(family)
        if jaccard(other.roots, act.roots) < 0.6 and roots(other.label) != roots(act.label)
    ]
    wrong = chosen(act.label, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(family[candidate.handle]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if citation is None or not wrong or len(sure) < len(wrong) or flaws(act.body):
        return None
    if is_named(act, act.label, [option.text for option in sure]):
        return None
    right = DraftOption(act.label, f"The policy's definition: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _option(act: Act) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(act.label, f"“{act.label}” is defined otherwise: {shortened(act.rule.text)}", citation)
