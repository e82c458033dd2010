"""The quality of the work: how often each criterion of the scorecard was met, weighted by the design."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calibration.queries import agents
from calibration.queries import scored as queries
from calibration.queries.agents import Agent
from calibration.queries.scored import Scored
from calibration.stats.audited import Share, weighted_share
from qa.core import clock
from qa.core.access import Actor
from qa.queries import grading, scorecards

#: Weeks of closed cases that the page looks back.
WEEKS = 13
#: Fewer marks give no figure.
FEWEST = 10
#: Scorecards of fewer people give no figure of a team to whoever may not see those of each of them.
FEWEST_PEOPLE = 3
#: So many people are listed.
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: the share of cases that it applied to in which it was met in full."""

    label: str
    critical: bool
    met: Share
    partly: int
    missed: int
    does_not_apply: int
    #: (cause, how often), the most frequent first.
    causes: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Group:
    """A team or a person: the share of cases in which no critical criterion was missed."""

    name: str
    team: str
    people: int
    #: None: the figure of a team would be that of somebody whose own the reader may not see.
    sound: Share | None


@dataclass(frozen=True, slots=True)
class Quality:
    """The page: criteria under their headings, and teams and people by name."""

    since: date
    n: int
    waiting: int
    #: Share of cases in which no critical criterion was missed.
    sound: Share
    parts: Sequence[tuple[str, Sequence[Line]]]
    teams: Sequence[Group]
    people: Sequence[Group]
    fewest: int = FEWEST
    fewest_people: int = FEWEST_PEOPLE
    most: int = MOST_PEOPLE


def quality(actor: Actor) -> Quality:
    """The figures of the teams that *actor* leads. Criteria stand in the order of the scorecard in force."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(weeks=WEEKS)
    rows = queries.scored(actor, since)
    marks: dict[str, list[tuple[int, str, str | None]]] = {}
    for score_id, key, mark, cause in queries.marks([row.id for row in rows]):
        marks.setdefault(key, []).append((score_id, mark, cause))
    chances = {row.id: row.chance for row in rows}
    causes = dict(grading.reasons("root_cause"))
    live = scorecards.live()
    parts = [
        (part.title, [_line(one.label, one.critical, marks.get(one.key, []), chances, causes) for one in part.criteria])
        for part in (live.parts if live else ())
    ]
    known = agents.shown_to(actor)
    teams, people = _teams(rows, set(known)), _people(rows, known)
    return Quality(since.date(), len(rows), queries.waiting(), _sound(rows), parts, teams, people)


def _teams(rows: Sequence[Scored], known: Collection[int]) -> list[Group]:
    """Teams by name. One with scorecards of few people has a figure only for whoever may see that of each of them."""
    held: dict[str, list[Scored]] = {}
    for row in rows:
        held.setdefault(row.team, []).append(row)
    found = []
    for name, own in sorted(held.items()):
        people = {row.agent_id for row in own}
        is_shown = len(people) >= FEWEST_PEOPLE or people <= set(known)
        found.append(Group(name or "No team", "", len(people), _sound(own) if is_shown else None))
    return found


def _people(rows: Sequence[Scored], known: Mapping[int, Agent]) -> list[Group]:
    """Those whose figures the reader may see, by name and never by value."""
    held: dict[int, list[Scored]] = {}
    for row in rows:
        if row.agent_id in known:
            held.setdefault(row.agent_id, []).append(row)
    found = [Group(known[one].name, known[one].team, 1, _sound(own)) for one, own in held.items()]
    return sorted(found, key=lambda one: (one.name.casefold(), one.team))[:MOST_PEOPLE]


def _sound(rows: Sequence[Scored]) -> Share:
    return weighted_share([(row.chance, not row.critical_missed) for row in rows])


def _line(
    label: str,
    critical: bool,
    marks: Sequence[tuple[int, str, str | None]],
    chances: Mapping[int, float],
    causes: Mapping[str, str],
) -> Line:
    said = Counter(mark for _, mark, _ in marks)
    why = Counter(causes.get(cause, cause) for _, _, cause in marks if cause)
    met = weighted_share([(chances[score_id], mark == "met") for score_id, mark, _ in marks if mark != "na"])
    return Line(label, critical, met, said["partly"], said["missed"], said["na"], why.most_common())
