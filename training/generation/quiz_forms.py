"""Forms: which items are asked together, in which order, and what it takes to pass one."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from math import ceil

from training.generation import choice
from training.generation.material import NAVIGATION_KINDS, SITUATION_KINDS, Item
from training.generation.skills import SkillKey

#: Purpose and length; they are filled in this order, so that what is short is short at the end.
SIZES = {"initial": 8, "retake-1": 8, "retake-2": 8, "retention": 3}
#: Fewer items than this are no form: it stays empty, and the module says so.
LEAST = 3
#: Share of a form that must show a case or a quoted example, and that may only ask where something stands.
SITUATION_SHARE = 0.5
NAVIGATION_SHARE = 0.2
#: Share of source rules that a form may have in common with the forms before it while there are others.
COMMON_SHARE = 0.25
PASS_SHARE = 7 / 8
KEY_SHARE = 2 / 3
#: Kinds that teach but are solved by tone alone: never asked for a pass.
WARM_UP_KINDS = frozenset({"boundary"})
#: The key stands in one place at most so often in a row.
LONGEST_RUN = 3
#: Further orders that are tried where the first one leaves the key in one place for longer.
ORDERS_TRIED = 24

Bundle = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of an attempt, as passing looks at it."""

    item_kind: str
    skill_key: SkillKey
    right: bool
    critical: bool = False


@dataclass(slots=True)
class _Form:
    """A form while it grows."""

    size: int
    seed: int
    purpose: str
    bundles: list[Bundle] = field(default_factory=list)

    def items(self) -> list[Item]:
        return [item for bundle in self.bundles for item in bundle]

    def fits(self, bundle: Bundle) -> bool:
        """Whether *bundle* breaks no rule of the form; what is *preferred* is another matter."""
        asked = self.items()
        navigation = sum(item.kind in NAVIGATION_KINDS for item in (*asked, *bundle))
        return (
            len(asked) + len(bundle) <= self.size
            and navigation <= int(NAVIGATION_SHARE * self.size)
            and not rules_of(bundle) & rules_of(asked)
        )


def rules_of(items: Iterable[Item]) -> frozenset[str]:
    """The source rules of *items*; a case is new evidence, so it has none."""
    return frozenset(item.unit_hash for item in items if item.case is None and item.case_text is None)


def _group(item: Item) -> str:
    return item.skill.a if item.skill.kind == "section" else item.citation.section


def _is_situation(bundle: Bundle) -> bool:
    return bundle[0].kind in SITUATION_KINDS


def _bundles(items: Sequence[Item]) -> list[Bundle]:
    """Items one by one; the steps of a case (section, then action, then clause) together."""
    steps: dict[str, list[Item]] = {}
    single: list[Bundle] = []
    for item in items:
        if item.kind in WARM_UP_KINDS:
            continue
        if item.case is None:
            single.append((item,))
        else:
            steps.setdefault(item.case, []).append(item)
    return [*single, *(tuple(sorted(asked, key=_step)) for asked in steps.values())]


def _step(item: Item) -> int:
    """Which step of its case a question is."""
    return 2 if item.kind == "clause" else int(item.skill.kind == "action")


def _next(form: _Form, open_bundles: Sequence[Bundle], used: frozenset[str]) -> Bundle | None:
    """The bundle that serves the form best: new rules, the least asked section, the least asked kind."""
    asked = form.items()
    groups = Counter(_group(item) for item in asked)
    kinds = Counter(item.kind for item in asked)

    def wish(bundle: Bundle) -> tuple[bool, bool, int, int, int]:
        first = bundle[0]
        again = bool(rules_of(bundle) & used)
        navigation = first.kind in NAVIGATION_KINDS
        arbitrary = choice.number(form.seed, form.purpose, first.id)
        return navigation, again, groups[_group(first)], kinds[first.kind], arbitrary

    return min((bundle for bundle in open_bundles if form.fits(bundle)), key=wish, default=None)


def _fill(purpose: str, left: list[Bundle], used: frozenset[str], seed: int) -> list[Bundle]:
    """Situations up to their share, then the other kinds, then what is left; shorter when nothing fits."""
    form = _Form(SIZES[purpose], seed, purpose)
    need = ceil(SITUATION_SHARE * form.size)
    for wanted, size in ((True, need), (False, form.size), (True, form.size)):
        while len(form.items()) < size:
            rest = [b for b in left if b not in form.bundles and _is_situation(b) is wanted]
            bundle = _next(form, rest, used)
            if bundle is None:
                break
            form.bundles.append(bundle)
    if len(form.items()) < form.size:
        _fill_with_first_steps(form, left)
    return form.bundles if len(form.items()) >= LEAST else []


