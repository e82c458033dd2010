"""Which section is which: stand-ins that are filled, keys that owners choose, and translations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.queries import looks
from qa import settlement
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from qa.drafting import drafts, publishing
from qa.grading import blind
from qa.intake import knowing
from qa.intake.cases import import_cases
from qa.models.cases import ClosedCase
from qa.models.policies import Section
from qa.models.truth import Truth
from qa.policies import merging, policies
from qa.policies import queries as policy_queries
from qa.policies import stubs as policy_stubs
from qa.queries import draft_changes, translations
from tests.desk import Desk
from tests.qa.drafted import FIRST, begun, published, reviewed
from tests.qa.intake import sheets


def stub_with_a_case(tmp_path: Path) -> None:
    """A stand-in for a label of a file, with a case that was decided under it."""
    sheets.set_up()
    path = sheets.sheet(tmp_path, [sheets.row(decided_policy="hate/slurs", closed_at="2026-11-10T09:30:00Z")])
    import_cases(SYSTEM, path, stub_policies=True)
    db.session.rollback()


def test_a_stand_in_is_filled_and_its_cases_stay_with_their_section(app: Flask, tmp_path: Path) -> None:
    stub_with_a_case(tmp_path)
    draft = begun("# Hate\n\n## Slurs\n\nNot allowed:\n\n- Slurs\n\n## Jokes\n\nAllowed:\n\n- Jokes\n", slug="hate")

    done = published(draft)

    case = db.session.scalars(select(ClosedCase).where(ClosedCase.decided_key == "hate/slurs")).one()
    section = db.session.get_one(Section, case.decided_section_id)
    version = policy_queries.version("hate", done[1])
    assert version is not None and not version.stub and version.effective_from is None
    assert (section.key, section.title, section.version_id) == ("hate/slurs", "Slurs", version.id)
    assert policy_queries.section("hate/jokes", date(2026, 1, 1)) is not None


def test_a_section_that_cases_name_must_be_one_of_the_text(app: Flask, tmp_path: Path) -> None:
    stub_with_a_case(tmp_path)
    draft = begun("# Hate\n\n## Demeaning words\n\nNot allowed:\n\n- Slurs\n", slug="hate")
    reviewed(draft)

    with pytest.raises(BadInput, match="Slurs"):
        publishing.publish(SYSTEM, draft.public_id)
    write(lambda: drafts.reopen(SYSTEM, draft.public_id))
    write(lambda: drafts.choose_keys(SYSTEM, draft.public_id, {"demeaning-words": "slurs"}))
    published(draft)

    row = policy_queries.section("hate/slurs", date(2026, 11, 10))
    assert row is not None and row.title == "Demeaning words"


def test_sections_of_a_stand_in_that_nothing_names_go(sqlite_app: Flask) -> None:
    write(lambda: policy_stubs.ensure_stubs(SYSTEM, {"hate/slurs", "hate/other"}))

    published(begun("# Hate\n\n## Slurs\n\nNone.\n", slug="hate"))

    assert [row.key for row in policy_queries.sections_in_force(date(2026, 1, 1))] == ["hate", "hate/slurs"]


def test_an_owner_says_that_a_section_is_an_earlier_one(sqlite_app: Flask) -> None:
    published(begun(FIRST))
    text = "# Conduct\n\n## Violence\n\nNot allowed:\n\n- Weapons\n\n## Praise\n\nAllowed:\n\n- Thanks\n"
    draft = begun(text, starts_on=date(2026, 12, 1))
    before = {row.own: row.key for row in draft_changes.keys(draft.public_id).rows}

    write(lambda: drafts.choose_keys(SYSTEM, draft.public_id, {"violence": "threats"}))
    published(draft)

    assert before["violence"] == "violence"
    assert policy_queries.section("conduct/threats", date(2026, 12, 1)).title == "Violence"
    twice = begun(text)
    with pytest.raises(BadInput):
        write(lambda: drafts.choose_keys(SYSTEM, twice.public_id, {"violence": "praise", "praise": "praise"}))


def test_a_translation_shares_the_keys_of_its_original(app: Flask) -> None:
    published(begun(FIRST))
    german = "# Verhalten\n\n## Drohungen\n\nVerboten:\n\n- Drohen\n\n## Lob\n\nErlaubt:\n\n- Danken\n"
    draft = begun(german, language="de")

    published(draft)

    rows = policy_queries.version_list("conduct")
    version_id = policy_queries.version("conduct", "1").id
    found = translations.translation(version_id, "de")
    assert len(rows) == 1 and translations.languages(version_id) == ("de",)
    assert (found.title, found.extra, found.missing) == ("Verhalten", (), ())
    assert 'id="s-threats"' in found.html and 'id="s-praise"' in found.html


def test_a_section_without_a_counterpart_is_named_and_never_guessed(sqlite_app: Flask) -> None:
    published(begun("# C\n\n## 1 Threats\n\nNo.\n\n## 2 Insults\n\nNo.\n\n## 3 Praise\n\nYes.\n"))
    draft = begun("# C\n\n## 1 Drohungen\n\nNein.\n\n## 3 Lob\n\nJa.\n", language="de")

    published(draft)

    found = translations.translation(policy_queries.version("conduct", "1").id, "de")
    assert found.missing == ("2-insults",) and found.extra == ()
    assert 'id="s-3-praise"' in found.html and "s-2" not in found.html


def test_a_translation_needs_a_version_to_translate(sqlite_app: Flask) -> None:
    with pytest.raises(Refused):
        reviewed(begun(FIRST, language="de"))


def test_a_merged_stand_in_is_read_as_the_section_that_it_is(app: Flask, tmp_path: Path) -> None:
    stub_with_a_case(tmp_path)
    case = db.session.scalars(select(ClosedCase).where(ClosedCase.decided_key == "hate/slurs")).one()
    before = settlement.decision_of(case).section_key
    db.session.rollback()

    write(lambda: merging.merge(SYSTEM, from_key="hate/slurs", to_key="conduct/insults"))

    offered = {row.key for row in policy_queries.sections_in_force(date(2026, 11, 16))}
    assert (before, settlement.decision_of(case).section_key) == ("hate/slurs", "conduct/insults")
    assert knowing.load().sections.key_of("Hate/Slurs") == "conduct/insults"
    assert "hate/slurs" not in offered and "conduct/insults" in offered
    assert [(one.key, one.cases, one.merged_into) for one in merging.stand_ins()] == [
        ("hate/slurs", 1, "Conduct: Insults")
    ]


@pytest.mark.parametrize("label", ["hate/slurs", "Hate/Slurs"])
@pytest.mark.parametrize("into", ["conduct/insults", "conduct/slurs"])
def test_a_file_that_comes_again_after_a_merge_is_unchanged(
    sqlite_app: Flask, tmp_path: Path, label: str, into: str
) -> None:
    """Also where the section that the stand-in is read as begins after the cases were closed."""
    sheets.set_up()
    later = sheets.POLICY + "\n## Slurs\n\nNot allowed:\n\n- Slurs\n"
    write(lambda: policies.import_text(SYSTEM, later, name="conduct", effective=date(2026, 11, 12)))
    path = sheets.sheet(tmp_path, [sheets.row(decided_policy=label, closed_at="2026-11-10T09:30:00Z")])
    first = import_cases(SYSTEM, path, stub_policies=True)
    write(lambda: merging.merge(SYSTEM, from_key="hate/slurs", to_key=into))

    again = import_cases(SYSTEM, path)
    other = sheets.sheet(tmp_path, [sheets.row("c-2", decided_policy=label, closed_at="2026-11-10T10:30:00Z")])
    more = import_cases(SYSTEM, other)

    assert (first.added, again.unchanged, again.changed, again.refused) == (1, 1, 0, 0)
    assert (more.added, more.refused) == (1, 0)


def test_only_a_stand_in_is_merged_once_and_into_a_real_section(sqlite_app: Flask, tmp_path: Path) -> None:
    stub_with_a_case(tmp_path)
    for wrong in (("conduct/insults", "conduct/threats"), ("hate/slurs", "hate"), ("hate/none", "conduct/insults")):
        with pytest.raises(BadInput):
            write(lambda wrong=wrong: merging.merge(SYSTEM, from_key=wrong[0], to_key=wrong[1]))
    write(lambda: merging.merge(SYSTEM, from_key="hate/slurs", to_key="conduct/insults"))

    with pytest.raises(Refused):
        write(lambda: merging.merge(SYSTEM, from_key="hate/slurs", to_key="conduct/threats"))
    write(lambda: merging.part(SYSTEM, "hate/slurs"))

    assert merging.resolved("hate/slurs") == "hate/slurs"


def test_a_grader_who_named_the_real_section_is_told_that_both_agree(app: Flask) -> None:
    desk = Desk(graders=1)
    write(lambda: policy_stubs.ensure_stubs(SYSTEM, {"rude/words"}))
    write(lambda: merging.merge(SYSTEM, from_key="rude/words", to_key="conduct/insults"))
    desk.drawn_case(decided="rude/words")
    grader = desk.graders[0]
    task = write(lambda: blind.claim(grader))
    write(lambda: blind.grade(grader, task, verdict="violates", section_key="conduct/insults", action="remove",
                              confidence="high"))  # fmt: skip
    write(lambda: blind.close_batch(grader))

    truth = db.session.scalars(select(Truth)).one()
    assert (truth.right_policy, truth.section_key) == (True, "conduct/insults")
    assert [one.decision.section_key for one in looks.committed()] == ["conduct/insults"]
