"""The demonstration world "Shiftwell": an invented marketplace for hourly shift work, with all that happened in it.

    world = cases.world(seed=1, ends_on=date(2026, 11, 21))            # "small": about 6,000 cases, "large": 55,000
    world.starts_on, world.ends_on, world.source                       # 20 weeks; source is "demo"
    world.policies        write each `.markdown` to a file `.name`, import in this order (documents.PolicyText)
    world.people          rows of a people file; world.manages: manager -> names of teams
    world.workflows, world.actions                                     # to lay down before the import (catalogue.py)
    world.cases           rows of a cases file, in the order of closing; all values are text
    world.truths          case_id -> Truth; never import it. `decisions.matches(row, truth, level="policy")`
    world.planted         what to find (planted.py)
    grading.grade(world.seed, truth, grader_id, ...)                   # what a grader answers
    notes.feedback(world, row, truth)                                  # root cause and words for a settled error

*ends_on* is the last day, whole; take yesterday, so that no case is closed in the future. The same arguments give the
same world in every process. Every text is invented; every decision and truth names a section of the version in force
on the day of closing, and every action goes with its workflow and verdict.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from training.world import catalogue, decisions, documents, subjects, talk, timing, wording
from training.world.chance import share, stream
from training.world.decisions import Answer, Truth
from training.world.people import MANAGES, TEAMS, Agent, Team, agents, people
from training.world.planted import PLANTED, WEEKS, Planted

SCALE = {"small": 1, "large": 10}
SOURCE = "demo"
SHARE_TOUCHED_BEFORE = 0.06
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the demonstration is made of; see the top of this file."""

    seed: int
    size: str
    starts_on: date
    ends_on: date
    source: str
    policies: tuple[documents.PolicyText, ...]
    people: tuple[Row, ...]
    teams: tuple[Team, ...]
    manages: Mapping[str, tuple[str, ...]]
    workflows: tuple[catalogue.Workflow, ...]
    actions: tuple[catalogue.Action, ...]
    cases: tuple[Row, ...]
    truths: Mapping[str, Truth]
    planted: Planted

    def week(self, day: date) -> int:
        """The week of the world (1..20) in which *day* lies."""
        return (day - self.starts_on).days // 7 + 1

    @property
    def critical_miss(self) -> str | None:
        """The id of the case that the planted critical miss is about."""
        own = [row for row in self.cases if row["agent_id"] == self.planted.critical.agent_id]
        place = critical_place(own, self.ends_on)
        return own[place]["case_id"] if place is not None else None


def world(seed: int, size: str = "small", *, ends_on: date) -> World:
    """The world of *seed* whose last day is *ends_on*; ValueError for an unknown *size*."""
    if size not in SCALE:
        raise ValueError(f"{size!r} is no size; expected small or large")
    starts_on = ends_on - timedelta(days=WEEKS * 7 - 1)
    texts = documents.policies(starts_on)
    drafts: list[tuple[Row, Truth]] = []
    for agent in agents():
        made = list(_agent_cases(seed, agent, starts_on, texts, scale=SCALE[size]))
        drafts += _with_critical_miss(seed, made, ends_on) if agent.id == PLANTED.critical.agent_id else made
    numbered = _numbered(drafts)
    return World(
        seed=seed, size=size, starts_on=starts_on, ends_on=ends_on, source=SOURCE, policies=texts,
        people=people(seed, starts_on), teams=TEAMS, manages=MANAGES, workflows=catalogue.WORKFLOWS,
        actions=catalogue.ACTIONS, cases=tuple(row for row, _ in numbered),
        truths={truth.case_id: truth for _, truth in numbered}, planted=PLANTED,
    )  # fmt: skip


def critical_place(rows: Sequence[Row], ends_on: date) -> int | None:
    """The place of the planted critical miss among an agent's *rows*; None where the agent had no such case."""
    until = (ends_on - timedelta(days=PLANTED.critical.days_before_end)).isoformat()
    places = [n for n, row in enumerate(rows) if row["severity"] == "critical" and row["closed_at"][:10] <= until]
    return max(places, key=lambda n: rows[n]["closed_at"], default=None)


def _with_critical_miss(seed: int, made: list[tuple[Row, Truth]], ends_on: date) -> list[tuple[Row, Truth]]:
    place = critical_place([row for row, _ in made], ends_on)
    if place is not None:
        row, truth = made[place]
        answer = decisions.wrong_answer(stream(seed, "critical miss"), truth)
        made[place] = (row | _decided(answer), truth)
    return made


