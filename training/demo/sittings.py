"""Graders at work: every released look is handed to somebody who may have it, graded, committed and explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import handing_in
from qa.grading.handing_in import HandedIn
from qa.hearings import adjudication, disputes
from qa.models.cases import ClosedCase
from qa.policies import section_keys
from training.demo import pages, waiting
from training.demo.waiting import Look
from training.world import grading, notes
from training.world.cases import Row, World
from training.world.catalogue import SECTIONS, right_action, sections_of
from training.world.chance import key_number
from training.world.decisions import Truth
from training.world.people import GRADERS

#: Seconds from one grade to the next, least and most.
PACE = (40, 150)
Wanted = Callable[[Look], bool]


@dataclass(slots=True)
class Room:
    """The world with its people at their desks."""

    world: World
    cast: dict[str, Actor]
    rows: dict[str, Row]
    #: A case about which everybody thinks otherwise: grader -> section.
    hard: dict[str, dict[str, str]] = field(default_factory=dict)

    def truth(self, case: str) -> Truth:
        """What is true of a case."""
        return self.world.truths[case]

    def critical_case(self) -> int | None:
        """The inside number of the case whose planted critical miss is to wait for a manager, once it is there."""
        query = select(ClosedCase.id).where(ClosedCase.external_id == self.world.critical_miss)
        return db.session.scalar(query)

    def name(self, actor: Actor) -> str:
        """What the world calls a person."""
        return next(name for name, one in self.cast.items() if one.id == actor.id)


def sit(room: Room, moment: datetime, wanted: Wanted = lambda _look: True, *, before_pages: Sequence[str] = ()) -> None:
    """Let everybody who can work off what is released at *moment*, in the order of their ids; who is named in
    *before_pages* grades case by case, on the page."""
    with clock.fixed(moment):
        given = _shared_out(room, [look for look in waiting.looks() if wanted(look)])
        if before_pages:
            write(lambda: pages.reserve(room.cast, given))
    for place, person in enumerate(sorted(given)):
        start = moment + timedelta(minutes=45 * place)
        if person in before_pages:
            answers = {look.case: _graded(room, person, look) for look in given[person]}
            write(lambda who=person, said=answers, at=start: pages.grade_all(room.cast[who], said, at))
            pages.look_back(room.cast[person], room.world.seed, start + timedelta(minutes=39))
        else:
            with clock.fixed(start):
                write(lambda who=person: _grade_all(room, who, given[who]))
        with clock.fixed(start + timedelta(minutes=40)):
            _after(room, room.cast[person])


def _shared_out(room: Room, looks: list[Look]) -> dict[str, list[Look]]:
    """Who takes which looks: everybody about as many, nobody a case that they have had to do with."""
    barred = waiting.barred([room.cast[name].id or 0 for name in GRADERS], {look.case_id for look in looks})
    db.session.rollback()
    given: dict[str, list[Look]] = {}
    for look in looks:
        chosen = _choice(room, look, barred[look.case_id], given)
        if chosen is not None:
            given.setdefault(chosen, []).append(look)
            barred[look.case_id].add(room.cast[chosen].id or 0)
    return given


def _choice(room: Room, look: Look, barred: set[int], given: dict[str, list[Look]]) -> str | None:
    """The least busy person who may have the look; where one adjudicator has voted, the other is kept free."""
    people = [name for name in GRADERS if _fits(room.cast[name], look, barred)]
    voted = any(room.cast[name].id in barred for name in GRADERS if _adjudicates(room.cast[name]))
    spared = [name for name in people if not (look.votes and voted and _adjudicates(room.cast[name]))]
    if look.case in room.hard:
        return next((name for name in room.hard[look.case] if name in people), None)
    order = (spared or people)[:]
    order.sort(key=lambda name: (len(given.get(name, ())), key_number(room.world.seed, "desk", look.case, name)))
    return order[0] if order else None


def _adjudicates(actor: Actor) -> bool:
    return "adjudicate" in actor.skills


def _fits(actor: Actor, look: Look, barred: set[int]) -> bool:
    able = look.needs_skill in actor.skills if look.needs_skill else actor.has("reviewer")
    return able and actor.id not in barred and look.language in actor.languages


def _grade_all(room: Room, person: str, looks: list[Look]) -> None:
    """One person's sitting, handed in at its end."""
    actor = room.cast[person]
    handing_in.hand_in(actor, person=actor, grades=[_graded(room, person, look) for look in looks])


def _graded(room: Room, person: str, look: Look) -> HandedIn:
    seed = room.world.seed
    given = grading.grade(seed, room.truth(look.case), person)
    verdict, section, action = given.verdict, given.section, given.action
    if person in room.hard.get(look.case, {}):
        section = room.hard[look.case][person]
        verdict, action = "violates", right_action("abuse_report", section, clause="", strikes=0)
    seconds = PACE[0] + key_number(seed, "pace", look.case, person) % (PACE[1] - PACE[0])
    return HandedIn(look.case_id, verdict, section, action, given.confidence, given.note, seconds_shown=seconds)


def _after(room: Room, actor: Actor) -> None:
    """What a reveal asks for: rulings, decisions on disputes, causes and feedback."""
    own = actor.id or 0
    rulings = waiting.rulings(own)
    if rulings:
        write(lambda: _rule(actor, rulings))
    arguments = waiting.arguments(own)
    if arguments:
        write(lambda: [_decide(room, actor, dispute, case) for dispute, case in arguments])
    unexplained = waiting.unexplained(own)
    if unexplained:
        write(lambda: _explain(room, actor, unexplained))


def _rule(actor: Actor, rulings: Sequence[str]) -> None:
    for ruling in rulings:
        adjudication.decide(actor, ruling, ruling="own", reason="The listed act decides it.")


def _explain(room: Room, actor: Actor, unexplained: Sequence[tuple[str, str]]) -> None:
    for finding, case in unexplained:
        cause, text = _feedback(room, case)
        findings.explain(actor, finding, root_cause=cause, feedback=text)


def _decide(room: Room, actor: Actor, dispute: str, case: str) -> None:
    right = notes_right(room.rows[case], room.truth(case))
    choice = "own" if right else "standing"
    reason = "The exception in the section covers it." if right else "The act is on the section's list, word for word."
    disputes.decide(actor, dispute, choice=choice, reason=reason)


def notes_right(row: Row, truth: Truth) -> bool:
    """Whether the agent was right about the section after all."""
    return row["decided_policy"] == (truth.section or section_keys.NONE)


def _feedback(room: Room, case: str) -> tuple[str, str]:
    try:
        said = notes.feedback(room.world, room.rows[case], room.truth(case))
    except ValueError:
        return "policy_unclear", "Two of us read the section otherwise; tell us if you do not agree."
    return said.root_cause, said.text


def hard_case(room: Room, looks: Iterable[Look]) -> None:
    """Choose one case about which agent and two graders will think three different things."""
    for look in looks:
        row, truth = room.rows[look.case], room.truth(look.case)
        if truth.section is None or truth.workflow != "abuse_report" or look.language != "en":
            continue
        others = [key for key in SECTIONS[truth.section].confused_with if key != row["decided_policy"]]
        known = {facts.key for facts in sections_of(truth.workflow)}
        sections = [key for key in (truth.section, *others) if key in known and key != row["decided_policy"]]
        if len(sections) >= 2:
            room.hard[look.case] = dict(zip(("gr01", "gr04"), sections, strict=False))
            return
