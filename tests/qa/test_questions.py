"""A question about a clause: asked, taken in hand, answered, closed; and who reads what of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa import questions
from qa.core import clock, registries
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.jobs import Work
from qa.core.models import Job, Notice
from qa.models.policies import PolicyQuestion
from qa.queries import questions as queries
from tests import factories
from tests.desk import Desk

SAID = {"wording": "Do jokes count?", "answer": "They do.\nSee the first item."}


def asked(owner: Actor, key: str = "conduct/threats") -> str:
    return write(lambda: questions.ask(owner, section_key=key, text="Agent Able reads it otherwise").public_id)


def told(owner: Actor) -> dict[int, str]:
    """Run the job that tells, and who has which line."""
    job = db.session.scalars(select(Job).where(Job.kind == questions.JOB_TELL)).one()
    beats: list[tuple[int, int | None]] = []

    class Quiet(Work):
        __slots__ = ()

        def progress(self, done: int, total: int | None = None, line: str = "") -> None:
            beats.append((done, total))

    questions.tell_concerned(Quiet(job.id, "token", owner), **job.args)
    db.session.rollback()
    return {row.person_id: row.line for row in db.session.scalars(select(Notice).where(Notice.kind == "question"))}


def test_a_question_goes_its_way_and_each_step_is_taken_once(app: Flask) -> None:
    Desk()
    asker, owner = factories.actor("manager", manages=None), factories.actor("policy_owner")
    public_id = asked(asker)

    states = []
    for step in (
        lambda: questions.hand(owner, public_id),
        lambda: questions.answer(owner, public_id, **SAID),
        lambda: questions.close(owner, public_id, number="1"),
    ):
        states.append(write(lambda step=step: step().state))

    assert states == ["with_owner", "answered", "closed"]
    for late in (
        lambda: questions.hand(owner, public_id),
        lambda: questions.answer(owner, public_id, **SAID),
        lambda: questions.close(owner, public_id),
    ):
        with pytest.raises(Refused):
            write(late)
    row = db.session.scalars(select(PolicyQuestion)).one()
    assert (row.asked_by_id, row.owner_id, row.wording) == (asker.id, owner.id, "Do jokes count?")
    assert row.answered_at == row.closed_at == clock.now() and row.led_to_id is not None


def test_answering_an_open_question_takes_it_first(app: Flask) -> None:
    Desk()
    owner = factories.actor("policy_owner")
    public_id = asked(owner)

    write(lambda: questions.answer(owner, public_id, **SAID))

    assert db.session.scalars(select(PolicyQuestion.owner_id)).one() == owner.id


def test_only_an_answered_question_can_be_closed_and_only_by_a_version_that_there_is(sqlite_app: Flask) -> None:
    Desk()
    owner = factories.actor("policy_owner")
    public_id = asked(owner)

    with pytest.raises(Refused):
        write(lambda: questions.close(owner, public_id))
    write(lambda: questions.answer(owner, public_id, **SAID))
    with pytest.raises(BadInput):
        write(lambda: questions.close(owner, public_id, number="77"))


def test_it_is_given_to_whoever_answers_for_policies_and_to_nobody_else(sqlite_app: Flask) -> None:
    desk = Desk()
    manager, owner = factories.actor("manager", manages=None), factories.actor("policy_owner")
    public_id = asked(manager)

    write(lambda: questions.hand(manager, public_id, owner=owner.public_id))
    with pytest.raises(BadInput):
        write(lambda: questions.hand(manager, public_id, owner=desk.agent.public_id))

    assert db.session.scalars(select(PolicyQuestion.owner_id)).one() == owner.id
    assert db.session.scalars(select(Notice.person_id).where(Notice.kind == "question")).all() == [owner.id]


def test_a_section_that_no_version_in_force_has_cannot_be_asked_about(sqlite_app: Flask) -> None:
    Desk()

    with pytest.raises(BadInput):
        asked(factories.actor("policy_owner"), "conduct/nothing")


def test_one_clause_is_asked_about_once_until_it_is_answered(sqlite_app: Flask) -> None:
    Desk()
    owner = factories.actor("policy_owner")

    first, second = asked(owner), asked(owner)
    write(lambda: questions.answer(owner, first, **SAID))
    third = asked(owner)

    assert first == second != third


def test_whoever_asked_and_whoever_worked_by_the_clause_of_late_is_told_once(app: Flask) -> None:
    desk = Desk()
    asker, owner = factories.actor("manager", manages=None), factories.actor("policy_owner")
    long_ago, elsewhere = factories.actor("agent", team=desk.team), factories.actor("agent", team=desk.team)
    desk.case(decided="conduct/threats")
    desk.case(decided="conduct/threats", agent_id=long_ago.id, closed_at=clock.now() - timedelta(days=200))
    desk.case(decided="conduct/praise", agent_id=elsewhere.id, play_key="conduct/praise")
    public_id = asked(asker)

    write(lambda: questions.answer(owner, public_id, **SAID))

    lines = {
        asker.id: "Your policy question is answered: Conduct: Threats",
        desk.agent.id: "A policy question is answered: Conduct: Threats",
    }
    assert told(owner) == lines
    assert told(owner) == lines


def test_who_only_reads_sees_the_answer_and_nothing_of_what_led_to_it(sqlite_app: Flask) -> None:
    desk = Desk()
    owner = factories.actor("policy_owner")
    evidence = {"errors": 8, "cases": 26, "others": 15, "why": "others misread it"}
    write(
        lambda: questions.open_question(
            SYSTEM, section_key="conduct/threats", origin_kind="signal", origin_ref="x", evidence=evidence,
            text="Agent Able again",
        )
    )  # fmt: skip
    public_id = db.session.scalars(select(PolicyQuestion.public_id)).one()
    readers = [factories.browser(sqlite_app, who) for who in (desk.agent, desk.graders[0])]

    waits = [(reader.get("/questions").text, reader.get(f"/questions/{public_id}").status_code) for reader in readers]
    write(lambda: questions.answer(owner, public_id, **SAID))
    seen = [reader.get(url).text for reader in readers for url in ("/questions", f"/questions/{public_id}")]

    assert all("No question was answered yet." in page and status == 404 for page, status in waits)
    for page in seen:
        assert "Do jokes count?" in page and "They do." in page
        assert not any(
            secret in page.split("<main")[1] for secret in ("Agent Able", "26 settled", "misread", owner.name)
        )


def test_what_was_decided_instead_is_counted_for_owners_but_not_for_who_may_be_given_blind_tasks(
    sqlite_app: Flask,
) -> None:
    Desk()
    owner, dual = factories.actor("policy_owner"), factories.actor("policy_owner", "reviewer")
    public_id = asked(owner)

    assert queries.question(owner, public_id).instead == []
    assert queries.question(dual, public_id).instead is None


def test_the_page_says_what_spoke_for_asking(sqlite_app: Flask) -> None:
    Desk()
    evidence = {"errors": 3, "cases": 40, "others": 6, "why": "graders disagree on it", "agreement_high": 0.741}
    row = write(
        lambda: questions.open_question(
            SYSTEM, section_key="conduct/threats", origin_kind="scan", origin_ref="2026-4", evidence=evidence
        )
    )

    page = factories.browser(sqlite_app, factories.actor("manager", manages=None)).get(f"/questions/{row.public_id}")

    assert (
        "3 errors in 40 settled cases of 6 agents: graders disagree on it; "
        "graders agree on this clause to 0.74 at most (upper limit)." in page.text
    )


def test_an_absent_question_is_not_found(sqlite_app: Flask) -> None:
    with pytest.raises(NotFound):
        queries.question(factories.actor("policy_owner"), "0" * 32)


def test_the_whole_way_works_by_pages(sqlite_app: Flask) -> None:
    Desk()
    owner = factories.browser(sqlite_app, factories.actor("policy_owner", name="Olga Owner"))

    wrong = owner.send("/questions", {"section": "conduct/threats"})
    made = owner.send("/questions", {"section": "conduct/threats", "text": "Jokes <b>too</b>?"})
    owner.send(f"{made.location}/hand")
    held = owner.get(made.location).text
    short = owner.send(f"{made.location}/answer", {"answer": "Yes."})
    owner.send(f"{made.location}/answer", SAID)
    owner.send(f"{made.location}/close", {"number": "1"})
    ended = owner.get(made.location).text

    assert wrong.status_code == 422 and "Say what is not plain." in wrong.text
    assert "Jokes &lt;b&gt;too&lt;/b&gt;?" in held and "with Olga Owner" in held
    assert short.status_code == 422 and "so that everybody may read it" in short.text
    assert "They do." in ended and 'href="/policies/conduct/1">version 1</a>' in ended
    assert "No question waits." in owner.get("/questions").text
    assert "Conduct: Threats" in owner.get("/questions?state=closed&policy=conduct").text
    assert "Conduct: Threats" not in owner.get("/questions?state=closed&policy=other").text


def test_a_question_about_the_work_stands_beside_one_about_the_policy(sqlite_app: Flask) -> None:
    Desk()
    lead = factories.actor("manager", manages=None)
    browser = factories.browser(sqlite_app, lead)
    about_policy = asked(lead)

    made = browser.send("/questions", {"section": "conduct/threats", "about": "tool", "text": "The button is grey."})
    again = browser.send("/questions", {"section": "conduct/threats", "about": "tool", "text": "It still is."})
    wrong = browser.send("/questions", {"section": "conduct/threats", "about": "weather", "text": "It rains."})

    board = browser.get("/questions").text
    assert made.location == again.location != f"/questions/{about_policy}" and wrong.status_code == 422
    assert [row.kind for row in db.session.scalars(select(PolicyQuestion).order_by(PolicyQuestion.id))] == [
        "policy", "process",
    ]  # fmt: skip
    assert "tool</span>" in board and "The button is grey." in board


def test_an_answer_leads_to_what_is_kept_on_its_clause_and_to_nothing_else(sqlite_app: Flask) -> None:
    Desk()
    owner = factories.actor("policy_owner")
    public_id = asked(owner)
    write(lambda: questions.answer(owner, public_id, **SAID))
    on_threats = {"conduct/threats": [("/precedents/1", "At the door")]}
    registries.registries().kept_answers.append(lambda key: on_threats.get(key, []))

    with pytest.raises(BadInput):
        write(lambda: questions.close(owner, public_id, kept="/precedents/2"))
    write(lambda: questions.close(owner, public_id, kept="/precedents/1"))

    read = factories.browser(sqlite_app, factories.actor("agent")).get(f"/questions/{public_id}").text
    assert '<a href="/precedents/1">At the door</a>' in read
