"""Two versions of a long policy side by side, part by part: what is shown is what the whole texts say."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from qa.core.access import SYSTEM
from qa.core.db import write
from qa.policies import policies
from qa.policies import queries as policy_queries
from qa.queries import comparing, reading
from qa.reading import changes
from tests import factories
from tests.factories import Browser

FILLED = "Guests walk from stall to stall and look at lamps. " * 40


def fair(limit: int, *, also: str = "") -> str:
    """A long policy; every third section differs by *limit*."""
    sections = [
        f"## Stall {at}\n\nNot allowed:\n\n- more than {limit if at % 3 == 0 else 3} tickets\n- bells\n\n{FILLED}\n"
        for at in range(42)
    ]
    return "# Fair\n\nBe kind.\n\n" + "\n".join(sections) + also


def publish(text: str, day: date | None = None) -> None:
    write(lambda: policies.import_text(SYSTEM, text, name="fair", slug="fair", effective=day))


@pytest.fixture
def long(sqlite_app: Flask) -> Browser:
    """An owner before a long policy with three versions."""
    publish(fair(3))
    publish(fair(2, also="\n## Gifts\n\nAllowed:\n\n- A gift\n"), date(2026, 11, 1))
    publish(fair(4), date(2026, 11, 5))
    return factories.browser(sqlite_app, factories.actor("policy_owner"))


def test_parts_together_are_what_the_whole_texts_say(long: Browser) -> None:
    versions = [policy_queries.version("fair", number) for number in ("1", "2")]
    texts = [reading.text_of(one, policy_queries.sections_of(one.id)) for one in versions if one is not None]
    whole = {one.key: one for one in changes.changes(texts[0], texts[1]) if one.kind != "unchanged"}

    shown, first = {}, 0
    while first is not None:
        found = comparing.comparison("fair", "2", None, first=first)
        assert found.part is not None
        shown |= {one.key: one for one in found.sections}
        first = found.part.after

    assert shown == whole
    assert (found.part.total, found.counts) == (15, {"Changed in substance": 14, "New": 1})


def test_versions_that_do_not_follow_one_another_are_compared_too_and_backwards(long: Browser) -> None:
    forwards, backwards = (comparing.comparison("fair", *pair) for pair in (("3", "1"), ("2", "3")))

    assert forwards.counts == {"Changed in substance": 14}
    assert backwards.counts == {"Changed in substance": 14, "New": 1}


def test_the_page_of_a_long_comparison_leads_from_part_to_part(long: Browser) -> None:
    first = long.get("/policies/fair/2/changes").text
    last = long.get("/policies/fair/2/changes?from=14&against=1").text

    assert "Changes 1 to 5 of 15" in first and "from=5" in first and first.count('class="card changed') == 5
    assert "Changes 11 to 15 of 15" in last and "A gift" in last and 'rel="next"' not in last


def test_a_section_too_long_to_be_taken_apart_is_named(long: Browser) -> None:
    publish(fair(4, also="\n## Wagons\n\n" + "They roll. " * 9000), date(2026, 11, 7))

    page = long.get("/policies/fair/4/changes").text

    assert "Wagons" in page and "too long to be shown piece by piece" in page
