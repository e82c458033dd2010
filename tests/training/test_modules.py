"""Modules keep nothing that cannot cite, and teach from nothing that somebody is still to judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.truth import Dispute, Finding
from qa.policies import policies
from tests import factories
from tests.training.generation.invented import SWAPPING
from tests.training.school import PUSHY, School, shelved
from training import casework, modules, sources, targeting
from training.models.modules import Item, LessonBlock, Module, ModuleVersion
from training.queries import home


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def shown(school: School) -> set[str]:
    """Addresses of the cases that a module on pushy offers would show."""
    known = sources.in_force(clock.now().date())
    return {case.ref for case in casework.about(school.agent.id or 0, [PUSHY], (), known).cases}


def test_what_cannot_cite_is_dropped(school: School) -> None:
    module = shelved().module
    assert module is not None
    known = sources.in_force(clock.now().date())
    first, *rest = module.items
    lying = replace(first, citation=replace(first.citation, quote="This stands nowhere at all."))

    kept = modules.cited(replace(module, items=(lying, *rest)), known)

    assert modules.cited(module, known) == module
    assert [item.id for item in kept.items] == [item.id for item in rest]
    assert all(first.id not in form for form in kept.forms.values())


def test_every_block_and_item_is_kept_with_its_clause(school: School) -> None:
    write(lambda: modules.keep(SYSTEM, shelved()))

    cited = [*db.session.scalars(select(LessonBlock.citation)), *db.session.scalars(select(Item.citation))]

    assert len(cited) > 20
    assert all({"section", "version", "line_from", "line_to", "quote"} <= set(one) for one in cited)
    owner, agent = factories.actor("policy_owner"), factories.actor("agent")
    touches = home.touched_by(owner, [PUSHY])[PUSHY]
    assert {one.label: (one.count or 0) > 0 for one in touches} == {"module": True, "quiz questions": True}
    assert {one.url for one in touches} == {f"/modules/{db.session.scalars(select(Module.public_id)).one()}"}
    assert home.touched_by(agent, [PUSHY]) == {}


def test_cases_that_are_contested_or_still_to_be_judged_are_not_shown(school: School) -> None:
    settled, contested = school.settled(agent=school.other), school.settled(agent=school.other)
    waiting = school.drawn_case(decided=PUSHY, agent_id=school.other.id, play_key=PUSHY)
    finding = db.session.scalars(select(Finding.id).where(Finding.case_id == contested.id)).one()
    factories.kept(Dispute(finding_id=finding, kind="section", text="No.", state="open", due_at=clock.now()))

    found = shown(school)

    assert found == {settled.public_id}
    assert waiting.public_id not in found


def test_a_case_that_was_settled_by_other_words_is_not_shown(school: School) -> None:
    case = school.settled(agent=school.other)
    changed = SWAPPING.replace("Writing to somebody who asked for silence", "Calling somebody who asked for silence")
    before = shown(school)

    write(lambda: policies.import_text(SYSTEM, changed, name="swapping", effective=clock.now().date()))

    assert before == {case.public_id}
    assert shown(school) == set()


def test_an_own_result_that_is_not_published_is_not_shown(school: School) -> None:
    told, held = school.settled(decided="none"), school.settled(decided="none", published=False)
    known = sources.in_force(clock.now().date())

    own = [told.public_id, held.public_id]
    found = casework.about(school.agent.id or 0, [PUSHY], own, known)

    assert held.public_id not in {case.ref for case in found.cases}
    assert {case.ref for case in found.cases if case.mine} == {told.public_id}


def test_a_new_version_of_the_policy_makes_a_new_version_of_the_module(school: School) -> None:
    school.bank()

    def built(on: date) -> int:
        known = sources.in_force(on)
        target = targeting.of_sections(school.agent.id or 0, [PUSHY], known)
        drafted = modules.draft(target, known)
        return write(lambda: modules.keep(SYSTEM, drafted).no)

    today = clock.now().date()
    first, again = built(today), built(today)
    changed = SWAPPING.replace("Reminders are fine.", "Reminders are fine, once.")
    write(lambda: policies.import_text(SYSTEM, changed, name="swapping", effective=today))

    assert (first, again, built(today)) == (1, 1, 2)
    assert db.session.scalars(select(ModuleVersion.state).order_by(ModuleVersion.no)).all()[0] == "stale"


def test_what_names_somebody_goes_out_of_a_case_that_is_used_again(school: School) -> None:
    school.settled(agent=school.other, text="Write to ann@example.org, @ann_b or +44 20 7946 0018 about the 12 beans!")

    known = sources.in_force(clock.now().date())
    (case,) = casework.about(school.agent.id or 0, [PUSHY], (), known).cases

    assert case.text == "Write to [e-mail], [account] or [phone] about the 12 beans!"
