"""Order of steps: a numbered procedure of the policy, and the question which step comes next."""

import re
from collections.abc import Iterator

from training.generation import choice
from training.generation.catalogue import Act, Place
from training.generation.distractors import Candidate, chosen
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import flaws, key_of, quoted, stands_alone, tokens

KIND = "steps"
LEAST_STEPS, MOST_STEPS = 3, 7
LEAST_WORDS, MOST_WORDS = 2, 30
#: The words around a list say whether its items come one after the other, or stand side by side.
ORDER = re.compile(r"(?i)\b(?:steps?|process|procedure|order|workflow|stages?|sequence|follow these)\b")
#: Such a list says what something holds, in no order.
_HOLDS = re.compile(
    r"(?i)\b(?:includ\w+|contain\w*|information|details|following (?:items|data)|such as|may be|one of)\b"
)
#: A step that says itself where it stands gives its place away.
_PLACED = re.compile(r"(?i)^(?:after|once|then|finally|lastly|next|first|second|third|begin|start|end)\b")
#: What "is" or "will be" tells how things go, and is no step of anybody's.
FACT = re.compile(r"(?i)^(?:[\w'’-]+\s+){1,3}(?:is|are|will|may|can)\b")
STANDARDS = re.compile(
    r"(?i)\b(?:standards?|principles?|rules|expect\w*|guidelines|values|agree|always|never|must|should|dos|don['’]ts)\b"
)
#: A list with a lone "or" names ways, not steps.
WAYS = {"or", "and", "and or"}


def drafts(order: Order) -> Iterator[Draft]:
    """For each procedure the question what comes first (three steps), or what follows a step (more)."""
    for place in order.catalogue.places.values():
        target = order.target_of(place.key)
        for steps in _procedures(order, place) if target is not None else ():
            for at in range(len(steps)):
                draft = _draft(order, place, steps, at, target or "")
                if draft is not None:
                    yield draft


def _procedures(order: Order, place: Place) -> Iterator[list[Act]]:
    numbered = {block.line_from for block in place.section.blocks if block.kind == "item" and block.ordered}
    lists: dict[int | None, list[Act]] = {}
    for act in order.catalogue.acts_at(place.home):
        if act.place is place and act.rule.role == "step" and act.rule.unit == "item":
            lists.setdefault(act.rule.parent, []).append(act)
    for steps in lists.values():
        about = f"{place.section.title} {place.name} {steps[0].rule.lead_in}"
        if STANDARDS.search(about) or _HOLDS.search(about) or not ORDER.search(about):
            continue
        if any(FACT.match(step.body) or _PLACED.match(step.body) or not step.body[0].isupper() for step in steps):
            continue
        whole = all(step.rule.line_from in numbered for step in steps)
        names = {key_of(step.rule.text) for step in steps}
        if whole and LEAST_STEPS <= len(steps) <= MOST_STEPS and len(names) == len(steps) and not names & WAYS:
            yield steps


def _draft(order: Order, place: Place, steps: list[Act], at: int, target: str) -> Draft | None:
    """Step number *at* is the key: the first one, or the one that follows another."""
    if at == 0:
        stem, about = f"In “{_about(order, place)}”, which step comes first?", None
    elif len(steps) > LEAST_STEPS:
        about = steps[at - 1]
        stem = f"In “{_about(order, place)}”, which step follows directly on this one? {quoted(about.body)}"
    else:
        return None
    act, citation = steps[at], steps[at].cite()
    parts = order.parts(place, act.rule.unit_hash, KIND)
    candidates = [
        Candidate(other.body, 1 / (1 + abs(number - at)), number)
        for number, other in enumerate(steps)
        if other is not act and other is not about
    ]
    wrong = chosen(act.body, choice.shuffled(candidates, *parts), stem, *parts)
    options = [_option(steps[one.handle], one.handle) for one in wrong]
    sure = tuple(option for option in options if option is not None)
    if citation is None or not wrong or len(sure) < len(wrong) or not all(_is_askable(one.text) for one in sure):
        return None
    right = DraftOption(act.body, f"It is step {at + 1}: {shortened(act.rule.text)}", citation)
    if not _is_askable(act.body) or (about is not None and not _is_askable(about.body)):
        return None
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _about(order: Order, place: Place) -> str:
    name, title = order.name(place.home), place.source.title
    return name if name == title else f"{title}: {name}"


def _is_askable(text: str) -> bool:
    return LEAST_WORDS <= len(tokens(text)) <= MOST_WORDS and stands_alone(text) and not flaws(text)


def _option(act: Act, number: int) -> DraftOption | None:
    citation = act.cite()
    return (
        DraftOption(act.body, f"That is step {number + 1}: {shortened(act.rule.text)}", citation) if citation else None
    )
