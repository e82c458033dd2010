"""Precedents: kept from a consensus, found by clause and by words, retired with their clause."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from calibration import precedents
from calibration.models.precedents import Precedent
from calibration.queries import kept
from calibration.sessions import cases as session_cases
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.core.errors import BadInput, Refused
from qa.core.registries import touching
from qa.policies import policies
from tests import factories
from tests.calibration.meeting import HARMLESS, THREAT, Meeting
from tests.desk import POLICY


def agreed_on(text: str = "Call me at +44 20 7946 0018 or else.") -> tuple[Meeting, Precedent]:
    """A session with one agreed answer, kept as a precedent."""
    meeting = Meeting(cases=0)
    meeting.cases = [meeting.desk.case(text=text)]
    write(lambda: session_cases.add(meeting.host, meeting.id, how="hand", names=[meeting.cases[0].external_id]))
    meeting.open().all_vote(THREAT, THREAT, HARMLESS).reveal().agree(1)
    return meeting, write(lambda: precedents.keep(meeting.host, meeting.id, 1, title="A call that threatens"))


def test_a_precedent_is_found_on_its_clause_and_by_words_and_its_text_is_masked(app: Flask) -> None:
    meeting, row = agreed_on()
    reader = factories.actor("agent")

    found, _ = kept.listed(section="conduct/threats", words="call listed")
    touched = touching(reader, ["conduct/threats", "conduct/praise"])

    assert [one.public_id for one in found] == [row.public_id]
    assert kept.listed(section="conduct", words="")[0][0].session_id == meeting.id
    assert kept.listed(section="conduct/praise", words="")[0] == [] == kept.listed(words="weather")[0]
    assert "7946" not in row.text and "or else" in row.text
    assert [(line.label, line.count) for line in touched["conduct/threats"]] == [("precedent", 1)]
    assert "conduct/praise" not in touched


def test_an_answer_without_a_clause_is_kept_on_one_that_is_named(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open().reveal()
    meeting.agree(1, HARMLESS)

    with pytest.raises(BadInput, match="a section"):
        write(lambda: precedents.keep(meeting.host, meeting.id, 1, title="Thanks"))
    row = write(lambda: precedents.keep(meeting.host, meeting.id, 1, title="Thanks", section_key="conduct/praise"))

    assert (row.section_key, row.verdict) == ("conduct/praise", "no_violation")
    with pytest.raises(Refused, match="already"):
        write(lambda: precedents.keep(meeting.host, meeting.id, 1, title="Thanks", section_key="conduct/praise"))


def test_it_goes_stale_when_its_clause_changes_in_substance_and_ends_with_it(app: Flask) -> None:
    meeting, row = agreed_on()
    day = clock.now().date()
    changed = POLICY.replace("- Saying that somebody will be hurt\n", "")
    gone = POLICY.replace("## Threats", "## Violence").replace("hurt", "harmed badly").replace("lives", "works")
    states = []

    write(lambda: policies.import_text(SYSTEM, changed, name="conduct", effective=day + timedelta(days=1)))
    for later in (0, 2):
        with clock.fixed(clock.now() + timedelta(days=later)):
            write(lambda: precedents.follow_policies(SYSTEM))
            states.append(row.state)
            if row.state == "stale":
                write(lambda: precedents.renew(meeting.host, row.public_id))
                states.append(row.state)
    new = gone.replace("Violence", "Something else entirely").replace(
        "Saying that somebody will be harmed badly", "Lying"
    )
    new = new.replace("- Saying where somebody works so that others go there", "- Boasting")
    write(lambda: policies.import_text(SYSTEM, new, name="conduct", effective=day + timedelta(days=5)))
    with clock.fixed(clock.now() + timedelta(days=6)):
        write(lambda: precedents.follow_policies(SYSTEM))
        states.append(row.state)

    assert states == ["live", "stale", "live", "retired"]


def test_its_text_can_be_taken_out(sqlite_app: Flask) -> None:
    meeting, row = agreed_on()
    holder = precedents.text_holder()
    before = holder.count()

    emptied = write(lambda: holder.purge([meeting.cases[0].public_id]))

    assert (before, emptied, holder.count(), write(lambda: holder.purge([meeting.cases[0].public_id]))) == (1, 1, 0, 0)
    assert kept.one(row.public_id).text == precedents.GONE


def test_a_retired_one_stays_readable_and_no_longer_hangs_on_its_clause(sqlite_app: Flask) -> None:
    _, row = agreed_on()
    owner = factories.actor("policy_owner")
    browser = factories.browser(sqlite_app, owner)

    browser.send(f"/precedents/{row.public_id}/state", {"deed": "retire"})

    page = browser.get(f"/precedents/{row.public_id}")
    assert page.status_code == 200 and "retired" in page.text
    assert "conduct/threats" not in touching(owner, ["conduct/threats"])
