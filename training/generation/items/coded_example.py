"""Coded example to code: a quoted example of the policy, and the question which coded rule it belongs to."""

import re
from collections.abc import Iterator

from training.generation import choice
from training.generation.catalogue import Act
from training.generation.distractors import Candidate, chosen
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import flaws, key_of, quoted

KIND = "coded_example"
_CODES = re.compile(r"^[A-Z]{1,3}-?[A-Z]*\d+(?:\.\w+)?(?:,\s*[A-Z]{1,3}-?[A-Z]*\d+(?:\.\w+)?)*$")


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every example quoted under a coded rule, or in a table row that gives it a code."""
    coded = [act for act in order.catalogue.acts if code_of(act) and act.rule.examples]
    for act, target in order.acts():
        if not code_of(act):
            continue
        rivals = _rivals(act, coded, order)
        for slot, example in enumerate(act.rule.examples):
            draft = _draft(order, act, target, example, slot, rivals)
            if draft is not None:
                yield draft


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


def _rivals(act: Act, coded: list[Act], order: Order) -> list[tuple[Act, float]]:
    """Coded rules of the same policy: one of the same family, the rest of others."""
    own = family(code_of(act))
    same: list[Act] = []
    other: list[Act] = []
    for rival in coded:
        like = bool(rival.rule.code) == bool(act.rule.code) and code_of(rival) != code_of(act)
        if rival.place.source is act.place.source and like and not flaws(named(rival)):
            (same if family(code_of(rival)) == own else other).append(rival)
    parts = order.parts(act.place, act.rule.unit_hash, KIND)
    first = choice.shuffled(same, *parts, "same")
    ranked = [*(first[:1] if other else first), *choice.shuffled(other, *parts, "other")]
    return [(rival, 1 / (1 + rank)) for rank, rival in enumerate(ranked[:6])]


def _draft(
    order: Order, act: Act, target: str, example: str, slot: int, rivals: list[tuple[Act, float]]
) -> Draft | None:
    citation = act.cite()
    stem = f"Which code does the policy give to this example? {quoted(example)}"
    clear = [
        Candidate(named(rival), nearness, handle, wanted=handle == 0)
        for handle, (rival, nearness) in enumerate(rivals)
        if key_of(example) not in {key_of(other) for other in rival.rule.examples}
    ]
    wrong = chosen(named(act), clear, stem, *order.parts(act.place, act.rule.unit_hash, KIND, slot))
    options = [_option(rivals[candidate.handle][0]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if citation is None or flaws(example) or len(sure) < max(2, len(wrong)):
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


def _option(act: Act) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(named(act), f"The policy's example for it is another: {shortened(act.rule.text)}", citation)
