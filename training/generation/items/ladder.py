"""Ladder: a situation of the policy, and the question which step it sets for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.policytext.blocks import Block
from qa.policytext.hashing import text_hash
from training.generation import choice
from training.generation.catalogue import Act, Place
from training.generation.citing import cite, raw_text
from training.generation.distractors import Candidate, chosen
from training.generation.material import Citation, Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import (
    flaws,
    key_of,
    quoted,
    roots,
    sentences,
    stands_alone,
    tokens,
    trimmed,
    without_stop,
)

KIND = "ladder"
ASKED = "Which step does “{}” set for this situation?"
#: A ladder has at least so many steps; a step's name and a situation at most so many words.
LEAST_STEPS = 3
MOST_NAME_WORDS, MOST_WORDS = 20, 50
OUTCOME = re.compile(
    r"(?i)\b(action|consequence|outcome|step|response|result|sanction|penalty|measure|output|decision|remedy|deadline|"
    r"what happens|what we do|enforcement|punishment|discipline)s?\b"
)
LADDER = re.compile(
    r"(?i)\b(ladder|strikes?|escalat\w+|sanctions?|consequences?|penalt\w+|punish\w+|enforcement|repeat\w*|steps?|"
    r"violations?|infractions?|offen[cs]es?)\b"
)
#: What is done to somebody: as the label of a list it names a step, and not the situation for it.
SANCTION = re.compile(r"(?i)\b(ban(?:s|ned)?|warn\w*|suspen\w+|mut(?:e|es|ed)|remov\w+|terminat\w+|restrict\w*)\b")
#: A situation of few words is understood where it says how often, how bad, or what was broken.
_COUNTED = re.compile(
    r"(?i)\b(first|second|third|fourth|fifth|sixth|\d+(?:st|nd|rd|th)?|repeat\w*|persistent|further|subsequent|severe|"
    r"serious|minor|major|critical|extreme|offen[cs]es?|violations?|infractions?|breach\w*|strikes?|warnings?)\b"
)
FEW_WORDS = 4
#: What every situation is.
_EVENT = roots("violation incident action actions series single case instance offence offense rule rules breach time")
_CODE = re.compile(r"\b[A-Z]{1,4}-?\d+\b")
_FIELD = re.compile(r"^(\*\*|__)(?P<label>[^*_]{2,60}?):?\1\s*:?\s*(?P<text>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: its name, what it is for, and the words that say so."""

    place: Place
    name: str
    situation: str
    citation: Citation
    unit: str


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every rung of every ladder."""
    for ladder in ladders(order):
        for rung in ladder:
            target = order.target_of(rung.place.key)
            draft = _draft(order, rung, ladder, target) if target is not None else None
            if draft is not None:
                yield draft


def ladders(order: Order) -> Iterator[list[Rung]]:
    """The ladders: fields that run parallel in sibling sections, tables, and lists of labelled steps."""
    found = [*_parallel(order), *_tables(order), *_lists(order)]
    for rungs in found:
        distinct = {key_of(rung.name): rung for rung in rungs}
        if len(distinct) >= LEAST_STEPS:
            yield rungs


def _fields(place: Place) -> dict[str, tuple[str, Block]]:
    """Paragraphs such as “**Consequence**: ...” by their label."""
    fields = {}
    for block in place.section.blocks:
        match = _FIELD.match(block.markdown.strip()) if block.kind == "paragraph" else None
        if match is not None:
            fields[raw_text(match["label"])] = (raw_text(match["text"]), block)
    return fields


def _parallel(order: Order) -> Iterator[list[Rung]]:
    siblings: dict[str | None, list[Place]] = {}
    for place in order.catalogue.places.values():
        siblings.setdefault(place.parent, []).append(place)
    for group in siblings.values():
        held = [(place, _fields(place)) for place in group]
        held = [(place, fields) for place, fields in held if len(fields) >= 2]
        if len(held) < LEAST_STEPS or len({tuple(fields)[:2] for _, fields in held}) != 1:
            continue
        yield [rung for place, fields in held if (rung := _from_fields(place, fields)) is not None]


def _from_fields(place: Place, fields: dict[str, tuple[str, Block]]) -> Rung | None:
    (situation, first), (_, last) = list(fields.values())[:2]
    citation = cite(place.source, place.key, first.line_from, last.line_to, f"{first.text} {last.text}")
    return _rung(place, place.name, situation, citation)


def _rung(place: Place, name: str, situation: str, citation: Citation | None) -> Rung | None:
    name, situation = without_stop(name), without_stop(_first(situation))
    if citation is None or not 1 <= len(tokens(name)) <= MOST_NAME_WORDS:
        return None
    if not 2 <= len(tokens(situation)) <= MOST_WORDS or not stands_alone(situation) or flaws(situation):
        return None
    if not is_understood(situation) or not any(sign.isalpha() for sign in name):
        return None
    return Rung(place, name, situation, citation, text_hash(f"{situation} {name}"))


def is_understood(situation: str) -> bool:
    """Whether a situation says by itself what happened, and more than that something did.

    >>> is_understood("If unclear"), is_understood("Second violation"), is_understood("A series of actions")
    (False, True, False)
    """
    is_told = len(tokens(situation)) >= FEW_WORDS or _COUNTED.search(situation) is not None
    return is_told and (bool(roots(situation) - _EVENT) or len(tokens(situation)) < FEW_WORDS)


def _first(text: str) -> str:
    """As many whole sentences of *text* as a stem can hold."""
    kept: list[str] = []
    for sentence in sentences(text):
        if kept and len(tokens(" ".join([*kept, sentence]))) > MOST_WORDS:
            break
        kept.append(sentence)
    return " ".join(kept)


def _tables(order: Order) -> Iterator[list[Rung]]:
    for place in order.catalogue.places.values():
        for block in place.section.blocks:
            if block.kind != "table" or len(block.cells) <= LEAST_STEPS:
                continue
            head = block.cells[0]
            outcomes = [at for at in range(1, len(head)) if OUTCOME.search(head[at])]
            if outcomes:
                yield [rung for at in range(1, len(block.cells)) if (rung := _row(place, block, at, outcomes[-1]))]
            elif len(head) > 2 and OUTCOME.search(head[0]):
                for column in range(1, len(head)):
                    yield [rung for at in range(1, len(block.cells)) if (rung := _cell(place, block, at, column))]


def _row(place: Place, block: Block, at: int, outcome: int) -> Rung | None:
    cells = block.cells[at]
    if len(cells) <= outcome:
        return None
    return _rung(place, cells[outcome], cells[0], _cite_row(place, block, at))


def _cell(place: Place, block: Block, at: int, column: int) -> Rung | None:
    """One cell of a table whose rows are steps: when the step is taken, for what stands over its column."""
    cells = block.cells[at]
    if len(cells) <= column or not re.search(r"\w", cells[column]):
        return None
    return _rung(place, cells[0], f"{cells[column]} ({block.cells[0][column]})", _cite_row(place, block, at))


def _cite_row(place: Place, block: Block, at: int) -> Citation | None:
    line = block.line_from + 1 + at
    return cite(place.source, place.key, line, line, " ".join(cell for cell in block.cells[at] if cell))


def _lists(order: Order) -> Iterator[list[Rung]]:
    lists: dict[tuple[str, int | None], list[Act]] = {}
    for act in order.catalogue.acts:
        if act.rule.role not in {"definition", "qualifier", "exception"} and not act.rule.code:
            lists.setdefault((act.place.key, act.rule.parent), []).append(act)
    for (key, _), acts in lists.items():
        place = order.catalogue.places[key]
        titles = (order.catalogue.places[above].name for above in order.catalogue.above(key))
        about = " ".join((place.name, *titles, *(b.text for b in place.section.blocks if b.kind == "paragraph")))
        steps = [(act, parted) for act in acts if (parted := _parted(act)) is not None]
        most = 2 * len(steps) > len(acts)
        if len(steps) >= LEAST_STEPS and most and LADDER.search(about):
            yield [r for act, (situation, name) in steps if (r := _rung(place, name, situation, act.cite()))]


def _parted(act: Act) -> tuple[str, str] | None:
    """Situation and step of “If unclear → ask”, or of a labelled step such as “**Second time**: a week's pause”."""
    before, arrow, after = act.rule.text.partition("→")
    if arrow and act.rule.action:
        return trimmed(before), trimmed(after)
    if act.label and act.body != act.label and len(sentences(act.body)) == 1 and not SANCTION.search(act.label):
        return act.label, act.body
    return None


