"""The acceptance checks of a whole module, run at build time and by command."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import scipy  # its parts load at their first use, not with the web

from training.generation import item_checks, quiz_forms, solvers
from training.generation.catalogue import Catalogue
from training.generation.citing import provenance, texts_of
from training.generation.coverage import LEAST_ITEMS, LEAST_KINDS
from training.generation.export import from_json
from training.generation.item_checks import Grounds
from training.generation.material import APPLICATION_KINDS, NAVIGATION_KINDS, Item, Module, Source
from training.generation.wording import jaccard, roots

#: Two items so alike are one.
TWINS = 0.9
#: Key positions are judged from so many items on.
POSITIONS_FROM = 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check: on one item, or (item None) on the module; *why* is empty where nothing is wrong."""

    name: str
    item: str | None
    passed: bool
    why: str


def check(module_json: Mapping[str, Any], sources: Sequence[Source] = ()) -> list[CheckResult]:
    """Every check over a module as `export.as_json` writes it.

    Texts come from *sources*, or from the module's own file when none are given.
    """
    module = from_json(module_json)
    texts = tuple(sources) or module.policies
    grounds = Grounds(texts_of(texts), Catalogue(texts))
    by_item = (result for item in module.items for result in _item(item, grounds))
    return [*by_item, *_lessons(module, grounds), *_twins(module), *_forms(module), *_coverage(module),
            _positions(module.items), *cues(module.items)]  # fmt: skip


def _item(item: Item, grounds: Grounds) -> Iterator[CheckResult]:
    for name, wrong in item_checks.verdicts(item, grounds).items():
        yield CheckResult(name, item.id, wrong is None, wrong or "")


def _lessons(module: Module, grounds: Grounds) -> Iterator[CheckResult]:
    """Provenance of every block of every lesson."""
    for lesson in module.lessons:
        for number, block in enumerate(lesson.blocks, 1):
            found = (provenance(citation, grounds.texts) for citation in (block.citation, *block.citations))
            wrong = next((why for why in found if why is not None), None)
            why = f"lesson {lesson.id}, block {number}: {wrong}" if wrong is not None else ""
            yield CheckResult("lesson_provenance", None, wrong is None, why)


def alike(one: Item, other: Item) -> float:
    """How alike two questions are with their answers, 0..1; the two steps of a case are not compared."""
    if one.case is not None and one.case == other.case:
        return 0.0
    return jaccard(_gist(one), _gist(other))


def _gist(item: Item) -> frozenset[str]:
    right = next(option.text for option in item.options if option.id in item.key)
    return roots(f"{item.stem} {right}")


def _twins(module: Module) -> Iterator[CheckResult]:
    twins = [(a.id, b.id) for a, b in combinations(module.items, 2) if alike(a, b) >= TWINS]
    yield CheckResult("near_duplicates", None, not twins, f"{twins[0][0]} and {twins[0][1]} are one" if twins else "")


def _forms(module: Module) -> Iterator[CheckResult]:
    items = {item.id: item for item in module.items}
    ids = [id_ for form in module.forms.values() for id_ in form]
    known = all(id_ in items for id_ in ids)
    again = [id_ for id_, times in Counter(ids).items() if times > 1]
    yield CheckResult("forms_items", None, known and not again, f"asked twice: {again[0]}" if again else "")
    if not known:
        return
    for purpose, form in module.forms.items():
        why = _form_flaw(purpose, [items[id_] for id_ in form])
        yield CheckResult("form_rules", None, why is None, f"{purpose}: {why}" if why else "")
    cases = Counter(case for form in module.forms.values() for case in {items[i].case for i in form} - {None})
    taught = {block.case for lesson in module.lessons for block in lesson.blocks} - {None}
    double = [case for case, times in cases.items() if times > 1 or case in taught]
    yield CheckResult("forms_cases", None, not double, f"case {double[0]} is met twice" if double else "")
    over = [p for p, share in module.shared_rules.items() if share > quiz_forms.COMMON_SHARE]
    told = not over or (module.shortage is not None and "share" in module.shortage)
    yield CheckResult(
        "forms_rules_shared", None, told, f"{over[0]} shares rules, and nothing says so" if not told else ""
    )


def _form_flaw(purpose: str, form: Sequence[Item]) -> str | None:
    if len(form) > quiz_forms.SIZES[purpose]:
        return "too long"
    if sum(item.kind in NAVIGATION_KINDS for item in form) > quiz_forms.NAVIGATION_SHARE * quiz_forms.SIZES[purpose]:
        return "too many questions that only ask where something stands"
    if any(item.kind in quiz_forms.WARM_UP_KINDS for item in form):
        return "a warm-up counts towards passing"
    rules = [item.unit_hash for item in form if item.case is None and item.case_text is None]
    if len(set(rules)) < len(rules):
        return "one rule is asked twice"
    if any(len(list(run)) > quiz_forms.LONGEST_RUN for _, run in groupby(item.key for item in form)):
        return "the key stands in one place too often in a row"
    return None


def _coverage(module: Module) -> Iterator[CheckResult]:
    """A targeted section has enough items, or the module says what it lacks."""
    for row in module.coverage:
        enough = row.items >= LEAST_ITEMS and len(row.kinds) >= LEAST_KINDS and bool(APPLICATION_KINDS & set(row.kinds))
        passed = enough or bool(row.shortage)
        yield CheckResult("coverage", None, passed, "" if passed else f"{row.section} is short, and nothing says so")


def _positions(items: Sequence[Item]) -> CheckResult:
    """The key stands everywhere equally often (chi-squared over the places, p > 0.01), judged from 20 items on."""
    by_size: dict[int, list[int]] = {}
    for item in items:
        places = by_size.setdefault(len(item.options), [0] * len(item.options))
        places[[option.id for option in item.options].index(item.key[0])] += 1
    for size, places in by_size.items():
        expected = sum(places) / size
        squares = sum((place - expected) ** 2 / expected for place in places)
        if sum(places) >= POSITIONS_FROM and scipy.special.chdtrc(size - 1, squares) <= 0.01:
            return CheckResult("key_positions", None, False, f"of {size}: {places}")
    return CheckResult("key_positions", None, True, "")


def cues(items: Sequence[Item]) -> Iterator[CheckResult]:
    """What closed-book solvers earn on each kind that counts; judged from 200 items on, reported before."""
    kinds: dict[str, list[Item]] = {}
    for item in items:
        if item.kind not in quiz_forms.WARM_UP_KINDS:
            kinds.setdefault(item.kind, []).append(item)
    for kind, asked in kinds.items():
        chance = sum(1 / len(item.options) for item in asked) / len(asked)
        for name in solvers.SOLVERS:
            share = sum(credit_of(name, item) for item in asked) / len(asked)
            low = solvers.lower_limit(share, len(asked))
            passed = len(asked) < solvers.JUDGED_FROM or low <= chance + solvers.MARGIN
            why = f"{kind}, {name}: {share:.0%} of {len(asked)}, chance {chance:.0%}"
            yield CheckResult("closed_book", None, passed, why)


def credit_of(solver: str, item: Item) -> float:
    """What a closed-book solver earns on an item, 0..1."""
    texts = [option.text for option in item.options]
    right = [option.id for option in item.options].index(item.key[0])
    return solvers.credit(solver, item.stem, texts, right)
