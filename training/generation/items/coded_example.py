"""Coded example to code: a quoted example of the policy, and the question which coded rule it belongs to."""

import re
from collections.abc import Iterator

from training.generation import choice
from training.generation.catalogue import Act
from training.generation.distractors import Candidate, chosen
from training.generation.giving_away import gives_away
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import flaws, key_of, quoted, roots

KIND = "coded_example"
#: Classes are asked for where coded rules stand under so many headings.
LEAST_CLASSES = 3
_CODES = re.compile(r"^[A-Z]{1,3}-?[A-Z]*\d+(?:\.\w+)?(?:,\s*[A-Z]{1,3}-?[A-Z]*\d+(?:\.\w+)?)*$")


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every example quoted under a coded rule: its class where the codes have classes, else its code."""
    coded = [act for act in order.catalogue.acts if act.rule.code and act.rule.examples]
    for act, target in order.acts():
        if not act.rule.code:
            continue
        rivals = _rivals(act, coded, order)
        if act.rule.polarity == "permitted" and len(_classes(act, coded)) >= LEAST_CLASSES:
            continue
        for slot, example in enumerate(act.rule.examples):
            draft = _to_class(order, act, target, example, slot, coded) or _draft(
                order, act, target, example, slot, rivals
            )
            if draft is not None:
                yield draft


def _classes(act: Act, coded: list[Act]) -> list[str]:
    """The homes of a policy's coded rules; where there are several, its codes are classes, and one of them is decided.

    Under what is allowed all codes have the same outcome: which of them it is decides nothing.
    """
    return list(dict.fromkeys(one.place.home for one in coded if one.place.source is act.place.source))


def code_of(act: Act) -> str:
    """The rule's code, or the codes that a table row ends on; empty when there is none."""
    action = act.rule.action or ""
    return act.rule.code or (action if _CODES.match(action) and act.rule.role == "element" else "")


def named(act: Act) -> str:
    """The code with its short name, as it stands before the example."""
    before = re.split(r"\s*[–—:-]\s*[“\"]|\s*[“\"]", act.rule.text, maxsplit=1)[0].strip(" –—:-")
    return before if act.rule.code and key_of(before).startswith(key_of(act.rule.code)) else code_of(act)


def family(code: str) -> str:
    """SP3 of SP3.b; a row's codes are a family of their own."""
    return re.split(r"[.\-_]", code)[0] if "," not in code else "row"


def _to_class(order: Order, act: Act, target: str, example: str, slot: int, coded: list[Act]) -> Draft | None:
    """In which class an example stands: “Likely” or “High-risk spam” is what is decided."""
    citation, home = act.cite(), act.place.home
    same = [one for one in coded if one.place.source is act.place.source]
    homes = _classes(act, coded)
    if citation is None or flaws(example) or len(homes) < LEAST_CLASSES:
        return None
    elsewhere = {one.place.home for one in same if one.place.home != home and _has(one, example)}
    stem = f"Which class does “{act.place.source.title}” give to this example? {quoted(example)}"
    at = homes.index(home)
    candidates = [
        Candidate(order.name(other), 1 / (1 + abs(at - number)), number)
        for number, other in enumerate(homes)
        if other != home and other not in elsewhere
    ]
    parts = order.parts(act.place, act.rule.unit_hash, KIND, slot)
    wrong = chosen(order.name(home), choice.shuffled(candidates, *parts, "order"), stem, *parts)
    held = [next(one for one in same if one.place.home == homes[option.handle]) for option in wrong]
    options = [_option(one, order.name(one.place.home)) for one in held]
    sure = tuple(option for option in options if option is not None)
    if not wrong or len(sure) < len(wrong):
        return None
    if gives_away(roots(example), order.name(home), [option.text for option in sure]):
        return None
    right = DraftOption(order.name(home), f"This is the policy's own example: {shortened(act.rule.text)}", citation)
    return Draft(
        KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target, [one.place.key for one in held])
    )  # fmt: skip


def _has(act: Act, example: str) -> bool:
    return key_of(example) in {key_of(other) for other in act.rule.examples}


def _rivals(act: Act, coded: list[Act], order: Order) -> list[tuple[Act, float]]:
    """Coded rules of the same policy, those of the same family first."""
    own = family(code_of(act))
    same: list[Act] = []
    other: list[Act] = []
    for rival in coded:
        like = bool(rival.rule.code) == bool(act.rule.code) and code_of(rival) != code_of(act)
        if rival.place.source is act.place.source and like and not flaws(named(rival)):
            (same if family(code_of(rival)) == own else other).append(rival)
    parts = order.parts(act.place, act.rule.unit_hash, KIND)
    ranked = [*choice.shuffled(same, *parts, "same"), *choice.shuffled(other, *parts, "other")]
    return [(rival, 1 / (1 + rank)) for rank, rival in enumerate(ranked[:6])]


def _draft(
    order: Order, act: Act, target: str, example: str, slot: int, rivals: list[tuple[Act, float]]
) -> Draft | None:
    citation = act.cite()
    stem = f"Which code does “{act.place.source.title}” give to this example? {quoted(example)}"
    clear = [
        Candidate(named(rival), nearness, handle)
        for handle, (rival, nearness) in enumerate(rivals)
        if not _has(rival, example)
    ]
    wrong = chosen(named(act), clear, stem, *order.parts(act.place, act.rule.unit_hash, KIND, slot))
    options = [_option(rivals[candidate.handle][0]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if citation is None or flaws(example) or len(sure) < max(2, len(wrong)):
        return None
    if gives_away(roots(example), named(act), [option.text for option in sure]):
        return None
    return Draft(
        KIND,
        stem,
        DraftOption(named(act), f"This is the policy's own example: {shortened(act.rule.text)}", citation),
        sure,
        citation,
        act.rule.unit_hash,
        order.skill(target, [rivals[c.handle][0].place.key for c in wrong]),
    )


def _option(act: Act, text: str = "") -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    told = f"The policy's example for it is another: {shortened(act.rule.text)}"
    return DraftOption(text or named(act), told, citation)
