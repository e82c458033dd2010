"""Categories with two sides, each judged for itself: of which of them a listed act is a violation.

What is safe under one such category may be safe under others too, and what violates one may violate another. So only a
violation is asked about. Its rivals are the other side of its own category and both sides of one other category, whose
clauses and definition do not extend to the act: two by two, neither the side nor the category stands out.
"""

from collections import Counter
from collections.abc import Sequence

from training.generation.catalogue import Act, Catalogue
from training.generation.categories import Choice, is_akin
from training.generation.giving_away import same, shared
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import jaccard, quoted, roots, tokens

#: A wrong category is one of so many that lie nearest.
NEAREST = 3
#: So many categories with two sides are flags.
LEAST_TWO_SIDED = 2
#: A word that so large a share of the categories hold tells none of them from another.
COMMON_SHARE = 0.5
#: A broader category is told from a part of it only where its definition says what it leaves to the part.
_PARTED = frozenset({"without", "except", "excluding", "unless", "other"})
#: Words that say nothing of what is done.
_IDLE = roots("use used using even no content material direct directly call kind type way")


def twin(own: Choice, known: Sequence[Choice]) -> Choice | None:
    """The other side of a category; None where the policy lists one side alone."""
    return next((one for one in known if one.topic == own.topic and one.side != own.side), None)


def is_flagged(known: Sequence[Choice]) -> bool:
    """Whether a policy's categories are judged each for itself: several of them list what violates and what is safe."""
    return len({one.topic for one in known if one.side == "prohibited" and twin(one, known)}) >= LEAST_TWO_SIDED


def draft(
    order: Order, act: Act, text: str, target: str, own: Choice, beside: Choice, known: Sequence[Choice], kind: str
) -> Draft | None:  # fmt: skip
    """The question for an act of *own*, whose other side is *beside*; None for what is safe or cannot be told apart."""
    citation = act.cite()
    if citation is None or own.side != "prohibited":
        return None
    other = _other(order, act, text, own, known)
    against = twin(other, known) if other is not None else None
    if other is None or against is None or is_named_alone(text, own, other):
        return None
    wrong = [beside, other, against]
    options = [_option(order, one, text) for one in wrong]
    sure = tuple(option for option in options if option is not None)
    if len(sure) < len(wrong):
        return None
    stem = f"How does “{act.place.source.title}” class this? {quoted(text)}"
    right = DraftOption(own.name, f"It stands in “{order.name(own.home)}”: {shortened(act.rule.text)}", citation)
    skill = order.skill(target, [one.home for one in wrong])
    hard = order.nearness(act.body)
    difficulty = round(min(1.0, sum(hard[one.home] for one in wrong) / len(wrong)), 3)
    return Draft(kind, stem, right, sure, citation, act.rule.unit_hash, skill, difficulty=difficulty)


def _other(order: Order, act: Act, text: str, own: Choice, known: Sequence[Choice]) -> Choice | None:
    """The other category with two sides that cannot forbid the act: a part or a whole of its own, else a near one."""
    forbidden = [one for one in known if one.side == "prohibited" and one.topic != own.topic and twin(one, known)]
    near = order.nearness(" ".join(one.body for one in own.acts))
    levels = [one for one in forbidden if is_akin(own, one)]
    rest = sorted((one for one in forbidden if one not in levels), key=lambda one: (-near[one.home], known.index(one)))
    for one in levels or rest[:NEAREST]:
        if not may_forbid(order.catalogue, act, text, own, one, known):
            return one
    return None


def definition_of(catalogue: Catalogue, one: Choice) -> str:
    """What the policy defines a category as; empty where it does not."""
    slug = catalogue.places[one.home].source.slug
    return next(
        (
            act.body
            for act in catalogue.acts
            if act.rule.role == "definition" and act.place.source.slug == slug and roots(act.label) == one.topic
        ),
        "",
    )


def may_forbid(catalogue: Catalogue, act: Act, text: str, own: Choice, other: Choice, known: Sequence[Choice]) -> bool:
    """Whether another category's clauses, or its definition, may extend to an act of *own* too."""
    extra = other.topic - own.topic
    if other.topic < own.topic:
        return not _PARTED & set(tokens(definition_of(catalogue, other)))
    if shared(extra, roots(text)) == extra or any(jaccard(one.roots, act.roots) >= 0.5 for one in other.acts):
        return True
    if own.topic < other.topic:
        return False
    about = roots(text) - own.topic - _common(catalogue, known) - _IDLE
    held = roots(" ".join([definition_of(catalogue, other), *(one.body for one in other.acts)]))
    return bool(same(about, held - own.topic))


def _common(catalogue: Catalogue, known: Sequence[Choice]) -> frozenset[str]:
    """The roots that so many categories hold that they tell nothing."""
    texts = {one.topic: roots(catalogue.text_of(one.home)) for one in known if one.side == "prohibited"}
    times = Counter(root for held in texts.values() for root in held)
    return frozenset(root for root, count in times.items() if count >= COMMON_SHARE * len(texts))


def is_named_alone(text: str, own: Choice, other: Choice) -> bool:
    """Whether the act's own words name its category, and not the other: then nobody need know the policy."""
    about = roots(text)
    return bool(shared(own.topic - other.topic, about)) and not same(other.topic - own.topic, about)


def _option(order: Order, wrong: Choice, text: str) -> DraftOption | None:
    clause = order.clause(wrong.home, text, wrong.side)
    if clause is None:
        return None
    return DraftOption(wrong.name, f"“{wrong.name}” is about something else: {shortened(clause[1])}", clause[0])
