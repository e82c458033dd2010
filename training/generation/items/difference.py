"""Difference: of two sections that are taken for each other, what one lists and the other does not."""

from collections.abc import Iterator

from training.generation.catalogue import Act
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.skills import pair
from training.generation.telling import told
from training.generation.wording import jaccard

KIND = "difference"


def drafts(order: Order) -> Iterator[Draft]:
    """For a contrast, an item for every act of either side; the other side lends the wrong answers."""
    if order.contrast is None:
        return
    for own, other in (order.contrast, order.contrast[::-1]):
        mine, theirs = (_acts(order, key) for key in (own, other))
        for act, text in mine:
            draft = _draft(order, act, text, own, other, mine, theirs)
            if draft is not None:
                yield draft


def _acts(order: Order, key: str) -> list[tuple[Act, str]]:
    found = ((act, told(act)) for act, target in order.acts() if target == key)
    return [(act, text) for act, text in found if text is not None]


def _draft(
    order: Order, act: Act, text: str, own: str, other: str, mine: list[tuple[Act, str]], theirs: list[tuple[Act, str]]
) -> Draft | None:
    names = [order.name(order.catalogue.places[key].home) for key in (own, other)]
    what = "forbid" if act.rule.polarity == "prohibited" else "allow"
    stem = f"“{names[0]}” and “{names[1]}” are easily taken for each other. Which of these does “{names[0]}” {what}?"
    citation = act.cite()
    if citation is None or order.catalogue.says_nearly(act, order.catalogue.places[other].home):
        return None
    homes = {one.place.home for one, _ in mine}
    candidates = [
        Candidate(said, 0.05 + jaccard(one.roots, act.roots), handle)
        for handle, (one, said) in enumerate(theirs)
        if one.rule.polarity == act.rule.polarity
        and not any(order.catalogue.says_nearly(one, home) for home in homes)
        and 1 / LENGTH_RATIO <= len(said) / len(text) <= LENGTH_RATIO
    ]
    wrong = chosen(text, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(*theirs[one.handle], names[1]) for one in wrong]
    sure = tuple(option for option in options if option is not None)
    if not wrong or len(sure) < len(wrong):
        return None
    right = DraftOption(text, f"It is listed under “{names[0]}”: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, pair(own, other))


def _option(act: Act, text: str, name: str) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(text, f"That is listed under “{name}”: {shortened(act.rule.text)}", citation)
