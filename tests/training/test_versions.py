"""A new version of a policy ends exactly the questions whose clauses it changed, and asks for what was mastered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.policies import policies, section_changes
from qa.policytext.sections import parse
from tests import factories
from tests.training.generation.invented import SWAPPING
from tests.training.school import PUSHY, School, shelved
from training import learning, mastery, modules, sources, versions
from training.generation.build import generate
from training.generation.citing import bare
from training.generation.material import Source
from training.generation.skills import SkillKey
from training.generation.wording import tokens
from training.models.learning import Assignment, Mastery, MasteryEvent
from training.models.modules import Item, Module, ModuleVersion

SILENCE = "Writing to somebody who asked for silence"
LATER = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.fixture
def taught(sqlite_app: Flask) -> Actor:
    """Somebody who learns by the policy of the swapping club."""
    write(lambda: policies.import_text(SYSTEM, SWAPPING, name="swapping"))
    return factories.actor("agent")


def replaced(old: str, new: str, *, ruling: str = "") -> versions.Followed:
    """What comes of a version in force since yesterday in which *new* stands for *old*."""
    assert old in SWAPPING
    told = write(
        lambda: policies.import_text(SYSTEM, SWAPPING.replace(old, new), name="swapping", effective=date(2026, 12, 1))
    )
    if ruling:
        write(lambda: section_changes.rule(SYSTEM, "swapping", told.version, dict.fromkeys(told.needs_ruling, ruling)))
    with clock.fixed(LATER):
        found = versions.follow(SYSTEM)
        again = versions.follow(SYSTEM)
    assert again.items == again.modules == again.masteries == 0
    return found


def kept() -> list[Item]:
    """The questions of the module on the shelf, kept."""
    write(lambda: modules.keep(SYSTEM, shelved()))
    return stored()


def stored(*, stale: bool | None = None) -> list[Item]:
    db.session.rollback()
    db.session.expire_all()
    items = db.session.scalars(select(Item).order_by(Item.id)).all()
    return [one for one in items if stale is None or (one.state == "stale") == stale]


def of(known: tuple[Source, ...]) -> tuple[dict[str, Any], ...]:
    """The versions that a module is built from, as it keeps them."""
    return tuple({"slug": one.slug, "version": one.version, "sha256": one.sha256, "title": one.title} for one in known)


def quotes(item: Item) -> list[str]:
    return [item.citation["quote"], *(option["citation"]["quote"] for option in item.options)]


def test_other_markers_end_nothing(taught: Actor) -> None:
    kept()

    found = replaced("- Writing to somebody", "* Writing to somebody")

    assert found == versions.Followed(0, 0, 0) and stored(stale=True) == []


def test_a_rule_that_is_gone_ends_its_questions_and_those_on_cases_of_its_section(taught: Actor) -> None:
    items = kept()
    wanted = {one.ref for one in items if one.case_ref or any(SILENCE in quote for quote in quotes(one))}

    found = replaced(f"- {SILENCE}\n", "")

    assert {one.ref for one in stored(stale=True)} == wanted and found.items == len(wanted)
    assert 0 < len(wanted) < len(items)
    assert db.session.scalars(select(ModuleVersion.state)).all() == db.session.scalars(select(Module.state)).all()
    assert db.session.scalars(select(Module.state)).all() == ["stale"]


def test_a_rule_on_the_other_side_ends_its_questions_though_its_words_stay(taught: Actor) -> None:
    known, section = sources.in_force(clock.now().date()), "swapping/mislabelled-seed"
    module = generate(known, sections=[section], seed=7)
    write(lambda: modules.keep(SYSTEM, modules.Draft("Seed", {}, "e" * 64, 7, of(known), module)))
    banned = {
        rule.unit_hash for one in known[0].document.sections for rule in one.rules
        if one.key == "mislabelled-seed" and rule.unit == "item" and rule.polarity == "prohibited"
    }  # fmt: skip
    about = {one.ref for one in stored() if one.unit_hash in banned}

    replaced("We do not allow offers that give a wrong picture of the packet", "You may make offers for the packet")

    assert about and about <= {one.ref for one in stored(stale=True)}


@pytest.mark.parametrize(("ruling", "ends"), [("", True), ("material", True), ("same", False)])
def test_a_rewording_counts_as_its_owner_rules(taught: Actor, ruling: str, ends: bool) -> None:
    items = kept()
    old, new = "We do not allow members to press others.", "We do not allow members to push others."

    replaced(old, new, ruling=ruling)

    about_cases = {one.ref for one in items if one.case_ref}
    quoting = {one.ref for one in items if any("to press others" in quote for quote in quotes(one))}
    assert about_cases
    assert {one.ref for one in stored(stale=True)} == quoting - about_cases | (about_cases if ends else set())


def test_an_ended_question_is_not_asked_again(sqlite_app: Flask) -> None:
    school = School()
    public_id = school.given()
    write(lambda: learning.start(school.agent, public_id))
    version_id = db.session.scalars(select(Assignment.module_version_id)).one()
    before = {one.ref for one in learning._items(version_id, "initial")}

    replaced(f"- {SILENCE}\n", "")

    ended = {one.ref for one in stored(stale=True)}
    assert before & ended and {one.ref for one in learning._items(version_id, "initial")} == before - ended


@pytest.mark.parametrize(
    ("old", "new", "state", "event"),
    [
        ("- Writing to somebody", "* Writing to somebody", "provisional", False),
        (f"- {SILENCE}\n", "", "needs_recheck", True),
        ("Hosts welcome everybody.", "Hosts welcome all.", "provisional", False),
    ],
)
def test_what_was_mastered_is_owed_again_where_its_section_changed(
    taught: Actor, old: str, new: str, state: str, event: bool
) -> None:
    key = SkillKey("section", PUSHY)
    write(lambda: mastery.gain(SYSTEM, taught.id or 0, [key], because="passed a quiz"))
    events = len(db.session.scalars(select(MasteryEvent.id)).all())

    found = replaced(old, new)

    row = db.session.scalars(select(Mastery)).one()
    assert (row.state, row.policy_version, found.masteries) == (state, "swapping 2", int(event))
    assert len(db.session.scalars(select(MasteryEvent.id)).all()) == events + event
    assert (row.next_check_on == LATER.date(), row.reopened_at is not None) == (event, event)


def test_a_mastery_is_retired_with_its_section(taught: Actor) -> None:
    key = SkillKey("section", PUSHY)
    write(lambda: mastery.gain(SYSTEM, taught.id or 0, [key], because="passed a quiz"))
    start, end = SWAPPING.index("## Pushy offers"), SWAPPING.index("## Unsafe parcels")

    replaced(SWAPPING[start:end], "")

    assert db.session.scalars(select(Mastery.state)).all() == ["retired"]


#: Two real versions -> whether a clause that the first one's questions cite is another one in the second.
PAIRS = {
    ("versions/github-appeal-and-reinstatement@after-759baeb.md", "github-appeal-and-reinstatement.md"): False,
    ("versions/contributor-covenant@2.0.md", "contributor-covenant-2.1.md"): False,
    ("versions/roost-content-moderation-policy@v001.md", "versions/roost-content-moderation-policy@v002.md"): True,
    ("versions/roost-content-moderation-policy@v002.md", "roost-content-moderation-policy.md"): True,
}


@pytest.mark.shared
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: Path(pair[0]).stem)
def test_real_versions_end_exactly_the_questions_on_changed_rules(
    sqlite_app: Flask, shared: Path, pair: tuple[str, str]
) -> None:
    before, after = ((shared / "policies" / name).read_text(encoding="utf-8") for name in pair)
    write(lambda: policies.import_text(SYSTEM, before, name="p", slug="p"))
    known = sources.in_force(clock.now().date())
    module = generate(known, sections=["p"], seed=3)
    write(lambda: modules.keep(SYSTEM, modules.Draft("P", {}, "d" * 64, 3, of(known), module)))
    was, now = (
        {rule.unit_hash for one in parse(text, name="p").sections for rule in one.rules} for text in (before, after)
    )
    words = " ".join(tokens(bare(after)))
    changed = {
        one.ref for one in stored()
        if one.unit_hash in was - now or any(" ".join(tokens(quote)) not in words for quote in quotes(one))
    }  # fmt: skip
    write(lambda: policies.import_text(SYSTEM, after, name="p", slug="p", effective=date(2026, 12, 1)))

    with clock.fixed(LATER):
        versions.follow(SYSTEM)

    assert {one.ref for one in stored(stale=True)} == changed
    assert stored() and bool(changed) is PAIRS[pair]
