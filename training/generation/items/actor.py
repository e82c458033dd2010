"""Who must: a sentence of the policy with its subject left out, and the question who it is.

Grammar: an optional opening clause, a noun phrase that ends on a role (a committee, moderators, the reporter), one of
*must, may, can, will, shall, should, cannot*, and what is done. Wrong answers are other actors of the same policy, of
the same side (those who decide, those who are concerned) and in the same number.

Refused: a sentence with a pronoun or a word that points back at its subject; a policy with too few such actors; an
actor who is named in the sentence itself; two names for one actor, or for a whole and its part; a deed that the policy
says of somebody else as well.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.generation.actors import Actor, Cast
from training.generation.distractors import Candidate, chosen
from training.generation.glosses import beside
from training.generation.material import Citation, Draft, DraftOption
from training.generation.order import Order, Statement, shortened
from training.generation.wording import containment, flaws, jaccard, quoted, roots, stands_alone, tokens, without_stop

KIND = "actor"
GAP = "____"
ASKED = "Who fills the gap in this sentence of “{}”?"
LEAST_DEED, MOST_WORDS = 4, 45
#: The actor of most of a policy's sentences is guessed: it is asked for so often.
MOST_OF_ONE = 2
MODALS = frozenset({"must", "may", "can", "will", "shall", "should", "cannot"})
#: So much in common, and two sentences tell one deed.
SAME_DEED = 0.5
#: A pronoun tells the number or the kind of whom it stands for.
_POINTS_BACK = re.compile(
    r"(?i)\b(?:they|them|their|theirs|themselves|it|its|itself|he|him|his|she|her|hers|himself|herself|who|whose|"
    r"each other|together|among)\b"
)
_VAGUE = re.compile(r"(?i)^(?:in (?:specific|certain|some|rare|such|most) |at times|sometimes|generally)")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in its parts: who, and what of them."""

    statement: Statement
    actor: Actor
    deed: str
    gapped: str
    #: Its verb tells one from several.
    agrees: bool


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every sentence whose subject is one of three or more actors of its policy."""
    for source in order.catalogue.sources:
        statements = [s for place in order.catalogue.places.values() if place.source is source
                      for s in order.statements(place)]  # fmt: skip
        cast = Cast([one.text for one in statements], source)
        said = [one for statement in statements if (one := _parted(statement, cast)) is not None]
        times: Counter[str] = Counter()
        for one in said:
            target = order.target_of(one.statement.place.key)
            draft = _draft(order, one, cast, said, target) if target is not None else None
            if draft is not None and times[one.actor.head] < MOST_OF_ONE:
                times[one.actor.head] += 1
                yield draft


def _parted(statement: Statement, cast: Cast) -> Said | None:
    found = cast.parted(statement.text)
    if found is None:
        return None
    match, actor = found
    start = match.start("article") if match["article"] else match.start("name")
    gapped = f"{statement.text[:start]}{GAP}{statement.text[match.end('name') :]}"
    agrees = match["modal"].lower() not in MODALS
    return Said(statement, actor, match["deed"], gapped, agrees)


def _is_askable(one: Said) -> bool:
    text = one.statement.text
    return (
        stands_alone(text)
        and not _VAGUE.match(text)
        and not _POINTS_BACK.search(one.gapped)
        and len(tokens(one.deed)) >= LEAST_DEED
        and len(tokens(text)) <= MOST_WORDS
        and not flaws(without_stop(text))
        and text.rstrip().endswith((".", "!"))
    )


def _draft(order: Order, own: Said, cast: Cast, said: Sequence[Said], target: str) -> Draft | None:
    citation = own.statement.cite() if _is_askable(own) else None
    if citation is None or _is_said_of_others(own, said):
        return None
    rivals = [one for one in cast.actors if _competes(one, own, cast)]
    stem = (
        f"{ASKED.format(own.statement.place.source.title)} {quoted(without_stop(own.gapped))}"
        f"{beside(own.gapped, own.statement.place.source)}"
    )
    apart = [one for at, one in enumerate(rivals) if not any(one.is_like(other) for other in rivals[:at])]
    plural = own.actor.is_plural
    candidates = [
        Candidate(name, 0.5, handle) for handle, one in enumerate(apart) if (name := one.shown(plural)) is not None
    ]
    key = own.actor.shown(plural) or own.actor.name
    wrong = chosen(key, candidates, stem, *order.parts(own.statement.place, own.statement.unit, KIND))
    if not wrong:
        return None
    options = [_option(one.text, apart[one.handle], own, said, citation) for one in wrong]
    right = DraftOption(key, f"The policy says: {shortened(own.statement.text)}", citation)
    return Draft(KIND, stem, right, tuple(options), citation, own.statement.unit, order.skill(target))


def _competes(other: Actor, own: Said, cast: Cast) -> bool:
    return (
        other.decides == own.actor.decides
        and (other.is_plural == own.actor.is_plural or not own.agrees)
        and not other.roots <= roots(own.gapped)
        and cast.are_apart(other, own.actor)
    )


def _is_said_of_others(own: Said, said: Sequence[Said]) -> bool:
    mine = roots(own.deed)
    return any(
        other.actor != own.actor
        and (jaccard(mine, roots(other.deed)) >= SAME_DEED or containment(mine, roots(other.deed)) >= 0.75)
        for other in said
    )


def _option(text: str, other: Actor, own: Said, said: Sequence[Said], citation: Citation) -> DraftOption:
    """A wrong actor with a sentence that is said of it, or else with the one that is not."""
    theirs = next((one for one in said if one.actor.roots == other.roots), None)
    elsewhere = theirs.statement.cite() if theirs is not None else None
    if theirs is not None and elsewhere is not None:
        return DraftOption(text, f"That is said of them: {shortened(theirs.statement.text)}", elsewhere)
    return DraftOption(text, f"The policy names somebody else: {shortened(own.statement.text)}", citation)
