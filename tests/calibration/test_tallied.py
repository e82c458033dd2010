"""Figures from the roll-ups are those from the rows, whatever happened to the cases."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import accuracy, tallied, tallied_rows
from calibration.accuracy import Rate
from qa import settlement, truths
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, PlanVersion
from qa.models.truth import Settlement, Truth
from qa.removal import erasing
from qa.standing import Vote
from qa.tallies import tallies
from tests.calibration.settled import One, Settled

LEVELS = ["verdict", "policy"]
POLICIES = ("conduct/threats", "conduct/insults", "none")


def same(one: Rate, other: Rate) -> bool:
    """Equal to 1e-9, notes and all; a frame is a rounded sum, so a half may fall to either side."""
    a, b = asdict(one.figure), asdict(other.figure)
    numbers = all(
        math.isclose(a[key], b[key], rel_tol=1e-9, abs_tol=1e-9) or math.isnan(a[key]) and math.isnan(b[key])
        for key in ("estimate", "low", "high", "n_effective", "raw")
    )
    rest = all(a[key] == b[key] for key in ("n", "open", "method", "reason", "notes"))
    counts = (one.disputed, one.not_blind) == (other.disputed, other.not_blind)
    return numbers and rest and counts and abs(a["frame"] - b["frame"]) <= 1


def assert_rows_say_the_same(match: str = "policy") -> None:
    """All together and every split, from the roll-ups and from the rows."""
    db.session.rollback()
    seen, _ = tallied.figures(match, complete=False)
    names = {row.id: row.external_id for row in db.session.execute(select(Person.id, Person.external_id))}
    (total,) = accuracy.rows(match=match) or (None,)
    assert (total is None) == (seen.total is None)
    if total is None or seen.total is None:
        return
    assert same(seen.total, total)
    for by in ("agent", "policy", "locale", "workflow", "severity", "tier", "month"):
        rows = {rate.keys[by]: rate for rate in accuracy.rows(by=(by,), match=match)}
        says = names.__getitem__ if by == "agent" else seen.says(by)
        found = {says(number): rate for number, rate in seen.by(by).items()}
        assert found.keys() == rows.keys()
        assert all(same(found[key], rows[key]) for key in rows), by


def assert_the_command_says_the_same(match: str) -> None:
    """By one key, by several and by all that there are, at both estimands."""
    for by in ((), ("plan",), ("agent", "policy"), ("team", "locale", "tier"), tuple(accuracy.KEYS)):
        for estimand in accuracy.ESTIMANDS:
            rows = accuracy.rows(by=by, match=match, estimand=estimand)
            found = tallied_rows.rows(by=by, match=match, estimand=estimand)
            assert [one.keys for one in found] == [one.keys for one in rows] != []
            assert all(same(one, other) for one, other in zip(found, rows, strict=True)), by


@pytest.fixture
def desk(app: Flask) -> Settled:
    return a_desk()


def a_desk() -> Settled:
    """Three agents in two tiers over several weeks, some cases open, some lost, one stratum with a single case."""
    desk, chance = Settled(agents=3), np.random.default_rng(7)
    for agent in range(3):
        for tier, n in (("high", 1 if agent == 2 else 12), ("low", 30)):
            stratum = desk.new_stratum(f"{agent}|{tier}", int(n * chance.integers(2, 9)), n)
            fates = chance.choice(["right", "wrong", "lost", "open"], size=n, p=[0.8, 0.12, 0.06, 0.02])
            desk.put([one(str(fate), agent, tier, chance) for fate in fates], stratum=stratum)
    lose()
    write(tallies.rebuild)
    return desk


def one(fate: str, agent: int, tier: str, chance: np.random.Generator) -> One:
    right = {"right": True, "wrong": False}.get(fate)
    return One(
        right, str(chance.choice(POLICIES)), float(chance.integers(1, 12)), tier, agent,
        "settled" if right is not None else "difference" if fate == "open" else "adjudication",
        "critical" if chance.random() < 0.1 else None,
    )  # fmt: skip


def lose() -> None:
    gone = update(Settlement).where(Settlement.state == "adjudication").values(state="unreached")
    write(lambda: db.session.execute(gone))


def cases(*states: str) -> list[int]:
    query = select(Settlement.case_id).where(Settlement.state.in_(states)).order_by(Settlement.case_id)
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


def overturn(case_id: int) -> None:
    """A dispute finds the decision wrong, or another section."""
    case = db.session.get_one(ClosedCase, case_id)
    answer = Vote("no_violation") if case.decided_key != "none" else Vote("violates", "conduct/threats", "remove")
    truths.stand(case, answer, basis="dispute", settler_id=None, levels=LEVELS)


def erase(kind: str, reference: str) -> None:
    public_id = write(lambda: erasing.ask(SYSTEM, kind, reference))
    erasing.run(SYSTEM, public_id)


def erase_case(case_id: int) -> None:
    erase("case", db.session.get_one(ClosedCase, case_id).public_id)


def test_figures_from_roll_ups_equal_those_from_rows_on_every_level(desk: Settled) -> None:
    for match in accuracy.LEVELS:
        assert_rows_say_the_same(match)
    for match in ("verdict", "policy"):
        assert_the_command_says_the_same(match)


def test_they_stay_equal_when_truths_are_overturned_and_cases_settle_or_are_given_up(desk: Settled) -> None:
    settled, still_open = cases("settled"), cases("open", "difference")
    assert settled and still_open

    for case_id in settled[::7]:
        write(lambda case_id=case_id: overturn(case_id))
    for case_id in settled[3::11]:
        write(lambda case_id=case_id: settlement.ruled(case_id, Vote("no_violation"), basis="not_blind", by=SYSTEM))
    write(lambda: settlement.give_up(still_open[0], "ungradable", "two could not tell"))
    for case_id in still_open[1:]:
        write(lambda case_id=case_id: settlement.ruled(case_id, Vote("no_violation"), basis="adjudicated", by=SYSTEM))

    assert tallies.kept() == tallies.recomputed() != {}
    assert_rows_say_the_same()


@pytest.mark.parametrize("seed", [1])
def test_they_stay_equal_whatever_is_overturned_and_erased_in_whichever_order(sqlite_app: Flask, seed: int) -> None:
    desk, chance = a_desk(), np.random.default_rng(seed)
    settled, still_open = cases("settled"), cases("open", "difference")
    before = tallied.figures("policy", complete=False)[0].total
    deeds = [
        *(lambda case_id=int(one): write(lambda: overturn(case_id)) for one in chance.choice(settled, 8)),
        *(lambda case_id=int(one): erase_case(case_id) for one in chance.choice([*settled, *still_open], 6)),
        lambda: erase_case(still_open[0]),
        lambda: erase("person", db.session.get_one(Person, desk.agents[int(chance.integers(3))].id).external_id),
    ]

    for at in chance.permutation(len(deeds)).tolist():
        db.session.rollback()
        deeds[at]()
        assert tallies.kept() == tallies.recomputed() != {}

    assert_rows_say_the_same()
    assert tallied.figures("policy", complete=False)[0].total != before


def test_a_case_that_goes_back_to_adjudication_counts_as_open_again(desk: Settled) -> None:
    case_id = cases("settled")[0]

    def reopen() -> None:
        row = db.session.scalars(select(Settlement).where(Settlement.case_id == case_id)).one()
        settlement._state(row, "adjudication")

    write(reopen)

    assert tallies.kept() == tallies.recomputed()
    assert_rows_say_the_same()


def test_a_second_plan_over_the_same_window_changes_the_weights_of_the_first(desk: Settled) -> None:
    before = tallied.figures("policy", complete=False)[0].total
    by_tier = update(PlanVersion).where(PlanVersion.id == desk.version.id).values(strata=["agent"])
    write(lambda: db.session.execute(by_tier))
    second = desk.another_draw("second")
    everybody = desk.new_stratum("all", 300, 100, draw=second)
    again = [One(True)] * 20
    write(lambda: desk.attach(cases_drawn(20), again, everybody))

    write(lambda: tallies.drawn(second.id))

    after = tallied.figures("policy", complete=False)[0].total
    assert before is not None and after is not None
    assert before.figure.estimate != after.figure.estimate
    assert_rows_say_the_same()


def cases_drawn(many: int) -> list[int]:
    return list(db.session.scalars(select(ClosedCase.id).order_by(ClosedCase.id).limit(many)))


def test_a_replaced_draw_counts_no_more(desk: Settled) -> None:
    write(lambda: db.session.execute(update(Draw).values(replaced_at=clock.now())))

    assert tallied.figures("policy")[0].total is None
    assert tallies.kept() == tallies.recomputed() == {}


def test_a_period_is_of_whole_days_and_both_ends_are_as_said(desk: Settled) -> None:
    until = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=20)
    since = until - timedelta(days=30)

    seen, _ = tallied.figures("policy", since=since, until=until, complete=False)

    (rows,) = accuracy.rows(since=since, until=until)
    assert seen.total is not None
    assert 0 < rows.figure.n < len(cases("settled"))
    assert same(seen.total, rows)


def test_draws_in_progress_are_left_out_like_those_of_rows(desk: Settled) -> None:
    running = desk.new_stratum("running", 100, 20, draw=desk.another_draw("this week"))
    desk.put([One(True)] * 12 + [One(None, state="difference")] * 8, stratum=running)
    write(tallies.rebuild)
    settle_rest()

    seen, left_out = tallied.figures("policy")

    rows = accuracy.finished(list(accuracy.measured.drawn_cases()))
    (expected,) = accuracy.of_cases(rows)
    assert left_out == 20
    assert seen.total is not None and same(seen.total, expected)


def settle_rest() -> None:
    """Let the open cases of the first draws be given up."""

    def give_up() -> None:
        for case_id in cases_open_of_first_draw():
            settlement.give_up(case_id, "unreached", "nobody left to ask")

    write(give_up)


def cases_open_of_first_draw() -> list[int]:
    running = select(ClosedCase.id).order_by(ClosedCase.id.desc()).limit(20)
    query = select(Settlement.case_id).where(Settlement.state == "difference", Settlement.case_id.not_in(running))
    return list(db.session.scalars(query))


def test_a_person_who_left_is_counted_under_the_same_number(desk: Settled) -> None:
    write(lambda: db.session.execute(update(Person).where(Person.id == desk.agents[1].id).values(active=False)))

    assert_rows_say_the_same()
    assert desk.agents[1].id in tallied.figures("policy", complete=False)[0].by("agent")


def test_a_truth_written_twice_over_leaves_one_outcome(desk: Settled) -> None:
    case_id = cases("settled")[5]

    def there_and_back() -> None:
        case = db.session.get_one(ClosedCase, case_id)
        before = db.session.scalars(select(Truth).where(Truth.case_id == case_id, Truth.replaced_at.is_(None))).one()
        was = Vote(before.verdict, before.section_key, None)
        truths.stand(case, Vote("violates", "conduct/praise", None), basis="audit", settler_id=None, levels=LEVELS)
        truths.stand(case, was, basis="dispute", settler_id=None, levels=LEVELS)

    kept = tallies.kept()
    write(there_and_back)

    assert tallies.kept() == tallies.recomputed() == kept
