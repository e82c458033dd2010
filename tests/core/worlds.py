"""The world that the matrix is tried in: one person of each kind, and what stands in addresses for each of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from qa.core import jobs
from qa.core.access import SYSTEM
from qa.core.accounts import accounts, api_tokens
from qa.core.db import write
from qa.core.models import ROLES, Person, Team
from qa.sheets import sheets as handed_in
from tests import factories
from tests.core import (
    desk_worlds,
    grading_worlds,
    leave_worlds,
    measuring_worlds,
    policy_worlds,
    session_worlds,
    texts_worlds,
    training_worlds,
)
from tests.desk import Desk

#: Everybody that comes to the door, with the roles held. `ended` held all of them until the account was closed.
PERSONAS: dict[str, tuple[str, ...]] = {
    "anonymous": (),
    "agent": ("agent",),
    "reviewer": ("reviewer",),
    "manager": ("manager",),
    "policy_owner": ("policy_owner",),
    "observer": ("observer",),
    "admin": ("admin",),
    "nothing": (),
    "dual": ("agent", "reviewer", "manager"),
    "ended": ROLES,
}
#: Like any public id, and nobody's.
NOBODY = "0123456789abcdef" * 2


@dataclass
class World:
    """Amber and Birch; everybody who has a persona is of Amber, whose manager leads Amber alone."""

    amber: Team
    birch: Team
    people: dict[str, Person]
    #: An agent of each team who is nobody's persona.
    colleague: Person
    stranger: Person
    #: What builders keep between calls.
    kept: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What *make* makes, made once."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]


@dataclass(frozen=True)
class Ids:
    """Values of an address: those that a persona may open, those that are somebody else's, and one of nobody."""

    open: list[dict[str, str]]
    closed: list[dict[str, str]]
    absent: dict[str, str]


def build() -> World:
    """An empty world with its people."""
    amber, birch = factories.team("Amber"), factories.team("Birch")
    people = {
        name: factories.person(
            *roles, team=amber, manages=[amber], name=name, active=name != "ended", email=f"{name}@example.org"
        )
        for name, roles in PERSONAS.items()
        if name != "anonymous"
    }
    colleague = factories.person("agent", team=amber, name="colleague")
    stranger = factories.person("agent", team=birch, name="stranger")
    return World(amber, birch, people, colleague, stranger)


def people(world: World, _persona: str) -> Ids:
    """Whoever comes to the pages of people may open everybody's."""
    known = [{"public_id": person.public_id} for person in (world.colleague, world.stranger)]
    return Ids(open=known, closed=[], absent={"public_id": NOBODY})


def links(world: World, _persona: str) -> Ids:
    """A link is its own key; one that never was answers like one that was used."""
    token = world.once("link", lambda: write(lambda: accounts.make_link(SYSTEM, factories.person("agent"))))
    return Ids(open=[{"token": token}], closed=[], absent={"token": "x" * len(token)})


def beginnings(_world: World, _persona: str) -> Ids:
    """Where somebody is already, no first admin comes in."""
    return Ids(open=[], closed=[], absent={"key": NOBODY})


def tokens(world: World, _persona: str) -> Ids:
    """A token of a colleague, behind the colleague's address; behind somebody else's there is none."""
    world.once("token", lambda: write(lambda: api_tokens.make(SYSTEM, world.colleague)))
    token = api_tokens.of_person(world.colleague.public_id)[0].public_id
    held = {"public_id": world.colleague.public_id, "token_id": token}
    return Ids(open=[held], closed=[], absent={"public_id": world.stranger.public_id, "token_id": token})


def background_jobs(world: World, _persona: str) -> Ids:
    """A job that waits."""
    job = world.once("job", lambda: write(lambda: jobs.enqueue(SYSTEM, "audit.verify", dedupe_key="matrix")))
    return Ids(open=[{"public_id": job.public_id}], closed=[], absent={"public_id": NOBODY})


def methods(_world: World, _persona: str) -> Ids:
    """A chapter of methods that there is."""
    return Ids(open=[{"key": "stats-intervals"}], closed=[], absent={"key": "stats-astrology"})


def settings(_world: World, _persona: str) -> Ids:
    """A setting that there is."""
    return Ids(open=[{"key": "target_accuracy"}], closed=[], absent={"key": "colour_of_the_sky"})


def desk(world: World) -> Desk:
    """A quality desk in the same world: a policy, a plan, a draw."""
    return world.once("desk", Desk)


def imports(world: World, _persona: str) -> Ids:
    """Whoever takes files in may read the report of each."""
    return Ids(open=[{"public_id": desk(world).run.public_id}], closed=[], absent={"public_id": NOBODY})


def uploads(world: World, _persona: str) -> Ids:
    """A file that waits to be read."""
    args = {"token": "0" * 32, "name": "cases.csv"}
    job = world.once("upload", lambda: write(lambda: jobs.enqueue(SYSTEM, "cases.import", args)))
    return Ids(open=[{"public_id": job.public_id}], closed=[], absent={"public_id": NOBODY})


