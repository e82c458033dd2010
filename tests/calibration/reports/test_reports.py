"""Reports: every figure is the one that pages show, nobody is named unasked, and other people's words stay words."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import tallied_rows
from calibration.reports import composing, writing
from calibration.reports.parts import Report
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.core.models import Person, Team
from qa.core.registries import Share
from qa.models.cases import ClosedCase
from tests.calibration.settled import One, Settled

TODAY = date(2026, 11, 16)


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Two agents, 120 settled cases in two policies and two languages, one in four closed late."""
    found = Settled(agents=2)
    cases = [
        One(
            number % 6 != 0,
            ("conduct/threats", "conduct/insults")[number // 2 % 2],
            weeks_ago=1 + number % 5,
            agent=number % 2,
        )
        for number in range(120)
    ]
    ids = found.put(cases)

    def due() -> None:
        for place, case_id in enumerate(ids):
            case = db.session.get_one(ClosedCase, case_id)
            case.due_at = case.closed_at + timedelta(hours=-1 if place % 4 == 0 else 1)
            case.opened_at = case.closed_at - timedelta(hours=3)
            case.first_response_at = case.opened_at + timedelta(minutes=10 + place)
            case.queue = "=danger()" if place % 2 else "first"

    write(due)
    return found


def composed(kind: str, *, names: bool = False, own: tuple[str, ...] = ()) -> Report:
    """The report that is made on the tests' day, over all the weeks of the desk."""
    days = composing.span(kind, TODAY, date(2026, 9, 1), TODAY)
    return composing.compose(kind, days, names=names, own=own)


def figures(report: Report, key: str) -> dict[tuple[str, ...], Share]:
    """The first figure of each line of one table."""
    table = next(one for one in report.tables if one.key == key)
    return {tuple(line.of): line.figures[0] for line in table.lines}


@pytest.mark.parametrize(
    "kind, since, until",
    [("weekly", date(2026, 11, 9), date(2026, 11, 15)), ("monthly", date(2026, 10, 1), date(2026, 10, 31)),
     ("dsa", date(2026, 5, 18), date(2026, 11, 15))],
)  # fmt: skip
def test_a_report_is_of_the_last_whole_week_month_or_half_year(kind: str, since: date, until: date) -> None:
    days = composing.span(kind, TODAY)

    assert (days.since, days.until) == (since, until)


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(BadInput, match="since"):
        composing.span("weekly", TODAY, date(2026, 11, 2), date(2026, 11, 1))


def test_the_table_by_policy_and_language_holds_the_figures_of_the_command(desk: Settled) -> None:
    report = composed("dsa")

    found = figures(report, "accuracy_by_locale")
    for rate in tallied_rows.rows(by=("locale",), match="verdict"):
        shown = found[(rate.keys["locale"],)]
        assert (shown.estimate, shown.low, shown.high) == (rate.figure.estimate, rate.figure.low, rate.figure.high)
    assert set(found) == {("en",), ("de",)}
    assert len(figures(report, "accuracy_by_policy_locale")) == 4


def test_right_and_on_time_is_less_than_either_and_counts_late_ones_as_not(desk: Settled) -> None:
    report = composed("weekly")

    both = figures(report, "right_and_on_time")[("all",)]
    right = db.session.scalars(select(ClosedCase.id).where(ClosedCase.closed_at <= ClosedCase.due_at)).all()
    late = figures(report, "late_by_workflow")
    assert (both.n, len(right)) == (120, 90)
    assert both.estimate == pytest.approx(sum(n % 6 != 0 and n % 4 != 0 for n in range(120)) / 120)
    assert late[("abuse report",)].estimate == pytest.approx(0.25)


@pytest.mark.parametrize("kind", composing.KINDS)
def test_nobody_is_named_unasked(desk: Settled, kind: str) -> None:
    report = composed(kind)

    told = writing.page_alone(report) + writing.csv(report)

    theirs = db.session.execute(select(Person.name, Person.external_id)).all()
    assert [part for person in theirs for part in person if part in told] == []


def test_words_of_others_stay_words_in_page_and_table(desk: Settled) -> None:
    report = composed("weekly", own=("<script>alert(1)</script>", "  "))

    page, table = writing.page_alone(report), writing.csv(report)

    assert "<script" not in page and "&lt;script&gt;alert(1)" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert "'=danger()" in cells and "=danger()" not in cells


def test_a_desk_without_cases_gets_a_report_that_says_so(sqlite_app: Flask) -> None:
    pages = [writing.page_alone(composed(kind)) for kind in composing.KINDS]

    assert all("Nothing was drawn of cases closed in this time." in page for page in pages)


def test_cases_without_times_are_left_out_of_times(desk: Settled) -> None:
    write(lambda: db.session.execute(update(ClosedCase).values(due_at=None, first_response_at=None)))

    page = writing.page_alone(composed("weekly"))

    assert "No case of this time has a due time." in page
    assert "No case of this time has a time of its first response." in page


def test_the_commands_write_page_and_table_and_overwrite_nothing(desk: Settled, tmp_path: Path) -> None:
    runner, out = desk.app.test_cli_runner(), tmp_path / "week.html"
    first = {
        kind: runner.invoke(args=["report", kind, "--out", str(tmp_path / f"{kind}.html")]).exit_code
        for kind in composing.KINDS
    }
    out.write_text("mine")

    again = runner.invoke(args=["report", "weekly", "--out", str(out)])

    assert first == {"weekly": 0, "monthly": 0, "dsa": 0}
    assert (tmp_path / "dsa.csv").read_text().startswith("table,of,by,measure,estimate,low,high,n,note")
    assert (again.exit_code, out.read_text()) == (1, "mine")


def test_an_hour_is_that_of_the_clocks_of_the_team_even_by_quarters(desk: Settled) -> None:
    """Nepal is five hours and three quarters ahead: 09:14 UTC is 14:59 there, 09:15 is 15:00."""

    def in_nepal() -> None:
        db.session.execute(update(Team).values(time_zone="Asia/Kathmandu"))
        for place, row in enumerate(db.session.scalars(select(ClosedCase).order_by(ClosedCase.id))):
            row.closed_at = row.closed_at.replace(hour=9, minute=14 + place % 2, second=59 * (1 - place % 2))
            row.due_at = row.closed_at + timedelta(hours=1)

    write(in_nepal)

    table = next(one for one in composed("weekly").tables if one.key == "late_by_hour")

    assert [(*line.of, line.cells[1]) for line in table.lines] == [("14:00", "60"), ("15:00", "60")]


def test_both_databases_count_times_alike(app: Flask) -> None:
    ids = Settled().put([One(number % 5 != 0) for number in range(40)])

    def times() -> None:
        for place, case_id in enumerate(ids):
            case = db.session.get_one(ClosedCase, case_id)
            case.due_at = case.closed_at + timedelta(hours=-1 if place % 4 == 0 else 1)
            case.opened_at = case.closed_at - timedelta(hours=3)
            case.first_response_at = case.opened_at + timedelta(minutes=10, microseconds=600_000)

    write(times)

    tables = {one.key: one for one in composed("weekly").tables}

    assert [(*line.of, *line.cells) for line in tables["late_by_hour"].lines] == [("09:00", "10", "40")]
    assert tables["first_response"].lines[0].cells[:2] == ["10 min", "10 min"]
    assert figures(composed("weekly"), "right_and_on_time")[("all",)].n == 40
