"""Reports that come by themselves, whom they are sent to, and what changed since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from calibration.models.reports import ReportCopy, ReportWish
from calibration.reports import composing, keeping, sending, shifts, wishes
from qa.core import clock, jobs, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound
from qa.core.models import Notice
from qa.models.cases import ClosedCase
from qa.models.truth import Truth
from qa.tallies import tallies
from tests import factories
from tests.calibration.settled import One, Settled

WEEK_LATER = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Eighty settled cases, one in four closed late."""
    found = Settled()
    ids = found.put([One(number % 8 != 0, weeks_ago=1 + number % 4) for number in range(80)])

    def due() -> None:
        late, timely = ids[::4], [one for place, one in enumerate(ids) if place % 4]
        for some, hours in ((late, -1), (timely, 1)):
            closed = dict(
                db.session.execute(select(ClosedCase.id, ClosedCase.closed_at).where(ClosedCase.id.in_(some))).all()
            )
            for one in some:
                when = closed[one] + timedelta(hours=hours)
                db.session.execute(update(ClosedCase).where(ClosedCase.id == one).values(due_at=when))

    write(due)
    return found


def weekly(desk: Settled, *people: Actor, names: bool = False) -> str:
    """The weekly report, each Monday at seven, for some people."""
    to = [one.public_id for one in people]
    return write(
        lambda: (
            wishes.again(
                desk.manager, "weekly", every="week", day=0, hour=7, names=names, to=to, own=["All well."]
            ).public_id
        )
    )


def pass_a_week() -> None:
    """Monday comes round, and what is due is made."""
    with clock.fixed(WEEK_LATER):
        write(lambda: jobs.enqueue(factories.actor("admin"), sending.DUE))
        jobs.run_due()


@pytest.mark.parametrize(
    ("every", "day", "hour", "now", "last"),
    [
        ("week", 0, 7, "2026-10-26T05:59+00:00", "2026-10-19T05:00+00:00"),  # Berlin left summer time on the 25th
        ("week", 0, 7, "2026-10-26T06:00+00:00", "2026-10-26T06:00+00:00"),
        ("month", 28, 0, "2026-03-01T12:00+00:00", "2026-02-27T23:00+00:00"),
    ],
)
def test_a_wish_is_due_by_the_clocks_of_whoever_made_it(every: str, day: int, hour: int, now: str, last: str) -> None:
    wish = ReportWish(every=every, day=day, hour=hour, zone="Europe/Berlin")

    assert wishes.due_at(wish, datetime.fromisoformat(now)) == datetime.fromisoformat(last)


def test_a_report_comes_by_itself_once_and_is_told_to_its_recipients(desk: Settled) -> None:
    observer, other = factories.actor("observer"), factories.actor("observer")
    weekly(desk, observer)
    jobs.run_due()
    before = db.session.scalar(select(func.count(ReportCopy.id)))
    db.session.rollback()

    pass_a_week()
    pass_a_week()

    row = db.session.scalars(select(ReportCopy)).one()
    notice = db.session.scalars(select(Notice).where(Notice.kind == "report")).one()
    assert before == 0 and (row.days_from, row.days_to) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (notice.person_id, notice.url) == (observer.id, f"/reports/{row.public_id}")
    assert "%" not in notice.line and sending.said_now(observer, row.public_id) == notice.line
    assert keeping.one(observer, row.public_id).report.own == ["All well."]
    assert [one.public_id for one in keeping.listed(observer)] == [row.public_id]
    with pytest.raises(NotFound):
        keeping.one(other, row.public_id)


def test_an_ended_wish_makes_nothing(desk: Settled) -> None:
    address = weekly(desk, factories.actor("observer"))
    write(lambda: wishes.end(desk.manager, address))

    pass_a_week()

    assert db.session.scalar(select(func.count(ReportCopy.id))) == 0
    with pytest.raises(NotFound):
        write(lambda: wishes.end(desk.manager, address))


