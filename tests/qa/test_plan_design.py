"""What a draw knows beforehand: history, precision, who is new or proven, and who is watched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa import case_addresses
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.draws import boosts, counting, designing, drawing, frames, previews, risk, verifying, windows
from qa.models.cases import ClosedCase, ImportRun, NumberKey, Touch
from qa.models.plans import Draw, DrawCase, DrawStratum
from qa.models.truth import Settlement, Truth
from qa.plans import plans
from tests import factories
from tests.desk import Desk
from tests.planned import PLAN, fill, later, publish, version


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(graders=1)
    fill(desk, 60)
    return desk


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


def test_a_watched_policy_is_drawn_more_and_the_agents_other_cases_as_before(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    publish(strata=["agent", "policy"], tier=[], size=None, per_agent_week=12, min_per_stratum=1)
    fill(desk, 40)
    drawing.draw(SYSTEM, "Weekly")
    watched, other = "conduct/threats", "conduct/insults"
    write(lambda: boosts.ask_for_more(SYSTEM, agent_id=desk.agent.id, origin="signal x", section_key=watched))

    with later(desk, 7):
        first_of_other = desk.count
        fill(desk, 60)
        into = update(ClosedCase).where(ClosedCase.number > first_of_other).values(play_key=other)
        write(lambda: db.session.execute(into))
        then = drawing.draw(SYSTEM, "Weekly")

    rows = db.session.scalars(select(DrawStratum).join(Draw).where(Draw.public_id == then)).all()
    drawn = {row.key.split("|")[1]: (row.drawn, row.frame) for row in rows}
    assert drawn == {watched: (12, 60), other: (6, 60)}
    assert verifying.verify(then).differs is None


def test_a_case_that_was_corrected_inside_the_open_window_is_drawn_from_and_after_an_earlier_one_it_is_not(
    desk: Desk,
) -> None:
    publish()
    drawing.draw(SYSTEM, "Weekly")

    with later(desk, 7), clock.fixed(clock.now() + timedelta(hours=1)):
        corrected("case-no-1")
        corrected("case-no-100")
        frame = frames.build(version(), windows.last_end(version().plan_id), clock.now())

    assert (frame.size, frame.excluded) == (
        60, {"corrected after an earlier window": 1, "replaced by a correction": 1},
    ), "one of 60 was corrected, and stands in its new state"  # fmt: skip


def corrected(external_id: str) -> None:
    """A next state of a case comes with a run of its own."""
    before = db.session.scalars(select(ClosedCase).where(ClosedCase.external_id == external_id)).one()
    kept = {column.key: getattr(before, column.key) for column in ClosedCase.__table__.columns}
    run = factories.kept(
        ImportRun(
            source="test", file_name="c.csv", file_sha256=f"{before.id:064}", mapping_hash="0" * 64, state="published",
            published_at=clock.now(),
        )
    )  # fmt: skip

    def keep() -> None:
        db.session.execute(update(ClosedCase).where(ClosedCase.id == before.id).values(replaced_at=clock.now()))
        row_id, address = next(iter(case_addresses.new(1)))
        changed = {"id": row_id, "public_id": address, "no": 2, "run_id": run.id, "replaced_at": None}
        db.session.add(ClosedCase(**{**kept, **changed}))

    write(keep)


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


def test_a_plan_of_a_running_house_begins_where_it_says_and_repeats(desk: Desk) -> None:
    with later(desk, 7):
        since = clock.now().date()
        publish(since=since.isoformat(), size=30)
        tried = previews.of_definition(plans.checked({**PLAN, "name": "Other", "since": since, "size": 30}))[0]
        first = drawing.draw(SYSTEM, "Weekly")
    with later(desk, 14):
        second = drawing.draw(SYSTEM, "Weekly")

    rows = db.session.execute(select(Draw.window_from, Draw.window_to, Draw.frame_size).order_by(Draw.id)).all()[-2:]
    assert tried.frame_size == rows[0].frame_size == rows[1].frame_size == 60
    assert (rows[0].window_from.date(), rows[0].window_to) == (since, rows[1].window_from)
    assert [verifying.verify(one).differs for one in (first, second)] == [None, None]


def test_hours_saved_are_those_of_simple_random_sampling_of_equal_width(desk: Desk) -> None:
    fill(desk, 20, agent_id=factories.actor("agent").id)
    definition = plans.checked({**PLAN, "size": None, "per_agent_week": 10, "min_per_stratum": 1})

    seen, _, _ = previews.of_definition(definition)

    assert seen.saved_each is not None and seen.saved_each.simple > sum(seen.sizes.values())
    assert seen.saved_each.hours_low == pytest.approx((seen.saved_each.simple - sum(seen.sizes.values())) / 30, abs=0.1)
