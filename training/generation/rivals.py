"""Which other categories an act could be taken for and does not fall under: the wrong answers, the nearest first."""

from collections.abc import Iterator, Sequence

from training.generation.catalogue import Act
from training.generation.categories import Choice, also_says, is_named
from training.generation.giving_away import same, shared
from training.generation.material import DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import jaccard, roots

#: How much the act itself says of how near another category is, beside its own category.
TEXT_WEIGHT = 0.5
#: A word that three sections hold ties an act to none of them more than to another.
SAME_TIES = 0.12


def told_apart(order: Order, act: Act, text: str, own: Choice, level: Sequence[Choice]) -> list[tuple[float, Choice]]:
    """The categories of *level* with which an act has no more to do than with its own; none where it names its own.

    What an act has to do with a category are the words that it shares with its title and its other acts, each by how
    few of the policy's sections hold it: where another one has more of them, only memory would place the act.
    """
    about, held = roots(text), order.held(act.place.source.slug)
    if same(own.topic, about):
        return []

    def ties(one: Choice) -> float:
        others = (other.roots for other in one.acts if other is not act)
        return sum(1 / max(1, held.get(root, 1)) ** 2 for root in shared(about, one.topic.union(*others)))

    most = ties(own) + SAME_TIES
    return [(value, one) for value, one in _by_nearness(order, act, text, own, level) if ties(one) <= most]


def _by_nearness(order: Order, act: Act, text: str, own: Choice, level: Sequence[Choice]) -> list[tuple[float, Choice]]:
    """The others of *level* that are not right as well, and how near each lies, the nearest first."""
    found = list(_scored(order, act, text, own, level))
    return sorted(found, key=lambda one: (-round(one[0], 9), level.index(one[1])))


def _scored(order: Order, act: Act, text: str, own: Choice, level: Sequence[Choice]) -> Iterator[tuple[float, Choice]]:
    catalogue, home, near = order.catalogue, act.place.home, order.nearness(act.body)
    beside = order.nearness(" ".join(one.body for one in own.acts))
    pair = set(order.contrast or ())
    for other in level:
        there = other.home
        is_pair = {order.target_of(home), order.target_of(there)} == pair
        if (
            also_says(catalogue, act.body, act, own, other)
            or is_named(text, own, other)
            or (catalogue.linked(home, there) and not is_pair)
        ):
            continue
        named = jaccard(roots(catalogue.places[home].name), roots(catalogue.places[there].name))
        yield 2.0 * is_pair + TEXT_WEIGHT * near[there] + beside[there] + named, other


def option(order: Order, wrong: Choice, name: str, text: str) -> DraftOption | None:
    """A wrong category as an answer that cites its nearest clause; None where it has none of its side."""
    clause = order.clause(wrong.home, text, wrong.side)
    if clause is None:
        return None
    return DraftOption(name, f"“{name}” is about something else: {shortened(clause[1])}", clause[0])


def difficulty(rivals: Sequence[tuple[float, Choice]]) -> float:
    """How near the rivals lie on average, from 0 to 1; 0 without rivals."""
    return round(min(1.0, sum(value for value, _ in rivals) / len(rivals)), 3) if rivals else 0.0