def _draft(order: Order, rung: Rung, ladder: list[Rung], target: str) -> Draft | None:
    same = {key_of(other.situation) for other in ladder if key_of(other.name) != key_of(rung.name)}
    if key_of(rung.situation) in same:
        return None
    stem = f"{ASKED.format(rung.place.source.title)} {quoted(rung.situation)}"
    parts = order.parts(rung.place, rung.unit, KIND)
    at = ladder.index(rung)
    candidates = [
        Candidate(other.name, 1 / (1 + abs(at - place)), place)
        for place, other in enumerate(ladder)
        if key_of(other.name) != key_of(rung.name) and _form(other.name) == _form(rung.name)
    ]
    wrong = chosen(rung.name, choice.shuffled(candidates, *parts, "order"), stem, *parts)
    if not wrong:
        return None
    options = tuple(_option(ladder[candidate.handle]) for candidate in wrong)
    right = DraftOption(rung.name, f"The policy sets it so: {shortened(rung.citation.quote)}", rung.citation)
    return Draft(KIND, stem, right, options, rung.citation, rung.unit, order.skill(target))


def _form(name: str) -> tuple[bool, bool]:
    """How a step is written: steps of other forms would stand out."""
    return name[:1].isupper(), _CODE.search(name) is not None


def _option(rung: Rung) -> DraftOption:
    return DraftOption(
        rung.name, f"That step is for another situation: {shortened(rung.citation.quote)}", rung.citation
    )
