"""A watched policy is drawn apart where a plan is not split by it: each chance stays exact, and nothing else moves."""

from __future__ import annotations

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.draws import apart, boosts, counting, drawing, frames, verifying, windows
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase, DrawStratum, PlanVersion
from qa.sampling.frame import stratum_key
from tests.desk import Desk
from tests.planned import fill, later, publish, version


def test_a_plan_that_is_not_split_by_policy_draws_more_of_the_watched_one_alone(app: Flask) -> None:
    desk = Desk(graders=1)
    fill(desk, 60)
    publish(strata=["agent"], tier=[], size=None, per_agent_week=12, min_per_stratum=1)
    fill(desk, 40)
    drawing.draw(SYSTEM, "Weekly")
    watched = "conduct/threats"
    write(lambda: boosts.ask_for_more(SYSTEM, agent_id=desk.agent.id, origin="signal x", section_key=watched))

    with later(desk, 7):
        first_of_other = desk.count + 20
        fill(desk, 60)
        into = update(ClosedCase).where(ClosedCase.number > first_of_other).values(play_key="conduct/insults")
        write(lambda: db.session.execute(into))
        counted = counting.count(version(), windows.last_end(version().plan_id), clock.now())
        then = drawing.draw(SYSTEM, "Weekly")
        grown_by = publish_more_and_draw()

    agent = next(key for key in drawn_from(then) if "|" not in key)
    assert drawn_from(then) == {agent: (4, 40), f"{agent}|{watched}": (16, 80)}, "8 of 12 twice, and 4 as before"
    assert counted.sizes == {agent: 40, f"{agent}|{watched}": 80}
    assert drawn_from(grown_by) == {agent: (8, 40), f"{agent}|{watched}": (32, 80)}, "and the window can grow"
    for one in (then, grown_by):
        assert verifying.verify(one).differs is None
        for case in db.session.scalars(select(DrawCase).join(Draw).where(Draw.public_id == one)):
            stratum = db.session.get_one(DrawStratum, case.stratum_id)
            assert case.probability == stratum.drawn / stratum.frame


def publish_more_and_draw() -> str:
    publish(strata=["agent"], tier=[], size=None, per_agent_week=24, min_per_stratum=1)
    return drawing.draw(SYSTEM, "Weekly")


def drawn_from(draw: str) -> dict[str, tuple[int, int]]:
    rows = db.session.scalars(select(DrawStratum).join(Draw).where(Draw.public_id == draw)).all()
    return {row.key: (row.drawn, row.frame) for row in rows}


def test_a_frame_that_was_built_before_more_was_asked_for_is_built_anew(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    publish(strata=["agent"], tier=[], size=None, per_agent_week=12, min_per_stratum=1)
    fill(desk, 10)
    before = frames.build(version(), None, clock.now())

    key = "conduct/threats"
    write(lambda: boosts.ask_for_more(SYSTEM, agent_id=desk.agent.id, origin="signal x", section_key=key))

    after = frames.build(version(), None, clock.now())
    assert [name.count("|") for name in before.strata] == [0] and [name.count("|") for name in after.strata] == [1]
    write(lambda: boosts.end(SYSTEM, origin="signal x"))
    assert frames.build(version(), None, clock.now()).strata == before.strata


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", "p", "q"])), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(1, 50), min_size=6, max_size=6),
    st.data(),
)
def test_parts_of_a_stratum_share_out_what_it_gets_and_none_is_left_without_a_chance(
    cells: list[tuple[str, str]], held: list[int], data: st.DataObject
) -> None:
    plan = PlanVersion(strata=["agent"])
    keys = [stratum_key([agent, policy] if policy else [agent]) for agent, policy in cells]
    sizes = dict(zip(keys, held, strict=False))
    whole = apart.together(plan, sizes)
    wanted = {own: data.draw(st.integers(0, count)) for own, count in whole.items()}

    found = apart.shared_out(plan, sizes, wanted)

    for own, count in wanted.items():
        parts = [key for key in sizes if key == own or key.startswith(f"{own}|")]
        assert sum(found[key] for key in parts) == (max(count, len(parts)) if count else 0)
        assert all(min(count, 1) <= found[key] <= sizes[key] for key in parts)
