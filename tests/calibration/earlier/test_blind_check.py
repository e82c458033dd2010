"""Earlier QA that is kept, and the blind check that says by how much it is off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from calibration.earlier import blind_check, keeping, matching
from calibration.earlier.reading import Result, Sheet, read
from calibration.models.earlier import EarlierResult, EarlierSheet
from qa.core import clock, jobs
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.plans import DrawCase, Plan, PlanVersion
from qa.models.truth import Settlement, Truth
from qa.queries import measured
from qa.removal import free_texts
from tests import factories
from tests.calibration.settled import Settled

CASES = 30


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Thirty closed cases that a sheet names, and nobody drew yet."""
    found = Settled()
    for number in range(CASES):
        found.case(external_id=f"T-{number}", closed_at=clock.now() - timedelta(days=2))
    return found


def sheet(*, wrong: int = 3, extra: int = 4) -> Sheet:
    """Results on the desk's cases and on some that nobody imported; QA differed on the first *wrong* ones."""
    rows = [Result("Agent Able", "Threats", "None" if n < wrong else "threats", clock.now().date(), f"T-{n}")
            for n in range(CASES + extra)]  # fmt: skip
    return Sheet("qa.csv", {"agent": "agent", "case": "case"}, [*rows, Result("Zoe", "x", "x", None)])


def kept(desk: Settled, given: Sheet | None = None) -> str:
    """The address of a sheet that the manager keeps."""
    return write(lambda: keeping.keep(desk.manager, given or sheet()).public_id)


def checked(desk: Settled, address: str) -> None:
    """A blind check that is asked for and drawn."""
    write(lambda: blind_check.ask(desk.manager, address))
    jobs.run_due()


def row_of(address: str) -> EarlierSheet:
    return db.session.scalars(select(EarlierSheet).where(EarlierSheet.public_id == address)).one()


def settle(*, wrong: int, leave: int = 0) -> None:
    """Every drawn case ends; the first *wrong* ones by name are wrong, the last *leave* stay open."""
    drawn = select(DrawCase.case_id, ClosedCase.external_id).join(ClosedCase, ClosedCase.id == DrawCase.case_id)
    rows = sorted(db.session.execute(drawn).all(), key=lambda row: int(row.external_id[2:]))
    db.session.rollback()

    def end() -> None:
        for place, row in enumerate(rows[: len(rows) - leave]):
            right = place >= wrong
            db.session.add(
                Truth(
                    case_id=row.case_id, verdict="violates", section_key="conduct/threats", basis="agreed",
                    right_verdict=right, right_policy=right, settled_at=clock.now(),
                )
            )  # fmt: skip
            done = update(Settlement).where(Settlement.case_id == row.case_id)
            db.session.execute(done.values(state="settled", changed_at=clock.now()))

    write(end)


def test_a_kept_sheet_says_the_same_as_the_one_that_was_read(desk: Settled) -> None:
    given = sheet()

    address = kept(desk, given)

    assert keeping.sheet_of(row_of(address)) == given
    assert matching.matched(row_of(address).id) == matching.Matched(CASES + 5, 1, CASES + 4, CASES)


def test_the_check_draws_from_the_imported_cases_of_the_sheet_and_from_no_others(desk: Settled) -> None:
    desk.case(external_id="elsewhere")
    address = kept(desk)

    checked(desk, address)

    query = select(ClosedCase.external_id).join(DrawCase, DrawCase.case_id == ClosedCase.id)
    drawn = set(db.session.scalars(query))
    assert drawn == {f"T-{n}" for n in range(CASES)}
    assert db.session.scalar(select(func.count(Task.id)).where(Task.state == "waiting")) == CASES
    version = db.session.scalars(select(PlanVersion).where(PlanVersion.plan_id == row_of(address).plan_id)).one()
    assert (version.purpose, version.overlap_share) == ("find", 0.0)
    assert db.session.get_one(Plan, version.plan_id).state == "retired"


