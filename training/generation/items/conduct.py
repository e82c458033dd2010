"""Conduct to decision: a listed act, and which of the policy's own categories, sections or groups it falls under."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.generation import flags, groups, sides
from training.generation.catalogue import Act
from training.generation.categories import Choice, choices, lists, taxonomy
from training.generation.giving_away import gives_away
from training.generation.items.grade import tiers
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.rivals import difficulty, option, told_apart
from training.generation.telling import told
from training.generation.wording import quoted, roots

KIND = "conduct"
#: So many wrong sections.
WRONG, LEAST_WRONG = 3, 2


@dataclass(frozen=True, slots=True)
class Ranks:
    """The sections of one policy with the others of their level: of lists of bans, and of lists of either side."""

    banned: Mapping[str, Sequence[str]]
    mixed: Mapping[str, Sequence[str]]


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every act that can be told and falls under one category, one section or one group of several.

    Where sections stand in tiers, how grave an act is decides more than which section names it: that is asked instead.
    """
    slugs = [source.slug for source in order.catalogue.sources]
    known = {slug: choices(order, slug) for slug in slugs}
    ranks = {slug: Ranks(taxonomy(order.catalogue, slug), sides.mixed(order.catalogue, slug)) for slug in slugs}
    graded = {key for level in tiers(order.catalogue) for key in level}
    for act, target in order.acts():
        text, slug = told(act), act.place.source.slug
        if graded & {act.place.key, *order.catalogue.above(act.place.key)}:
            continue
        if text is not None and not order.catalogue.is_asking(act.place.home):
            draft = _draft(order, act, text, target, known[slug], ranks[slug])
            if draft is not None:
                yield draft


def _draft(
    order: Order, act: Act, text: str, target: str, known: Sequence[Choice], ranks: Ranks
) -> Draft | None:  # fmt: skip
    own = next((one for one in known if one.home == act.place.home and act in one.acts), None)
    if own is None:
        return groups.draft(order, act, text, target, KIND)
    beside = flags.twin(own, known) if flags.is_flagged(known) else None
    found = None
    if beside is not None:
        found = flags.draft(order, act, text, target, own, beside, known, KIND)
    elif own.home in ranks.mixed:
        level = [one for one in known if one.home in ranks.mixed[own.home] and _is_main(order, one)]
        found = sides.draft(order, act, text, target, own, level, KIND) if _is_main(order, own) else None
    elif own.side == "prohibited" and own.home in ranks.banned:
        level = [one for one in known if one.home in ranks.banned[own.home] and one.side == own.side]
        found = _to_section(order, act, text, target, own, level)
    return found or groups.draft(order, act, text, target, KIND)


def _is_main(order: Order, one: Choice) -> bool:
    """Whether a choice is of the side that its section lists: what it lists beside it makes no answer of its own."""
    return lists(order.catalogue, one.home, one.side)


def _to_section(
    order: Order, act: Act, text: str, target: str, own: Choice, level: Sequence[Choice]
) -> Draft | None:  # fmt: skip
    source, places, citation = act.place.source, order.catalogue.places, act.cite()
    rivals = told_apart(order, act, text, own, level)[:WRONG]
    wrong = [one for _, one in rivals]
    if citation is None or len(wrong) < LEAST_WRONG:
        return None
    name, *names = [places[one.home].name for one in (own, *wrong)]
    options = [option(order, one, said, text) for one, said in zip(wrong, names, strict=True)]
    sure = tuple(one for one in options if one is not None)
    if len(sure) < len(wrong) or gives_away(roots(text), name, names, order.held(source.slug)):
        return None
    stem = f"Which section of “{source.title}” prohibits this? {quoted(text)}"
    right = DraftOption(name, f"It stands in “{order.name(own.home)}”: {shortened(act.rule.text)}", citation)
    skill = order.skill(target, [one.home for one in wrong])
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, skill, difficulty=difficulty(rivals))
