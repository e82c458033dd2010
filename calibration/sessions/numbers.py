"""What sessions measure: deviations from what was agreed, agreement with the others, change from session to session.

All of it is about votes before the discussion. Nothing here enters an agent's accuracy or a grader's standing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import Any

from sqlalchemy import or_, select

from calibration.models.sessions import CalibrationSession, Consensus, SessionCase, SessionVote
from calibration.sessions.deviating import Answer, deviations
from calibration.stats.agreement import report
from calibration.stats.intervals import wilson
from calibration.stats.paired import paired_interval
from calibration.stats.ratings import from_long
from calibration.stats.sessions import leave_one_out, paired_change
from qa.core import access
from qa.core.db import db
from qa.core.models import Person, Team, TeamMember
from qa.grading import workflows
from qa.models.cases import ClosedCase
from qa.policies import section_keys

#: Over fewer cases an alpha's interval is so wide that it says nothing.
ALPHA_CASES = 30
#: States of sessions whose votes are compared.
COMPARED = ("revealed", "agreed", "archived")


@dataclass(frozen=True, slots=True)
class Compared:
    """A vote beside the answer that was agreed on."""

    session_id: int
    title: str
    closed_at: datetime
    session_case_id: int
    how: str
    policy: str
    person_id: int
    person: str
    team: str
    label: str
    wrong_on: tuple[str, ...]

    @property
    def deviates(self) -> bool:
        """Whether it lies further off than the session tolerates."""
        return bool(self.wrong_on)


@dataclass(frozen=True, slots=True)
class Deviating:
    """A share of deviations with its 95% interval."""

    deviations: int
    total: int
    low: float
    high: float
    cases: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None without a vote."""
        return self.deviations / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class RaterLine:
    """One voter of a session."""

    person_id: int
    person: str
    deviating: Deviating
    #: Mean share of the others who said the same; None where nobody else voted.
    with_others: float | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in the trend."""

    title: str
    closed_at: datetime
    all: Deviating
    by_team: dict[str, Deviating]


@dataclass(frozen=True, slots=True)
class Change:
    """How many more first votes were within what is tolerated, in shares of the pairs, with its 95% interval and the
    exact chance of a change as large or larger if nothing changed; nan without a pair."""

    pairs: int
    change: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha over the cases that sessions drew at random, or how many are missing."""

    cases: int
    value: float | None
    low: float | None
    high: float | None


def compared(*, session_id: int | None = None, host_id: int | None = None) -> list[Compared]:
    """Votes on cases with an agreed answer: of one session, or of all (a host's own), oldest session first."""
    query = (
        select(
            CalibrationSession, SessionCase.id, SessionCase.how, ClosedCase.play_key, ClosedCase.workflow, Person.id,
            Person.name, SessionVote, Consensus,
        )
        .join(SessionCase, SessionCase.session_id == CalibrationSession.id)
        .join(Consensus, Consensus.session_case_id == SessionCase.id)
        .join(SessionVote, SessionVote.session_case_id == SessionCase.id)
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .join(Person, Person.id == SessionVote.person_id)
        .where(SessionVote.replaced_at.is_(None), CalibrationSession.state.in_(COMPARED))
        .order_by(CalibrationSession.closed_at, CalibrationSession.id, SessionCase.place, Person.name, Person.id)
    )  # fmt: skip
    if session_id is not None:
        query = query.where(CalibrationSession.id == session_id)
    if host_id is not None:
        query = query.where(CalibrationSession.host_id == host_id)
    rows = db.session.execute(query).all()
    teams, ladders = _teams({row[5] for row in rows}), {key: _ladder(key) for key in {row.workflow for row in rows}}
    return [_compared(row, teams, ladders) for row in rows]


def _compared(row: Any, teams: dict[int, str], ladders: dict[str, dict[str, int]]) -> Compared:
    session, case_id, how, play_key, workflow, person_id, name, vote, agreed = row
    said = Answer(vote.verdict, vote.section_key, vote.action, vote.answers.get("severity"))
    right = Answer(agreed.verdict, agreed.section_key, agreed.action, agreed.severity)
    return Compared(
        session.id, session.title, session.closed_at, case_id, how, section_keys.policy_of(play_key), person_id, name,
        teams.get(person_id, "no team"), f"{vote.verdict}|{vote.section_key}",
        tuple(deviations(said, right, session.tolerance, ladders[workflow])),
    )  # fmt: skip


