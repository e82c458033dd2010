"""What an outsider needs of plans, draws, looks and rulings: rows for the evidence pack, without any text of a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, case, null, select

from qa.core.db import db
from qa.core.packing import table
from qa.core.registries import PackPart, PersonCode
from qa.models.cases import ClosedCase, ImportRun, NumberKey
from qa.models.grading import Adjudication, Grade, Task, TaskPurpose
from qa.models.plans import Draw, DrawCase, DrawStratum, Plan, PlanVersion
from qa.models.truth import Dispute, Finding, Truth

_PLANS = (
    "plan", "version", "purpose", "filter", "strata", "tiers", "sizing", "min_per_stratum", "allocation",
    "overlap_share", "looks", "schedule", "seed", "made_at",
)  # fmt: skip
_KEYS = ("period", "sha256", "published_at", "ends_at", "key")
_DRAWS = (
    "draw", "plan", "plan_version", "window_from", "window_to", "no", "state", "frame", "excluded", "key_sha256",
    "seed", "made_at", "replaced_at",
)  # fmt: skip
_STRATA = ("stratum", "draw", "plan", "key", "frame", "drawn", "probability")
_CASES = ("case", "source", "case_id", "number", "key_sha256")
_GRADES = (
    "case", "look", "purpose", "grader", "verdict", "section", "action", "confidence", "translated", "seconds_shown",
    "graded_at", "committed_at", "hash", "policy", "locale", "workflow",
)  # fmt: skip
_RULINGS = ("case", "look", "adjudicator", "round", "seat", "state", "ruling")
_TRUTHS = (
    "case", "no", "verdict", "section", "action", "basis", "settled_at", "replaced_at", "right_verdict",
    "right_policy", "right_action",
)  # fmt: skip
_DISPUTES = ("case", "step", "kind", "state", "result", "opened_at", "decided_at")

#: A draw that a larger one replaced lies within it.
_DRAWN = select(DrawCase.case_id).join(Draw, Draw.id == DrawCase.draw_id).where(Draw.replaced_at.is_(None))


def _plans() -> Select[Any]:
    version = PlanVersion
    return select(
        Plan.name, version.no, version.purpose, version.filter, version.strata, version.tiers, version.sizing,
        version.min_per_stratum, version.allocation, version.overlap_share, version.looks, version.schedule,
        version.seed, version.created_at,
    ).join(version, version.plan_id == Plan.id).order_by(Plan.id, version.no)  # fmt: skip


def _keys() -> Select[Any]:
    told = case((NumberKey.revealed_at.is_not(None), NumberKey.key), else_=null())
    columns = (NumberKey.period, NumberKey.sha256, NumberKey.published_at, NumberKey.ends_at, told)
    return select(*columns).order_by(NumberKey.id)


def _draws() -> Select[Any]:
    columns = (
        Draw.public_id, Plan.name, PlanVersion.no, Draw.window_from, Draw.window_to, Draw.no, Draw.state,
        Draw.frame_size, Draw.excluded, Draw.key_sha256, Draw.seed, Draw.created_at, Draw.replaced_at,
    )  # fmt: skip
    joined = select(*columns).join(Plan, Plan.id == Draw.plan_id)
    return joined.join(PlanVersion, PlanVersion.id == Draw.plan_version_id).order_by(Draw.id)


def _strata() -> Select[Any]:
    stratum = DrawStratum
    columns = (stratum.id, Draw.public_id, Plan.name, stratum.key, stratum.frame, stratum.drawn, stratum.probability)
    joined = select(*columns).join(Draw, Draw.id == stratum.draw_id).join(Plan, Plan.id == Draw.plan_id)
    return joined.order_by(stratum.id)


def _cases() -> Select[Any]:
    columns = (ClosedCase.public_id, ClosedCase.source, ClosedCase.external_id, ClosedCase.number, NumberKey.sha256)
    joined = select(*columns).join(ImportRun, ImportRun.id == ClosedCase.run_id)
    joined = joined.outerjoin(NumberKey, NumberKey.id == ImportRun.number_key_id)
    return joined.where(ClosedCase.id.in_(_DRAWN)).order_by(ClosedCase.id)


def _grades() -> Select[Any]:
    """Committed looks that draws asked for: known-answer cases, sessions and practice are no part of a figure."""
    columns = (
        ClosedCase.public_id, Task.public_id, TaskPurpose.purpose, Grade.person_id, Grade.verdict, Grade.section_key,
        Grade.action, Grade.confidence, Grade.translated, Grade.seconds_shown, Grade.graded_at, Grade.committed_at,
        Grade.hash, ClosedCase.play_key, ClosedCase.locale, ClosedCase.workflow,
    )  # fmt: skip
    joined = select(*columns).select_from(Grade).join(Task, Task.id == Grade.task_id)
    joined = joined.join(TaskPurpose, TaskPurpose.task_id == Task.id).join(ClosedCase, ClosedCase.id == Task.case_id)
    asked = TaskPurpose.purpose.in_(("first", "overlap", "second", "adjudication", "dispute", "audit"))
    return joined.where(Grade.committed_at.is_not(None), asked, Task.case_id.in_(_DRAWN)).order_by(Grade.id)


def _rulings() -> Select[Any]:
    ruled = Adjudication
    columns = (
        ClosedCase.public_id, Task.public_id, ruled.person_id, ruled.round, ruled.seat, ruled.state, ruled.ruling,
    )  # fmt: skip
    joined = select(*columns).join(ClosedCase, ClosedCase.id == ruled.case_id).join(Task, Task.id == ruled.task_id)
    return joined.order_by(ruled.id)


def _truths() -> Select[Any]:
    columns = (
        ClosedCase.public_id, Truth.no, Truth.verdict, Truth.section_key, Truth.action, Truth.basis, Truth.settled_at,
        Truth.replaced_at, Truth.right_verdict, Truth.right_policy, Truth.right_action,
    )  # fmt: skip
    joined = select(*columns).join(ClosedCase, ClosedCase.id == Truth.case_id)
    return joined.where(Truth.case_id.in_(_DRAWN)).order_by(Truth.case_id, Truth.no)


def _disputes() -> Select[Any]:
    columns = (
        ClosedCase.public_id, Dispute.step, Dispute.kind, Dispute.state, Dispute.result, Dispute.created_at,
        Dispute.decided_at,
    )  # fmt: skip
    joined = select(*columns).join(Finding, Finding.id == Dispute.finding_id)
    return joined.join(ClosedCase, ClosedCase.id == Finding.case_id).order_by(Dispute.id)


def _part(file: str, about: str, header: Sequence[str], query: Select[Any], person: int | None = None) -> PackPart:
    """The rows of *query* as a table; *person*: the place of the column that knows somebody."""

    def rows(code: PersonCode) -> Iterator[Sequence[object]]:
        for row in db.session.execute(query.execution_options(yield_per=5000)):
            yield row if person is None else (*row[:person], code(row[person]), *row[person + 1 :])

    return table(file, about, header, rows)


def parts() -> list[PackPart]:
    """The files of this room, in the order of a case's way."""
    return [
        _part("plans.csv", "every version of every plan: the rule as it stood", _PLANS, _plans()),
        _part("keys.csv", "the periods' keys: promised by their hash, told when the period is over", _KEYS, _keys()),
        _part("draws.csv", "every draw, with what its frame left out", _DRAWS, _draws()),
        _part("strata.csv", "every draw's strata with their exact probability", _STRATA, _strata()),
        _part("cases.csv", "drawn cases with the numbers by which they were drawn", _CASES, _cases()),
        _part("grades.csv", "committed blind looks at drawn cases, and why each was asked for", _GRADES, _grades(), 3),
        _part("rulings.csv", "adjudications: what was ruled where answers differed", _RULINGS, _rulings(), 2),
        _part("truths.csv", "settled decisions, also those that were replaced", _TRUTHS, _truths()),
        _part("disputes.csv", "what agents contested, and what came of it", _DISPUTES, _disputes()),
    ]
