"""Steps of a hearing that several tests take: a look, a missed case, three answers, a ruling."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import blind
from qa.hearings import adjudication
from qa.models.cases import ClosedCase
from qa.models.grading import Adjudication, Task
from qa.models.truth import Finding
from tests.conftest import TODAY
from tests.desk import Desk

THREATS, INSULTS = "conduct/threats", "conduct/insults"


def day(number: int) -> datetime:
    """So many days after the day that tests stand on."""
    return TODAY + timedelta(days=number)


def look(who: Actor, section: str | None = THREATS) -> str:
    """Claim, grade and commit; no section: no violation. The reveal is not left to chance."""
    task = write(lambda: blind.claim(who))
    assert task is not None
    chosen = {"verdict": "violates", "section_key": section, "action": "remove"}
    answer = chosen if section else {"verdict": "no_violation"}
    write(lambda: blind.grade(who, task, confidence="high", claim_next=False, **answer))
    write(lambda: blind.close_batch(who))
    late = update(Task).where(Task.public_id == task, Task.state == "committed", Task.reveal_after <= day(90))
    write(lambda: db.session.execute(late.values(state="revealed")))
    return task


def published(desk: Desk, at: int = 2) -> str:
    """An error of the agent's that two graders found, on the agent's page since day *at*."""
    desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0])
    with clock.fixed(day(at - 1)):
        look(desk.graders[1])
        newest = db.session.scalars(select(Finding).order_by(Finding.id.desc()).limit(1)).one()
        finding_id = newest.public_id
        write(
            lambda: findings.explain(
                desk.graders[1], finding_id, root_cause="clause_misread", feedback="The second point."
            )
        )
    with clock.fixed(day(at)):
        write(findings.release_due)
    return finding_id


def ruled(desk: Desk) -> tuple[ClosedCase, str, str]:
    """A case on which all differed and that was ruled an insult: case, look for a threat, look for an insult."""
    case = desk.drawn_case(decided="none", action="keep")
    threat = look(desk.graders[0], THREATS)
    with clock.fixed(day(1)):
        insult = look(desk.graders[1], INSULTS)
    with clock.fixed(day(2)):
        look(desk.adjudicator, INSULTS)
        ruling_id = db.session.scalars(select(Adjudication.public_id)).one()
        write(lambda: adjudication.decide(desk.adjudicator, ruling_id, ruling="own", reason="Worthless is an insult."))
    return case, threat, insult
