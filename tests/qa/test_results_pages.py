"""From the reveal to the agent's page and back: explaining, reading, disputing, ruling, on the pages themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa import findings, release
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import blind
from qa.models.cases import ClosedCase, Message
from qa.models.grading import Adjudication, Task
from qa.models.truth import Dispute, Finding, Settlement
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk
from tests.factories import browser


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    return Desk()


def day(number: int) -> datetime:
    return TODAY + timedelta(days=number)


def look(who: Actor, verdict: str = "violates", section: str = "conduct/threats") -> str:
    """Claim, grade, commit; the reveal is not left to chance."""
    task = write(lambda: blind.claim(who))
    assert task is not None
    chosen = {"section_key": section, "action": "remove"} if verdict == "violates" else {}
    write(lambda: blind.grade(who, task, verdict=verdict, confidence="high", claim_next=False, **chosen))

    def close() -> None:
        blind.close_batch(who)
        row = db.session.scalars(select(Task).where(Task.public_id == task)).one()
        row.state, row.reveal_after = "revealed", clock.now()

    write(close)
    return task


def missed(desk: Desk) -> tuple[ClosedCase, str]:
    """A case that the agent missed, as two graders found; the task of the second."""
    case = desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0])
    with clock.fixed(day(1)):
        task = look(desk.graders[1])
    return case, task


def test_the_settler_explains_and_the_agent_reads_it_at_the_release(sqlite_app: Flask, desk: Desk) -> None:
    _case, task = missed(desk)

    with clock.fixed(day(1)):
        settler, agent = browser(sqlite_app, desk.graders[1]), browser(sqlite_app, desk.agent)
        home = settler.get("/").text
        asked = settler.get(f"/grade/reveal/{task}")
        early = agent.get("/results").text
        sent = settler.send(
            f"/grade/reveal/{task}/explain", {"root_cause": "clause_misread", "feedback": "A place was named."}
        )
    with clock.fixed(day(2)):
        write(findings.release_due)
        agent = browser(sqlite_app, desk.agent)
        listed = agent.get("/results").text
        finding_id = db.session.scalars(select(Finding.public_id)).one()
        shown = agent.get(f"/results/{finding_id}").text

    assert "not explained yet" in home
    assert "Explain the difference" in asked.text
    assert "No result yet" in early
    assert sent.status_code == 302
    assert "1 result waits to be read" in listed
    assert "A place was named." in shown
    assert "Clause misread" in shown
    assert "Saying where somebody lives so that others go there" in shown
    assert "Grader" not in shown


def test_a_reveal_shows_the_work_and_never_the_agents_name(sqlite_app: Flask, desk: Desk) -> None:
    case = desk.drawn_case(decided="none", action="keep")
    for at, (role, text, late) in enumerate(
        [("reporter", "Please help.", False), ("agent", "Closed as harmless.", True)]
    ):
        factories.kept(Message(case_id=case.id, ordinal=at, author_role=role, text=text, withheld=late))
    client = browser(sqlite_app, desk.graders[0])
    client.send("/grade/claim")
    before = client.get("/grade").text

    task = look(desk.graders[0])
    after = client.get(f"/grade/reveal/{task}").text

    assert "Please help." in before
    assert "Closed as harmless." not in before
    assert "Closed as harmless." in after
    assert desk.agent.name not in before + after


def test_a_reveal_is_not_there_for_others_or_before_its_time(sqlite_app: Flask, desk: Desk) -> None:
    desk.drawn_case()
    task = write(lambda: blind.claim(desk.graders[0]))
    mine, other = browser(sqlite_app, desk.graders[0]), browser(sqlite_app, desk.graders[1])

    held = mine.get(f"/grade/reveal/{task}")
    write(lambda: blind.skip(desk.graders[0], task, reason="broken"))
    look(desk.graders[1])

    assert held.status_code == 404
    assert mine.get(f"/grade/reveal/{task}").status_code == 404
    assert other.get(f"/grade/reveal/{task}").status_code == 404


def test_a_dispute_goes_from_the_agents_page_to_its_decision(sqlite_app: Flask, desk: Desk) -> None:
    _case, task = missed(desk)
    finding_id = db.session.scalars(select(Finding.public_id)).one()
    write(lambda: findings.explain(desk.graders[1], finding_id, root_cause="tool", feedback="Look again."))
    filled = {"kind": "verdict", "proposed_verdict": "no_violation", "text": "It quotes a film."}

    with clock.fixed(day(2)):
        write(findings.release_due)
        agent = browser(sqlite_app, desk.agent)
        empty = agent.send(f"/results/{finding_id}/dispute", {})
        sent = agent.send(f"/results/{finding_id}/dispute", filled)
        waiting = agent.get(f"/results/{finding_id}").text
    with clock.fixed(day(3)):
        judge = browser(sqlite_app, desk.adjudicator)
        look(desk.adjudicator, verdict="no_violation")
        dispute_id = db.session.scalars(select(Dispute.public_id)).one()
        batch = judge.get("/grade/batch").text
        argument = judge.get(f"/grade/dispute/{dispute_id}").text
        decided = judge.send(f"/grade/dispute/{dispute_id}", {"choice": "own", "reason": "It is a quote."})
    with clock.fixed(day(4)):
        write(findings.release_due)
        listed = browser(sqlite_app, desk.agent).get("/results").text

    assert (empty.status_code, sent.status_code, decided.status_code) == (422, 302, 302)
    assert "Somebody who was not in it yet" in waiting
    assert "Decide the dispute" in batch
    assert "It quotes a film." in argument
    assert desk.agent.name not in argument
    assert "Correct" in listed


def test_an_adjudicator_sees_the_answers_nameless_only_after_the_own_grade(sqlite_app: Flask, desk: Desk) -> None:
    desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0], section="conduct/threats")
    with clock.fixed(day(1)):
        look(desk.graders[1], section="conduct/insults")
    ruling_id = db.session.scalars(select(Adjudication.public_id)).one()

    with clock.fixed(day(2)):
        judge = browser(sqlite_app, desk.adjudicator)
        early = judge.get(f"/grade/ruling/{ruling_id}")
        task = look(desk.adjudicator, section="conduct/insults")
        hidden = judge.get(f"/grade/reveal/{task}")
        shown = judge.get(f"/grade/ruling/{ruling_id}")
        other = browser(sqlite_app, desk.graders[0]).get(f"/grade/ruling/{ruling_id}")
        ruled = judge.send(f"/grade/ruling/{ruling_id}", {"ruling": "own", "reason": "It names a person."})
        opened = judge.get(f"/grade/reveal/{task}")

    assert (early.status_code, hidden.status_code, other.status_code) == (404, 404, 404)
    assert shown.status_code == 200
    assert all(name not in shown.text for name in ("Grader 0", "Grader 1", desk.agent.name))
    assert (ruled.status_code, opened.status_code) == (302, 200)
    assert db.session.scalars(select(Settlement.state)).one() == "settled"


def test_another_persons_result_answers_like_one_that_is_not_there(sqlite_app: Flask, desk: Desk) -> None:
    missed(desk)
    other = factories.actor("agent")
    finding_id = db.session.scalars(select(Finding.public_id)).one()
    with clock.fixed(release.next_release() + timedelta(days=5)):
        write(findings.release_due)
        client = browser(sqlite_app, other)

        answers = [client.get(f"/results/{one}").status_code for one in (finding_id, "0" * 32)]

    assert answers == [404, 404]


def test_differences_are_settled_one_after_the_other_from_the_own_note(sqlite_app: Flask, desk: Desk) -> None:
    tasks = [missed(desk)[1] for _ in range(2)]

    with clock.fixed(day(1)):
        settler = browser(sqlite_app, desk.graders[1])
        batch = settler.get("/grade/batch").text
        first = settler.get("/grade/reveal")
        said = {"root_cause": "clause_misread", "feedback": "A place was named."}
        sent = settler.send(f"/grade/reveal/{tasks[0]}/explain", said)
        second = settler.get(sent.location)
        settler.send(f"/grade/reveal/{tasks[1]}/explain", said)
        last = settler.get("/grade/reveal")

    assert "Settle " in batch
    assert first.location == f"/grade/reveal/{tasks[0]}"
    assert second.location == f"/grade/reveal/{tasks[1]}"
    assert last.location == "/grade/batch"
