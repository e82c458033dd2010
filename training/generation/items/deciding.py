"""Which clause decides: the third step of a settled case, after its section and its action.

Who settled a case named its section, not its clause. So the clause is asked only where one of the section's own stands
out: it shares words with the case, far more of them than any other clause there. The wrong answers come from sections
that cannot be right as well, because the case was settled elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from training.generation import choice
from training.generation.catalogue import Act
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.items.case import home_of, in_point
from training.generation.items.coded_example import named
from training.generation.material import VIOLATES, CaseExample, Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.similarity import Similarity
from training.generation.telling import told
from training.generation.wording import flaws, key_of, plain, quoted, roots, stands_alone, tokens

KIND = "clause"
ASKED = "Which clause decides this case?"
#: A clause stands out with so much in common with the case, so many words, and so many times what the next one has.
LEAST_NEARNESS, LEAST_WORDS, TIMES = 0.15, 2, 1.5
#: One case in so many is asked for its clause: a form of eight is to hold several cases.
ONE_IN = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """An act that can be an option, in the words of one."""

    act: Act
    words: str


def drafts(order: Order) -> Iterator[Draft]:
    """A question for every case in point whose clause stands out; its first two steps come before it."""
    said = [(act, words_of(act)) for act in order.catalogue.acts if act.rule.polarity == "prohibited"]
    clauses = [Clause(act, words) for act, words in said if words]
    if not clauses:
        return
    near = Similarity([one.act.words for one in clauses])
    for case, target in in_point(order):
        home = home_of(order, case.section)
        if home is None or case.verdict != VIOLATES or choice.number(case.ref, order.seed, KIND) % ONE_IN:
            continue
        draft = _draft(order, case, target, home, clauses, near)
        if draft is not None:
            yield draft


def words_of(act: Act) -> str:
    """A clause as an option: a coded one without its code and its example; empty where it cannot stand alone."""
    if not act.rule.code:
        return told(act) or ""
    name = named(act)
    said = name[len(act.rule.code) :].lstrip(" .:–—-") if key_of(name).startswith(key_of(act.rule.code)) else ""
    return said if len(tokens(said)) >= LEAST_WORDS and not flaws(said) and stands_alone(said) else ""


def _draft(
    order: Order, case: CaseExample, target: str, home: str, clauses: list[Clause], near: Similarity
) -> Draft | None:  # fmt: skip
    text = plain(case.text)
    cosines = near.to_all(text)
    at = _standing_out(text, home, clauses, cosines)
    if at is None:
        return None
    act, words, citation = clauses[at].act, clauses[at].words, clauses[at].act.cite()
    stem = f"Case: {quoted(text)} {ASKED}"
    rivals = _rivals(order, case, clauses[at], home, clauses, cosines)
    parts = order.parts(order.catalogue.places[home], case.ref, KIND)
    wrong = chosen(words, rivals, stem, *parts)
    options = tuple(_option(order, clauses[one.handle]) for one in wrong)
    sure = tuple(one for one in options if one is not None)
    if citation is None or not wrong or len(sure) < len(wrong):
        return None
    told = f"It was settled under “{order.name(home)}”, whose clause says: {shortened(act.rule.text)}"
    return Draft(
        KIND, stem, DraftOption(words, told, citation), sure, citation, act.rule.unit_hash,
        order.skill(target, [clauses[one.handle].act.place.home for one in wrong]),
        case=case.ref, case_text=quoted(text),
    )  # fmt: skip


def _standing_out(text: str, home: str, clauses: list[Clause], cosines: np.ndarray) -> int | None:
    """The one clause of the section that a case shares far more words with than with any other there."""
    own = sorted((-float(cosines[at]), at) for at, one in enumerate(clauses) if one.act.place.home == home)
    if not own:
        return None
    best, at = -own[0][0], own[0][1]
    second = -own[1][0] if len(own) > 1 else 0.0
    common = len(roots(clauses[at].act.words) & roots(text))
    return at if best >= LEAST_NEARNESS and best >= TIMES * second and common >= LEAST_WORDS else None


def _rivals(
    order: Order, case: CaseExample, right: Clause, home: str, clauses: list[Clause], cosines: np.ndarray
) -> list[Candidate]:
    """Of each section that cannot be right as well its nearest clause of like length; the one decided comes first."""
    catalogue, decided = order.catalogue, home_of(order, case.decided_section)
    best: dict[str, Candidate] = {}
    for at, one in enumerate(clauses):
        act, other = one.act, one.act.place.home
        alike = 1 / LENGTH_RATIO <= len(one.words) / len(right.words) <= LENGTH_RATIO
        if other == home or not alike or catalogue.related(home, other) or catalogue.says_nearly(act, home):
            continue
        beside = 0.1 * (act.place.source is right.act.place.source)
        found = Candidate(one.words, float(cosines[at]) + beside + 0.01, at, wanted=other == decided)
        if other not in best or found.nearness > best[other].nearness:
            best[other] = found
    return list(best.values())


def _option(order: Order, clause: Clause) -> DraftOption | None:
    act, citation = clause.act, clause.act.cite()
    if citation is None:
        return None
    name = order.name(act.place.home)
    return DraftOption(clause.words, f"That stands under “{name}”, which is about something else.", citation)
