"""What follows: a condition of the policy, and the question what the policy says then.

Grammar: (1) a sentence that opens with *if, when, where, once, after, upon, in case of, in the event of*, a comma, and
a clause with a subject and a verb of duty, of permission or of the future; (2) a list about breaches and what comes of
them, each item of it an event, a colon, and an outcome. Wrong answers are what the same policy says under other
conditions, of the same actor, or what the same list sets for other events.

Refused: a condition that points back (“in such cases”, “if they do not”); one that shares its telling words with its
own consequence alone; rivals whose conditions are alike, so that both could hold, or whose consequences say the same;
a list whose labels are the measures themselves; an outcome that two events of a list have in common.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.generation import choice
from training.generation.actors import ROLE, named
from training.generation.catalogue import Act, Place
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.giving_away import gives_away, overlap
from training.generation.glosses import beside, resolved
from training.generation.material import Citation, Draft, DraftOption, Source
from training.generation.order import Order, Statement, shortened
from training.generation.wording import flaws, jaccard, key_of, quoted, roots, stands_alone, tokens, without_stop

KIND = "consequence"
ASKED = "What does “{}” say happens in this case? {}"
LEAST_CONDITION, LEAST_THEN, MOST_THEN, MOST_WORDS = 4, 3, 28, 50
#: Conditions so alike may both hold; consequences so alike are one.
SAME_CASE, SAME_THEN = 0.34, 0.4
#: Items that a list of events and outcomes has at least.
LEAST_LISTED = 3
_OPENS = r"(?:If|When|Where|Once|After|Upon|In case|In the event)\b"
_DOES = (
    r"must|may|can|will|shall|should|cannot|might|would|(?:is|are)\s(?:not\s)?(?:\w+ly\s)?(?:\w+ed|responsible)|"
    r"reserves?\sthe\sright"
)
_CONDITIONAL = re.compile(
    rf"^(?P<condition>{_OPENS}[^;:“”\"()]+?),\s(?:then\s)?(?P<then>(?P<subject>[\w’'\s()/-]{{2,60}}?)\s(?:{_DOES})\b.+)$"
)
_POINTS = re.compile(
    rf"(?i)^{_OPENS} (?:it|its|they|them|their|he|she|so|not|none|any|both)\b|"
    r"\b(?:this|these|those|such|do so|does so|done so)\b"
)
_ABOUT_BREACHES = re.compile(
    r"(?i)\b(?:violations?|breach\w*|offen[cs]es?|enforce\w*|consequences?|penalt\w+|sanctions?|strikes?|disciplin\w*)\b"
)
_MEASURE = re.compile(
    r"(?i)\b(?:ban(?:s|ned)?|warn\w*|remov\w+|suspen\w+|terminat\w+|mut(?:e[ds]?|ing)|kick\w*|restrict\w*|report\w*|"
    r"reject\w*|delet\w+|disabl\w+|block\w*|logged|review\w*|reset|closed|closure|loss|time.?out|hidden|demot\w+)\b"
)
_EVENT = re.compile(
    r"(?i)\b(?:first|second|third|fourth|further|later|subsequent|repeat\w*|minor|major|severe|serious|critical|illegal|"
    r"persistent|violations?|offen[cs]es?|strikes?|breach\w*|severity|content|spam|fraud|abuse|harass\w+|threats?)\b"
)


@dataclass(frozen=True, slots=True)
class Conditional:
    """A case and what the policy says then; *side* says who acts, *whole* is all of its words."""

    place: Place
    condition: str
    then: str
    side: str
    whole: str
    unit: str
    citation: Citation


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every conditional whose policy has at least two more of the same side."""
    for source in order.catalogue.sources:
        known = [one for place in order.catalogue.places.values() if place.source is source
                 for s in order.statements(place) if (one := _parted(s)) is not None]  # fmt: skip
        for one, rivals in [*((one, _rivals(one, known)) for one in known), *_listed(order, source)]:
            target = order.target_of(one.place.key)
            draft = _draft(order, one, rivals, target) if target is not None else None
            if draft is not None:
                yield draft


