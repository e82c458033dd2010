"""From errors to what is taught."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from calibration.signals import corrections
from qa.core import clock
from tests.training.school import MISLABELLED, PUSHY, UNSAFE, School
from training import sources, targeting
from training.generation.skills import SkillKey
from training.targeting import Target


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def target(school: School, *, sections: tuple[str, ...] = ()) -> Target:
    school.signal(sections=sections)
    (asked,) = corrections.asked("module")
    return targeting.of_signal(asked, sources.in_force(clock.now().date()))


def test_taking_one_policy_for_another_teaches_both_side_by_side(school: School) -> None:
    school.errors(truth=PUSHY, decided=UNSAFE)

    found = target(school)

    assert found.contrast == (PUSHY, UNSAFE)
    assert found.sections == (PUSHY, UNSAFE)
    assert [one.key.kind for one in found.ranked] == ["pair", "section"]
    assert dict(found.confusions) == {(UNSAFE, PUSHY): 4}


def test_what_was_got_wrong_twice_comes_before_what_was_got_wrong_once(school: School) -> None:
    school.errors(1, truth=UNSAFE)
    school.errors(3, truth=MISLABELLED)

    found = target(school)

    assert found.sections[0] == MISLABELLED
    assert [one.known.errors for one in found.ranked] == [3, 1]
    assert found.ranked[0].key == SkillKey("boundary", MISLABELLED, "", "prohibited")


def test_what_leads_the_alert_is_taught_before_what_else_carries_it(school: School) -> None:
    school.errors(1, truth=UNSAFE)
    school.errors(3, truth=MISLABELLED)

    found = target(school, sections=(UNSAFE, MISLABELLED))

    assert found.sections[:2] == (UNSAFE, MISLABELLED)


def test_removing_what_is_allowed_teaches_the_allowed_side(school: School) -> None:
    school.errors(truth="none", decided=PUSHY)

    found = target(school)

    assert found.sections == (PUSHY,)
    assert found.ranked[0].key == SkillKey("boundary", PUSHY, "", "permitted")


def test_only_errors_of_the_policies_that_carry_the_alert_count(school: School) -> None:
    school.errors(truth=PUSHY)
    school.settled(truth=UNSAFE, decided="none", play_key=UNSAFE)

    found = target(school, sections=(PUSHY,))

    assert found.sections == (PUSHY,)
    assert len(found.cases) == 4


def test_errors_after_the_alert_or_long_before_it_are_no_evidence(school: School) -> None:
    school.errors(2)
    school.settled(truth=UNSAFE, decided="none", closed_at=clock.now() - timedelta(weeks=20))

    found = target(school)

    assert found.sections == (PUSHY,)


def test_a_decision_that_names_the_whole_policy_is_led_to_its_likely_sections(school: School) -> None:
    for n in range(3):
        school.settled(
            truth="swapping", decided="none", play_key="swapping",
            text=f"They sent poisonous berries and broken glass as ballast in parcel {n}.",
        )  # fmt: skip

    found = target(school)

    assert found.sections[0].startswith("swapping/unsafe-parcels")
    assert "swapping" not in found.sections


def test_a_sitting_holds_so_many_words_and_sections_and_none_twice(school: School) -> None:
    known = sources.in_force(clock.now().date())
    every = [key for key in sources.section_keys(known) if "/" in key]

    found = targeting.fitting([every], known)

    assert 1 <= len(found) <= targeting.MOST_SECTIONS
    assert sum(sources.words_under(known, key) for key in found) <= targeting.MOST_WORDS
    covered = [sources.covered(known, [key]) for key in found]
    assert len(frozenset().union(*covered)) == sum(len(keys) for keys in covered)


def test_sections_bear_the_keys_that_cases_name(school: School) -> None:
    known = sources.in_force(clock.now().date())

    above = sources.section_keys(known)

    assert {PUSHY, UNSAFE, MISLABELLED, "swapping", "conduct/threats"} <= set(above)
    assert (
        sources.covered(known, {UNSAFE}) == {UNSAFE, "swapping/unsafe-parcels-excludes"}
        or len(sources.covered(known, {UNSAFE})) == 2
    )
