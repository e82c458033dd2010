"""Boundary: which of these is not a violation? A warm-up for two lists of one topic; its tone gives it away."""

from collections.abc import Iterator

from training.generation.catalogue import Act
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.items.conduct import is_askable
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import jaccard, roots

KIND = "boundary"
#: Two lists without a shared topic (virtues beside vices) make no boundary.
LEAST_SHARED_ROOTS = 2


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every allowed act of a home that forbids others."""
    for act, target in order.acts():
        is_clear = is_askable(act) and not order.catalogue.is_asking(act.place.home)
        if act.rule.polarity == "permitted" and is_clear:
            draft = _draft(order, act, target)
            if draft is not None:
                yield draft


def _draft(order: Order, act: Act, target: str) -> Draft | None:
    home = act.place.home
    against = [a for a in order.catalogue.acts_at(home) if a.rule.polarity == "prohibited" and is_askable(a)]
    shared = act.roots & frozenset().union(*(roots(a.body) for a in against))
    citation = act.cite()
    if citation is None or len(shared) < LEAST_SHARED_ROOTS:
        return None
    stem = f"Which of these is not a violation of “{order.name(home)}”?"
    candidates = [
        Candidate(a.body, jaccard(a.roots, act.roots) + 0.01, handle)
        for handle, a in enumerate(against)
        if jaccard(a.roots, act.roots) < 0.6 and LENGTH_RATIO**-0.5 <= len(a.body) / len(act.body) <= LENGTH_RATIO**0.5
    ]
    wrong = chosen(act.body, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(order, against[candidate.handle]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if not wrong or len(sure) < len(wrong):
        return None
    right = DraftOption(act.body, f"The policy allows it: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _option(order: Order, act: Act) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(act.body, f"The policy forbids it: {shortened(act.rule.text)}", citation)
