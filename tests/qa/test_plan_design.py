"""What a draw knows beforehand: history, precision, who is new or proven, and who is watched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa import case_addresses, plan_parts, plans
from qa.core import clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from qa.draws import boosts, counting, designing, drawing, frames, heads, previews, risk, verifying
from qa.models.cases import ClosedCase, ImportRun, NumberKey, Touch
from qa.models.grading import Task
from qa.models.plans import Draw, DrawCase, DrawStratum
from qa.models.truth import Settlement, Truth
from tests import factories
from tests.desk import Desk

PLAN: dict[str, Any] = {
    "name": "Weekly", "strata": ["agent", "tier"], "size": 12, "min_per_stratum": 2, "seed": 7, "overlap": 0.0,
    "tier": [{"name": "high", "when": "severity in (high, critical)"}],
}  # fmt: skip


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(graders=1)
    fill(desk, 60)
    return desk


def fill(desk: Desk, cases: int, **given: Any) -> None:
    """So many cases at once, every third one of high severity."""

    def keep() -> None:
        for number, (row_id, public_id) in enumerate(case_addresses.new(cases)):
            desk.count += 1
            values = {
                "agent_id": desk.agent.id, "severity": "high" if number % 3 == 0 else "low", "decided_key": "none",
                **given,
            }  # fmt: skip
            db.session.add(
                ClosedCase(
                    id=row_id, public_id=public_id, external_id=f"case-no-{desk.count}", source="test",
                    run_id=desk.run.id, agent_team_id=desk.team.id, decided_by="person", workflow="abuse_report",
                    closed_at=clock.now() - timedelta(days=3), action="keep", play_key="conduct/threats", evidence={},
                    withheld={}, content_hash="0" * 64, number=desk.count, **values,
                )
            )  # fmt: skip

    write(keep)


def publish(**changes: Any) -> None:
    write(lambda: plans.create(SYSTEM, plans.checked({**PLAN, **changes})))


def version() -> Any:
    return plans.newest_version(plans.named("Weekly").id)


def strata() -> dict[str, tuple[int, int]]:
    rows = db.session.scalars(select(DrawStratum).join(Draw).where(Draw.plan_id == plans.named("Weekly").id))
    return {row.key: (row.drawn, row.frame) for row in rows}


def settle(right: dict[str, float]) -> None:
    """Settle the drawn cases of the plan: of each tier this share right, in the order of the cases."""

    def deed() -> None:
        query = select(DrawCase).join(Draw).where(Draw.plan_id == plans.named("Weekly").id).order_by(DrawCase.id)
        seen: dict[str, int] = {}
        for row in db.session.scalars(query).all():
            place = seen[row.tier] = seen.get(row.tier, 0) + 1
            good = place % 20 < 20 * right[row.tier]
            db.session.get_one(Settlement, row.case_id).state = "settled"
            db.session.add(
                Truth(
                    case_id=row.case_id, verdict="violates", section_key="conduct/threats", basis="agreed",
                    settled_at=clock.now(), right_verdict=good, right_policy=good,
                )
            )  # fmt: skip

    write(deed)


@contextmanager
def later(desk: Desk, days: int) -> Iterator[None]:
    """The clock *days* later, with sixty cases framed just then."""
    with clock.fixed(clock.now() + timedelta(days=days)):
        desk.run = factories.kept(
            ImportRun(
                source="test", file_name="g.csv", file_sha256=f"{days:064}", mapping_hash="0" * 64, state="published",
                published_at=clock.now(),
            )
        )  # fmt: skip
        fill(desk, 60)
        yield


def test_neyman_shares_out_like_the_frame_until_there_is_history_and_by_it_then(desk: Desk) -> None:
    fill(desk, 90)
    publish(allocation="neyman", size=120, min_per_stratum=1)
    first = drawing.draw(SYSTEM, "Weekly")
    settle({"high": 0.5, "rest": 1.0})
    publish(allocation="neyman", size=30, min_per_stratum=1)

    with later(desk, 7):
        second = drawing.draw(SYSTEM, "Weekly")

    before, after = drawn_by_tier(first), drawn_by_tier(second)
    assert before == {"high": 40, "rest": 80}
    assert after["high"] > after["rest"], "20 of 60 cases, but nearly all of the errors"
    rates = db.session.scalars(select(Draw.design).where(Draw.public_id == second)).one()["rates"]
    assert rates["high"] == pytest.approx((40 * 0.5 + 20 / 6) / 60, abs=0.02)
    assert verifying.verify(second).differs is None


def drawn_by_tier(address: str) -> dict[str, int]:
    rows = db.session.scalars(select(DrawStratum).join(Draw).where(Draw.public_id == address))
    return {row.key.split("|")[1]: row.drawn for row in rows}


def test_history_of_fewer_than_a_hundred_settled_cases_says_nothing(desk: Desk) -> None:
    publish(allocation="neyman", size=40)
    drawing.draw(SYSTEM, "Weekly")
    settle({"high": 0.5, "rest": 1.0})

    known = designing.design(version(), clock.now(), clock.now())

    assert known.rates == {}


def test_a_precision_becomes_as_many_cases_as_it_takes_with_these_strata(desk: Desk) -> None:
    publish(size=None, half_width=0.10)
    drawing.draw(SYSTEM, "Weekly")

    drawn = sum(drawn for drawn, _ in strata().values())

    assert 25 <= drawn <= 27, "ten points at 95 % take 25 cases, and hardly more when strata share out in proportion"


def test_who_is_new_is_drawn_twice_as_often_and_who_is_proven_down_to_the_floor(desk: Desk) -> None:
    newcomer = factories.actor("agent", team=desk.team, started_on=clock.now().date() - timedelta(days=20))
    fill(desk, 40, agent_id=newcomer.id, severity="low")
    publish(size=None, per_agent_week=6, min_per_stratum=1, intensity={"proven_cases": 5})
    drawing.draw(SYSTEM, "Weekly")
    first = strata()
    settle({"high": 1.0, "rest": 1.0})

    known = designing.design(version(), clock.now(), clock.now() + timedelta(days=60))

    by_agent = {name: sum(drawn for key, (drawn, _) in first.items() if key.startswith(name)) for name in names(first)}
    assert sorted(by_agent.values()) == [6, 12]
    assert known.factors == {}, "six right ones of six do not show 95 %"


def names(found: dict[str, Any]) -> set[str]:
    return {key.split("|")[0] for key in found}


def test_a_watched_agent_is_drawn_more_from_the_next_window_on_and_never_inside_one(desk: Desk) -> None:
    publish(size=None, per_agent_week=6, min_per_stratum=1)
    drawing.draw(SYSTEM, "Weekly")
    asked = write(lambda: boosts.ask_for_more(SYSTEM, agent_id=desk.agent.id, origin="signal x", factor=2.0))
    publish(size=None, per_agent_week=8, min_per_stratum=1)
    grown = drawing.draw(SYSTEM, "Weekly")
    with later(desk, 7):
        then = drawing.draw(SYSTEM, "Weekly")
        write(lambda: boosts.end(SYSTEM, origin="signal x"))
        after = designing.design(version(), clock.now(), clock.now())

    drawn = {row.public_id: drawn_of(row) for row in db.session.scalars(select(Draw))}
    assert asked == 2 and drawn[grown] == 8 and drawn[then] == 16
    assert verifying.verify(then).differs is None
    assert after.factors == {}


def drawn_of(draw: Draw) -> int:
    return db.session.scalar(select(func.count()).select_from(DrawCase).where(DrawCase.draw_id == draw.id)) or 0


def test_a_draw_whose_sizes_are_not_those_of_the_rule_is_named(desk: Desk) -> None:
    publish()
    address = drawing.draw(SYSTEM, "Weekly")
    row = db.session.scalars(select(Draw).where(Draw.public_id == address)).one()
    changed = {**row.design, "factors": {strata_agent(): 2.0}}
    write(lambda: db.session.execute(Draw.__table__.update().values(design=changed)))

    seen = verifying.verify(address)

    assert seen.differs is not None and "the rule takes" in seen.differs


def strata_agent() -> str:
    return next(iter(names(strata())))


def test_keys_that_were_told_are_checked_without_being_given(desk: Desk) -> None:
    key = bytes(32)
    write(lambda: told(desk, key))
    publish(seed=None)
    address = drawing.draw(SYSTEM, "Weekly")

    with pytest.raises(Refused, match="not the one that the key gives"):
        verifying.verify(address)


def told(desk: Desk, key: bytes) -> None:
    row = NumberKey(
        period="2026-10", key=key.hex(), sha256=drawing.key_sha256(key), published_at=clock.now(), ends_at=clock.now(),
        revealed_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.get_one(ImportRun, desk.run.id).number_key_id = row.id


def test_a_tier_can_ask_how_long_somebody_has_been_there(desk: Desk) -> None:
    newcomer = factories.actor("agent", team=desk.team, started_on=clock.now().date() - timedelta(days=30))
    fill(desk, 10, agent_id=newcomer.id)
    publish(strata=["tier"], tier=[{"name": "new", "when": "agent_weeks < 8"}])

    drawing.draw(SYSTEM, "Weekly")

    assert {key: frame for key, (_, frame) in strata().items()} == {"new": 10, "rest": 60}


class ByRule:
    """Stands for a fitted classifier."""

    def predict_proba(self, rows: Any) -> list[list[float]]:
        return [[0.1, 0.9] if row.get("severity") == "high" else [0.9, 0.1] for row in rows]


def test_a_model_can_set_the_tiers_and_without_one_the_plan_is_refused(desk: Desk) -> None:
    publish(strata=["tier"], tier=[{"name": "risky", "when": "risk >= 0.5"}])
    with pytest.raises(Refused):
        drawing.draw(SYSTEM, "Weekly")
    risk.use(desk.app, risk.RiskModel("by rule 1", ("severity",), ByRule()))

    address = drawing.draw(SYSTEM, "Weekly")

    assert {key: frame for key, (_, frame) in strata().items()} == {"risky": 20, "rest": 40}
    assert db.session.scalars(select(Draw.design).where(Draw.public_id == address)).one()["model"] == "by rule 1"


def test_a_count_of_a_plan_that_is_not_kept_gives_the_frame_that_would_be_built(desk: Desk) -> None:
    fill(desk, 1, replaced_at=clock.now())
    used = desk.case(severity="high")
    factories.kept(Touch(case_id=used.id, person_id=desk.graders[0].id, how="voted"))
    publish(filter={"severity": ["high"]})

    counted = counting.count(version(), None, clock.now())
    built = frames.build(version(), None, clock.now())

    assert (counted.sizes, counted.excluded) == (built.sizes, built.excluded)
    assert counted.excluded == {
        "replaced by a correction": 1, "used in calibration or training": 1, "not in the plan's filter": 40
    }  # fmt: skip


def test_hours_saved_are_those_of_simple_random_sampling_of_equal_width(desk: Desk) -> None:
    fill(desk, 20, agent_id=factories.actor("agent").id)
    definition = plans.checked({**PLAN, "size": None, "per_agent_week": 10, "min_per_stratum": 1})

    seen, _, _ = previews.of_definition(definition)

    assert seen.saved_each is not None and seen.saved_each.simple > sum(seen.sizes.values())
    assert seen.saved_each.hours_low == pytest.approx((seen.saved_each.simple - sum(seen.sizes.values())) / 30, abs=0.1)


def test_the_head_count_finds_who_is_left_for_every_look(desk: Desk) -> None:
    publish()
    frame = frames.build(version(), None, clock.now())

    before = heads.count(version(), frame)
    for _ in range(3):
        factories.actor("reviewer", skills=["adjudicate", "decide_dispute"])
    after = heads.count(version(), frame)

    assert [one.stranded for one in before.stages] == [0, 0, 60, 60], "two graders look; nobody is left to adjudicate"
    assert [(one.fewest, one.stranded) for one in after.stages] == [(5, 0), (4, 0), (3, 0), (2, 0)]
    assert after.gaps == () and before.gaps[0].stage == "adjudication"


def test_a_grader_who_decided_or_touched_a_case_is_not_counted_for_it(desk: Desk) -> None:
    both = factories.actor("agent", "reviewer", team=desk.team)
    fill(desk, 5, agent_id=both.id)
    touched = desk.case()
    factories.kept(Touch(case_id=touched.id, person_id=desk.graders[0].id, how="handled"))
    publish(looks=3)
    frame = frames.build(version(), None, clock.now())

    seen = heads.count(version(), frame)

    assert (seen.graders, seen.stages[0].fewest, seen.stages[0].most) == (3, 0, 1)
    assert seen.stages[0].stranded == 6


def test_a_scheduled_plan_draws_by_itself_once_a_period_and_spreads_its_cases(desk: Desk) -> None:
    publish(schedule={"every": "week", "day": "monday", "zone": "Europe/Dublin"}, size=20)
    jobs.run_due()
    early = db.session.scalar(select(func.count()).select_from(Draw).where(Draw.plan_id == plans.named("Weekly").id))
    with clock.fixed(clock.now() + timedelta(days=7, hours=1)):
        for _ in range(2):
            job = write(lambda: jobs.enqueue(SYSTEM, "plan.draw_due"))
            jobs.run(job.id)
        days = db.session.execute(
            select(func.date(Task.release_at), func.count()).group_by(func.date(Task.release_at))
        ).all()
        drawn = db.session.scalars(select(Draw).where(Draw.plan_id == plans.named("Weekly").id)).all()

    assert early == 0
    assert [row.window_to for row in drawn] == [datetime(2026, 11, 23, tzinfo=UTC)]
    assert [count for _, count in days] == [4, 4, 4, 4, 4]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"every": "day", "zone": "Asia/Kolkata"}, datetime(2026, 11, 15, 18, 30, tzinfo=UTC)),
        ({"every": "week", "day": "friday"}, datetime(2026, 11, 13, tzinfo=UTC)),
        ({"every": "month"}, datetime(2026, 11, 1, tzinfo=UTC)),
        ({"every": "month", "day": 28}, datetime(2026, 10, 28, tzinfo=UTC)),
    ],
)
def test_a_period_ends_at_midnight_of_its_zone(schedule: dict[str, Any], expected: datetime) -> None:
    now = datetime(2026, 11, 16, 9, tzinfo=UTC)

    assert plan_parts.latest_boundary(schedule, now) == expected


def test_a_month_is_spread_over_its_working_days() -> None:
    days = plan_parts.days_to_spread_over({"every": "month"}, datetime(2026, 2, 2, 9, tzinfo=UTC))

    assert len(days) == 20 and days[-1].date() == date(2026, 2, 27)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"schedule": {"every": "year"}}, "schedule"),
        ({"schedule": {"every": "week", "day": "someday"}}, "schedule"),
        ({"schedule": {"every": "week", "zone": "Mars/Olympus"}}, "schedule"),
        ({"schedule": {"every": "month", "day": 31}}, "schedule"),
        ({"gold": 0.5}, "gold"),
        ({"intensity": {"news": 1}}, "intensity"),
        ({"intensity": {}, "min_per_stratum": 0}, "intensity"),
        ({"intensity": {"new_factor": -1}}, "intensity.new_factor"),
        ({"half_width_of": "agent"}, "half_width_of"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        plans.checked({**PLAN, **changes})

    assert field in {problem.field for problem in refused.value.problems}
