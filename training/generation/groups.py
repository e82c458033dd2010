"""Labelled groups of acts inside one section: which of them, on which side, a listed act falls under."""

from training.generation import choice
from training.generation.catalogue import Act
from training.generation.giving_away import gives_away, overlap, shared
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.sides import SAID
from training.generation.wording import quoted, roots

#: Groups are told apart only where there are at least so many of the act's own side.
LEAST_GROUPS = 3
#: A group that shares so many of an act's words lists it as well; below the lower share nobody can say so.
ALSO_IN, NOT_IN = 0.5, 0.25
WRONG, LEAST_WRONG = 3, 2


def draft(order: Order, act: Act, text: str, target: str, kind: str) -> Draft | None:
    """The question under which labelled group, and so on which side, a section lists an act; None where none can be."""
    known = _groups(order, act)
    own = next((one for one in known if one.place is act.place and one.index == act.rule.parent), None)
    citation, about = act.cite(), roots(text)
    if own is None or citation is None or sum(one.rule.polarity == own.rule.polarity for one in known) < LEAST_GROUPS:
        return None
    sides = len({one.rule.polarity for one in known})
    wrong = _wrong(order, act, own, known)
    names = [_name(one, sides) for one in (own, *wrong)]
    options = [_option(one, name) for one, name in zip(wrong, names[1:], strict=True)]
    sure = tuple(option for option in options if option is not None)
    if len(sure) < LEAST_WRONG or len(sure) < len(wrong):
        return None
    labels = [one.label for one in wrong]
    if gives_away(about, own.label, labels, order.held(act.place.source.slug)):
        return None
    title, name = act.place.source.title, order.name(act.place.home)
    stem = f"How does “{title}” class this, and as what? {quoted(text)}"
    if sides == 1:
        stem = f"As which kind of content does “{name}” list this? {quoted(text)}"
    right = DraftOption(names[0], f"It is listed under “{own.label}”: {shortened(act.rule.text)}", citation)
    return Draft(kind, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _name(group: Act, sides: int) -> str:
    return f"{SAID[group.rule.polarity]}: {group.label}" if sides > 1 else group.label


def _groups(order: Order, act: Act) -> list[Act]:
    """The labelled acts of the act's home that hold acts themselves, of either side."""
    acts = order.catalogue.acts_at(act.place.home)
    parents = {(one.place.key, one.rule.parent) for one in acts}
    return [
        one
        for one in acts
        if one.label and one.rule.parent is None and one.rule.polarity in SAID
        and (one.place.key, one.index) in parents
    ]  # fmt: skip


def _wrong(order: Order, act: Act, own: Act, known: list[Act]) -> list[Act]:
    """The nearest groups that do not list the act as well: of its side one or two, the rest of the other."""
    about = roots(act.body)
    most = max(NOT_IN, overlap(about, own.roots))
    likeness = {known.index(one): max(overlap(about, text) for text in _texts(order, act, one)) for one in known}
    fit = [one for one in known if one is not own and likeness[known.index(one)] < min(ALSO_IN, most + 1e-9)]
    named = {known.index(one): len(shared(roots(one.label), about)) for one in fit}
    fit.sort(key=lambda one: (-named[known.index(one)], -likeness[known.index(one)], known.index(one)))
    beside = [one for one in fit if one.rule.polarity == own.rule.polarity]
    against = [one for one in fit if one.rule.polarity != own.rule.polarity]
    if not beside:
        return []
    wanted = 1 + choice.number(*order.parts(act.place, act.rule.unit_hash, "group")) % 2
    return [*beside[:wanted], *against[: WRONG - wanted], *beside[wanted:]][:WRONG]


def _texts(order: Order, act: Act, group: Act) -> list[frozenset[str]]:
    """A group's own words, and those of each act in it but the one that is asked about."""
    acts = order.catalogue.acts_at(act.place.home)
    inside = [one for one in acts if one.rule.parent == group.index and one.place is group.place]
    return [roots(f"{group.label} {group.body}"), *(one.roots for one in inside if one is not act)]


def _option(group: Act, name: str) -> DraftOption | None:
    citation = group.cite()
    if citation is None:
        return None
    return DraftOption(name, f"“{group.label}” is about something else: {shortened(group.rule.text)}", citation)
