"""What is known for a business case of one period: work done, errors found, and what training changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, and_, cast, func, select

from calibration import summing
from calibration.accuracy import Rate
from calibration.harm.sums import ALL
from calibration.periods import Period
from calibration.stats.effect import WASH_OUT_DAYS
from calibration.stats.harm import Share
from calibration.stats.sums import Limits, summed
from qa.core.db import db
from qa.models.cases import ClosedCase, ImportRun
from qa.models.grading import Grade, Task, TaskPurpose
from qa.models.plans import Draw, DrawCase, PlanVersion
from qa.models.truth import Finding, Settlement
from training import windows
from training.models.learning import Assignment
from training.models.learning import Effect as EffectRow
from training.models.modules import ModuleVersion
from training.queries import completions
from training.queries.completions import Completion

#: Looks by which drawn cases are settled.
SETTLING = ("first", "overlap", "second", "adjudication")
ENDED = ("passed", "coaching", "closed")


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures of a period that the sheet is made of."""

    period: Period
    #: Looks that were committed, how many of them were timed, and the hours of all by the mean of those.
    looks: int
    timed: int
    grading_hours: float | None
    #: Trainings that ended, and their hours as their modules plan them.
    trainings: int
    training_hours: float
    #: Cases that people closed, and those that are settled of the ones drawn in this time.
    closed: int
    settled: int
    #: Looks that those took.
    settling_looks: int
    #: Kind of error -> results of this time that stand.
    found: Mapping[str, int]
    total: Rate | None
    #: Harm per case, where errors are weighted.
    harm: Share | None
    #: Errors avoided in this time by measured changes, and of how many trainings; None: nothing is measured yet.
    avoided: Limits | None
    measured: int


def facts(period: Period) -> Facts:
    """Read them."""
    since, until = period.moments
    seen = summing.summed(period, "policy")
    looks, timed, seconds = _looks(since, until)
    trainings, minutes = _trainings(since, until)
    settled, settling = _settled(since, until)
    avoided, measured = _avoided(since, until)
    return Facts(
        period, looks, timed, looks * seconds / timed / 3600 if timed else None, trainings, minutes / 60,
        _closed(since, until), settled, settling, _found(since, until), seen.total, seen.harm.get(ALL), avoided,
        measured,
    )  # fmt: skip


def _looks(since: datetime, until: datetime) -> tuple[int, int, int]:
    query = select(func.count(), func.count(Grade.seconds_shown), func.coalesce(func.sum(Grade.seconds_shown), 0))
    row = db.session.execute(query.where(Grade.committed_at >= since, Grade.committed_at < until)).one()
    return row[0], row[1], int(row[2])


def _trainings(since: datetime, until: datetime) -> tuple[int, int]:
    query = (
        select(func.count(), func.coalesce(func.sum(ModuleVersion.minutes), 0))
        .select_from(Assignment)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .where(Assignment.state.in_(ENDED), Assignment.ended_at >= since, Assignment.ended_at < until)
    )
    row = db.session.execute(query).one()
    return row[0], int(row[1])


def _closed(since: datetime, until: datetime) -> int:
    query = select(func.count(ClosedCase.id)).join(ImportRun, ImportRun.id == ClosedCase.run_id)
    inside = (ClosedCase.closed_at >= since, ClosedCase.closed_at < until, ClosedCase.replaced_at.is_(None))
    by_people = (ImportRun.state == "published", ClosedCase.decided_by == "person")
    return db.session.scalar(query.where(*inside, *by_people)) or 0


def _settled(since: datetime, until: datetime) -> tuple[int, int]:
    """(cases of plans that measure, drawn and settled, looks that these took)."""
    drawn = (
        select(DrawCase.case_id)
        .join(Draw, and_(Draw.id == DrawCase.draw_id, Draw.replaced_at.is_(None)))
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .where(PlanVersion.purpose == "measure", Settlement.state == "settled")
        .where(Draw.created_at >= since, Draw.created_at < until)
        .distinct()
    )
    looks = (
        select(func.count(Grade.id))
        .join(Task, Task.id == Grade.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .where(Grade.committed_at.is_not(None), TaskPurpose.purpose.in_(SETTLING), Task.case_id.in_(drawn))
    )
    cases = db.session.scalar(select(func.count()).select_from(drawn.subquery())) or 0
    return cases, db.session.scalar(looks) or 0


def _found(since: datetime, until: datetime) -> dict[str, int]:
    query = select(Finding.kind, func.count()).join(ClosedCase, ClosedCase.id == Finding.case_id)
    query = query.where(Finding.kind != "correct", Finding.state != "replaced")
    query = query.where(ClosedCase.closed_at >= since, ClosedCase.closed_at < until).group_by(Finding.kind)
    return dict(db.session.execute(query).all())


def _avoided(since: datetime, until: datetime) -> tuple[Limits | None, int]:
    """The measured change after each training, times the cases closed since that it concerns; one training's alone."""
    newest = _newest()
    done = [
        (one, limits)
        for one in completions.completed()
        if one.completed_at < until and (limits := _limits(newest.get(one.assignment_id))) is not None
    ]
    return (avoided(done, since, until) if done else None), len(done)


def avoided(done: Sequence[tuple[Completion, Limits]], since: datetime, until: datetime) -> Limits:
    """Errors avoided by trainings with their measured changes: each change times the cases that it concerns."""
    counts = _cases_of([one for one, _ in done], since, until)
    return summed([
        (counts[one.assignment_id] * change, counts[one.assignment_id] * low, counts[one.assignment_id] * high)
        for one, (change, low, high) in done
    ])  # fmt: skip


def _newest() -> dict[int, EffectRow]:
    """Completed training -> its latest figure."""
    rows = db.session.scalars(select(EffectRow).where(EffectRow.assignment_id.is_not(None)).order_by(EffectRow.id))
    return {row.assignment_id: row for row in rows if row.assignment_id is not None}


def _limits(row: EffectRow | None) -> Limits | None:
    """A change with its limits; None where there is none."""
    if row is None or row.change is None or row.low is None or row.high is None:
        return None
    return row.change, row.low, row.high


def _cases_of(done: Sequence[Completion], since: datetime, until: datetime) -> dict[int, int]:
    """Completed training -> cases of its person on what was taught, closed in the period and a week after its end."""
    day = func.substr(cast(ClosedCase.closed_at, String), 1, len("2026-11-02"))
    query = (
        select(ClosedCase.agent_id, ClosedCase.play_key, day, func.count())
        .where(ClosedCase.agent_id.in_({one.person_id for one in done}), ClosedCase.replaced_at.is_(None))
        .where(ClosedCase.closed_at >= since, ClosedCase.closed_at < until)
        .group_by(ClosedCase.agent_id, ClosedCase.play_key, day)
    )
    rows = db.session.execute(query).all()
    found = {}
    for one in done:
        first = (one.completed_at + timedelta(days=WASH_OUT_DAYS)).date().isoformat()
        found[one.assignment_id] = sum(
            n
            for agent_id, play, on, n in rows
            if agent_id == one.person_id and on >= first and any(windows.is_about(play, key) for key in one.sections)
        )
    return found
