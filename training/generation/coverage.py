"""What a module has for each targeted section, and what it lacks, in words for the policy's owner."""

from collections.abc import Iterator, Mapping, Sequence

from training.generation.material import APPLICATION_KINDS, Coverage, Item
from training.generation.order import Order
from training.generation.quiz_forms import COMMON_SHARE, SIZES

#: A targeted section has so many items of so many kinds, one of which applies the rule to something.
LEAST_ITEMS, LEAST_KINDS = 6, 2
#: A section with fewer words of its own is a heading.
LEAST_WORDS = 40


def rows(order: Order, items: Sequence[Item]) -> tuple[Coverage, ...]:
    """One row for each targeted section; without targets one for each section that has words of its own."""
    return tuple(_row(target, [i for i in items if _about(order, i, target)]) for target in _targets(order))


def _targets(order: Order) -> Iterator[str]:
    if order.aimed:
        yield from order.aimed
        return
    for home in order.homes:
        if len(order.catalogue.text_of(home).split()) >= LEAST_WORDS:
            yield home


def _about(order: Order, item: Item, target: str) -> bool:
    if item.case is not None and item.skill.kind != "pair":
        return item.skill.a == target
    return order.target_of(item.citation.section) == target


def _row(target: str, items: Sequence[Item]) -> Coverage:
    kinds = tuple(sorted({item.kind for item in items}))
    lacks = []
    if len(items) < LEAST_ITEMS:
        lacks.append(f"{len(items)} of {LEAST_ITEMS} questions")
    if items and len(kinds) < LEAST_KINDS:
        lacks.append(f"one kind of question only ({kinds[0]})")
    if not APPLICATION_KINDS & set(kinds):
        lacks.append("none that applies the rule to a case or an example")
    shortage = f"Needs author items: {'; '.join(lacks)}." if lacks else None
    return Coverage(target, len(items), kinds, shortage)


def shortage(forms: Mapping[str, Sequence[str]], shared: Mapping[str, float]) -> str | None:
    """What stands between a module and four full forms, None when nothing does."""
    short = [f"{purpose} has {len(forms[purpose])} of {size}" for purpose, size in SIZES.items()
             if len(forms[purpose]) < size]  # fmt: skip
    common = [f"{purpose} shares {share:.0%} of its rules with earlier forms" for purpose, share in shared.items()
              if share > COMMON_SHARE]  # fmt: skip
    told = [*short, *common]
    return f"{'; '.join(told)}." if told else None