def _ladder(workflow: str) -> dict[str, int]:
    return {one.key: one.rank for one in workflows.actions_of(workflow)}


def _teams(people: Iterable[int]) -> dict[int, str]:
    """Person -> the team of today."""
    day = access.today()
    query = select(TeamMember.person_id, Team.name).join(Team, Team.id == TeamMember.team_id)
    query = query.where(TeamMember.person_id.in_(list(people)), TeamMember.from_on <= day)
    query = query.where(or_(TeamMember.to_on.is_(None), TeamMember.to_on > day))
    return {row[0]: row[1] for row in db.session.execute(query)}


def deviating(rows: Sequence[Compared]) -> Deviating:
    """The share of *rows* that deviate, with Wilson's interval.

    Votes on one case stand and fall together: with several voters the interval is that of as many cases, not votes.
    """
    total, wrong = len(rows), sum(row.deviates for row in rows)
    cases = len({row.session_case_id for row in rows})
    size = min(total, cases)
    low, high = wilson(wrong / total * size, size) if total else (float("nan"), float("nan"))
    return Deviating(wrong, total, low, high, cases)


def raters(rows: Sequence[Compared]) -> list[RaterLine]:
    """Everybody who voted, by name: a session never orders people by their figures."""
    if not rows:
        return []
    ratings = from_long([row.session_case_id for row in rows], [row.person_id for row in rows],
                        [row.label for row in rows])  # fmt: skip
    beside = dict(zip(map(int, ratings.raters), leave_one_out(ratings).tolist(), strict=True))
    people = sorted({(row.person, row.person_id) for row in rows})
    return [
        RaterLine(
            person_id, name, deviating([row for row in rows if row.person_id == person_id]),
            None if isnan(beside[person_id]) else beside[person_id],
        )
        for name, person_id in people
    ]  # fmt: skip


def trend(rows: Sequence[Compared]) -> list[SessionLine]:
    """Session by session, all voters and team by team: do they grow together?"""
    found: dict[int, list[Compared]] = {}
    for row in rows:
        found.setdefault(row.session_id, []).append(row)
    return [
        SessionLine(
            votes[0].title, votes[0].closed_at, deviating(votes),
            {team: deviating([one for one in votes if one.team == team]) for team in sorted({v.team for v in votes})},
        )
        for votes in found.values()
    ]  # fmt: skip


def change(rows: Sequence[Compared]) -> Change:
    """The paired change of first votes from a session to the voter's next one.

    A pair is one person's first vote on a policy in a session and their first vote on a fresh case of the same policy
    in the next session that had one. A vote after the discussion of the same case is never part of it.
    """
    firsts: dict[tuple[int, str], dict[int, bool]] = {}
    for row in rows:
        firsts.setdefault((row.person_id, row.policy), {}).setdefault(row.session_id, row.deviates)
    better = worse = same = 0
    for by_session in firsts.values():
        votes = list(by_session.values())
        for before, after in zip(votes, votes[1:], strict=False):
            better += before and not after
            worse += after and not before
            same += before == after
    pairs = better + worse + same
    found = paired_change(better, worse, same)
    return Change(pairs, found.change, *paired_interval(better, worse, pairs), found.p_value)


def alpha(rows: Sequence[Compared]) -> Alpha:
    """Alpha over all cases that sessions drew at random; None below thirty of them."""
    drawn = [row for row in rows if row.how == "random"]
    cases = len({row.session_case_id for row in drawn})
    if cases < ALPHA_CASES:
        return Alpha(cases, None, None, None)
    ratings = from_long([row.session_case_id for row in drawn], [row.person_id for row in drawn],
                        [row.label for row in drawn])  # fmt: skip
    figure = report(ratings)["coefficients"]["krippendorff_alpha"]
    return Alpha(cases, figure["value"], figure["low"], figure["high"])
