"""Looking for drops over everything that is graded: reads only. What is found is kept by `calibration.raising`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from calibration import accuracy, clauses, streams
from calibration.accuracy import Rate
from calibration.clauses import Matter
from calibration.grounds import LOOK_BACK, StreamCase, Team, team_of
from calibration.models.signals import CorrectiveAction, Signal, Stream
from calibration.streams import Epoch, Raised, Replay, Rules
from qa.core import clock, preferences
from qa.core.db import db
from qa.queries import measured
from qa.queries.measured import DrawnCase

#: Draws at random, whatever they are for; hand-picked cases never stand in a draw.
AT_RANDOM = ("measure", "find")
#: Corrective actions after which a person starts afresh.
LESSONS = ("module", "coaching")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a scan saw: the same settled cases give the same."""

    as_of: datetime
    level: str
    target: float
    agents: int
    years: float
    replays: tuple[Replay, ...]
    #: Each drawn case once, by its inside number.
    cases: Mapping[int, DrawnCase]
    #: Agents whose whole interval of the last 13 weeks lies under the target, by inside number.
    below: Mapping[int, Rate] = field(default_factory=dict)
    #: Errors in cases of critical severity, of the last 13 weeks.
    critical: tuple[DrawnCase, ...] = ()
    misread: tuple[Matter, ...] = ()

    def recent(self, before: datetime | None = None) -> list[DrawnCase]:
        """The settled cases of everybody, from 13 weeks before that moment (before the scan) on."""
        start = (before or self.as_of) - LOOK_BACK
        return clauses.settled_on((row for row in self.cases.values() if row.closed_at >= start), self.level)


def look(as_of: datetime | None = None, *, afresh: bool = False) -> Seen:
    """Replay every agent's stream up to *as_of* (now). *afresh*: with today's settings, as if no epoch was open yet."""
    end = as_of or clock.now()
    level, target = preferences.get("headline_level"), float(preferences.get("target_accuracy"))
    years = float(preferences.get("detector_years"))
    rules = Rules(target, float(preferences.get("detector_watch")), years)
    drawn = [row for row in measured.drawn_cases(purposes=AT_RANDOM) if row.closed_at <= end]
    cases: dict[int, DrawnCase] = {}
    for row in sorted(drawn, key=lambda row: row.draw_id):
        cases.setdefault(row.case_id, row)
    own, teams = _streams(cases, level)
    frozen = {} if afresh else _frozen()
    resets = _resets()
    replays = tuple(
        streams.replay(
            agent_id, own[agent_id], teams, rules, as_of=end, resets=resets[agent_id], frozen=frozen.get(agent_id)
        )
        for agent_id in sorted(own)
    )
    seen = Seen(end, level, target, len(own), years, replays, cases)
    return Seen(
        end, level, target, len(own), years, replays, cases, _below(seen), _critical(seen),
        tuple(clauses.misread_by_everybody(seen.recent(), level=level, target=target)),
    )  # fmt: skip


def _streams(cases: Mapping[int, DrawnCase], level: str) -> tuple[dict[int, list[StreamCase]], dict[str, Team]]:
    """The agents' streams, and the teams as the ground of their baselines."""
    own: dict[int, list[StreamCase]] = defaultdict(list)
    by_team: dict[str, list[StreamCase]] = defaultdict(list)
    for row in cases.values():
        right = row.right(level) if row.state == "settled" else None
        case = StreamCase(
            row.case_id, row.agent_id, row.team, row.play_key, row.tier, row.closed_at, row.number, row.drawn_at,
            row.is_open, None if right is None else not right,
        )  # fmt: skip
        own[row.agent_id].append(case)
        by_team[row.team].append(case)
    return own, {name: team_of(members) for name, members in by_team.items()}


def _frozen() -> dict[int, dict[int, Epoch]]:
    """The epochs that were opened before, by agent and number."""
    found: dict[int, dict[int, Epoch]] = defaultdict(dict)
    for row in db.session.scalars(select(Stream)):
        found[row.agent_id][row.epoch] = Epoch(
            row.epoch, row.opened_at, row.cause, row.target, row.planned_per_week, row.threshold, row.baseline
        )
    return found


def _resets() -> dict[int, list[datetime]]:
    """When somebody's training or coaching was done, by agent."""
    found: dict[int, list[datetime]] = defaultdict(list)
    query = (
        select(Signal.agent_id, CorrectiveAction.done_at)
        .join(Signal, Signal.id == CorrectiveAction.signal_id)
        .where(CorrectiveAction.kind.in_(LESSONS), CorrectiveAction.done_at.is_not(None))
    )
    for agent_id, done_at in db.session.execute(query.order_by(CorrectiveAction.done_at)):
        found[agent_id].append(done_at)
    return found


def _below(seen: Seen) -> dict[int, Rate]:
    """Who is under the target with the whole interval over the last 13 weeks, without an act that says so already."""
    since = seen.as_of - LOOK_BACK
    said = {one.agent_id for one in seen.replays for raised in one.raised if _is_recent_act(raised, since)}
    measure = list(measured.drawn_cases(since=since, until=seen.as_of + timedelta(microseconds=1)))
    by_name = {row.agent: row.agent_id for row in measure}
    rates = accuracy.of_cases(accuracy.finished(measure), by=("agent",), match=seen.level)
    under = {by_name[rate.keys["agent"]]: rate for rate in rates if rate.says(seen.target) == "under"}
    return {agent_id: rate for agent_id, rate in under.items() if agent_id not in said}


def _is_recent_act(raised: Raised, since: datetime) -> bool:
    return raised.level == "act" and raised.case.closed_at >= since


def _critical(seen: Seen) -> tuple[DrawnCase, ...]:
    """Errors of critical severity: each one is a signal of its own."""
    wrong = [row for row in seen.recent() if row.severity == "critical" and row.right(seen.level) is False]
    return tuple(sorted(wrong, key=lambda row: (row.closed_at, row.number)))