def test_who_may_be_given_cases_is_sent_nothing_and_names_go_to_no_observer(desk: Settled) -> None:
    both = factories.actor("observer", "reviewer")

    with pytest.raises(BadInput, match="may read it"):
        weekly(desk, both)
    with pytest.raises(BadInput, match="may read it"):
        weekly(desk, factories.actor("observer"), names=True)
    assert sending.said_now(both, "0" * 32) is None


def test_a_kept_report_is_sent_from_its_page(desk: Settled) -> None:
    observer = factories.actor("observer", name="Olive")
    days = composing.span("monthly", date(2026, 11, 16), date(2026, 9, 1), date(2026, 11, 16))
    address = write(lambda: keeping.keep(desk.manager, "monthly", days, names=False).public_id)
    client, theirs = factories.browser(desk.app, desk.manager), factories.browser(desk.app, observer)

    before = theirs.get(f"/reports/{address}").status_code
    client.send(f"/reports/{address}/send", {"to": observer.public_id})
    page = client.get(f"/reports/{address}").text

    assert before == 404 and "Olive" in page
    assert "Reports for you" in theirs.get("/reports").text and "A new report" not in theirs.get("/reports").text
    assert [theirs.get(f"/reports/{address}{end}").status_code for end in ("", ".html", ".csv")] == [200, 200, 200]


def test_a_large_report_is_made_in_the_background(desk: Settled) -> None:
    write(lambda: preferences.put(SYSTEM, "report_cases", 10))
    client = factories.browser(desk.app, desk.manager)
    asked = {"kind": "monthly", "since": "2026-09-01", "until": "2026-11-16", "own": "One."}

    preview = client.get("/reports", query_string=asked).text
    client.send("/reports", asked)
    waiting = client.get("/reports").text
    jobs.run_due()
    done = client.get("/reports").text

    row = db.session.scalars(select(ReportCopy)).one()
    assert "Much to read" in preview and "Preview" not in preview.partition("Much to read")[2].partition("Kept")[0]
    assert "Being made" in waiting and "Being made" not in done
    assert (row.kind, row.own, row.days_to) == ("monthly", ["One."], date(2026, 11, 16))
    assert "Changed since" not in client.get(f"/reports/{row.public_id}").text


def test_what_changed_since_is_found_at_night_and_marked(desk: Settled) -> None:
    days = composing.span("monthly", date(2026, 11, 16), date(2026, 9, 1), date(2026, 11, 16))
    write(lambda: keeping.keep(desk.manager, "monthly", days, names=False))

    write(lambda: db.session.execute(update(Truth).values(right_policy=True, right_verdict=True)))
    write(tallies.rebuild)
    write(lambda: jobs.enqueue(desk.manager, sending.COMPARE))
    jobs.run_due()

    (row,) = keeping.listed(desk.manager)
    assert row.restated is not None and row.restated > 0
    assert "restated" in factories.browser(desk.app, desk.manager).get("/reports").text


def test_late_cases_stand_under_their_shift_and_hour_and_policies_against_their_target(desk: Settled) -> None:
    days = composing.span("monthly", date(2026, 11, 16), date(2026, 9, 1), date(2026, 11, 16))

    tables = {one.key: one for one in composing.compose("monthly", days, names=False).tables}

    (shift,) = tables["late_by_shift"].lines
    assert list(shift.of) == ["early 06:00 to 13:59"] and shift.figures[0].estimate == 0.25
    assert [list(line.of) for line in tables["late_by_hour"].lines] == [["09:00"]]
    (policy,) = tables["accuracy_by_policy"].lines
    assert list(policy.cells) == ["95.0%", "under it"]
    assert [list(line.cells[:1]) for line in tables["trend"].lines] == [["95.0%"], ["95.0%"]]


def test_a_shift_may_reach_over_midnight() -> None:
    found = [shifts._within(hour, 22, 6) for hour in (21, 22, 0, 5, 6)]

    assert found == [False, True, True, True, False]
    assert shifts.parsed("a=0-12; nonsense; b=12-24") == (("a 00:00 to 11:59", 0, 12), ("b 12:00 to 23:59", 12, 0))
