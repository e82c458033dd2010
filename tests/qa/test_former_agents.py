"""What plans and draws know of people is lost with time or on request, and every draw can still be repeated."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select

from qa import chances
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.leave.models import LeaveRequest
from qa.core.models import DayOff, Person
from qa.draws import boosts, drawing, former_agents, frames, verifying
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase, DrawStratum, FrameState, Plan, PlanBoost, PlanVersion
from qa.models.texts import Erasure
from qa.plans import plans
from qa.removal import erasing, retention
from qa.sampling.conditions import renamed
from tests import factories
from tests.desk import Desk

OVER = timedelta(days=450)


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Two agents of whom neither is a word like others, forty cases, three of four by the first."""
    desk = Desk(graders=1)
    other = factories.actor("agent", team=desk.team, external_id="other|agent")
    for number in range(40):
        desk.case(
            agent_id=other.id if number % 4 == 0 else desk.agent.id, severity="high" if number % 5 == 0 else "low"
        )
    return desk


def drawn(desk: Desk, name: str, **changes: Any) -> str:
    """A plan of this name, live, and its first draw."""
    said = {"name": name, "strata": ["agent"], "size": 13, "seed": 7, "overlap": 0.0, **changes}
    write(lambda: plans.create(SYSTEM, plans.checked(said)))
    return drawing.draw(SYSTEM, name)


def agent_of(desk: Desk) -> str:
    return db.session.get_one(Person, desk.agent.id).external_id


def erased(reference: str) -> None:
    write(lambda: erasing.ask(SYSTEM, "person", reference))
    erasing.run(SYSTEM, db.session.scalars(select(Erasure.public_id)).one())
    db.session.expire_all()


def lost() -> dict[str, int]:
    """Retention, long after everything."""
    with clock.fixed(clock.now() + OVER):
        counts: dict[str, int] = retention.run(SYSTEM)["counts"]
    db.session.expire_all()
    return counts


def said_of(name: str) -> list[str]:
    """Where plans and draws still say a name."""
    tables = (Draw.__table__, DrawStratum.__table__, PlanVersion.__table__, FrameState.__table__)
    return [table.name for table in tables for row in db.session.execute(select(table)) if name in str(row)]


def test_a_plan_that_names_an_erased_agent_is_repeated_by_what_is_left_of_them(desk: Desk) -> None:
    name = agent_of(desk)
    by_filter = drawn(desk, "Filtered", filter={"agent": [name]})
    by_tier = drawn(desk, "Tiered", strata=["tier"], tier=[{"name": "watched", "when": f"agent = '{name}'"}])

    erased(name)

    assert said_of(name) == []
    assert [verifying.verify(address).differs for address in (by_filter, by_tier)] == [None, None]
    assert verifying.verify(by_filter).cases == 13


def test_after_13_months_samples_call_agents_by_words_and_are_repeated(desk: Desk) -> None:
    name = agent_of(desk)
    write(lambda: boosts.ask_for_more(SYSTEM, agent_id=desk.agent.id or 0, origin="signal 1", factor=2.0))
    addresses = [
        drawn(desk, "By agent", intensity={"new_weeks": 8, "new_factor": 2}, min_per_stratum=1),
        drawn(desk, "Filtered", filter={"agent": [name, "nobody"]}),
        drawn(desk, "Tiered", strata=["agent", "tier"], tier=[{"name": "x", "when": f"agent in ({name}, other)"}]),
    ]
    before = db.session.scalars(select(DrawCase.probability).order_by(DrawCase.id)).all()

    counts = lost()

    keys = {key.split("|")[0] for key in db.session.scalars(select(DrawStratum.key))}
    assert counts["Samples"] == 4 and len(keys) == 3 and all(key.startswith("former-") for key in keys - {"all"})
    assert not {"draw", "draw_stratum"} & set(said_of(name))
    assert [verifying.verify(address).differs for address in addresses] == [None] * 3
    assert db.session.scalars(select(DrawCase.probability).order_by(DrawCase.id)).all() == before
    assert lost()["Samples"] == 0


def test_a_retired_plan_that_is_called_after_somebody_loses_the_name_and_a_live_one_keeps_it(desk: Desk) -> None:
    name = agent_of(desk)
    for title in (f"Look at {name} again", f"Watch {name}"):
        drawn(desk, title, filter={"agent": [name]})
    write(lambda: plans.move(SYSTEM, plans.named(f"Look at {name} again").public_id, "retired"))

    lost()

    called = sorted(db.session.scalars(select(Plan.name).where(Plan.name.contains("at") & Plan.name.contains(" "))))
    assert [one.split(" ")[0] for one in called] == ["Look", "Watch"]
    assert name not in called[0] and "former-" in called[0] and called[0].endswith(" again")
    assert called[1] == f"Watch {name}"


