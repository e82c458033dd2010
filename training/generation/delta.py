"""What changed: a short lesson and three or four questions on the rules that a policy's new version brought."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from training.generation import choice, quiz_forms
from training.generation.build import generate
from training.generation.catalogue import Catalogue
from training.generation.citing import raw_text
from training.generation.material import NAVIGATION_KINDS, Block, Coverage, Item, Lesson, Module, Source
from training.generation.order import Order, Statement
from training.generation.wording import escaped, key_of

#: Questions of the first form and of each retake, and the fewest that are one.
SIZE, LEAST = 4, 3
PURPOSES = ("delta", "retake-1", "retake-2")
READING_WORDS_A_MINUTE, MINUTES_AN_ITEM = 180, 0.5


def delta(known: Sequence[Source], before: Source, sections: Sequence[str], *, seed: int = 0) -> Module:
    """The module on what is new in *sections* (full keys) since *before*, an older version of one of *known*.

    A question is about the change when the clause that it cites did not stand in the section before, or stood on
    another side. Others of the same sections fill the form up to three; a form without a question about the
    change stays empty, and the shortage says so.

    Raises
    ------
    ValueError : a section is in none of the sources, or *before* is a version of none of them.
    """
    after = next((one for one in known if one.slug == before.slug), None)
    if after is None:
        raise ValueError(f"no version of {before.slug!r} to compare with")
    built = generate(known, sections=sections, seed=seed)
    old, new = Order(Catalogue([before])), Order(Catalogue(known), tuple(sections))
    told = {key: _changes(old, new, key) for key in dict.fromkeys(_under(new, sections))}
    fresh = [one for added, _ in told.values() for one in added]
    usable = [one for one in built.items if one.kind not in quiz_forms.WARM_UP_KINDS]
    changed = [one for one in usable if _is_about(one, fresh)]
    forms = _forms(changed, [one for one in usable if one not in changed], seed)
    asked = {id_ for ids in forms.values() for id_ in ids}
    items = tuple(one for one in built.items if one.id in asked)
    lessons = tuple(_lessons(new, told, seed))
    return replace(
        built,
        lessons=lessons,
        items=items,
        forms=forms,
        coverage=tuple(_coverage(new, key, told[key][0], changed) for key in told if any(told[key])),
        shortage=None if forms["delta"] else "What changed has no form of questions.",
        shared_rules={},
        minutes=_minutes(lessons, forms),
    )


def _under(order: Order, sections: Sequence[str]) -> Iterator[str]:
    for key in order.catalogue.places:
        if any(order.catalogue.covers(target, key) for target in sections):
            yield key


def _changes(old: Order, new: Order, key: str) -> tuple[list[Statement], list[Statement]]:
    """The statements of a section that are new in it, and those that are gone."""
    before = _statements(old, key)
    after = _statements(new, key)
    was, now = {one.unit for one in before}, {one.unit for one in after}
    return [one for one in after if one.unit not in was], [one for one in before if one.unit not in now]


def _statements(order: Order, key: str) -> list[Statement]:
    place = order.catalogue.places.get(key)
    return [one for one in order.statements(place) if one.cite() is not None] if place is not None else []


def _is_about(item: Item, added: Sequence[Statement]) -> bool:
    """Whether a question was made from one of these statements, or cites one."""
    quote = f" {key_of(item.citation.quote)} "
    return any(item.unit_hash == one.unit or f" {key_of(one.text)} " in quote for one in added)


def _forms(changed: Sequence[Item], others: Sequence[Item], seed: int) -> dict[str, tuple[str, ...]]:
    """The first form and two retakes: rules that changed first, no question twice, no rule twice in one form."""
    left = [_ranked(changed, seed), _ranked(others, seed)]
    made: dict[str, tuple[str, ...]] = dict.fromkeys(("initial", *PURPOSES, "retention"), ())
    for purpose in PURPOSES:
        form: list[Item] = []
        for number, pool in enumerate(left):
            size = SIZE if number == 0 else LEAST
            for item in list(pool):
                fits = not quiz_forms.rules_of([item]) & quiz_forms.rules_of(form)
                if len(form) < size and fits and (number == 0 or form):
                    form.append(item)
        if len(form) < LEAST:
            break
        left = [[one for one in pool if one not in form] for pool in left]
        made[purpose] = tuple(one.id for one in quiz_forms.arranged([(one,) for one in form], seed, purpose))
    return made


def _ranked(items: Sequence[Item], seed: int) -> list[Item]:
    """What asks for a place in the text last, else by a fixed lot."""
    return sorted(items, key=lambda one: (one.kind in NAVIGATION_KINDS, choice.number(one.id, seed)))


def _lessons(order: Order, told: dict[str, tuple[list[Statement], list[Statement]]], seed: int) -> Iterator[Lesson]:
    for key, (added, gone) in told.items():
        blocks = [*_blocks(added, "New"), *_blocks(gone, "No longer there")]
        if blocks:
            name = order.name(order.catalogue.places[key].home)
            yield Lesson(choice.short_id("changed", key, seed), f"What changed in “{name}”", tuple(blocks))


def _blocks(statements: Sequence[Statement], label: str) -> Iterator[Block]:
    for one in statements:
        citation = one.cite()
        if citation is not None:
            text = f"**{label}:** {escaped(raw_text(one.text))}"
            yield Block("quote", text, citation, (citation,), one.unit)


def _coverage(order: Order, key: str, added: Sequence[Statement], changed: Sequence[Item]) -> Coverage:
    own = [one for one in changed if _is_about(one, added)]
    short = None if own or not added else "Needs author items: none about what changed here."
    return Coverage(key, len(own), tuple(sorted({one.kind for one in own})), short)


def _minutes(lessons: Sequence[Lesson], forms: dict[str, tuple[str, ...]]) -> int:
    words = sum(len(block.markdown.split()) for lesson in lessons for block in lesson.blocks)
    return max(1, round(words / READING_WORDS_A_MINUTE + MINUTES_AN_ITEM * len(forms["delta"])))
