"""From policies to a module: drafts of every kind, checked, shuffled, put into forms, with the lessons before them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from training.generation import choice, coverage, item_checks, lessons, quiz_forms
from training.generation.catalogue import Catalogue
from training.generation.checks import TWINS, alike
from training.generation.citing import texts_of
from training.generation.item_checks import Grounds
from training.generation.items import (
    actor,
    boundary,
    carve_out,
    case,
    coded_example,
    conduct,
    consequence,
    deciding,
    definition,
    difference,
    grade,
    ladder,
    naming,
    statement,
    steps,
    threshold,
    unless,
)
from training.generation.material import ActionLabel, CaseExample, Draft, Item, Lesson, Module, Option, Source
from training.generation.order import Order
from training.generation.spoken import UNTITLED
from training.generation.wording import key_of, quoted

#: Kinds in their order: application before norm before warm-up; of two like items the first one stays.
KINDS: Sequence[tuple[str, Callable[[Order], Iterator[Draft]]]] = (
    (case.KIND, case.drafts),
    (deciding.KIND, deciding.drafts),
    (coded_example.KIND, coded_example.drafts),
    (ladder.KIND, ladder.drafts),
    (grade.KIND, grade.drafts),
    (difference.KIND, difference.drafts),
    (threshold.KIND, threshold.drafts),
    (consequence.KIND, consequence.drafts),
    (actor.KIND, actor.drafts),
    (statement.KIND, statement.drafts),
    (carve_out.KIND, carve_out.drafts),
    (conduct.KIND, conduct.drafts),
    (definition.KIND, definition.drafts),
    (naming.KIND, naming.drafts),
    (steps.KIND, steps.drafts),
    (unless.KIND, unless.drafts),
    (boundary.KIND, boundary.drafts),
)
LETTERS = "abcd"
#: Reading speed, and time for one question.
WORDS_A_MINUTE, MINUTES_AN_ITEM = 180, 0.5


def generate(
    sources: Sequence[Source],
    *,
    sections: Sequence[str] = (),
    contrast: tuple[str, str] | None = None,
    cases: Sequence[CaseExample] = (),
    actions: Sequence[ActionLabel] = (),
    confusions: Mapping[tuple[str, str], int] | None = None,
    seed: int = 0,
) -> Module:
    """A module on *sections* (full keys; none: everything) out of *sources*.

    Sections that are not targeted still lend their wrong answers, so hand in all policies in force, one
    version each. Cases must have been settled under these versions. The same input gives the same module in
    every process; what cannot be cited or fails a check is dropped, and the coverage says what is missing.

    Raises
    ------
    ValueError : a section is in none of the sources, or a policy comes in two versions.
    """
    catalogue = Catalogue(sources)
    _refuse(catalogue, sources, [*sections, *(contrast or ())])
    plain = Order(
        catalogue, tuple(dict.fromkeys(sections)), contrast, tuple(cases), tuple(actions), dict(confusions or {}), seed
    )
    order = replace(plain, worked=lessons.worked(plain))
    items = _items(order)
    forms = quiz_forms.forms(items, seed)
    shared = quiz_forms.shared_rules(forms, items)
    taught = lessons.lessons(order)
    return Module(
        policies=catalogue.sources,
        sections=order.targets,
        contrast=contrast,
        seed=seed,
        lessons=taught,
        items=tuple(items),
        forms={purpose: tuple(ids) for purpose, ids in forms.items()},
        coverage=coverage.rows(order, items),
        shortage=coverage.shortage(forms, shared),
        shared_rules=shared,
        minutes=_minutes(taught, forms),
    )


def _refuse(catalogue: Catalogue, sources: Sequence[Source], wanted: Sequence[str]) -> None:
    slugs = [source.slug for source in sources]
    if len(set(slugs)) < len(slugs):
        raise ValueError("one policy came in two versions; a module is made from one version of each")
    for key in wanted:
        if key not in catalogue.places and key not in slugs:
            raise ValueError(f"no section {key!r} in these policies")


def _items(order: Order) -> list[Item]:
    """Drafts that pass their checks, without near-duplicates, with their keys spread over the places.

    What one kind asked in some words with an answer is not asked again in those words by another kind.
    """
    kept: list[Item] = []
    asked: set[tuple[str, str]] = set()
    for item, verdicts in proposed(order):
        gist = (item.stem.rpartition("“")[2], key_of(item.options[0].text))
        is_new = gist not in asked and not any(alike(item, other) >= TWINS for other in kept)
        if not any(verdicts.values()) and is_new:
            kept.append(item)
            asked.add(gist)
    places = choice.balanced_positions([len(item.options) for item in kept], order.seed, "places")
    return [_placed(item, place, order) for item, place in zip(kept, places, strict=True)]


def proposed(order: Order) -> Iterator[tuple[Item, dict[str, str | None]]]:
    """Every question that the kinds propose, its key in front, with what each check has against it (None: nothing)."""
    grounds = Grounds(texts_of(order.catalogue.sources), order.catalogue)
    for kind, drafts in KINDS:
        for draft in drafts(order):
            item = _item(draft, order, kind)
            yield item, item_checks.verdicts(item, grounds)


def _item(draft: Draft, order: Order, kind: str) -> Item:
    """A draft as an item with its key in front, to be checked."""
    source = order.catalogue.places[draft.citation.section].source
    options = (draft.right, *draft.wrong)
    texts = [option.text for option in options]
    return Item(
        id=f"{kind}-{choice.short_id(source.sha256, draft.unit_hash, draft.stem, *texts, order.seed)}",
        kind=kind,
        stem=draft.stem.replace(quoted(UNTITLED), UNTITLED),
        options=tuple(
            Option(letter, option.text, option.feedback, option.citation)
            for letter, option in zip(LETTERS, options, strict=False)
        ),
        key=(LETTERS[0],),
        citation=draft.citation,
        difficulty=draft.difficulty,
        checks=dict.fromkeys(item_checks.CHECKS, True),
        unit_hash=draft.unit_hash,
        skill=draft.skill,
        case=draft.case,
        case_text=draft.case_text,
        critical=draft.critical,
    )


def _placed(item: Item, place: int, order: Order) -> Item:
    """The item with its wrong answers shuffled, its key at *place*, and letters in order."""
    right, *wrong = item.options
    options = choice.shuffled(wrong, item.id, order.seed)
    options.insert(place, right)
    lettered = tuple(replace(option, id=letter) for letter, option in zip(LETTERS, options, strict=False))
    return replace(item, options=lettered, key=(LETTERS[place],))


def _minutes(taught: Sequence[Lesson], forms: Mapping[str, Sequence[str]]) -> int:
    words = sum(len(block.markdown.split()) for lesson in taught for block in lesson.blocks)
    return max(1, round(words / WORDS_A_MINUTE + MINUTES_AN_ITEM * len(forms["initial"])))
