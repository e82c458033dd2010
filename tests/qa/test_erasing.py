"""What is erased is gone from rows, files and log; what was counted stays; repeated, nothing is left to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text

from qa.attachments import attachments
from qa.core import audit, clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, is_sqlite, write
from qa.core.errors import NotFound, Refused
from qa.core.models import AuditEntry, Job, Notice, Person
from qa.core.notices import notify
from qa.grading import blind
from qa.models.cases import CaseText, ClosedCase, Message
from qa.models.grading import Grade, Task
from qa.models.texts import Attachment, Erasure
from qa.models.truth import Challenge, Dispute, Finding, Settlement, Truth
from qa.removal import erasing, free_texts
from tests.desk import Desk
from tests.factories import acting, actor, browser, person
from tests.qa.hearing import look

#: Stands in nothing else, and is no word of any page.
MARKER = "zq7marker"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(graders=2)


def left(marker: str) -> list[str]:
    """Where the bytes of a marker still stand: in the files of the database, its log, and the instance's folder."""
    db.session.rollback()
    folders = [Path(current_app.config["SETTINGS"].instance)]
    if is_sqlite():
        path = Path(db.engine.url.database or "")
        files = [one for one in path.parent.glob(f"{path.name}*") if one.is_file()]
    else:
        place = db.session.execute(
            text("SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()")
        ).one()
        db.session.rollback()
        files = [one for one in (Path(place[0]) / "base" / str(place[1])).iterdir() if one.is_file()]
    files += [one for folder in folders for one in folder.rglob("*") if one.is_file()]
    return [one.name for one in files if marker.encode() in one.read_bytes()]


def spoken_of(desk: Desk) -> ClosedCase:
    """A case with a marker wherever words can stand, graded and settled as an error."""
    case = desk.drawn_case(
        looks=2, text=f"{MARKER} came. " + "x" * 3000, decided="none", action="keep",
        evidence={"note": f"{MARKER} said"}, withheld={"agent_note": f"{MARKER} kept"},
    )  # fmt: skip
    rows: list[Any] = [
        Message(case_id=case.id, ordinal=1, author_role="reporter", text=MARKER, translation=MARKER, withheld=False),
        Attachment(case_id=case.id, ordinal=1, kind="file", named=f"{MARKER}.txt"),
    ]
    write(lambda: db.session.add_all(rows))
    attachments.path(rows[1].public_id).write_bytes(MARKER.encode())
    look(desk.graders[0])
    look(desk.graders[1])
    write(lambda: _words(case))
    return case


def _words(case: ClosedCase) -> None:
    for grade in db.session.scalars(select(Grade)):
        grade.note = f"{MARKER} noted"
    finding = db.session.scalars(select(Finding)).one()
    finding.feedback = f"{MARKER} fed back"
    truth = db.session.scalars(select(Truth)).one()
    db.session.add(Dispute(finding_id=finding.id, kind="wrong", text=MARKER, state="decided", due_at=clock.now()))
    db.session.add(Challenge(case_id=case.id, truth_id=truth.id, text=MARKER, state="upheld"))
    notify.tell(
        person_id=finding.agent_id or 0, kind="result", object_ref=finding.public_id, line=MARKER, url="/",
        dedupe_key="one",
    )  # fmt: skip


def erased(kind: str, reference: str) -> dict[str, Any]:
    public_id = write(lambda: erasing.ask(SYSTEM, kind, reference))
    return erasing.run(SYSTEM, public_id)


def test_an_erased_case_is_gone_from_rows_files_and_log_while_its_numbers_stay(desk: Desk) -> None:
    case = spoken_of(desk)
    assert left(MARKER)
    kind, numbers = db.session.scalars(select(Finding.kind)).one(), db.session.scalars(select(Settlement.state)).all()

    done = erased("case", case.external_id)

    assert left(MARKER) == []
    assert done["counts"]["case_text"] == done["counts"]["message"] == done["counts"]["files"] == 1
    assert done["counts"]["grade"] == 2 and done["counts"]["dispute"] == done["counts"]["notice"] == 1
    assert db.session.scalars(select(Finding.kind)).one() == kind
    assert db.session.scalars(select(Settlement.state)).all() == numbers
    assert audit.verify().bad_seq is None


def test_repeated_it_changes_nothing(desk: Desk) -> None:
    case = spoken_of(desk)
    erased("case", f"test:{case.external_id}")

    assert erased("case", case.public_id)["counts"] == {}


def test_a_case_that_waits_is_not_asked_about_any_more(desk: Desk) -> None:
    case = desk.drawn_case()
    write(lambda: blind.claim(desk.graders[0]))

    erased("case", case.external_id)

    assert db.session.scalars(select(Settlement.state)).one() == "unreached"
    assert set(db.session.scalars(select(Task.state))) == {"void"}


