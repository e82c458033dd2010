"""What this room puts into the evidence pack: who was asked to learn what and why, how it went, what it changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from qa.core import preferences
from qa.core.db import db, remembered
from qa.core.packing import table
from qa.core.registries import PackPart, PersonCode
from training import effects, windows
from training.models.learning import Assignment, AssignmentCause, Attempt, AttemptScore, Effect
from training.models.modules import Module, ModuleVersion
from training.models.trials import TrainingTrial, TrialPlace

_ASSIGNMENTS = (
    "assignment", "person", "module", "version", "sha256", "state", "assigned_at", "due_on", "ended_at", "arm",
    "cause", "cause_ref",
)  # fmt: skip
_ATTEMPTS = ("assignment", "attempt", "purpose", "state", "opened_at", "closed_at", "score", "right", "of", "passed")
_TRIALS = (
    "place", "person", "key", "begun_at", "ended_at", "signal", "arm", "entered_at", "starts_on", "left_at",
)  # fmt: skip
_EFFECTS = (
    "assignment", "module", "kind", "n_pre", "n_post", "pre", "shrunken_pre", "post", "change", "expected_by_chance",
    "low", "high", "measured_at",
)  # fmt: skip


_NOW = ("ref", "n_pre", "n_post", "pre", "post", "change", "low", "high", "called", "reason")
_WINDOWS = ("ref", "window", "stratum", "frame", "drawn", "settled", "right", "open")


def _assignments(code: PersonCode) -> Iterator[Sequence[object]]:
    given, version = Assignment, ModuleVersion
    columns = (
        given.public_id, given.person_id, Module.public_id, version.no, version.sha256, given.state, given.assigned_at,
        given.due_on, given.ended_at, given.arm, AssignmentCause.kind, AssignmentCause.ref,
    )  # fmt: skip
    query = select(*columns).join(version, version.id == given.module_version_id)
    query = query.join(Module, Module.id == version.module_id)
    query = query.outerjoin(AssignmentCause, AssignmentCause.assignment_id == given.id)
    for ref, person_id, *rest in db.session.execute(query.order_by(given.id, AssignmentCause.id)):
        yield (ref, code(person_id), *rest)


def _attempts(_code: PersonCode) -> Iterator[Sequence[object]]:
    score = AttemptScore
    columns = (
        Assignment.public_id, Attempt.no, Attempt.purpose, Attempt.state, Attempt.opened_at, Attempt.closed_at,
        score.no, score.right, score.of, score.passed,
    )  # fmt: skip
    query = select(*columns).join(Assignment, Assignment.id == Attempt.assignment_id)
    yield from db.session.execute(query.outerjoin(score, score.attempt_id == Attempt.id).order_by(Attempt.id, score.no))


def _trials(code: PersonCode) -> Iterator[Sequence[object]]:
    place = TrialPlace
    columns = (
        place.public_id, place.person_id, TrainingTrial.key, TrainingTrial.begun_at, TrainingTrial.ended_at,
        place.signal_ref, place.arm, place.entered_at, place.starts_on, place.left_at,
    )  # fmt: skip
    query = select(*columns).join(TrainingTrial, TrainingTrial.id == place.trial_id)
    for ref, person_id, *rest in db.session.execute(query.order_by(place.id)):
        yield (ref, code(person_id), *rest)


def _effects(_code: PersonCode) -> Iterator[Sequence[object]]:
    kept = Effect
    columns = (
        Assignment.public_id, Module.public_id, kept.kind, kept.n_pre, kept.n_post, kept.pre, kept.shrunken_pre,
        kept.post, kept.change, kept.expected_by_chance, kept.low, kept.high, kept.created_at,
    )  # fmt: skip
    query = select(*columns).outerjoin(Assignment, Assignment.id == kept.assignment_id)
    yield from db.session.execute(query.outerjoin(Module, Module.id == kept.module_id).order_by(kept.id))


def _changes() -> list[tuple[effects.Measured, list[windows.Window]]]:
    return remembered("evidence of changes", effects.with_windows)


def _changes_now(_code: PersonCode) -> Iterator[Sequence[object]]:
    for row, _windows in _changes():
        told = effects.figure_json(row.figure)
        yield (row.ref, *(told[name] for name in _NOW[1:]))


def _windows(_code: PersonCode) -> Iterator[Sequence[object]]:
    level = preferences.get("headline_level")
    for row, own in _changes():
        for name in ("earlier", "later"):
            for one in windows.strata_of([case for part in own for case in getattr(part, name)], level):
                yield (row.ref, name, one.key[0], one.frame, one.drawn, one.settled, one.right, one.open)


def parts() -> list[PackPart]:
    """The files of this room."""
    return [
        table("assignments.csv", "trainings that were given, and what led to them", _ASSIGNMENTS, _assignments),
        table("attempts.csv", "sittings of their quizzes and scores; a voided question makes the next score",
              _ATTEMPTS, _attempts),
        table("trials.csv", "starts drawn by chance: the arm is the first bit of HMAC-SHA-256(key, signal)",
              _TRIALS, _trials),
        table("effects.csv", "measured changes after trainings", _EFFECTS, _effects),
        table("changes.csv", "the same as they read now", _NOW, _changes_now),
        table("windows.csv", "cases of their windows by stratum, with the part of its frame", _WINDOWS, _windows),
    ]  # fmt: skip
