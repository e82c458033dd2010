"""What is over is taken out and the numbers stay; what is not over stays; run again it changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.models.signals import Signal, Stream
from qa.attachments import attachments
from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.models import AuditEntry
from qa.grading import blind
from qa.models.cases import CaseText, ClosedCase, ImportReject, Message, Touch
from qa.models.grading import Grade, Task
from qa.models.texts import Attachment, Mask
from qa.models.truth import Finding, Settlement, Truth
from qa.queries import keeping
from qa.removal import retention
from qa.tallies import tallies
from tests.desk import Desk
from tests.factories import actor, browser
from tests.qa.hearing import look


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(graders=2)


def run(days: int, **given: Any) -> dict[str, int]:
    """Retention as if so many days had passed."""
    counts: dict[str, int] = retention.run(SYSTEM, as_of=clock.now() + timedelta(days=days), **given)["counts"]
    db.session.expire_all()
    return counts


def with_words(desk: Desk) -> ClosedCase:
    """A drawn case with words of every kind."""
    long = "A long remark that somebody typed into a column of their own, with more than a short word."
    case = desk.drawn_case(evidence={"channel": "chat", "remark": long, "from": "a@example.org"})
    rows: list[Any] = [
        Message(case_id=case.id, ordinal=1, author_role="reporter", text="Words", translation="W", withheld=False),
        Attachment(case_id=case.id, ordinal=1, kind="file", named="a.bin"),
        ImportReject(run_id=desk.run.id, line=3, value_start="somebody's words", expected="a date"),
        Mask(case_id=case.id, place="text", begins=0, ends=4, kind="personal", rule="name", state="applied"),
    ]
    write(lambda: db.session.add_all(rows))
    attachments.path(rows[1].public_id).write_bytes(b"1")
    return case


def test_texts_go_after_180_days_and_short_facts_stay(desk: Desk) -> None:
    case = with_words(desk)
    file = attachments.path(db.session.scalars(select(Attachment.public_id)).one())

    assert not any(run(179).values()) and file.exists()
    counts = run(181)

    assert (counts["case_text"], counts["attachment"], counts["import_reject"]) == (1, 1, 1)
    text = db.session.get_one(CaseText, case.id)
    assert text.text is None and text.purged_at is not None and not file.exists()
    assert db.session.execute(select(Message.text, Message.translation)).one() == ("", None)
    assert db.session.scalars(select(ImportReject.value_start)).one() is None
    assert db.session.scalars(select(ClosedCase.evidence)).one() == {"channel": "chat"}
    assert db.session.scalars(select(Mask.id)).all() == []
    assert not any(run(181).values())


def test_a_dry_run_counts_and_changes_nothing(desk: Desk) -> None:
    case = with_words(desk)

    counts = run(181, dry_run=True)

    assert counts["case_text"] == 1
    assert db.session.get_one(CaseText, case.id).text is not None


def test_what_nobody_decided_is_not_reached_and_what_was_decided_stays(desk: Desk) -> None:
    desk.drawn_case()
    look(desk.graders[0])
    desk.drawn_case()
    write(lambda: blind.claim(desk.graders[1]))

    run(181)

    assert db.session.scalars(select(Settlement.state).order_by(Settlement.case_id)).all() == ["settled", "unreached"]
    assert "held" not in set(db.session.scalars(select(Task.state)))
    assert len(db.session.scalars(select(Grade.id)).all()) == len(db.session.scalars(select(Finding.id)).all()) == 1


def test_after_13_months_figures_lose_the_person_and_keep_the_counts(desk: Desk) -> None:
    case = desk.drawn_case()
    look(desk.graders[0])
    before = {key: value[-1] for key, value in tallies.kept().items()}

    assert run(390)["finding"] == 0
    counts = run(410)

    assert (counts["closed_case"], counts["finding"]) == (1, 1)
    row = db.session.scalars(select(Finding)).one()
    assert (row.agent_id, row.settler_id, row.kind, row.feedback) == (None, None, "correct", "")
    assert db.session.get_one(ClosedCase, case.id).agent_id is None
    assert db.session.scalars(select(Truth.by_id)).one() is None and db.session.scalars(select(Touch.id)).all() == []
    kept = tallies.kept()
    assert kept == tallies.recomputed() and {key: value[-1] for key, value in kept.items()} == before
    assert not any(run(410).values())


def test_streams_and_alerts_lose_the_person_once_they_are_over(desk: Desk) -> None:
    case = desk.drawn_case()
    now, start = clock.now(), clock.now() - timedelta(days=30)
    given = {"cause": "first", "planned_per_week": 5.0, "threshold": 10.0, "target": 0.95, "level": "policy"}
    for epoch, at in ((1, start), (2, now)):
        row = Stream(agent_id=desk.agent.id, epoch=epoch, opened_at=at, baseline={}, values={"n": 3}, **given)
        write(lambda row=row: db.session.add(row))
    alert = Signal(
        agent_id=desk.agent.id, kind="drop", level="act", epoch=1, crossed_case_id=case.id, crossed_at=start,
        shares={}, evidence={"cases": [1]}, n=20, errors=6, raised_at=start, state="closed",
    )  # fmt: skip
    write(lambda: db.session.add(alert))

    run(410)

    streams = db.session.execute(select(Stream.agent_id, Stream.values).order_by(Stream.epoch)).all()
    assert [tuple(row) for row in streams] == [(None, {}), (desk.agent.id, {"n": 3})]
    assert db.session.execute(select(Signal.agent_id, Signal.n, Signal.errors)).one() == (None, 20, 6)
    assert browser(desk.app, desk.manager).get("/signals").status_code == 200


def test_it_is_noted_with_counts_alone(desk: Desk) -> None:
    with_words(desk)

    run(181)

    note = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "retention")).one()
    assert '"case_text":1' in note.detail


def test_an_admin_sees_where_copies_stand_and_what_is_over(desk: Desk) -> None:
    with_words(desk)
    who = actor("admin")

    with clock.fixed(clock.now() + timedelta(days=181)):
        admin = browser(desk.app, who)
        page = admin.get("/admin/retention").text
        admin.send("/admin/retention/run")

    assert "Lessons of training modules" in page and "Texts of cases: 1" in page
    assert "Accuracy alerts" in page


def test_whoever_may_grade_too_sees_how_many_results_there_were_at_the_release_hour(desk: Desk) -> None:
    both, admin = actor("admin", "reviewer"), actor("admin")
    desk.drawn_case()

    def results(reader: Actor) -> int:
        return next(row.count for row in keeping.keeping(reader).people if row.name == "People of results")

    with clock.fixed(clock.now() + timedelta(hours=1)):
        look(desk.graders[0])
        today = (results(both), results(admin))
    with clock.fixed(clock.now() + timedelta(days=1)):
        tomorrow = (results(both), results(admin))

    assert (today, tomorrow) == ((0, 1), (1, 1))


def test_the_commands_print_counts_and_repeated_change_nothing(desk: Desk) -> None:
    case = with_words(desk)
    runner = desk.app.test_cli_runner()
    day = (clock.now() + timedelta(days=181)).date().isoformat()

    tried = runner.invoke(args=["retention", "run", "--as-of", day, "--dry-run", "--json"])
    done = runner.invoke(args=["erase", "case", case.external_id, "--json"])
    again = runner.invoke(args=["erase", "case", f"test:{case.external_id}", "--json"])
    unknown = runner.invoke(args=["erase", "person", "nobody"])

    assert json.loads(tried.stdout)["counts"]["case_text"] == 1
    assert json.loads(done.stdout)["counts"]["case_text"] == 1 and json.loads(again.stdout)["counts"] == {}
    assert unknown.exit_code == 1