def _fill_with_first_steps(form: _Form, left: Sequence[Bundle]) -> None:
    """A last free place takes a case's first step alone; its second is then asked nowhere."""
    for bundle in left:
        if len(bundle) > 1 and not any(bundle[0] in taken for taken in form.bundles):
            first = bundle[:1]
            if form.fits(first):
                form.bundles.append(first)


def _run(letters: Sequence[tuple[str, ...]]) -> int:
    return max((len(list(same)) for _, same in groupby(letters)), default=0)


def arranged(bundles: Sequence[Bundle], *parts: object) -> list[Item]:
    """Items in the order in which they are asked: sections take turns, and the key does not stay in one place."""
    first = _in_turns(bundles, *parts)
    tried = (_in_turns(bundles, *parts, "again", attempt) for attempt in range(ORDERS_TRIED))
    return next((order for order in chain((first,), tried) if _run([item.key for item in order]) <= LONGEST_RUN), first)


def _in_turns(bundles: Sequence[Bundle], *parts: object) -> list[Item]:
    """One order, each place taken by what fits best there; at the end nothing may be left that fits."""
    left = choice.shuffled(bundles, *parts)
    order: list[Item] = []
    while left:
        counts = Counter(_group(bundle[0]) for bundle in left)

        def cost(bundle: Bundle, order: list[Item] = order, counts: Counter[str] = counts) -> tuple[bool, bool, int]:
            keys = [item.key for item in (*order, *bundle)]
            same = bool(order) and _group(order[-1]) == _group(bundle[0])
            return _run(keys) > LONGEST_RUN, same, -counts[_group(bundle[0])]

        best = min(left, key=cost)
        left.remove(best)
        order.extend(best)
    return order


def forms(items: Sequence[Item], seed: int) -> dict[str, list[str]]:
    """Item ids of the initial form, two retakes and the retention check.

    No item and no case is in two forms. A form has 8 items (retention 3): half of them cases or quoted
    examples where there are so many, every section in turn, at most one in five that only asks where
    something stands, no source rule twice. Rules met in an earlier form come last. A form that
    would have fewer than 3 items is empty.
    """
    left = _bundles(sorted(items, key=lambda item: item.id))
    used: frozenset[str] = frozenset()
    made: dict[str, list[str]] = {}
    for purpose in SIZES:
        chosen = _fill(purpose, left, used, seed)
        seen = {item.id for bundle in chosen for item in bundle}
        left = [bundle for bundle in left if not any(item.id in seen for item in bundle)]
        used |= rules_of(item for bundle in chosen for item in bundle)
        made[purpose] = [item.id for item in arranged(chosen, seed, purpose)]
    return made


def shared_rules(made: dict[str, list[str]], items: Sequence[Item]) -> dict[str, float]:
    """Per form the share (0..1) of its source rules that an earlier form asked as well."""
    by_id = {item.id: item for item in items}
    used: frozenset[str] = frozenset()
    shares = {}
    for purpose, ids in made.items():
        rules = rules_of(by_id[id_] for id_ in ids)
        shares[purpose] = round(len(rules & used) / len(rules), 3) if rules else 0.0
        used |= rules
    return shares


def passed(answers: Sequence[Answered], *, targeted: Collection[SkillKey] | None = None) -> tuple[bool, str]:
    """Whether an attempt passes, and why in one sentence.

    At least 7 of 8 right (a shorter form: the same share, rounded up), no targeted key below two
    thirds, every critical item right. An attempt without answers does not pass. Without *targeted*
    every key that was asked is one, but actions: they come as the second step of a case and are
    a key of their own only where somebody named them.
    """
    total = len(answers)
    if total == 0:
        return False, "Nothing was answered."
    right = sum(answer.right for answer in answers)
    needed = ceil(PASS_SHARE * total - 1e-9)
    if any(answer.critical and not answer.right for answer in answers):
        return False, "A critical question was answered wrong."
    if right < needed:
        return False, f"{right} of {total} right; {needed} are needed."
    met = {answer.skill_key for answer in answers}
    judged = {key for key in met if key.kind != "action"} if targeted is None else met & set(targeted)
    for key in sorted(judged):
        own = [answer.right for answer in answers if answer.skill_key == key]
        if sum(own) / len(own) < KEY_SHARE - 1e-9:
            return False, f"{sum(own)} of {len(own)} right on {_spoken(key)}; two thirds are needed."
    return True, f"{right} of {total} right; {needed} are needed."


def _spoken(key: SkillKey) -> str:
    return f"{key.a} against {key.b}" if key.b else key.a
