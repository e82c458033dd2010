"""Policies in the browser: the list, a version as people read it, what changed, and what a search finds."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from qa import questions
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.core.markup import policy_html
from qa.core.registries import Share, Touch, registries
from qa.models.drafting import PolicyTranslation, RuleOverride
from qa.policies import clause_links, policies, section_changes
from qa.policies import queries as policy_queries
from qa.policytext.sections import parse
from tests import factories
from tests.desk import Desk
from tests.factories import Browser

HOSTILE = """# Conduct

## <script>alert(1)</script>

Not allowed:

- [here](javascript:alert(1)) <img src=x onerror=alert(1)>
- **<b>Term</b>**: "><script>alert(2)</script>
"""
OLD = """# Conduct

## Definitions

- **Threat**: words that promise harm

## Threats

Not allowed:

- A threat, more than 3 times
"""
NEW = OLD.replace("3 times", "2 times") + "\n## Gifts\n\nAllowed:\n\n- A gift\n"


def publish(text: str, day: date | None = None, slug: str = "conduct") -> None:
    write(lambda: policies.import_text(SYSTEM, text, name=slug, slug=slug, effective=day))


@pytest.fixture
def two(sqlite_app: Flask) -> Browser:
    """An agent before a policy with two versions, the second in force since 1 November."""
    publish(OLD)
    publish(NEW, date(2026, 11, 1))
    return factories.browser(sqlite_app, factories.actor("agent"))


def main_of(client: Browser, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.text.split("<main")[1]


def test_everybody_reads_the_version_in_force_with_contents_anchors_and_signs(two: Browser) -> None:
    page = main_of(two, "/policies/conduct")

    assert "version 2 · in force since 1 Nov 2026" in page
    assert '<a href="#s-gifts">Gifts</a>' in page and '<h2 id="s-gifts">' in page
    assert 'href="/policies/conduct/2#s-gifts" data-copies="conduct/gifts"' in page
    assert page.count('class="rule-sign no"') == 2 and page.count('class="rule-sign yes"') == 2
    assert re.search(r'<a class="term" href="#s-definitions" title="Threat: words that promise harm">threat</a>', page)


def test_an_older_version_is_read_by_its_number_and_by_a_day(two: Browser) -> None:
    by_number = main_of(two, "/policies/conduct/1")
    by_day = main_of(two, "/policies/conduct?on=2026-10-31")

    for page in (by_number, by_day):
        assert "version 1 · in force since ever until 31 Oct 2026" in page
        assert "not the one in force today" in page and "Gifts" not in page.split("<article")[1]


def test_a_day_without_a_version_and_what_is_no_day_are_said(two: Browser) -> None:
    publish("# Later\n\nWords.\n", date(2026, 11, 10), slug="later")

    assert "no such version" in main_of(two, "/policies/later?on=2026-11-09", 404)
    assert "a date like 2026-11-15" in main_of(two, "/policies/conduct?on=tomorrow", 422)


def test_signs_can_be_hidden_and_a_very_long_policy_shows_them_when_asked(two: Browser) -> None:
    long = "# Long\n\n## Rules\n\nNot allowed:\n\n" + "- A thing that nobody wants to read about again\n" * 2000
    publish(long, slug="long")

    assert 'class="rule-sign' not in main_of(two, "/policies/conduct?rules=0").split("<article")[1]
    assert "Show signs beside rules" in main_of(two, "/policies/long")
    assert main_of(two, "/policies/long?rules=1").count('class="rule-sign no" title') == 2000


def test_what_changed_is_shown_section_by_section_with_the_words_marked(two: Browser) -> None:
    page = main_of(two, "/policies/conduct/2/changes")

    assert "1 section changed in substance, 1 section new." in page
    assert "<del>3</del>" in page and "<ins>2</ins>" in page and "a number" in page
    assert "Unchanged: " in page and "Definitions" in page
    assert "The first version" in main_of(two, "/policies/conduct/1/changes")
    main_of(two, "/policies/conduct/2/changes?against=7", 404)


def test_a_search_finds_sections_in_force_on_a_day_and_marks_the_words(two: Browser) -> None:
    publish("# Other\n\n## Presents\n\nA gift is fine.\n", slug="other")

    today = main_of(two, "/policies?q=gift")
    before = main_of(two, "/policies?q=gift&on=2026-10-01")
    there = main_of(two, "/policies?q=gift&policy=conduct")

    assert "Found in 2 sections" in today and 'href="/policies/conduct/2#s-gifts">Conduct › Gifts</a>' in today
    assert "A <mark>gift</mark> is fine." in today
    assert "Found in 1 section" in before and "Conduct › Gifts" not in before
    assert "Found in 1 section" in there and "Other › Presents" not in there
    assert "No section holds all of these words." in main_of(two, "/policies?q=unicorn")


def test_a_new_version_is_found_as_soon_as_it_is_in_force(two: Browser) -> None:
    assert "No section holds" in main_of(two, "/policies?q=unicorn")

    publish(NEW + "- A unicorn\n", date(2026, 11, 16))

    assert "<mark>unicorn</mark>" in main_of(two, "/policies?q=unicorn")


def test_the_search_answers_alike_on_both_databases(app: Flask) -> None:
    publish(NEW)
    client = factories.browser(app, factories.actor("agent"))

    page = main_of(client, "/policies?q=harm+threat")

    assert "Found in 1 section" in page and "<mark>harm</mark>" in page


def test_what_hangs_on_a_section_stands_beside_it_for_whoever_may_know(sqlite_app: Flask) -> None:
    Desk()
    known = registries().touched_by
    known.append(lambda who, _keys: {"conduct/threats": [Touch("gold cases", 3)]} if who.has("manager") else {})
    known.append(lambda _who, _keys: {"conduct/insults": [Touch("Errors", share=Share(0.1, 0.05, 0.2, 80), url="/a")]})
    known.append(lambda _who, _keys: {"conduct": [Touch("Errors", share=Share(0.5, 0, 1, 3, "not enough data"))]})

    manager = main_of(factories.browser(sqlite_app, factories.actor("manager", manages=None)), "/policies/conduct")
    agent = main_of(factories.browser(sqlite_app, factories.actor("agent")), "/policies/conduct")

    threats, insults = (manager.split(f'id="s-{key}"')[1].split("</ul>")[0] for key in ("threats", "insults"))
    assert "3 gold cases" in threats and "gold cases" not in agent
    assert '<a href="/a">Errors</a>' in insults and "10.0%" in insults and "n=80" in insults
    assert "not enough data (n=3)" in manager.split('id="s-threats"')[0]


def test_a_question_shows_beside_its_section_once_it_is_answered(sqlite_app: Flask) -> None:
    Desk()
    owner, agent = factories.actor("policy_owner"), factories.browser(sqlite_app, factories.actor("agent"))
    asked = write(lambda: questions.ask(owner, section_key="conduct/threats", text="Jokes too?").public_id)

    waits = main_of(agent, "/policies/conduct")
    write(lambda: questions.answer(owner, asked, wording="Do jokes count?", answer="Yes."))
    told = main_of(agent, "/policies/conduct")

    assert "question" not in waits
    assert f'<a href="/questions/{asked}">1 answered question</a>' in told


def test_what_stands_in_a_policy_cannot_act(two: Browser) -> None:
    publish(HOSTILE, slug="hostile")
    publish(HOSTILE.replace("here", "there"), date(2026, 11, 2), slug="hostile")

    for url in ("/policies/hostile", "/policies/hostile/2/changes", "/policies?q=alert"):
        page = main_of(two, url)
        assert "<script>alert" not in page and "<img" not in page
        assert not re.search(r'href="\s*javascript', page)


def test_what_was_searched_for_comes_back_as_text(two: Browser) -> None:
    page = main_of(two, "/policies?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_an_absent_policy_and_an_absent_version_answer_alike(two: Browser) -> None:
    answers = [two.get(url) for url in ("/policies/nothing", "/policies/conduct/9", "/policies/conduct/9/changes")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    # A token carries the second in which it was made.
    told = {re.sub(r'/policies[^ <]*|(content|value)="[^"]*"', "", answer.text) for answer in answers}
    assert len(told) == 1


def test_reading_a_policy_costs_the_same_few_statements_however_many_sections_it_has(sqlite_app: Flask) -> None:
    publish("# Small\n\n## One\n\nWords.\n", slug="small")
    publish("# Big\n\n" + "".join(f"## Section {at}\n\nWords {at}.\n\n" for at in range(60)), slug="big")
    client = factories.browser(sqlite_app, factories.actor("manager", "policy_owner", manages=None))
    client.get("/policies/small")

    small, big = (factories.statements(lambda url=url: client.get(url)) for url in ("/policies/small", "/policies/big"))

    assert small == big <= 30


def test_the_owner_s_word_on_a_rule_shows_beside_the_text(two: Browser) -> None:
    version = policy_queries.present_version("conduct")
    assert version is not None
    rules = [rule for section in parse(version.markdown, name="conduct").sections for rule in section.rules]
    gift = next(rule for rule in rules if rule.text == "A gift")
    factories.kept(RuleOverride(slug="conduct", unit_hash=gift.unit_hash, polarity="prohibited"))

    page = main_of(two, "/policies/conduct")

    assert page.count('class="rule-sign no" title') == 2 and page.count('class="rule-sign yes" title') == 0


def test_a_translation_is_read_beside_the_original_under_the_same_anchors(two: Browser) -> None:
    version = policy_queries.present_version("conduct")
    assert version is not None
    german = "# Verhalten\n\n## Drohungen\n\n- Eine Drohung\n"
    factories.kept(
        PolicyTranslation(
            version_id=version.id, language="de", title="Verhalten", markdown=german, sha256="0" * 64,
            html=str(policy_html(german, anchors={3: "threats"})), sections=[["threats", "Drohungen", 3, 5]],
            unmatched={"extra": [], "missing": ["gifts"]},
        )
    )  # fmt: skip

    original, page = main_of(two, "/policies/conduct/2"), main_of(two, "/policies/conduct/2?lang=de")

    assert 'href="/policies/conduct/2?lang=de" hreflang="de"' in original
    assert '<h2 id="s-threats">Drohungen</h2>' in page and '<a href="#s-threats">Drohungen</a>' in page
    assert 'lang="de"' in page and "Cases are graded by the original. Not translated: Gifts." in page
    main_of(two, "/policies/conduct/2?lang=fr", 404)


def test_what_the_owner_ruled_on_a_reworded_section_is_said(two: Browser) -> None:
    reworded = NEW.replace("words that promise harm", "words promising harm")
    publish(reworded, date(2026, 11, 16))

    before = main_of(two, "/policies/conduct/3/changes")
    write(lambda: section_changes.rule(SYSTEM, "conduct", "3", {"conduct/definitions": "same"}))
    after = main_of(two, "/policies/conduct/3/changes")

    assert "Its owner has not said whether it means the same" in before
    assert "means the same, says its owner" in after


def test_a_version_to_come_is_in_force_from_its_day(sqlite_app: Flask) -> None:
    agent = factories.browser(sqlite_app, factories.actor("agent"))
    publish(OLD)
    publish(OLD.replace("words that promise harm", "words promising harm"), date(2026, 12, 1))

    pages = [main_of(agent, f"/policies/conduct/2{more}") for more in ("", "/changes")]

    assert all("in force from 1 Dec 2026" in page for page in pages)


def test_an_imported_rewording_waits_for_its_owner_who_says_so_on_the_page_of_changes(app: Flask) -> None:
    owner, agent = (factories.browser(app, factories.actor(role)) for role in ("policy_owner", "agent"))
    publish(OLD)
    publish(OLD.replace("words that promise harm", "words promising harm"), date(2026, 11, 1))
    place = "/policies/conduct/2/changes"

    home, asked, read = owner.get("/").text, main_of(owner, place), main_of(agent, place)
    owner.send(place, {"ruling:conduct/definitions": "same", "against": "1"})
    ruled, home_after = main_of(owner, place), owner.get("/").text

    assert "/policies/conduct/2/changes?against=1" in home and "needs your word" in home
    assert "1 reworded section waits for your word" in asked and 'name="ruling:conduct/definitions"' in asked
    assert "until then it counts as changed in substance" in read and "ruling:" not in read
    assert "means the same, says its owner" in ruled and "needs your word" not in home_after


def test_an_internal_section_and_the_public_one_it_carries_out_lead_to_each_other(two: Browser) -> None:
    publish("---\naudience: internal\n---\n\n# Desk guide\n\n## Steps\n\nLook twice.\n", slug="guide")
    owner = factories.actor("policy_owner")
    write(lambda: clause_links.link(owner, internal_key="guide/steps", public_key="conduct/threats"))

    public, internal = main_of(two, "/policies/conduct"), main_of(two, "/policies/guide")

    assert 'href="/policies/guide#s-steps">carried out by Desk guide: Steps</a>' in public
    assert 'href="/policies/conduct#s-threats">carries out Conduct: Threats</a>' in internal