def sheets(world: World, _persona: str) -> Ids:
    """A file that lies aside."""
    rows = b"case_id,agent_id,decided_policy,action,closed_at,note\n" + b"c1,a1,none,keep,2026-11-01,seen\n" * 3
    taken = world.once("sheet", lambda: handed_in.take(SYSTEM, io.BytesIO(rows), "cases.csv"))
    return Ids(open=[{"public_id": taken}], closed=[], absent={"public_id": NOBODY})


def plans(world: World, _persona: str) -> Ids:
    """Every lead may open every plan."""
    return Ids(open=[{"public_id": desk(world).plan.public_id}], closed=[], absent={"public_id": NOBODY})


def draws(world: World, _persona: str) -> Ids:
    """Every lead may open every draw: it names no case."""
    return Ids(open=[{"public_id": desk(world).draw.public_id}], closed=[], absent={"public_id": NOBODY})


def draw_files(world: World, _persona: str) -> Ids:
    """The parts of a draw as a file: they name no case."""
    held = {"public_id": desk(world).draw.public_id, "ending": "csv"}
    return Ids(open=[held, {**held, "ending": "jsonl"}], closed=[], absent={**held, "ending": "exe"})


def draw_cases(world: World, persona: str) -> Ids:
    """Which cases were drawn is open to leads, but not to one who may be given them to grade."""
    held = {"public_id": desk(world).draw.public_id}
    grades = "reviewer" in PERSONAS[persona]
    return Ids(open=[] if grades else [held], closed=[held] if grades else [], absent={"public_id": NOBODY})


def draw_case_files(world: World, persona: str) -> Ids:
    """The same as a file."""
    ids = draw_cases(world, persona)
    named = [[{**one, "ending": "csv"} for one in part] for part in (ids.open, ids.closed)]
    return Ids(open=named[0], closed=named[1], absent={**ids.absent, "ending": "csv"})


def graded(world: World, what: str, persona: str) -> Ids:
    """A grader has looks of their own, an agent own results, a lead the cases of the teams led."""
    kept = world.once("graded", lambda: grading_worlds.build(desk(world), world.people, world.amber, world.birch))
    parameter, opened, closed = kept.ids(what, persona)
    return Ids(
        open=[{parameter: one} for one in opened],
        closed=[{parameter: one} for one in closed],
        absent={parameter: NOBODY},
    )


def at_the_desk(world: World, what: str, persona: str) -> Ids:
    """A grader has own reports and cases to practise on, everybody a call; leads see what others have in hand."""
    parameter, opened, closed = world.once("at the desk", lambda: desk_worlds.build(desk(world), world.people)).ids(
        what, persona
    )
    return Ids([{parameter: one} for one in opened], [{parameter: one} for one in closed], {parameter: NOBODY})


def texts(world: World, what: str, persona: str) -> Ids:
    """Covered texts and files of cases: of the teams led, and never of any for whoever may be given blind tasks."""
    parameter, opened, closed = world.once(
        "texts", lambda: texts_worlds.build(desk(world), world.amber, world.birch)
    ).ids(what, persona)
    return Ids([{parameter: one} for one in opened], [{parameter: one} for one in closed], {parameter: NOBODY})


def figures(world: World, what: str, persona: str) -> Ids:
    """A lead may open the figures and alerts of the teams led, an agent the own figures."""
    kept = world.once(
        "measured", lambda: measuring_worlds.build(desk(world), world.people, world.colleague, world.stranger)
    )
    opened, closed = kept.ids(what, persona)
    return Ids(
        open=[{"public_id": one} for one in opened],
        closed=[{"public_id": one} for one in closed],
        absent={"public_id": NOBODY},
    )


def taught(world: World, what: str, persona: str) -> Ids:
    """Everybody has their own training, a lead that of the teams led; modules are open to whoever answers for them."""
    desk(world)
    kept = world.once("taught", lambda: training_worlds.build(world.people, world.colleague, world.stranger))
    opened, closed = kept.ids(what, persona)
    return Ids(open=opened, closed=closed, absent={"public_id": NOBODY, **training_worlds.place_of(what)})


#: What a row's `ids` names.
BUILDERS: dict[str, Callable[[World, str], Ids]] = {
    "people": people,
    "leave_to_decide": partial(leave_worlds.to_decide, Ids),
    "own_leave": partial(leave_worlds.own, Ids),
    "imports": imports,
    "uploads": uploads,
    "beginnings": beginnings,
    "sheets": sheets,
    "links": links,
    "jobs": background_jobs,
    "tokens": tokens,
    "settings": settings,
    "methods": methods,
    "plans": plans,
    "draws": draws,
    "draw_cases": draw_cases,
    "draw_case_files": draw_case_files,
    "draw_files": draw_files,
    **session_worlds.builders(desk, Ids),
    **policy_worlds.builders(desk, Ids),
    **{what: partial(lambda what, world, persona: graded(world, what, persona), what) for what in grading_worlds.WHAT},
    **{
        what: partial(lambda what, world, persona: at_the_desk(world, what, persona), what) for what in desk_worlds.WHAT
    },
    **{what: partial(lambda what, world, persona: texts(world, what, persona), what) for what in texts_worlds.WHAT},
    **{
        what: partial(lambda what, world, persona: figures(world, what, persona), what)
        for what in measuring_worlds.WHAT
    },
    **{what: partial(lambda what, world, persona: taught(world, what, persona), what) for what in training_worlds.WHAT},
}