def test_an_erased_person_is_called_nowhere_any_more_and_what_they_decided_stays(desk: Desk) -> None:
    name = f"{MARKER.capitalize()} Surname"
    agent = acting(person("agent", name=name, external_id=f"{MARKER}-7", team=desk.team, email=f"{MARKER}@x.example"))
    case = desk.drawn_case(agent_id=agent.id, text=f"{name.upper()} ({MARKER}-7, {MARKER}@x.example) wrote this.")
    write(lambda: db.session.add(Notice(
        person_id=desk.manager.id, kind="k", object_ref="x", line=f"{name}'s case", url="/", dedupe_key="two"
    )))  # fmt: skip
    browser(desk.app, agent)

    done = erased("person", f"{MARKER}-7")

    assert [place for place in left(MARKER) if place] == [] and left(MARKER.upper()) == []
    row = db.session.scalars(select(Person).where(Person.erased_at.is_not(None))).one()
    assert (row.name, row.email, row.active) == ("Erased person", None, False)
    assert db.session.scalars(select(ClosedCase.agent_id).where(ClosedCase.id == case.id)).one() == agent.id
    assert db.session.get_one(CaseText, case.id).text == "[erased] ([erased], [erased]) wrote this."
    assert done["counts"]["person"] == done["counts"]["case_text"] == done["counts"]["notice"] == 1
    assert erased("person", f"{MARKER}-7")["counts"] == {}


def test_other_people_of_a_like_name_keep_theirs(desk: Desk) -> None:
    person("agent", name="Kim Stone", external_id="kim-1")
    desk.drawn_case(text="Kim Stoneham and a stone were there, and Kim Stone.")

    erased("person", "kim-1")

    assert db.session.scalars(select(CaseText.text)).one() == "Kim Stoneham and a stone were there, and [erased]."


def test_whoever_is_erased_lets_go_of_what_they_had_in_hand(desk: Desk) -> None:
    grader = actor("reviewer", name="Grader Gone", external_id="gone-1")
    desk.drawn_case()
    write(lambda: blind.claim(grader))

    erased("person", "gone-1")

    assert db.session.execute(select(Task.state, Task.person_id)).one() == ("waiting", None)


def test_nobody_erases_themselves_or_what_is_not_there(desk: Desk) -> None:
    admin = actor("admin")

    with pytest.raises(Refused):
        write(lambda: erasing.ask(admin, "person", admin.public_id))
    with pytest.raises(NotFound):
        write(lambda: erasing.ask(admin, "case", "nothing"))


def test_the_audit_holds_counts_and_no_words(desk: Desk) -> None:
    case = spoken_of(desk)

    erased("case", case.external_id)

    notes = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.verb == "erased")).all()
    assert len(notes) == 1 and '"case_text":1' in notes[0] and MARKER not in notes[0]


def test_an_admin_asks_by_a_page_and_a_job_does_it(desk: Desk) -> None:
    case, admin = desk.drawn_case(), browser(desk.app, actor("admin"))

    refused = admin.send("/admin/erasure", {"kind": "case", "reference": "nothing", "sure": "y"})
    admin.send("/admin/erasure", {"kind": "case", "reference": case.external_id, "sure": "y"})

    assert refused.status_code == 422
    row = db.session.scalars(select(Erasure)).one()
    assert erasing.run(SYSTEM, row.public_id)["counts"]["case_text"] == 1
    assert "Done" in admin.get("/admin/erasure").text


def test_requests_that_wait_together_are_done_together(desk: Desk) -> None:
    cases = [desk.drawn_case(text=f"{MARKER} {number}") for number in range(3)]
    for case in cases:
        write(lambda case=case: erasing.ask_for_job(SYSTEM, "case", case.external_id))

    jobs.run_due()

    db.session.rollback()
    assert set(db.session.scalars(select(Erasure.state))) == {"done"} and left(MARKER) == []
    said = db.session.scalars(select(Job.result).where(Job.kind == erasing.JOB).order_by(Job.id)).all()
    assert said[0]["counts"]["case_text"] == 1 and said[1:] == [{"done": "with another request"}] * 2


def test_every_free_text_that_is_about_a_case_is_reached(sqlite_app: Flask) -> None:
    """A new table with words about a case must be on the way, or be left out knowingly."""
    ways = free_texts.of_cases()

    assert {"case_text", "message", "grade", "finding", "dispute", "challenge", "adjudication", "attachment"} <= set(
        ways
    )
    unreached = [
        table.name
        for table in db.metadata.sorted_tables
        if table.name not in ways and any(key.column.table.name in ways for key in table.foreign_keys)
    ]
    assert set(unreached) <= {"stream", "signal"}
