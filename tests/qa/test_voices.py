"""Anybody asks about a clause in words of their own, learns nothing by it, and is told of the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa import questions
from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.core.models import Notice
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.policies import PolicyQuestion, QuestionVoice
from qa.models.texts import Erasure
from qa.models.truth import Finding
from qa.queries import voices
from qa.removal import erasing, retention
from tests import factories
from tests.desk import Desk
from tests.qa.hearing import look, published

SAID = {"wording": "Do jokes count?", "answer": "They do."}
THREATS = {"section": "conduct/threats", "text": "Is a dare a threat?"}


def ask(who: Actor, text: str = "Is a dare a threat?", origin: tuple[str, str] = ("hand", "")) -> PolicyQuestion:
    return write(lambda: questions.ask(who, section_key="conduct/threats", text=text, origin=origin))


def settled(graders: int = 2) -> tuple[Desk, Finding]:
    """A desk with a case on which two graders differed from its agent, who was told."""
    desk = Desk(graders=graders)
    public_id = published(desk)
    return desk, db.session.scalars(select(Finding).where(Finding.public_id == public_id)).one()


def test_an_agent_asks_sees_that_it_waits_and_is_told_of_the_answer(sqlite_app: Flask) -> None:
    desk = Desk()
    agent, owner = factories.browser(sqlite_app, desk.agent), factories.actor("policy_owner")

    form = agent.get("/questions/new?section=conduct/threats")
    made = agent.send("/questions", THREATS)
    waits = agent.get("/questions").text
    question = db.session.scalars(select(PolicyQuestion)).one()
    shut = agent.get(f"/questions/{question.public_id}").status_code
    write(lambda: questions.answer(owner, question.public_id, **SAID))

    assert 'value="conduct/threats"' in form.text and made.location.endswith("/questions")
    assert "waits for an answer" in waits and "Is a dare a threat?" in waits and shut == 404
    lines = db.session.scalars(select(Notice.line).where(Notice.person_id == desk.agent.id)).all()
    assert lines == ["Your policy question is answered: Conduct: Threats"]
    assert f'href="/questions/{question.public_id}">answered' in agent.get("/questions").text


def test_whoever_asks_cannot_tell_whether_the_clause_was_asked_about_before(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    evidence = {"errors": 8, "cases": 26, "others": 15}
    answers = []

    for who in desk.graders:
        browser = factories.browser(sqlite_app, who)
        made = browser.send("/questions", THREATS)
        answers.append((made.status_code, made.location, browser.get("/questions").text.split("<main")[1]))
        write(lambda: questions.open_question(
            SYSTEM, section_key="conduct/threats", origin_kind="scan", origin_ref="x", evidence=evidence
        ))  # fmt: skip

    assert answers[0] == answers[1]
    assert len(db.session.scalars(select(PolicyQuestion)).all()) == 1


def test_several_voices_are_one_question_and_all_are_told(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    owner = factories.actor("policy_owner", name="Olga Owner")
    lead = factories.actor("manager", manages=None)
    people = [desk.agent, *desk.graders, lead]

    found = {ask(who, f"In the words of {place}").public_id for place, who in enumerate(people)}
    ask(desk.agent, "In the words of 0")
    (public_id,) = found
    page = factories.browser(sqlite_app, owner).get(f"/questions/{public_id}").text
    write(lambda: questions.answer(owner, public_id, **SAID))

    assert len(db.session.scalars(select(QuestionVoice)).all()) == 4
    assert all(f"In the words of {place}" in page for place in range(4)) and lead.name in page
    told = select(Notice.person_id).where(Notice.line.startswith("Your policy question is answered"))
    assert sorted(db.session.scalars(told)) == sorted(one.id or 0 for one in people)


def test_what_was_asked_beside_a_decided_case_is_not_told_to_whoever_may_grade_it(app: Flask) -> None:
    desk, finding = settled(graders=3)
    both, owner = factories.actor("policy_owner", "reviewer"), factories.actor("policy_owner")
    with pytest.raises(NotFound):
        ask(desk.graders[2], origin=("result", finding.public_id))

    public_id = ask(desk.agent, "I was told that I missed it.", ("result", finding.public_id)).public_id
    ask(desk.graders[2], f"{desk.agent.name} reads it otherwise.")

    told, withheld = (voices.of_questions(reader, [public_id])[public_id] for reader in (owner, both))
    assert [(one.text, one.asker, one.beside) for one in told] == [
        ("I was told that I missed it.", desk.agent.name, "beside an own result"),
        (f"{desk.agent.name} reads it otherwise.", desk.graders[2].name, ""),
    ]
    assert [one.text is None for one in withheld] == [True, False]
    assert {one.asker for one in withheld} == {None} and desk.agent.name not in (withheld[1].text or "")
    page = factories.browser(app, both).get(f"/questions/{public_id}").text
    assert "I was told" not in page and "the words are not shown to you" in page


def test_a_grader_asks_after_the_reveal_and_not_before(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case()
    look(desk.graders[0])
    task_id = db.session.scalars(select(Task.public_id).where(Task.person_id == desk.graders[0].id)).one()
    write(lambda: db.session.execute(Task.__table__.update().values(state="committed")))
    with pytest.raises(NotFound):
        ask(desk.graders[0], origin=("reveal", task_id))

    write(lambda: db.session.execute(Task.__table__.update().values(state="revealed")))
    page = factories.browser(sqlite_app, desk.graders[0]).get(f"/grade/reveal/{task_id}").text
    ask(desk.graders[0], origin=("reveal", task_id))

    assert f"beside=reveal&amp;ref={task_id}" in page
    assert db.session.scalars(select(QuestionVoice.origin_kind)).all() == ["reveal"]


def test_nobody_fills_the_board_alone(sqlite_app: Flask) -> None:
    desk = Desk()
    for number in range(5):
        ask(desk.agent, f"Question {number}")

    with pytest.raises(Refused, match="wait for an answer"):
        ask(desk.agent, "One more")


def test_words_go_with_the_case_with_the_person_and_with_time(app: Flask) -> None:
    desk, finding = settled()
    case_name = db.session.get_one(ClosedCase, finding.case_id).external_id
    question = ask(desk.agent, "About that case", ("result", finding.public_id))
    ask(desk.graders[0], "By a grader")
    write(lambda: questions.answer(factories.actor("policy_owner"), question.public_id, **SAID))

    seen = [_after_erasing("case", case_name), _after_erasing("person", desk.graders[0].public_id)]
    counts = retention.run(SYSTEM, as_of=clock.now() + timedelta(days=450))["counts"]

    assert seen == [["", "By a grader"], [""]]
    assert _texts() == [] and counts["Questions about clauses"] == 1


def _texts() -> list[str]:
    db.session.expire_all()
    return sorted(db.session.scalars(select(QuestionVoice.text)))


def _after_erasing(kind: str, reference: str) -> list[str]:
    public_id = write(lambda: erasing.ask(SYSTEM, kind, reference))
    erasing.run(SYSTEM, public_id)
    assert db.session.scalars(select(Erasure.state).where(Erasure.public_id == public_id)).one() == "done"
    return _texts()
