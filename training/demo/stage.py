"""What is there before the first case: people, teams, policies, workflows and the standing plans."""

from __future__ import annotations

from sqlalchemy import select

from qa.core import access
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.models import Person, Team
from qa.core.people import people, teams
from qa.grading import workflows
from qa.plans import plans
from qa.policies import policies
from training.world.cases import World
from training.world.catalogue import SECTIONS
from training.world.people import agents

#: Cases of an ordinary agent that are drawn each week.
CASES_A_WEEK = 2
#: A policy that cases are drawn from beside, so that each of its clauses can be judged.
#: More critical cases than a week has: all are drawn.
CRITICAL_A_WEEK = 40
PAY, PAY_CASES_A_WEEK = SECTIONS["safe-and-legal-work/advertised-pay"].play_key, 7
#: About every eighth of those gets a second blind look, so that graders can be compared with each other.
OVERLAP = 0.12


def set_up(world: World) -> dict[str, Actor]:
    """Lay all of it down; everybody by id, as they are allowed to act."""
    write(lambda: _people(world))
    write(lambda: _policies(world))
    write(lambda: _workflows(world))
    write(lambda: _plans(world))
    return cast()


def cast() -> dict[str, Actor]:
    """Everybody by id."""
    ids = db.session.execute(select(Person.external_id, Person.id)).all()
    found = {external_id: access.actor(person_id) for external_id, person_id in ids}
    db.session.rollback()
    return {external_id: actor for external_id, actor in found.items() if actor is not None}


def plan_names(world: World) -> tuple[str, ...]:
    """The plans in the order in which they are drawn."""
    return tuple(text["name"] for text in _definitions(world))


def _people(world: World) -> None:
    made = {row["id"]: people.create(SYSTEM, row, invented=True) for row in world.people}
    by_name = {team.name: team for team in db.session.scalars(select(Team))}
    for manager, led in world.manages.items():
        teams.lead(SYSTEM, made[manager], [by_name[name] for name in led])


def _policies(world: World) -> None:
    for text in world.policies:
        policies.import_text(SYSTEM, text.markdown, name=text.slug, file=text.name)


def _workflows(world: World) -> None:
    for flow in world.workflows:
        actions = [
            workflows.KnownAction(one.key, one.label, one.means, one.rank)
            for one in world.actions
            if one.workflow == flow.key
        ]
        says = {"violates": flow.says_violates, "no_violation": flow.says_no_violation}
        workflows.lay_down(SYSTEM, flow.key, label=flow.label, says=says, actions=actions)


def _plans(world: World) -> None:
    for text in _definitions(world):
        plans.create(SYSTEM, plans.checked(text))


def _definitions(world: World) -> tuple[dict[str, object], ...]:
    """A weekly sample of everybody, one of a policy, every critical case, and closer ones of two people."""
    drop, luck = world.planted.drop, world.planted.bad_luck
    others = [agent.id for agent in agents() if agent.id not in (drop.agent_id, luck.agent_id)]
    seed = f"shiftwell-{world.seed}"
    weekly = {"strata": ["agent"], "overlap": OVERLAP, "schedule": {"every": "week"}, "seed": seed}
    return (
        {"name": "Weekly sample", "filter": {"agent": others}, "per_agent_week": CASES_A_WEEK, **weekly},
        {"name": "Close sample", "filter": {"agent": [drop.agent_id]}, "per_agent_week": drop.graded_a_week, **weekly},
        {
            "name": "Pay and hours",
            "filter": {"policy": [PAY]},
            "size": PAY_CASES_A_WEEK,
            **weekly,
            "strata": ["policy"],
        },
        {"name": "Emergencies", "filter": {"severity": ["critical"]}, "size": CRITICAL_A_WEEK, **weekly},
        {"name": "Full sample", "filter": {"agent": [luck.agent_id]}, "per_agent_week": luck.cases_a_week, **weekly},
    )
