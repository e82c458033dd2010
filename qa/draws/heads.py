"""The head count: who could be given what a plan draws, for a first look, a second, adjudication and a dispute.

Counted kind by kind: cases of one agent, language and workflow are open to the same graders, and so are cases that the
same graders had to do with. What finds nobody will go to *Needs a person*.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select

from qa.core import access, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person, Team, TeamMember
from qa.draws import cells, counting, frames, windows
from qa.draws.frames import Frame
from qa.grading import conflicts
from qa.grading.called_in import is_called_in
from qa.grading.needs_person import is_grader
from qa.models.cases import ClosedCase, Touch
from qa.models.plans import PlanVersion
from qa.plans import plans
from qa.sampling.heads import STAGES, Pool, open_to

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Stage:
    """One kind of look."""

    name: str
    #: Graders whom the case with fewest, and the one with most, could be given to.
    fewest: int
    most: int
    #: Cases of the next sample that can be expected to find nobody, whatever happens, and in the worst case.
    stranded: float
    at_risk: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A kind of case that finds nobody for some look."""

    stage: str
    language: str
    workflow: str
    eligible: int


@dataclass(frozen=True, slots=True)
class HeadCount:
    """Who could be given the next sample of a plan."""

    graders: int
    adjudicators: int
    deciders: int
    stages: tuple[Stage, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What decides who may be given a case."""

    stratum: str
    agent: str
    language: str
    workflow: str
    met: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Own:
    """Whose own cases they are: by the name of the agent, and by team where nobody grades the own team."""

    cases: Mapping[str, frozenset[int]]
    teams: Mapping[str, frozenset[int]]


def of_plan(plan_public_id: str) -> HeadCount | None:
    """The head count of a plan's next sample, from the frame as the last job left it; None while none is built."""
    plan = plans.by_public_id(plan_public_id)
    version = plans.newest_version(plan.id)
    frame = None if version is None else frames.as_built(version.id, windows.next_start(version))
    return None if version is None or frame is None else count(version, frame)


def count(version: PlanVersion, frame: Frame, sizes: Mapping[str, int] | None = None) -> HeadCount:
    """The head count of *frame*; *sizes*: what would be drawn of each stratum (all of it)."""
    graders = _graders()
    eligible = _kinds(version, frame.window_from, frame.window_to, graders)
    chance = {key: (sizes or frame.sizes).get(key, 0) / held for key, held in frame.sizes.items() if held}
    looks = version.looks + (version.overlap_share > 0)
    pools = {kind: _pool(kind, graders.values()) for kind in eligible}
    stages, gaps = [], []
    for stage in STAGES:
        seen = {kind: open_to(stage, pools[kind], looks) for kind in eligible}
        expected = {kind: cases * chance.get(kind.stratum, 0.0) for kind, cases in eligible.items()}
        stages.append(
            Stage(
                stage,
                min((one.most for one in seen.values()), default=0),
                max((one.most for one in seen.values()), default=0),
                sum(expected[kind] for kind, one in seen.items() if one.most == 0),
                sum(expected[kind] for kind, one in seen.items() if one.least == 0),
            )
        )
        gaps += _gaps(stage, {kind: eligible[kind] for kind, one in seen.items() if one.most == 0})
    skilled = [sum(skill in one.skills for one in graders.values()) for skill in ("adjudicate", "decide_dispute")]
    return HeadCount(len(graders), skilled[0], skilled[1], tuple(stages), tuple(gaps))


def _gaps(stage: str, stranded: Mapping[_Kind, int]) -> list[Gap]:
    """Kinds that find nobody, the largest first, ten at most. Whose cases they are is not said: a lead who grades
    too would know the agent of a rare case that comes."""
    sums: Counter[tuple[str, str]] = Counter()
    for kind, cases in stranded.items():
        sums[kind.language, kind.workflow] += cases
    ordered = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    return [Gap(stage, *names, cases) for names, cases in ordered[:10]]


def _graders() -> dict[int, Actor]:
    """Everybody who may be given blind tasks, besides those who are given what is kept for them alone."""
    asked = access.WHO.where(is_grader(), ~is_called_in()).order_by(Person.id)
    rows = db.session.execute(asked, {"today": clock.now().date()})
    return {found.id: found for row in rows if (found := access.made(row)) is not None and found.id is not None}


def _kinds(
    version: PlanVersion, window_from: datetime | None, window_to: datetime, graders: Mapping[int, Actor]
) -> Counter[_Kind]:
    """Kind -> eligible cases. A case that a grader had to do with is taken out of its kind and counted by itself."""
    rule = plans.rule_of(version)
    beside = _beside(window_from, window_to, graders) if conflicts.spares_own_team() else {}
    columns = sorted({*rule.columns(), "agent", "language", "workflow"} | ({"team"} if beside else set()))
    names = select(Person.external_id, Person.id).where(Person.id.in_(graders))
    own = _Own({name: frozenset({person_id}) for name, person_id in db.session.execute(names)}, beside)
    found: Counter[_Kind] = Counter()
    for kind in counting.kinds(columns, window_from, window_to):
        if kind.reason == frames.PLAIN and rule.lets_in(kind.cells):
            found[_kind(rule.stratum(kind.cells), kind.cells, own)] += kind.cases
    met = _met(window_from, window_to, graders)
    reader = cells.Reader(columns)
    case_ids = sorted(met)
    for start in range(0, len(case_ids), BATCH):
        query = cells.cells_query(reader.columns, ClosedCase.id)
        query = query.where(ClosedCase.id.in_(case_ids[start : start + BATCH]), frames.BY_ITSELF == frames.PLAIN)
        for case_id, *values in db.session.execute(query):
            row = reader.row(values)
            if rule.lets_in(row):
                usual = _kind(rule.stratum(row), row, own)
                found[usual] -= 1
                found[replace(usual, met=usual.met | met[case_id])] += 1
    return +found


def _kind(stratum: str, row: Mapping[str, str | None], own: _Own) -> _Kind:
    agent = row["agent"] or ""
    met = own.cases.get(agent, frozenset()) | own.teams.get(row.get("team") or "", frozenset())
    return _Kind(stratum, agent, row["language"] or "", row["workflow"] or "", met)


def _beside(
    window_from: datetime | None, window_to: datetime, graders: Mapping[int, Actor]
) -> dict[str, frozenset[int]]:
    """Team -> the graders who were in it on some day of the window: whoever changed within it counts for both."""
    members = select(Team.name, TeamMember.person_id).join(Team, Team.id == TeamMember.team_id)
    members = members.where(TeamMember.person_id.in_(graders), TeamMember.from_on <= window_to.date())
    if window_from is not None:
        members = members.where(or_(TeamMember.to_on.is_(None), TeamMember.to_on > window_from.date()))
    found: dict[str, set[int]] = defaultdict(set)
    for team, person_id in db.session.execute(members):
        found[team].add(person_id)
    return {team: frozenset(people) for team, people in found.items()}


def _met(window_from: datetime | None, window_to: datetime, graders: Mapping[int, Actor]) -> dict[int, set[int]]:
    """Eligible case -> the graders who had to do with it after somebody decided it; others are left out."""
    touched = select(Touch.case_id, Touch.person_id).join(ClosedCase, ClosedCase.id == Touch.case_id)
    touched = touched.where(frames.of_window(window_from, window_to), Touch.person_id.in_(graders))
    barred = {case_id for ids in frames.barred(window_from, window_to).values() for case_id in ids.tolist()}
    found: dict[int, set[int]] = defaultdict(set)
    for case_id, person_id in db.session.execute(touched):
        if case_id not in barred:
            found[case_id].add(person_id)
    return found


def _pool(kind: _Kind, graders: Iterable[Actor]) -> Pool:
    """Who may be given a case of *kind*, counted by skill: the rules by which the queue gives tasks out."""
    fit = [
        one
        for one in graders
        if one.id not in kind.met
        and (not kind.language or not one.languages or kind.language in one.languages)
        and _works_on(one, kind.workflow)
    ]
    rules = [("adjudicate" in one.skills, "decide_dispute" in one.skills) for one in fit]
    return Pool(
        len(fit),
        sum(adjudicates for adjudicates, _ in rules),
        sum(decides for _, decides in rules),
        sum(adjudicates or decides for adjudicates, decides in rules),
    )


def _works_on(one: Actor, workflow: str) -> bool:
    named = [skill for skill in one.skills if skill.startswith("workflow:")]
    return not named or f"workflow:{workflow}" in named