def _parted(statement: Statement) -> Conditional | None:
    match, citation = _CONDITIONAL.match(statement.text), statement.cite()
    if match is None or citation is None or not statement.text.endswith((".", "!")):
        return None
    then = without_stop(match["then"])
    fits = LEAST_THEN <= len(tokens(then)) <= MOST_THEN and len(tokens(match["condition"])) >= LEAST_CONDITION
    alone = stands_alone(statement.text) and not _POINTS.search(match["condition"])
    if not fits or not alone or len(tokens(statement.text)) > MOST_WORDS or flaws(then):
        return None
    return Conditional(
        statement.place,
        f"{match['condition']}, …",
        then,
        _side(match["subject"], statement.place.source),
        statement.text,
        statement.unit,
        citation,
    )


def _side(subject: str, source: Source) -> str:
    """Who acts: those who decide, those who are addressed, somebody named before, or else the very subject."""
    who = named(resolved(subject, source).removeprefix("the ").removeprefix("The "))
    if key_of(subject) in {"you", "they"}:
        return key_of(subject)
    if key_of(subject) == "we" or ROLE.search(who.name):
        return "decides" if key_of(subject) == "we" or who.decides else "concerned"
    return key_of(subject)


def _listed(order: Order, source: Source) -> Iterator[tuple[Conditional, list[Conditional]]]:
    """The items of each list of events and outcomes, each with the others."""
    lists: dict[tuple[str, int | None, str], list[Act]] = {}
    for act in order.catalogue.acts:
        if act.place.source is source and act.rule.unit == "item":
            lists.setdefault((act.place.key, act.rule.parent, act.rule.lead_in), []).append(act)
    for (key, _, lead), acts in lists.items():
        about = f"{order.name(order.catalogue.places[key].home)} {order.catalogue.places[key].section.title} {lead}"
        events = [one for act in acts if (one := _event(act)) is not None]
        if _ABOUT_BREACHES.search(about) and LEAST_LISTED <= len(events) == len(acts):
            yield from ((one, [other for other in events if _is_other(other, one)]) for one in events)


def _event(act: Act) -> Conditional | None:
    citation = act.cite()
    names_event = _EVENT.search(act.label) and not _MEASURE.search(act.label)
    if citation is None or not names_event or act.body == act.label or not _MEASURE.search(act.body):
        return None
    body = f"{act.body[0].upper()}{act.body[1:]}"
    return Conditional(act.place, act.label, body, "list", act.rule.text, act.rule.unit_hash, citation)


def _draft(order: Order, own: Conditional, rivals: Sequence[Conditional], target: str) -> Draft | None:
    source = own.place.source
    stem = f"{ASKED.format(source.title, quoted(own.condition))}{beside(own.condition, source)}"
    candidates = [Candidate(one.then, jaccard(roots(one.whole), roots(own.whole)), at) for at, one in enumerate(rivals)]
    parts = order.parts(own.place, own.unit, KIND)
    wrong = chosen(own.then, choice.shuffled(candidates, *parts), stem, *parts)
    if not wrong or gives_away(roots(own.condition), own.then, [one.text for one in wrong]):
        return None
    right = DraftOption(own.then, f"The policy says: {shortened(own.whole)}", own.citation)
    options = tuple(_option(rivals[one.handle]) for one in wrong)
    return Draft(KIND, stem, right, options, own.citation, own.unit, order.skill(target))


def _rivals(own: Conditional, known: Sequence[Conditional]) -> list[Conditional]:
    found: list[Conditional] = []
    for one in known:
        news = all(overlap(roots(one.then), roots(other.then)) < SAME_THEN for other in found)
        if news and one.side == own.side and _is_other(one, own):
            found.append(one)
    return found


def _is_other(other: Conditional, own: Conditional) -> bool:
    """Whether two of them neither hold at once nor say the same."""
    return (
        other.whole != own.whole
        and (own.side == "list" or overlap(roots(other.condition), roots(own.condition)) < SAME_CASE)
        and overlap(roots(other.then), roots(own.then)) < (1 if own.side == "list" else SAME_THEN)
        and (own.side == "list" or 1 / LENGTH_RATIO <= len(other.then) / len(own.then) <= LENGTH_RATIO)
    )


def _option(one: Conditional) -> DraftOption:
    return DraftOption(one.then, f"That holds in another case: {shortened(one.whole)}", one.citation)
