"""Drafts of policies: from a text to a version, and all that must be said on the way."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from qa.drafting import changes, drafts, publishing
from qa.intake.cases import import_cases
from qa.models.drafting import PolicyDraft, SectionChange
from qa.policies import corrections, policies
from qa.policies import diffs as policy_diffs
from qa.policies import queries as policy_queries
from qa.policytext.rules import Rule
from qa.policytext.sections import parse
from qa.queries import comparing
from qa.queries import drafts as queries
from tests import factories
from tests.qa.drafted import FIRST, SECOND, begun, published, reviewed, ruling_names
from tests.qa.intake import sheets


def test_a_first_draft_becomes_the_version_in_force_since_ever(app: Flask) -> None:
    draft = begun(FIRST)
    unseen = policy_queries.version_list()

    done = published(draft)

    assert unseen == () and done == ("conduct", "1")
    version = policy_queries.version("conduct", "1")
    assert version is not None and version.effective_from is None and version.markdown == FIRST
    assert queries.shown(draft.public_id).state == "published"


def test_a_reworded_section_that_holds_rules_waits_for_its_owners_ruling(app: Flask) -> None:
    published(begun(FIRST))
    draft = begun(SECOND, starts_on=date(2026, 12, 1))
    names = ruling_names(draft)

    with pytest.raises(Refused, match="Threats"):
        reviewed(draft)
    write(lambda: drafts.rule(SYSTEM, draft.public_id, {names[0]: "same"}))
    done = published(draft)

    assert len(names) == 1 and done == ("conduct", "2")
    rows = db.session.execute(select(SectionChange.key, SectionChange.kind, SectionChange.ruling)).all()
    assert {tuple(row) for row in rows} == {
        ("conduct/threats", "wording", "same"),
        ("conduct/praise", "material", None),
    }


def test_a_ruling_ends_when_the_words_that_it_was_about_change(sqlite_app: Flask) -> None:
    published(begun(FIRST))
    draft = begun(SECOND, starts_on=date(2026, 12, 1))
    write(lambda: drafts.rule(SYSTEM, draft.public_id, dict.fromkeys(ruling_names(draft), "same")))

    later = SECOND.replace("Announcing", "Hinting")
    drafts.rewrite(SYSTEM, draft.public_id, markdown=later, revision=drafts.load(draft.public_id).revision)

    found = changes.ruled(drafts.load(draft.public_id), policy_queries.version("conduct", "1"))
    assert [one.is_missing for one in found if one.diff.needs_ruling] == [True]


def test_a_day_on_or_before_which_cases_were_decided_is_refused_and_named(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheets.sheet(tmp_path, [sheets.row(closed_at="2026-11-10T09:30:00Z")]))
    draft = reviewed(begun(sheets.POLICY + "\n## More\n\nMore.\n", starts_on=date(2026, 11, 10)))

    with pytest.raises(BadInput, match="a day after 10 Nov 2026"):
        publishing.publish(SYSTEM, draft.public_id)
    write(lambda: drafts.reopen(SYSTEM, draft.public_id))
    write(lambda: drafts.describe(SYSTEM, draft.public_id, starts_on=date(2026, 11, 11)))

    assert published(draft) == ("conduct", "2")


def test_a_version_published_after_the_review_asks_for_another_look(sqlite_app: Flask) -> None:
    published(begun(FIRST))
    draft = begun(FIRST + "\n## Gifts\n\nNo gifts.\n", starts_on=date(2026, 12, 10))
    reviewed(draft)
    other = FIRST + "\n## Other\n\nOther.\n"
    write(lambda: policies.import_text(SYSTEM, other, name="conduct", effective=date(2026, 12, 1)))

    with pytest.raises(Refused, match="Another version"):
        publishing.publish(SYSTEM, draft.public_id)


def test_only_a_reviewed_draft_is_published_and_only_a_draft_is_changed(app: Flask) -> None:
    draft = begun(FIRST)

    with pytest.raises(Refused):
        publishing.publish(SYSTEM, draft.public_id)
    reviewed(draft)
    with pytest.raises(Refused, match="Take it back"):
        drafts.rewrite(SYSTEM, draft.public_id, markdown="# New\n\nText.\n", revision=1)
    write(lambda: drafts.drop(SYSTEM, draft.public_id))
    with pytest.raises(Refused):
        write(lambda: drafts.reopen(SYSTEM, draft.public_id))

    assert policy_queries.version_list() == ()


def test_nobody_writes_over_what_they_have_not_seen(app: Flask) -> None:
    draft = begun(FIRST)
    drafts.rewrite(SYSTEM, draft.public_id, markdown=SECOND, revision=1)

    with pytest.raises(Refused, match="meanwhile"):
        drafts.rewrite(SYSTEM, draft.public_id, markdown=FIRST, revision=1)

    assert drafts.load(draft.public_id).markdown == SECOND


def test_front_matter_that_cannot_be_read_is_named_and_the_text_is_kept(sqlite_app: Flask) -> None:
    draft = begun("---\nversion: [1]\neffective: soon\n---\n" + FIRST)

    said = [place for place, _ in queries.shown(draft.public_id).told.oddities]

    assert "the front matter" in said and draft.title == "Conduct"


def test_a_text_without_words_and_a_slug_that_is_none_are_refused(sqlite_app: Flask) -> None:
    for text, slug in (("\n \n", "conduct"), (FIRST, "none")):
        with pytest.raises(BadInput):
            begun(text, slug=slug)


# the owner's word on rules


def test_a_correction_reaches_readers_and_holds_in_later_versions_with_the_same_words(app: Flask) -> None:
    draft = begun(FIRST)
    place = next(row.place for row in queries.rules(draft.public_id, 0).rows if row.text == "Thanks")
    slug, rule, _ = queries.rule_at(draft.public_id, place) or pytest.fail("no such rule")
    write(lambda: corrections.correct(SYSTEM, slug, rule=rule, side="prohibited"))
    published(draft)
    later = begun(FIRST.replace("## Praise", "## Praise and gifts") + "- Cards\n", starts_on=date(2026, 12, 1))

    def side(of: str, draft: PolicyDraft) -> str:
        document = changes.document_of(draft, None)
        return next(rule.polarity for one in document.sections for rule in one.rules if rule.text == of)

    assert side("Thanks", drafts.load(later.public_id)) == "prohibited"
    assert side("Cards", drafts.load(later.public_id)) == "permitted"
    row = next(row for row in queries.rules(later.public_id, 0).rows if row.text == "Thanks")
    assert (row.read, row.side, row.is_corrected) == ("permitted", "prohibited", True)


def test_a_corrected_rule_has_another_hash_so_that_items_made_of_it_go_stale(sqlite_app: Flask) -> None:
    published(begun(FIRST))
    version = policy_queries.version("conduct", "1")
    document = policy_diffs.document(version)
    rule = document.sections[-1].rules[0]

    fixed = corrections.corrected(document, {rule.unit_hash: "prohibited"}).sections[-1].rules[0]

    assert fixed.polarity == "prohibited" and fixed.unit_hash != rule.unit_hash
    assert corrections.corrected(document, {}) is document


def test_a_correction_back_to_what_is_read_ends(app: Flask) -> None:
    published(begun(FIRST))
    rule = policy_diffs.document(policy_queries.version("conduct", "1")).sections[-1].rules[0]
    for side in ("prohibited", "neither", "permitted"):
        write(lambda side=side: corrections.correct(SYSTEM, "conduct", rule=rule, side=side))

    assert corrections.sides_of("conduct") == {}
    with pytest.raises(BadInput):
        write(lambda: corrections.correct(SYSTEM, "conduct", rule=rule, side="maybe"))


def test_drafts_know_who_began_and_who_reviewed_them(sqlite_app: Flask) -> None:
    owner = factories.actor("policy_owner", name="Olive")
    draft = begun(FIRST, actor=owner)
    publishing.review(owner, draft.public_id)

    assert [(row.by, row.state) for row in queries.listed()] == [("Olive", "reviewed")]
    assert queries.shown(draft.public_id).reviewed_by == "Olive"


NESTED = """# Conduct

