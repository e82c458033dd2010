"""Paired worlds of hearings: the same answers are there, and they differ in who said which."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import blind
from qa.hearings import disputes
from qa.hearings.disputes import Proposed
from qa.models.cases import AddressKey, ClosedCase, Message
from qa.models.grading import Adjudication, Task
from qa.models.truth import Finding
from tests import factories
from tests.blind.crawl import Answer, Crawler
from tests.blind.stories import Step, Tale
from tests.blind.worlds import MORNING, Who, World
from tests.desk import Desk

THREATS, INSULTS, NOTHING = "conduct/threats", "conduct/insults", "none"
JUDGE = Who(("reviewer",), ("adjudicate", "decide_dispute"))
#: The own doors of somebody who rules; a hearing's page is added once there is one.
DOORS = (
    "/", "/grade", "/grade/batch", "/grade/differences", "/grade/guess", "/grade/scorecard", "/graders/me", "/account",
)  # fmt: skip
_ACTIONS = {THREATS: "remove", INSULTS: "warn", NOTHING: "keep"}


@dataclass(frozen=True)
class Said:
    """Who says what: the case's agent, then the graders in the order in which they look."""

    agent: str
    graders: tuple[str, ...]


class Hearing(World):
    """A desk with one case that is looked at by others, day by day, until somebody has to hear it."""

    def __init__(self, app: Flask, said: Said, who: Who = JUDGE, *, looks: int = 1) -> None:
        self.app = app
        with clock.fixed(MORNING):
            factories.kept(AddressKey(key="0" * 64))
            self.desk = Desk(graders=3)
            self.teams = (self.desk.team, factories.team("Other team"))
            baker = factories.actor("agent", team=self.teams[1], name="Agent Baker")
            self.agents = (self.desk.agent, baker)
            self._people_have_fixed_addresses()
            self.agents = (factories.acting(self.agents[0]), factories.acting(self.agents[1]))
            self.me = self._person(who)
            self.case = self._heard_case(said, looks)
        for number, key in enumerate(said.graders):
            together = number < looks
            with clock.fixed(MORNING + timedelta(days=0 if together else number - looks + 1, minutes=number)):
                self._look(self.desk.graders[number], key)
        self.days = len(said.graders) - looks + 1

    def _heard_case(self, said: Said, looks: int) -> ClosedCase:
        case = self.desk.drawn_case(
            looks=looks, decided=said.agent, action=_ACTIONS[said.agent], text="The text.", external_id="heard",
            queue=said.agent, withheld={"team_note": said.agent}, closed_at=MORNING - timedelta(days=5),
        )  # fmt: skip
        factories.kept(Message(case_id=case.id, ordinal=1, author_role="agent", text=f"I say {said.agent}.",
                               withheld=True))  # fmt: skip
        return case

    def _look(self, who: Actor, key: str) -> None:
        task = write(lambda: blind.claim(who))
        assert task is not None
        chosen = {"verdict": "no_violation"}
        if key != NOTHING:
            chosen = {"verdict": "violates", "section_key": key, "action": _ACTIONS[key]}
        write(lambda: blind.grade(who, task, confidence="high", claim_next=False, note=f"So {key}.", **chosen))
        write(lambda: blind.close_batch(who))

    def is_disputed(self) -> str:
        """The result is explained, published and disputed; the dispute's address."""
        with clock.fixed(MORNING + timedelta(days=self.days)):
            row = db.session.scalars(select(Finding).where(Finding.state != "replaced")).one()
            finding_id, settler = row.public_id, row.settler_id
            graders = {one.id: one for one in self.desk.graders}
            db.session.rollback()
            write(lambda: findings.explain(
                graders[settler], finding_id, root_cause="evidence_missed", feedback="The second sentence."
            ))  # fmt: skip
            write(findings.release_due)
        self.days += 1
        with clock.fixed(MORNING + timedelta(days=self.days)):
            write(findings.release_due)
            dispute_id = write(lambda: disputes.open_dispute(
                self.desk.agent, finding_id, kind="verdict", text="It is a quote.", proposed=Proposed("no_violation")
            ))  # fmt: skip
        self.days += 1
        return dispute_id


def heard(app: Flask, said: Said, *, looks: int = 1, door: str, full: bool = False) -> Tale:
    """What whoever rules is told: before the look, with it in hand, after its commit, and on the hearing's page."""
    with app.app_context():
        world = Hearing(app, said, looks=looks)
        address = f"/grade/dispute/{world.is_disputed()}" if door == "dispute" else ""
        moment = MORNING + timedelta(days=world.days, minutes=30)
        with clock.fixed(moment), closing(Crawler(world, carries=full)) as mine:
            tale = _told(world, mine, address, full)
        db.session.remove()
        db.engine.dispose()
    return tale


def _told(world: Hearing, mine: Crawler, address: str, full: bool) -> Tale:
    seen: Callable[..., Step] = (lambda *_only: mine.pages()) if full else mine.pages
    world._number_the_queue()
    tale: Tale = [("before", seen(*DOORS))]
    tale.append(("claim", _one(mine.ask("POST", "/grade/claim"))))
    tale.append(("claimed", seen(*DOORS)))
    held = db.session.scalars(select(Task.public_id).where(Task.state == "held")).one()
    db.session.rollback()
    answer = {"verdict": "violates", "section": INSULTS, "action": "warn", "confidence": "medium"}
    tale.append(("graded", _one(mine.ask("POST", f"/grade/{held}/grade", answer))))
    tale.append(("closed", _one(mine.ask("POST", "/grade/batch/close"))))
    _order(world)
    address = address or f"/grade/ruling/{db.session.scalars(select(Adjudication.public_id)).one()}"
    db.session.rollback()
    tale.append(("hearing", seen(*DOORS, address)))
    tale.append(("refused", _one(mine.ask("POST", address, {"choice": "", "ruling": ""}))))
    return tale


def _one(answer: Answer) -> Step:
    return {answer.address: answer}


def _order(world: Hearing) -> None:
    """Chance puts the answers in an order; here they stand in one that both worlds can be compared by.

    The look of whoever rules is never held back for longer in one world than in the other.
    """

    def order() -> None:
        for row in db.session.scalars(select(Adjudication).where(Adjudication.shown.is_not(None))):
            row.shown = sorted(row.shown or [], key=lambda one: str(one["section_key"]))
        mine = update(Task).where(Task.person_id == world.me.id, Task.state.in_(("committed", "revealed")))
        db.session.execute(mine.values(state="revealed", reveal_after=clock.now()))

    write(order)
