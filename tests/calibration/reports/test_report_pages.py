"""Kept reports: as they were, with what changed since, and for nobody who may not know."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from calibration.models.reports import ReportCopy
from calibration.models.signals import Signal
from calibration.reports import composing, keeping
from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import Person
from qa.models.truth import Truth
from qa.tallies import tallies
from tests import factories
from tests.calibration.settled import One, Settled

SINCE, UNTIL = date(2026, 9, 1), date(2026, 11, 16)


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Settled cases, and an alert about their agent."""
    found = Settled()
    ids = found.put([One(number % 8 != 0, weeks_ago=1 + number % 4) for number in range(80)])

    def alert() -> None:
        db.session.add(
            Signal(
                agent_id=found.agent.id, kind="drop", level="act", epoch=1, crossed_case_id=ids[0],
                crossed_at=clock.now(), lead_key="conduct/threats", shares={"conduct/threats": 1.0}, n=40, errors=9,
                state="raised", raised_at=clock.now(), evidence={"cases": ids[:1]},
            )
        )  # fmt: skip

    write(alert)
    return found


def kept(desk: Settled, *, names: bool = False) -> str:
    """The address of a kept report by the manager of all."""
    days = composing.span("monthly", UNTIL, SINCE, UNTIL)
    return write(lambda: keeping.keep(desk.manager, "monthly", days, names=names, own=["All well."]).public_id)


def test_a_report_is_previewed_kept_and_handed_out(desk: Settled) -> None:
    browser = factories.browser(desk.app, desk.manager)
    asked = {"kind": "weekly", "since": SINCE.isoformat(), "until": UNTIL.isoformat(), "own": "One.\n<b>Two</b>"}

    preview = browser.get("/reports", query_string=asked).text
    answer = browser.send("/reports", asked)
    page = browser.get(answer.location)
    alone, table = (browser.get(f"{answer.location}.{ending}") for ending in ("html", "csv"))

    assert "Keep this report" in preview and "&lt;b&gt;Two&lt;/b&gt;" in preview
    assert "All reports" in page.text and "Changed since" not in page.text
    assert alone.headers["Content-Disposition"] == 'attachment; filename="weekly-2026-11-16.html"'
    assert "&lt;b&gt;Two&lt;/b&gt;" in alone.text and "<script" not in alone.text
    assert table.text.startswith("table,of,by,measure")


def test_a_kept_report_stays_as_it_was_and_says_what_changed(desk: Settled) -> None:
    address = kept(desk)
    before = keeping.one(desk.manager, address).report
    db.session.rollback()

    write(lambda: db.session.execute(update(Truth).values(right_policy=True, right_verdict=True)))
    write(tallies.rebuild)
    found = keeping.one(desk.manager, address, compared=True)

    assert found.report == before
    changed = {(one.table, one.of): (one.then.estimate, one.now.estimate) for one in found.changes}
    assert changed[("Accuracy by team", "Desk team")] == (pytest.approx(0.875), 1.0)


def test_whoever_is_erased_is_named_in_no_kept_report(desk: Settled) -> None:
    address = kept(desk, names=True)
    named = factories.browser(desk.app, desk.manager).get(f"/reports/{address}").text

    write(lambda: db.session.execute(update(Person).where(Person.id == desk.agent.id).values(name="[erased]")))
    after = factories.browser(desk.app, desk.manager).get(f"/reports/{address}").text

    assert "Agent Able" in named
    assert "Agent Able" not in after and "[erased]" in after
    stored = db.session.scalars(select(ReportCopy.tables)).one()
    assert "Agent Able" not in str(stored)


def test_a_team_level_desk_names_nobody(desk: Settled) -> None:
    write(lambda: preferences.put(desk.manager, "team_level_only", True))

    address = kept(desk, names=True)

    assert "Agent Able" not in factories.browser(desk.app, desk.manager).get(f"/reports/{address}").text


def some_team_s_lead(desk: Settled) -> Actor:
    """A manager of one team."""
    return factories.actor("manager", manages=[desk.team])


def grading_manager(_desk: Settled) -> Actor:
    """A manager of all who may be given cases."""
    return factories.actor("manager", "reviewer", manages=None)


@pytest.mark.parametrize("who", [some_team_s_lead, grading_manager])
def test_who_may_not_know_everything_is_told_why_and_given_nothing(desk: Settled, who) -> None:
    address, actor = kept(desk), who(desk)
    browser = factories.browser(desk.app, actor)

    page = browser.get("/reports?kind=weekly").text

    assert "New report" not in page and "All well" not in page and "87" not in page
    assert browser.get(f"/reports/{address}").status_code == 404
    with pytest.raises(NotFound):
        keeping.one(actor, address)
    with pytest.raises(Refused):
        keeping.seen(actor, "weekly", composing.span("weekly", UNTIL), names=False)


def test_too_many_words_and_wrong_days_are_refused_beside_their_fields(desk: Settled) -> None:
    browser = factories.browser(desk.app, desk.manager)

    wrong = browser.get("/reports?kind=weekly&since=2026-11-10&until=2026-11-01")
    unknown = browser.get("/reports?kind=poem")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "a day up to 2026-11-01" in wrong.text
    with pytest.raises(BadInput, match="lines"):
        keeping.seen(desk.manager, "weekly", composing.span("weekly", UNTIL), names=False, own=["x"] * 11)
    assert db.session.scalar(select(func.count()).select_from(ReportCopy)) == 0
