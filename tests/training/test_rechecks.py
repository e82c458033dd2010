"""Who works by a changed section is asked about the change alone, once; what was begun is built anew in sight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Notice
from qa.policies import policies, section_changes
from tests.training.generation.invented import SWAPPING
from tests.training.school import PUSHY, UNSAFE, School
from training import learning, mastery, rebuilding, rechecks, versions
from training.generation.skills import SkillKey
from training.models.learning import Assignment, AssignmentCause, Attempt, BlockRead, Mastery
from training.models.modules import Item, LessonBlock, Module, ModuleVersion
from training.queries import clearances

LATER = datetime(2026, 12, 2, 9, tzinfo=UTC)
SILENCE = "- Writing to somebody who asked for silence"
MORE = f"{SILENCE}\n- Ringing at night about beans\n- Threatening to tell the whole club\n- Pressing children for seed"
KEY = SkillKey("section", PUSHY)


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


@pytest.fixture
def school_on_both(app: Flask) -> School:
    return School()


def changed(old: str = SILENCE, new: str = MORE, *, text: str = SWAPPING, on: date = date(2026, 12, 1)) -> None:
    assert old in text
    write(lambda: policies.import_text(SYSTEM, text.replace(old, new), name="swapping", effective=on))


def followed() -> list[str]:
    """The addresses of what is given out the day after the change; a second time gives out nothing."""
    with clock.fixed(LATER):
        versions.follow(SYSTEM)
        made = rechecks.assign(SYSTEM)
        assert rechecks.assign(SYSTEM) == []
    return made


def answered_all(school: School, address: str, *, right: bool = True) -> learning.Told:
    write(lambda: learning.start(school.agent, address))
    no = write(lambda: learning.begin(school.agent, address))
    sat = select(Attempt.snapshot).join(Assignment, Assignment.id == Attempt.assignment_id)
    for number, asked in enumerate(
        db.session.scalars(sat.where(Assignment.public_id == address, Attempt.no == no)).one(), 1
    ):
        options = [one["id"] for one in asked["options"] if (one["id"] in asked["key"]) is right]
        deed = lambda number=number, option=options[0]: learning.answer(  # noqa: E731
            school.agent, address, no=no, question=number, option=option
        )
        told = write(deed)
    return told


def test_who_decided_there_lately_is_asked_about_the_change_and_nobody_else(school_on_both: School) -> None:
    school = school_on_both
    school.settled(closed_at=clock.now())
    school.settled(agent=school.other, truth=UNSAFE, closed_at=clock.now())
    changed()

    (address,) = followed()

    row = school.assignment(address)
    assert row.person_id == school.agent.id and row.state == "assigned"
    assert "You decided 1 cases there" in row.why and "never had training" in row.why
    cause = db.session.scalars(select(AssignmentCause)).one()
    assert (cause.kind, cause.ref) == ("policy", "swapping 2")
    told = db.session.scalars(select(LessonBlock.markdown)).all()
    assert len(told) == 3 and all(one.startswith("**New:**") for one in told)


def test_what_was_passed_before_is_said_to_be_passed_and_goes_on_where_it_stood(school: School) -> None:
    write(lambda: mastery.gain(SYSTEM, school.agent.id or 0, [KEY], because="passed a quiz"))
    write(lambda: mastery.hit(SYSTEM, db.session.scalars(select(Mastery)).one(), on_case=True))
    changed()

    (address,) = followed()
    row = school.assignment(address)
    held = db.session.scalars(select(Mastery)).one()
    assert "You passed this, last on 16 Nov 2026, under an earlier version" in row.why and "never" not in row.why
    assert held.state == "needs_recheck" and held.next_check_on == row.due_on + mastery.AFTER_DUE

    with clock.fixed(LATER):
        told = answered_all(school, address)

    assert told.closed and school.assignment(address).state == "passed"
    held = db.session.scalars(select(Mastery).where(Mastery.policy_version == "swapping 2")).one()
    assert (held.state, held.step, held.reopened_at) == ("provisional", 1, None)


@pytest.mark.parametrize(
    ("old", "new"), [(SILENCE, SILENCE.replace("- ", "* ")), ("Hosts welcome everybody.", "Hosts welcome all.")]
)
def test_a_cosmetic_change_and_one_elsewhere_ask_nobody(school: School, old: str, new: str) -> None:
    school.settled(closed_at=clock.now())

    changed(old, new)

    assert followed() == []


def test_a_rewording_asks_once_its_owner_says_that_it_is_one_of_substance(school: School) -> None:
    school.settled(closed_at=clock.now())
    changed("We do not allow members to press others.", "We do not allow members to push others.")
    before = followed()
    key = {PUSHY: "material"}

    write(lambda: section_changes.rule(SYSTEM, "swapping", "2", key))

    assert before == [] and len(followed()) == 1


def test_a_change_without_questions_waits_for_a_person(school: School) -> None:
    school.settled(closed_at=clock.now())

    changed(f"{SILENCE}\n", "")

    (address,) = followed()
    assert school.assignment(address).state == "proposed"


def test_a_second_change_is_asked_together_with_the_first(school: School) -> None:
    school.settled(closed_at=clock.now())
    changed()
    (address,) = followed()
    text = SWAPPING.replace(SILENCE, MORE)
    more = "- Ringing at night about beans\n- Hiding behind a hedge until somebody answers"
    changed("- Ringing at night about beans", more, text=text, on=date(2026, 12, 2))

    assert followed() == []

    row = school.assignment(address)
    focus = db.session.scalars(
        select(Module.focus).join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(ModuleVersion.id == row.module_version_id)
    ).one()  # fmt: skip
    assert focus["since"] == ["swapping", "1"] and "Version 3" in row.why
    assert set(db.session.scalars(select(AssignmentCause.ref))) == {"swapping 2", "swapping 3"}


def leave_out(section: str) -> None:
    """Let the open sitting ask nothing that names *section*, even as a wrong answer."""
    sitting = db.session.scalars(select(Attempt)).one()
    refs = [one["item"] for one in sitting.snapshot]
    naming = {
        item.ref for item in db.session.scalars(select(Item).where(Item.ref.in_(refs)))
        if section in {item.citation["section"], *(option["citation"]["section"] for option in item.options)}
    }  # fmt: skip
    assert naming
    sitting.snapshot = [one for one in sitting.snapshot if one["item"] not in naming]


@pytest.mark.parametrize("overtaken", [True, False])
def test_training_that_was_begun_is_built_anew_and_keeps_what_was_read_and_still_stands(
    school: School, overtaken: bool
) -> None:
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    old = school.assignment(address).module_version_id
    lesson = db.session.scalars(select(LessonBlock.lesson)).first() or ""
    write(lambda: learning.read(school.agent, address, lesson))
    write(lambda: learning.begin(school.agent, address))
    if not overtaken:
        write(lambda: leave_out("swapping/unsafe-parcels"))
    changed("- Sending soil across a border", "- Sending soil across a border\n- Posting seed that is wet")

    if overtaken:
        asked = db.session.scalars(select(Attempt.snapshot)).one()[-1]["item"]
        write(lambda: db.session.execute(update(Item).where(Item.ref == asked).values(state="stale")))

    with clock.fixed(LATER):
        ended = versions.follow(SYSTEM).items
        moved = rebuilding.follow(SYSTEM)
        again = rebuilding.follow(SYSTEM)

    row = school.assignment(address)
    assert (ended > 0, moved, again) == (True, 1, 0) and row.module_version_id != old and row.state == "begun"
    read = db.session.scalars(
        select(LessonBlock.markdown).join(BlockRead, BlockRead.block_id == LessonBlock.id)
        .where(LessonBlock.module_version_id == row.module_version_id)
    ).all()  # fmt: skip
    assert read
    assert db.session.scalars(select(Attempt.state)).all() == ["void" if overtaken else "open"]
    assert write(lambda: learning.begin(school.agent, address)) == (2 if overtaken else 1)
    assert set(db.session.scalars(select(Attempt.purpose))) == {"initial"}
    assert "training_rebuilt" in db.session.scalars(select(Notice.kind)).all()


def test_training_whose_cases_no_longer_fit_stays_as_it_was_begun(school: School) -> None:
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    old = school.assignment(address).module_version_id
    changed(f"{SILENCE}\n", "")

    with clock.fixed(LATER):
        versions.follow(SYSTEM)
        moved = rebuilding.follow(SYSTEM)

    row = school.assignment(address)
    assert moved == 0 and (row.module_version_id, row.state) == (old, "begun")


def test_a_policy_change_comes_before_other_training_of_the_week(school: School) -> None:
    other = school.assignment(school.given())
    with clock.fixed(LATER):
        due = rechecks.assigning.giving.due_on(school.agent.id or 0, 1)

    def fill() -> None:
        db.session.get_one(ModuleVersion, other.module_version_id).minutes = 29
        db.session.get_one(Assignment, other.id).due_on = due

    write(fill)
    school.settled(closed_at=clock.now())
    changed("- Sending soil across a border", "- Sending soil across a border\n- Posting seed that is wet\n- Hiding a "
            "knife in a box\n- Mailing a live wasp")  # fmt: skip
    write(lambda: mastery.gain(SYSTEM, school.agent.id or 0, [SkillKey("section", UNSAFE)], because="passed"))

    (address,) = followed()

    assert school.assignment(address).due_on == due
    assert (school.assignment(other.public_id).due_on - due).days == 7


def test_a_certificate_ends_with_a_change_in_substance_and_holds_again_once_it_was_answered(school: School) -> None:
    address = school.given()
    answered_all(school, address)
    before = clearances.held(school.manager)
    changed(SILENCE, f"{SILENCE} ")
    with clock.fixed(LATER):
        cosmetic = versions.follow(SYSTEM).certificates
    changed(on=date(2026, 12, 3))
    with clock.fixed(LATER + timedelta(days=2)):
        ended = [versions.follow(SYSTEM).certificates for _ in range(2)]
        lapsed, cleared = clearances.held(school.manager), clearances.clearances(school.manager)
        asked = rechecks.assign(SYSTEM)
        answered_all(school, next(one for one in asked if school.assignment(one).person_id == school.agent.id))
        again, after = clearances.held(school.manager), versions.follow(SYSTEM).certificates
        ready = clearances.clearances(school.manager)

    assert [one.standing for one in before] == ["done"] and cosmetic == 0
    assert ended == [1, 0] and after == 0
    assert [one.standing for one in lapsed] == ["done, expired"] and "Pushy offers" in lapsed[0].because
    mine = [next(one for one in rows if one.person == school.agent.name) for rows in (cleared, ready)]
    assert [one.cleared for one in mine] == [False, True] and "a certificate ended" in mine[0].because
    assert sorted(one.standing for one in again if one.person == school.agent.name) == ["done", "done"]
