"""Conduct to decision: a listed act, and which of the policy's own categories, on which side, it falls under."""

from collections.abc import Iterator, Sequence

from training.generation import choice, groups
from training.generation.catalogue import Act
from training.generation.categories import Choice, also_says, choices, is_akin, is_named
from training.generation.giving_away import gives_away
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.telling import told
from training.generation.wording import quoted, roots

KIND = "conduct"
#: So many wrong decisions, and of the right one's side at least so many: a side alone is guessed by tone.
WRONG, LEAST_WRONG, LEAST_BESIDE = 3, 2, 1
#: A decision of another topic competes where its category, with the act, is so like it; the two nearest sooner.
LEAST_LIKENESS, LEAST_OF_NEAREST, TEXT_WEIGHT = 0.15, 0.03, 0.5


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every act that can be told and falls under one of three or more decisions."""
    known = {source.slug: choices(order, source.slug) for source in order.catalogue.sources}
    for act, target in order.acts():
        text = told(act)
        if text is not None and not order.catalogue.is_asking(act.place.home):
            draft = _to_choice(order, act, text, target, known[act.place.source.slug])
            draft = draft or groups.draft(order, act, text, target, KIND)
            if draft is not None:
                yield draft


def _rivals(order: Order, act: Act, text: str, own: Choice, known: Sequence[Choice]) -> list[tuple[float, Choice]]:
    """The other decisions that are not right as well, best first: those of its own category, then the nearest."""
    catalogue, near = order.catalogue, order.nearness(act.body)
    beside = order.nearness(_words_of(own, known))
    pair = set(order.contrast or ())
    found = []
    for other in known:
        home, there = act.place.home, other.home
        if other == own or (there != home and (catalogue.covers(home, there) or catalogue.covers(there, home))):
            continue
        is_pair = {order.target_of(home), order.target_of(there)} == pair and there != home
        if (
            also_says(catalogue, act.body, act, own, other)
            or is_named(text, own, other)
            or (there != home and catalogue.linked(home, there) and not is_pair)
        ):
            continue
        topic = [beside[one.home] for one in known if one.topic == other.topic]
        likeness = TEXT_WEIGHT * near[there] + sum(topic) / len(topic)
        found.append((2.0 * is_pair + is_akin(own, other) + likeness, other))
    found.sort(key=lambda one: (-round(one[0], 9), known.index(one[1])))
    nearest = {id(one) for one in [one for _, one in found if one.side == own.side][:LEAST_WRONG]}
    return [one for one in found if one[0] >= (LEAST_OF_NEAREST if id(one[1]) in nearest else LEAST_LIKENESS)]


def _words_of(own: Choice, known: Sequence[Choice]) -> str:
    """The acts of a category on both of its sides, without the words that lead to each list."""
    return " ".join(act.body for one in known if one.topic == own.topic for act in one.acts)


def _wrong(order: Order, act: Act, own: Choice, rivals: Sequence[tuple[float, Choice]]) -> list[Choice]:
    """Three decisions, or two: first those of the act's own category and its levels, at least one of its own side.

    Where the category has another side, that is offered too, and sides do not tell which answer stands out.
    """
    beside = [one for _, one in rivals if one.side == own.side]
    against = [one for _, one in rivals if one.side != own.side]
    twins = [one for one in against if is_akin(own, one)]
    if not twins:
        return beside[:WRONG]
    levels = [one for one in beside if is_akin(own, one)]
    wrong = [*(levels or beside)[:LEAST_BESIDE], *twins][:WRONG]
    rest = [one for one in beside if one not in wrong]
    if choice.number(*order.parts(act.place, act.rule.unit_hash, KIND, 2)) % 2:
        rest = [*(one for one in against if one not in wrong), *rest]
    return [*wrong, *rest][:WRONG]


def _to_choice(order: Order, act: Act, text: str, target: str, known: Sequence[Choice]) -> Draft | None:
    source = act.place.source
    own = next((one for one in known if one.home == act.place.home and act in one.acts), None)
    citation = act.cite()
    if own is None or citation is None:
        return None
    rivals = _rivals(order, act, text, own, known)
    wrong = _wrong(order, act, own, rivals)
    if len(wrong) < LEAST_WRONG or sum(one.side == own.side for one in wrong) < LEAST_BESIDE:
        return None
    one_sided = all(one.side == own.side for one in wrong)
    name, *names = [order.catalogue.places[one.home].name if one_sided else one.name for one in (own, *wrong)]
    options = [_option(order, one, said, text) for one, said in zip(wrong, names, strict=True)]
    sure = tuple(option for option in options if option is not None)
    held = order.held(source.slug)
    if len(sure) < len(wrong) or gives_away(roots(text), name, names, held):
        return None
    asked = "Which section of “{}” {} this?" if one_sided else "How does “{}” class this?"
    stem = asked.format(source.title, "prohibits" if own.side == "prohibited" else "allows") + f" {quoted(text)}"
    nearness = [value for value, one in rivals if one in wrong]
    right = DraftOption(name, f"It stands in “{order.name(own.home)}”: {shortened(act.rule.text)}", citation)
    return Draft(
        KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target, [one.home for one in wrong]),
        difficulty=_mean(nearness),
    )  # fmt: skip


def _option(order: Order, wrong: Choice, name: str, text: str) -> DraftOption | None:
    clause = order.clause(wrong.home, text, wrong.side)
    if clause is None:
        return None
    return DraftOption(name, f"“{name}” is about something else: {shortened(clause[1])}", clause[0])


def _mean(values: Sequence[float]) -> float:
    return round(min(1.0, sum(values) / len(values)), 3) if values else 0.0
