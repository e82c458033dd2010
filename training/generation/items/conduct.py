"""Conduct to decision: a listed act, and which of the policy's own categories, sections or groups it falls under."""

from collections.abc import Iterator, Mapping, Sequence

from training.generation import flags, groups
from training.generation.catalogue import Act
from training.generation.categories import Choice, also_says, choices, is_named, taxonomy
from training.generation.giving_away import gives_away, same, shared
from training.generation.items.grade import tiers
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.telling import told
from training.generation.wording import jaccard, quoted, roots

KIND = "conduct"
#: So many wrong sections, and how much the act itself says of how near one is, beside its own section.
WRONG, LEAST_WRONG, TEXT_WEIGHT = 3, 2, 0.5
#: A word that three sections hold ties an act to none of them more than to another.
SAME_TIES = 0.12


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every act that can be told and falls under one category, one section or one group of several.

    Where sections stand in tiers, how grave an act is decides more than which section names it: that is asked instead.
    """
    slugs = [source.slug for source in order.catalogue.sources]
    known = {slug: choices(order, slug) for slug in slugs}
    ranks = {slug: taxonomy(order.catalogue, slug) for slug in slugs}
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
    order: Order, act: Act, text: str, target: str, known: Sequence[Choice], ranks: Mapping[str, Sequence[str]]
) -> Draft | None:  # fmt: skip
    own = next((one for one in known if one.home == act.place.home and act in one.acts), None)
    beside = flags.twin(own, known) if own is not None and flags.is_flagged(known) else None
    found = None
    if own is not None and beside is not None:
        found = flags.draft(order, act, text, target, own, beside, known, KIND)
    elif own is not None and own.side == "prohibited" and own.home in ranks:
        level = [one for one in known if one.home in ranks[own.home] and one.side == own.side]
        found = _to_section(order, act, text, target, own, level)
    return found or groups.draft(order, act, text, target, KIND)


def _rivals(order: Order, act: Act, text: str, own: Choice, level: Sequence[Choice]) -> list[tuple[float, Choice]]:
    """The other categories of the level that are not right as well, the nearest first."""
    catalogue, near = order.catalogue, order.nearness(act.body)
    beside = order.nearness(" ".join(one.body for one in own.acts))
    pair = set(order.contrast or ())
    found = []
    for other in level:
        home, there = act.place.home, other.home
        is_pair = {order.target_of(home), order.target_of(there)} == pair
        if (
            also_says(catalogue, act.body, act, own, other)
            or is_named(text, own, other)
            or (catalogue.linked(home, there) and not is_pair)
        ):
            continue
        named = jaccard(roots(catalogue.places[home].name), roots(catalogue.places[there].name))
        found.append((2.0 * is_pair + TEXT_WEIGHT * near[there] + beside[there] + named, other))
    return sorted(found, key=lambda one: (-round(one[0], 9), level.index(one[1])))


def _to_section(
    order: Order, act: Act, text: str, target: str, own: Choice, level: Sequence[Choice]
) -> Draft | None:  # fmt: skip
    source, places, citation = act.place.source, order.catalogue.places, act.cite()
    rivals = _told_apart(order, act, text, own, _rivals(order, act, text, own, level))[:WRONG]
    wrong = [one for _, one in rivals]
    if citation is None or len(wrong) < LEAST_WRONG:
        return None
    name, *names = [places[one.home].name for one in (own, *wrong)]
    options = [_option(order, one, said, text) for one, said in zip(wrong, names, strict=True)]
    sure = tuple(option for option in options if option is not None)
    if len(sure) < len(wrong) or gives_away(roots(text), name, names, order.held(source.slug)):
        return None
    stem = f"Which section of “{source.title}” prohibits this? {quoted(text)}"
    right = DraftOption(name, f"It stands in “{order.name(own.home)}”: {shortened(act.rule.text)}", citation)
    return Draft(
        KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target, [one.home for one in wrong]),
        difficulty=_mean([value for value, _ in rivals]),
    )  # fmt: skip


def _told_apart(
    order: Order, act: Act, text: str, own: Choice, rivals: Sequence[tuple[float, Choice]]
) -> list[tuple[float, Choice]]:  # fmt: skip
    """The rivals with which an act has no more to do than with its own section; none where it names its section.

    What an act has to do with a section are the words that it shares with its title and its other acts, each by how
    few of the policy's sections hold it: where another section has more of them, only memory would place the act.
    """
    about, held = roots(text), order.held(act.place.source.slug)
    if same(own.topic, about):
        return []

    def ties(one: Choice) -> float:
        others = (other.roots for other in order.catalogue.acts_at(one.home) if other is not act)
        return sum(1 / max(1, held.get(root, 1)) ** 2 for root in shared(about, one.topic.union(*others)))

    own_ties = ties(own)
    return [(value, one) for value, one in rivals if ties(one) <= own_ties + SAME_TIES]


def _option(order: Order, wrong: Choice, name: str, text: str) -> DraftOption | None:
    clause = order.clause(wrong.home, text, wrong.side)
    if clause is None:
        return None
    return DraftOption(name, f"“{name}” is about something else: {shortened(clause[1])}", clause[0])


def _mean(values: Sequence[float]) -> float:
    return round(min(1.0, sum(values) / len(values)), 3) if values else 0.0