def test_a_sample_without_names_whose_cases_are_somebody_elses_is_no_repetition(desk: Desk) -> None:
    address = drawn(desk, "By agent")
    lost()
    stranger = ClosedCase.__table__.update().values(former_agent=former_agents.word("somebody else"))
    write(lambda: db.session.execute(stranger.where(ClosedCase.severity == "high")))

    assert verifying.verify(address).differs is not None


def test_whoever_was_erased_before_is_still_one_person_in_samples_without_names(desk: Desk) -> None:
    address = drawn(desk, "By agent")
    erased("other|agent")
    lost()

    assert verifying.verify(address).differs is None
    assert len({key for key in db.session.scalars(select(DrawStratum.key)) if key.startswith("former-")}) == 2


def test_a_rule_keeps_its_names_while_draws_are_made_by_it(desk: Desk) -> None:
    name = agent_of(desk)
    drawn(desk, "Filtered", filter={"agent": [name]})
    changed = {"name": "Filtered", "strata": ["agent"], "size": 5, "seed": 7, "filter": {"agent": [name]}}

    lost()
    first = [name in json.dumps(one) for one in db.session.scalars(_rules())]
    write(lambda: plans.create(SYSTEM, plans.checked(changed)))
    draw = Draw.__table__.update().values(agents_lost_at=None)
    write(lambda: db.session.execute(draw))
    lost()

    assert first == [True]
    assert [name in json.dumps(one) for one in db.session.scalars(_rules())] == [False, True]


def _rules() -> Select[Any]:
    mine = PlanVersion.plan_id == select(Plan.id).where(Plan.name == "Filtered").scalar_subquery()
    return select(PlanVersion.filter).where(mine).order_by(PlanVersion.no)


def test_the_chances_of_cases_in_overlapping_plans_stay_when_samples_lose_names(desk: Desk) -> None:
    for plan in ("One", "Two"):
        drawn(desk, plan, seed=len(plan) + ord(plan[0]), filter={"agent": [agent_of(desk), "other|agent"]})
    write(lambda: db.session.execute(Draw.__table__.update().values(state="released")))
    held: dict[int, dict[int, float]] = {}
    for case_id, draw_id, probability in db.session.execute(
        select(DrawCase.case_id, DrawCase.draw_id, DrawCase.probability)
    ):
        held.setdefault(case_id, {})[draw_id] = probability
    before = chances.combined(held)

    lost()

    assert any(len(own) == 1 for own in held.values())
    assert chances.combined(held) == before


def test_ties_between_strata_go_as_they_went_under_the_old_names(desk: Desk) -> None:
    """Equal strata of which one gives a case more: which one it was must not follow from the new names."""
    for number in range(20):
        desk.case(agent_id=factories.actor("agent", team=desk.team, external_id=f"even-{number}").id)
    address = drawn(desk, "Ties", size=30, allocation="equal")

    lost()

    assert verifying.verify(address).differs is None


def test_verifying_leaves_no_frame_of_a_time_that_is_over(desk: Desk) -> None:
    address = drawn(desk, "By agent")

    verifying.verify(address)

    assert db.session.scalars(select(FrameState.id)).all() == []
    assert frames.as_built(plans.newest_version(plans.named("By agent").id).id, None) is None


def test_requests_for_leave_days_of_leave_and_closer_samples_end_with_their_time(desk: Desk) -> None:
    today = clock.now().date()
    old, new = today - timedelta(days=500), today
    rows = [
        *(LeaveRequest(person_id=desk.agent.id, from_on=day, to_on=day, state="granted") for day in (old, new)),
        *(DayOff(person_id=desk.agent.id, off_on=day, kind="leave") for day in (old, new)),
        DayOff(off_on=old, kind="holiday"),
    ]
    write(lambda: db.session.add_all(rows))
    drawn(desk, "By agent")
    for origin, until in (("signal 1", clock.now() - timedelta(days=500)), ("signal 2", None)):
        asked = {"agent_id": desk.agent.id or 0, "origin": origin, "until": until}
        write(lambda asked=asked: boosts.ask_for_more(SYSTEM, **asked))

    counts = retention.run(SYSTEM)["counts"]

    assert (counts["Requests for leave"], counts["Days of leave"]) == (1, 1)
    assert counts["Requests for closer samples"] == 2, "of two plans"
    assert db.session.scalars(select(LeaveRequest.to_on)).all() == [new]
    assert set(db.session.scalars(select(DayOff.off_on))) == {old, new}
    assert set(db.session.scalars(select(PlanBoost.origin))) == {"signal 2"}


def test_a_condition_is_renamed_where_its_column_is_meant_and_nowhere_else() -> None:
    text = "agent in (r07, 'r08') and (queue = r07 or not agent != \"r07\") or agent has r07"

    found = renamed(text, "agent", {"r07": "a b", "r09": "x"})

    assert found == 'agent in ("a b", \'r08\') and (queue = r07 or not agent != "a b") or agent has "a b"'