def json_lines(rows: tuple[Row, ...]) -> Iterator[str]:
    """The rows as lines of a JSON Lines file."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _numbered(drafts: list[tuple[Row, Truth]]) -> list[tuple[Row, Truth]]:
    """Give ids in the order of opening, so that they tell nothing of the agent; sort by closing."""
    drafts = sorted(drafts, key=lambda draft: (draft[0]["opened_at"], draft[0]["agent_id"]))
    named = []
    for number, (row, truth) in enumerate(drafts, start=1):
        key = f"SW-{number:06d}"
        named.append(({"case_id": key} | row, replace(truth, case_id=key)))
    return sorted(named, key=lambda draft: (draft[0]["closed_at"], draft[0]["case_id"]))


def _agent_cases(
    seed: int, agent: Agent, starts_on: date, texts: tuple[documents.PolicyText, ...], *, scale: int
) -> Iterator[tuple[Row, Truth]]:
    drop = subjects.drop_errors(seed)
    unlucky = subjects.unlucky_slots(seed) if agent.id == PLANTED.bad_luck.agent_id else None
    days_off = stream(seed, "days off", agent.id).randrange(7)
    for week in range(1, WEEKS + 1):
        found = subjects.subjects(seed, agent, week, scale=scale)
        week_from = starts_on + timedelta(weeks=week - 1)
        clock = stream(seed, "closing", agent.id, week)
        moments = timing.closing_moments(clock, agent.team, week_from, len(found), days_off=days_off)
        for place, (subject, closed_at) in enumerate(zip(found, moments, strict=True)):
            case = _Case(seed, agent, week, place, subject, closed_at)
            row, truth = case.written(texts)
            if unlucky is not None:
                answer = case.answer(truth, wrong=place in unlucky.get(week, ()))
            elif _in_drop(agent, week, subject):
                answer = case.answer(truth, wrong=next(drop), share_missed=decisions.SHARE_MISSED_IN_DROP)
            else:
                answer = case.answer(truth, wrong=None)
            yield row | _decided(answer), truth


def _in_drop(agent: Agent, week: int, subject: subjects.Subject) -> bool:
    drop = PLANTED.drop
    return agent.id == drop.agent_id and week >= drop.from_week and subject.reported_policy == drop.play_key


def _decided(answer: Answer) -> Row:
    return {"decided_policy": answer.section or "none", "action": answer.action, "confidence": answer.confidence}


@dataclass(frozen=True, slots=True)
class _Case:
    """One case in the making: whose, when, and what about."""

    seed: int
    agent: Agent
    week: int
    place: int
    subject: subjects.Subject
    closed_at: datetime

    def written(self, texts: tuple[documents.PolicyText, ...]) -> tuple[Row, Truth]:
        """The row without its decision, and the truth, both still without an id."""
        rng = stream(self.seed, "case", self.agent.id, self.week, self.place)
        facts, workflow = self.subject.facts, self.subject.workflow
        version = documents.in_force(texts, facts.key.partition("/")[0], self.closed_at.date()).version
        act = wording.choose(rng, self._written_for(), violates=self.subject.violates, version=version)
        language = "es" if rng.random() < self.agent.team.share_spanish else "en"
        strikes = rng.choices((0, 1, 2), (65, 23, 12))[0] if workflow == "abuse_report" else None
        severity = self._severity(act)
        times = timing.around(rng, workflow, severity, self.closed_at)
        urgent = workflow == "escalation"
        row = {
            "text": wording.write(rng, act, language=language, urgent=urgent, strikes=strikes),
            "agent_id": self.agent.id,
            "decided_by": "person",
            "reported_policy": self.subject.reported_policy,
            "workflow": workflow,
            "queue": facts.queue,
            "severity": severity,
            "locale": language,
            "sensitivity": facts.sensitivity,
            "opened_at": times.opened_at.isoformat(),
            "first_response_at": times.first_response_at.isoformat(),
            "closed_at": times.closed_at.isoformat(),
            "due_at": times.due_at.isoformat(),
            "handle_seconds": str(times.handle_seconds),
            "handled_by": self._handled_by(),
            "messages": talk.messages(rng, language, times) if workflow != "legal_request" else "",
        }
        return row, self._truth(act, version, strikes or 0)

    def answer(self, truth: Truth, *, wrong: bool | None, share_missed: float = decisions.SHARE_MISSED) -> Answer:
        """What the agent decides; *wrong* None leaves it to the agent's own rate, or to the misread clause."""
        rng = stream(self.seed, "answer", self.agent.id, self.week, self.place)
        rate = subjects.agent_rate(self.seed, self.agent.id)
        if wrong is None and subjects.is_misread(truth):
            rate, share_missed = PLANTED.misread.error_share, decisions.SHARE_MISSED_IN_CLAUSE
        dice = rng.random()
        if wrong or (wrong is None and dice < rate):
            return decisions.wrong_answer(rng, truth, share_missed=share_missed)
        if wrong is None and dice > 1 - subjects.ACTION_SLIPS:
            return decisions.wrong_action(rng, truth)
        return decisions.right_answer(rng, truth)

    def _truth(self, act: wording.Act, version: int, strikes: int) -> Truth:
        facts, workflow = self.subject.facts, self.subject.workflow
        section = facts.key if self.subject.violates else None
        return Truth(
            case_id="",
            workflow=workflow,
            verdict="violates" if section else "no_violation",
            section=section,
            action=catalogue.right_action(workflow, section, clause=act.clause, strikes=strikes),
            about=facts.key,
            clause=act.clause,
            slug=facts.key.partition("/")[0],
            version=version,
            strikes=strikes,
            week=self.week,
        )

    def _written_for(self) -> str:
        if self.subject.workflow == "legal_request" and not self.subject.violates:
            return "legal-requests/valid"
        return self.subject.facts.key

    def _severity(self, act: wording.Act) -> str:
        if self.subject.workflow == "legal_request" and not self.subject.violates:
            return "critical" if act.code == "ok-emergency" else "medium"
        return self.subject.facts.severity

    def _handled_by(self) -> str:
        """Who touched the case; now and then a colleague of the team did before."""
        name = (self.seed, "touched", self.agent.id, self.week, self.place)
        if share(*name) >= SHARE_TOUCHED_BEFORE:
            return self.agent.id
        mates = [other.id for other in agents() if other.team == self.agent.team and other.id != self.agent.id]
        return f"{stream(*name).choice(mates)};{self.agent.id}"
