"""Carve-out: what a section takes out of what it forbids, beside what its other sections take out."""

from collections.abc import Iterator

from qa.policytext.polarity import takes_out
from training.generation.catalogue import ACT_ROLES, Act
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.giving_away import gives_away
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import containment, flaws, jaccard, roots, stands_alone, tokens

KIND = "carve_out"
LEAST_WORDS, MOST_WORDS = 3, 40
#: Nearer to an exception of the section itself, another one would be a second right answer.
TOO_LIKE, TOO_MUCH_WITHIN = 0.4, 0.6


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every exception of a section that forbids; all options are exceptions, so that tone tells nothing."""
    excepted = [act for act in order.catalogue.acts if is_carve_out(order, act)]
    for act, target in order.acts():
        if act in excepted:
            draft = _draft(order, act, target, excepted)
            if draft is not None:
                yield draft


def is_carve_out(order: Order, act: Act) -> bool:
    """Whether an act is allowed beside others that its section forbids, and can be read alone.

    A list stands among exceptions where its heading or lead-in says so; virtues beside vices are none.
    """
    return bool(
        act.rule.polarity == "permitted"
        and act.rule.role in {*ACT_ROLES, "exception"}
        and (act.rule.role == "exception" or takes_out(f"{act.place.section.title} {act.rule.lead_in}"))
        and LEAST_WORDS <= len(tokens(act.body)) <= MOST_WORDS
        and stands_alone(act.body)
        and not flaws(act.body)
        and act.body != act.label
        and _banned_in(order, act) is not None
    )


def _banned_in(order: Order, act: Act) -> str | None:
    """The home of what an exception is taken out of: its own, or the one above a section of exceptions."""
    homes = (act.place.home, *(order.catalogue.places[key].home for key in order.catalogue.above(act.place.key)))
    return next(
        (home for home in homes if any(other.rule.polarity == "prohibited" for other in order.catalogue.acts_at(home))),
        None,
    )


def _draft(order: Order, act: Act, target: str, excepted: list[Act]) -> Draft | None:
    home, catalogue = _banned_in(order, act) or act.place.home, order.catalogue
    citation = act.cite()
    stem = f"Which exception does “{act.place.source.title}” make in “{order.name(home)}”?"
    candidates = [
        Candidate(other.body, 0.05 + jaccard(other.roots, act.roots), handle)
        for handle, other in enumerate(excepted)
        if _banned_in(order, other) not in (home, None)
        and not catalogue.related(home, other.place.home)
        and other.place.source is act.place.source
        and not any(_also_fits(other, own) for own in (*catalogue.acts_at(home), *catalogue.acts_at(act.place.home)))
        and other.body[0].isupper() == act.body[0].isupper()
        and 1 / LENGTH_RATIO <= len(other.body) / len(act.body) <= LENGTH_RATIO
    ]  # fmt: skip
    wrong = chosen(act.body, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(order, excepted[candidate.handle]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if citation is None or not wrong or len(sure) < len(wrong):
        return None
    if gives_away(roots(order.name(home)), act.body, [option.text for option in sure]):
        return None
    right = DraftOption(act.body, f"The policy takes it out: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _also_fits(other: Act, own: Act) -> bool:
    return jaccard(other.roots, own.roots) >= TOO_LIKE or (
        min(len(other.roots), len(own.roots)) >= 2 and containment(other.roots, own.roots) >= TOO_MUCH_WITHIN
    )


def _option(order: Order, act: Act) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    told = (
        f"That is an exception of “{order.name(_banned_in(order, act) or act.place.home)}”: {shortened(act.rule.text)}"
    )
    return DraftOption(act.body, told, citation)
