"""Levels on which some sections list what is allowed and others what is not: on which side an act is, and as what.

Its rivals are another section of its own side and two of the other side, so that neither the side nor the section
stands out.
"""

from collections.abc import Sequence

from training.generation.catalogue import Act, Catalogue
from training.generation.categories import LEAST_ACTS, Choice, levels, lists
from training.generation.giving_away import gives_away
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.rivals import difficulty, option, told_apart
from training.generation.wording import quoted, roots

#: Options of the act's own side beside the right one, and of the other side.
SAME_SIDE, OTHER_SIDE = 1, 2
SAID = {"prohibited": "Not allowed", "permitted": "Allowed"}


def mixed(catalogue: Catalogue, slug: str) -> dict[str, tuple[str, ...]]:
    """Each section that lists one side alone, with the others of its level, where both sides have two or more."""
    found = {}
    for _, homes in levels(catalogue, slug):
        sided = {side: [home for home in homes if lists(catalogue, home, side)] for side in SAID}
        if all(len(held) >= LEAST_ACTS for held in sided.values()):
            both = [home for held in sided.values() for home in held]
            found.update({home: tuple(other for other in both if other != home) for home in both})
    return found


def draft(
    order: Order, act: Act, text: str, target: str, own: Choice, level: Sequence[Choice], kind: str
) -> Draft | None:  # fmt: skip
    """The question how a policy takes an act, allowed or not, and as what; None where too few rivals are left."""
    citation, places = act.cite(), order.catalogue.places
    rivals = told_apart(order, act, text, own, level)
    beside = [one for one in rivals if one[1].side == own.side][:SAME_SIDE]
    against = [one for one in rivals if one[1].side != own.side][:OTHER_SIDE]
    wrong = [*beside, *against]
    if citation is None or len(beside) < SAME_SIDE or len(against) < OTHER_SIDE:
        return None
    names = [f"{SAID[one.side]}: {places[one.home].name}" for one in (own, *(one for _, one in wrong))]
    options = [option(order, one, name, text) for (_, one), name in zip(wrong, names[1:], strict=True)]
    sure = tuple(one for one in options if one is not None)
    plain = [places[one.home].name for one in (own, *(one for _, one in wrong))]
    if len(sure) < len(wrong) or gives_away(roots(text), plain[0], plain[1:], order.held(act.place.source.slug)):
        return None
    stem = f"How does “{act.place.source.title}” class this, and as what? {quoted(text)}"
    right = DraftOption(names[0], f"It stands in “{order.name(own.home)}”: {shortened(act.rule.text)}", citation)
    skill = order.skill(target, [one.home for _, one in wrong])
    return Draft(kind, stem, right, sure, citation, act.rule.unit_hash, skill, difficulty=difficulty(wrong))