## Not allowed

- Talk of drinking
  - Photos of bottles
  - Except:
    - adverts for soft drinks
- Insults aimed at a whole family
"""


def sides(text: str, said: dict[str, str]) -> dict[str, str]:
    """Text of a rule -> its side, once the rules named by their texts are on the sides that are *said*."""
    document = parse(text, name="conduct")
    hashes = {rule.text: rule.unit_hash for section in document.sections for rule in section.rules}
    held = corrections.corrected(document, {hashes[name]: side for name, side in said.items()})
    return {rule.text: rule.polarity for section in held.sections for rule in section.rules}


def test_what_stands_under_a_corrected_rule_follows_it_and_its_exceptions_turn() -> None:
    read, fixed = sides(NESTED, {}), sides(NESTED, {"Talk of drinking": "permitted"})

    assert (read["Photos of bottles"], read["adverts for soft drinks"]) == ("prohibited", "permitted")
    assert (fixed["Talk of drinking"], fixed["Photos of bottles"]) == ("permitted", "permitted")
    assert fixed["adverts for soft drinks"] == "prohibited" and fixed["Insults aimed at a whole family"] == "prohibited"


def test_an_exception_that_was_corrected_itself_stays_where_its_owner_put_it() -> None:
    fixed = sides(NESTED, {"Talk of drinking": "permitted", "adverts for soft drinks": "permitted"})

    assert fixed["Talk of drinking"] == fixed["adverts for soft drinks"] == "permitted"


def test_a_rule_put_on_neither_side_takes_what_stands_under_it_along() -> None:
    fixed = sides(NESTED, {"Talk of drinking": "neither"})

    assert {fixed[name] for name in ("Photos of bottles", "adverts for soft drinks")} == {"neither"}
    assert fixed["Insults aimed at a whole family"] == "prohibited"


def test_a_follower_is_held_by_a_word_of_its_own_and_let_go_again(sqlite_app: Flask) -> None:
    draft = begun(NESTED)

    def put(text: str, side: str) -> None:
        place = next(row.place for row in queries.rules(draft.public_id, 0).rows if row.text == text)
        slug, rule, otherwise = queries.rule_at(draft.public_id, place) or pytest.fail("no such rule")
        write(lambda: corrections.correct(SYSTEM, slug, rule=rule, side=side, otherwise=otherwise))

    put("Talk of drinking", "permitted")
    put("adverts for soft drinks", "permitted")
    held = len(corrections.sides_of("conduct"))
    put("adverts for soft drinks", "prohibited")
    rows = {row.text: row for row in queries.rules(draft.public_id, 0).rows}

    assert held == 2 and len(corrections.sides_of("conduct")) == 1
    assert rows["adverts for soft drinks"].follows and not rows["adverts for soft drinks"].is_corrected
    assert rows["Talk of drinking"].is_corrected


def test_the_command_and_the_page_of_changes_both_honour_what_the_owner_corrected(sqlite_app: Flask) -> None:
    published(begun(NESTED))
    draft = begun(NESTED.replace("aimed at", "meant for"), starts_on=date(2026, 12, 1))
    write(lambda: drafts.rule(SYSTEM, draft.public_id, dict.fromkeys(ruling_names(draft), "same")))
    published(draft)
    rule = next(rule for rule in _rules(NESTED) if rule.text.startswith("Insults"))
    write(lambda: corrections.correct(SYSTEM, "conduct", rule=rule, side="permitted"))

    done = sqlite_app.test_cli_runner().invoke(args=["policy", "diff", "conduct", "1", "2", "--json"])
    told = json.loads(done.stdout)["sections"]
    shown = [one for one in comparing.comparison("conduct", "2", None).sections if one.kind != "unchanged"]

    assert [one["change"] for one in told] == [one.kind for one in shown] == ["material"]
    unit, (change,) = told[0]["units"][0], shown[0].groups[0]
    assert (unit["old"]["polarity"], unit["new"]["polarity"]) == (change.old_side, change.new_side)
    assert (change.old_side, change.new_side) == ("permitted", "prohibited")


def _rules(text: str) -> list[Rule]:
    return [rule for section in parse(text, name="conduct").sections for rule in section.rules]