def test_nothing_of_it_enters_any_accuracy(desk: Settled) -> None:
    checked(desk, kept(desk))
    settle(wrong=9)

    assert list(measured.drawn_cases()) == []


def test_nothing_is_said_before_the_cases_are_decided_and_then_the_gap_is_that_of_the_pairs(desk: Settled) -> None:
    address = kept(desk)
    checked(desk, address)
    settle(wrong=12, leave=2)
    before = blind_check.check(row_of(address))

    write(lambda: db.session.execute(update(Settlement).values(state="ungradable")))
    after = blind_check.check(row_of(address))

    assert before is not None and (before.drawn, before.ended, before.gap) == (CASES, CASES - 2, None)
    assert after is not None and after.without == 2
    gap = after.gap
    assert gap is not None
    assert (gap.n, gap.sighted, gap.blind, gap.up, gap.down) == (28, 25, 16, 0, 9)
    assert gap.change == pytest.approx(-9 / 28) and gap.low < -9 / 28 < gap.high < 0
    assert gap.p_value == pytest.approx(2 / 2**9) and gap.is_shown


def test_a_check_is_asked_for_once_and_needs_cases(desk: Settled) -> None:
    address = kept(desk)
    few = kept(desk, Sheet("few.csv", {}, [Result("a", "x", "x", None, "T-1")]))
    write(lambda: blind_check.ask(desk.manager, address))

    with pytest.raises(Refused, match="already"):
        write(lambda: blind_check.ask(desk.manager, address))
    with pytest.raises(Refused, match="1 of this sheet's cases are imported"):
        write(lambda: blind_check.ask(desk.manager, few))


def test_who_may_be_given_cases_keeps_and_opens_none(desk: Settled) -> None:
    address = kept(desk)
    both = factories.actor("manager", "reviewer", manages=None)

    assert keeping.listed(both) == []
    with pytest.raises(NotFound):
        keeping.found(both, address)
    with pytest.raises(Refused, match="may be given cases"):
        write(lambda: keeping.keep(both, sheet()))


def test_names_go_when_their_time_is_over_and_words_with_their_case(desk: Settled) -> None:
    address = kept(desk)
    one = db.session.scalars(select(EarlierResult.case_id).where(EarlierResult.case_ref == "T-5")).one()
    db.session.rollback()

    write(lambda: free_texts.blank([one]))
    (holder,) = keeping.holders()
    held = write(lambda: holder.lose(clock.now() + timedelta(days=400)))

    left = keeping.sheet_of(row_of(address))
    assert held == CASES + 5 and {result.agent for result in left.results} == {keeping.NOBODY}
    assert len(left.results) == CASES + 4


def test_a_manager_keeps_a_sheet_checks_it_and_lets_it_go(desk: Settled, tmp_path: Path) -> None:
    lines = ["agent,decision,qa,case", *(f"Ada,x,{'y' if n < 4 else 'x'},T-{n}" for n in range(CASES))]
    (tmp_path / "qa.csv").write_text("\n".join(lines))
    client = factories.browser(desk.app, desk.manager)

    with (tmp_path / "qa.csv").open("rb") as handle:
        answer = client.send("/earlier-qa/kept", {"file": (handle, "qa.csv")}, content_type="multipart/form-data")
    page = client.get(answer.location).text
    client.send(f"{answer.location}/check", {"cases": 20})
    asked = client.get(answer.location).text
    jobs.run_due()
    settle(wrong=8)
    done = client.get(answer.location).text
    gone = client.send(f"{answer.location}/remove", {})

    assert read(tmp_path / "qa.csv").columns["case"] == "case"
    assert "30 of the 30 cases that this sheet names are imported" in page and "Decide them again blind" in page
    assert "The sample is being drawn" in asked
    assert "points more right than blind graders did" in done or "show no difference" in done
    assert gone.status_code == 302 and client.get(answer.location).status_code == 404
