"""Conduct to section: a listed act, and the question under which heading the policy lists it."""

from collections.abc import Iterator, Sequence

from training.generation.catalogue import ACT_ROLES, Act, is_named
from training.generation.distractors import Candidate, chosen
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import akin, flaws, quoted, roots, stands_alone, tokens

KIND = "conduct"
LEAST_WORDS, MOST_WORDS = 2, 40
#: Two groups of one list are told apart only where there are at least so many.
LEAST_GROUPS = 3
#: A section of another policy competes only where it speaks of something alike.
LEAST_NEARNESS = 0.04
ASKED = {
    "prohibited": "Which section lists this as something that is not allowed?",
    "permitted": "Which section lists this as something that is allowed?",
}


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every act that can be read alone and is listed in one place only."""
    for act, target in order.acts():
        if is_askable(act) and not order.catalogue.is_asking(act.place.home):
            draft = _to_home(order, act, target) or _to_group(order, act, target)
            if draft is not None:
                yield draft


def is_askable(act: Act) -> bool:
    """Whether an act has a side, and words that stand alone."""
    return (
        act.rule.role in ACT_ROLES
        and act.rule.polarity in ASKED
        and LEAST_WORDS <= len(tokens(act.body)) <= MOST_WORDS
        and stands_alone(act.body)
        and not flaws(act.body)
        and act.body != act.label
        and not (act.rule.code and act.rule.examples)
    )


def phrase(act: Act) -> str:
    """The act in quotation marks; three dots stand for the lead-in that a small letter waits for."""
    return quoted(f"… {act.body}" if act.body[0].islower() else act.body)


def rivals(order: Order, act: Act) -> list[Candidate]:
    """Homes with acts of the same side that could be taken for the right one and are not right as well."""
    catalogue, home = order.catalogue, act.place.home
    near = order.nearness(act.body)
    pair = set(order.contrast or ())
    found = []
    for handle, other in enumerate(order.homes):
        is_pair = {order.target_of(home), order.target_of(other)} == pair and other != home
        apart = not catalogue.related(home, other) or (is_pair and not catalogue.covers(home, other))
        same_side = any(a.rule.polarity == act.rule.polarity for a in catalogue.acts_at(other))
        if other != home and apart and same_side and not catalogue.says_nearly(act, other):
            here, there = catalogue.places[home], catalogue.places[other]
            beside = here.source is there.source
            # A heading of another policy that holds a word of the act might list it as well.
            also = not beside and akin(act.roots, roots(order.name(other)))
            if beside or is_pair or (near[other] >= LEAST_NEARNESS and not also):
                nearness = near[other] + 0.3 * beside + 0.2 * (here.parent == there.parent) + 0.001
                found.append(Candidate(order.name(other), nearness, handle, wanted=is_pair))
    return found


def _to_home(order: Order, act: Act, target: str) -> Draft | None:
    citation = act.cite()
    right = order.name(act.place.home)
    stem = f"{ASKED[act.rule.polarity]} {phrase(act)}"
    parts = order.parts(act.place, act.rule.unit_hash, KIND)
    candidates = rivals(order, act)
    wrong = order.home_options(candidates, right, act.body, act.rule.polarity, stem, *parts)
    if citation is None or not wrong or is_named(act, right, [option.text for option in wrong]):
        return None
    handles = {c.text: order.homes[c.handle] for c in candidates}
    return Draft(
        KIND,
        stem,
        DraftOption(right, f"It stands in “{right}”: {shortened(act.rule.text)}", citation),
        wrong,
        citation,
        act.rule.unit_hash,
        order.skill(target, [handles[option.text] for option in wrong]),
        difficulty=_mean([c.nearness for c in candidates if c.text in {option.text for option in wrong}]),
    )


def _groups(order: Order, act: Act) -> list[Act]:
    """The labelled acts of the act's own list that hold acts of the same side themselves."""
    own = [other for other in order.catalogue.acts_at(act.place.home) if other.place.key == act.place.key]
    parents = {other.rule.parent for other in own}
    return [
        other
        for other in own
        if other.label and other.index in parents and other.rule.parent is None
        and other.rule.polarity == act.rule.polarity
    ]  # fmt: skip


def _to_group(order: Order, act: Act, target: str) -> Draft | None:
    """Where one section holds labelled groups of acts: which of them lists it?"""
    groups = _groups(order, act)
    own = next((group for group in groups if group.index == act.rule.parent), None)
    if own is None or len(groups) < LEAST_GROUPS:
        return None
    stem = f"Which part of “{order.name(act.place.home)}” lists this? {phrase(act)}"
    candidates = [
        Candidate(group.label, 0.05 + len(group.roots & act.roots) / 10, handle)
        for handle, group in enumerate(groups)
        if group is not own and not _also_in(order, act, group)
    ]
    wrong = chosen(own.label, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND, 1))
    citation = act.cite()
    options = [_group_option(groups[c.handle]) for c in wrong]
    sure = [option for option in options if option is not None]
    if citation is None or not wrong or len(sure) < len(wrong):
        return None
    return Draft(
        KIND,
        stem,
        DraftOption(own.label, f"It is listed under “{own.label}”: {shortened(act.rule.text)}", citation),
        tuple(sure),
        citation,
        act.rule.unit_hash,
        order.skill(target),
        difficulty=_mean([c.nearness for c in wrong]),
    )


def _also_in(order: Order, act: Act, group: Act) -> bool:
    """Whether a group's own words or one of its acts say nearly the same."""
    inside = [a for a in order.catalogue.acts_at(act.place.home) if a.rule.parent == group.index]
    texts = [group.body, *(a.body for a in inside if a.place.key == act.place.key)]
    wanted = act.roots
    return any(len(wanted & roots(text)) >= max(2, 0.6 * len(wanted)) for text in texts)


def _group_option(group: Act) -> DraftOption | None:
    citation = group.cite()
    if citation is None:
        return None
    return DraftOption(group.label, f"“{group.label}” is about something else: {shortened(group.rule.text)}", citation)


def _mean(values: Sequence[float]) -> float:
    return round(min(1.0, sum(values) / len(values)), 3) if values else 0.0
