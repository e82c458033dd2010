"""Shiftwell's policies parse as meant: sections, clauses on their sides, versions on their days."""

from collections import Counter
from datetime import timedelta

import pytest

from qa.policytext.sections import parse
from training.world.catalogue import SECTIONS
from training.world.documents import in_force
from training.world.wording import acts


def parsed(text):
    return parse(text.markdown, name=text.name.removesuffix(".md"))


def conduct_sections(made):
    for text in made.policies:
        for section in parsed(text).sections:
            if f"{text.slug}/{section.key}" in SECTIONS:
                yield text, section


def test_there_are_nine_policies_two_of_them_in_two_versions(shiftwell):
    versions = Counter(text.slug for text in shiftwell.policies)

    assert len(versions) == 9
    assert sorted(slug for slug, count in versions.items() if count == 2) == ["harassment", "scams"]


def test_first_versions_are_old_and_second_ones_begin_inside_the_world(shiftwell):
    for text in shiftwell.policies:
        if text.version == 1:
            assert text.effective_on < shiftwell.starts_on - timedelta(days=60)
        else:
            assert shiftwell.starts_on < text.effective_on < shiftwell.ends_on - timedelta(weeks=4)


def test_every_policy_is_marked_as_invented_and_is_read_without_oddities(shiftwell):
    for text in shiftwell.policies:
        document = parsed(text)

        assert document.front["invented"] == "true"
        assert (document.slug, document.front["version"]) == (text.slug, str(text.version))
        assert document.front["effective"] == text.effective_on.isoformat()
        assert "Shiftwell, an invented marketplace" in text.markdown or "invented marketplace" in text.markdown
        assert document.oddities == ()


def test_a_policy_is_a_few_hundred_words_long(shiftwell):
    for text in shiftwell.policies:
        assert 300 <= len(text.markdown.split()) <= 1_000, text.name


def test_every_section_of_the_catalogue_stands_in_each_version(shiftwell):
    found = Counter(f"{text.slug}/{section.key}" for text, section in conduct_sections(shiftwell))

    versions = Counter(text.slug for text in shiftwell.policies)
    assert found == {key: versions[key.partition("/")[0]] for key in SECTIONS}


def test_listed_acts_are_prohibited_and_what_is_left_free_is_permitted(shiftwell):
    for text, section in conduct_sections(shiftwell):
        sides = Counter(rule.polarity for rule in section.rules if rule.role in ("rule", "exception"))
        coded = [rule for rule in section.rules if rule.code]

        assert {rule.polarity for rule in coded} == {"prohibited"}, section.key
        assert all(rule.examples for rule in coded), section.key
        assert len(coded) >= (4 if section.key == "emergency-requests" else 6), section.key
        assert text.slug == "legal-requests" or sides["permitted"] >= 3, section.key


def test_an_exception_to_what_is_allowed_is_prohibited_again(shiftwell):
    nested = [
        rule.polarity
        for _, section in conduct_sections(shiftwell)
        for rule in section.rules
        if rule.role == "exception"
    ]

    assert nested and set(nested) == {"prohibited"}


def test_every_clause_with_a_text_stands_in_the_policy_and_the_other_way_round(shiftwell):
    for text, section in conduct_sections(shiftwell):
        written = {act.clause for act in acts(f"{text.slug}/{section.key}")
                   if act.violates and act.since <= text.version <= act.until}  # fmt: skip

        assert written == {rule.code for rule in section.rules if rule.code}


def test_the_second_versions_change_what_is_allowed(shiftwell):
    scams = [text for text in shiftwell.policies if text.slug == "scams"]
    harassment = [text for text in shiftwell.policies if text.slug == "harassment"]

    assert [bool(text.rule("OP1.g")) for text in scams] == [False, True]
    assert ["more than 5" in (text.rule("HA1.b") or "") for text in harassment] == [True, False]


def test_the_ladder_and_the_urgent_cases_are_steps_with_actions(shiftwell):
    text = in_force(shiftwell.policies, "enforcement-and-appeals", shiftwell.ends_on)

    steps = [rule for section in parsed(text).sections for rule in section.rules if rule.role == "step" and rule.action]

    assert len(steps) >= 9


def test_a_day_before_the_first_version_is_refused(shiftwell):
    with pytest.raises(ValueError, match="no version of scams is in force"):
        in_force(shiftwell.policies, "scams", shiftwell.starts_on - timedelta(days=2_000))
