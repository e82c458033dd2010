"""Change after training: the weeks before the alert against the cases after it, with what chance alone would bring."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from calibration.signals import corrections
from calibration.stats import effect as change
from calibration.stats.estimate import Estimate
from qa.core import audit, preferences
from qa.core.access import SYSTEM
from qa.core.audit import canonical
from qa.core.db import db
from qa.queries import measured
from qa.queries.measured import DrawnCase
from training import giving, windows
from training.models.learning import Effect as EffectRow
from training.queries import completions
from training.queries import trials as trial_queries
from training.queries.completions import Completion
from training.trials import measuring
from training.trials.measuring import Compared

#: Figures of an effect that may be undefined.
NUMBERS = (
    "pre", "shrunken_pre", "post", "change", "change_from_shrunken", "expected_by_chance", "low", "high",
)  # fmt: skip
Chooses = Callable[[DrawnCase], bool]


@dataclass(frozen=True, slots=True)
class Measured:
    """The change after one training, or after all trainings on the same sections pooled."""

    ref: str
    module: str
    #: How many people it rests on.
    people: int
    completed_at: datetime | None
    figure: change.Effect
    #: The same for the agent's other policies: they should not move.
    placebo: change.Effect | None
    assignment_id: int | None
    module_id: int | None
    #: What else has to be said of it.
    note: str = ""


def measure() -> list[Measured]:
    """One row for each completed training that an alert led to, then one for each set of sections taught to several.

    At last what a start drawn by chance shows; only that is called an effect.
    """
    done, drawn = completions.completed(), trial_queries.drawn()
    if not done and not drawn:
        return []
    everybody = _everybody(done, drawn)
    changes = [row for row, _windows in _changes(done, everybody)]
    return changes + [_randomised(one) for one in measuring.compare(drawn, everybody)]


def with_windows() -> list[tuple[Measured, list[windows.Window]]]:
    """The changes as `measure` finds them, each with the windows on what was taught that it rests on."""
    done = completions.completed()
    return _changes(done, _everybody(done, ())) if done else []


def _everybody(done: Sequence[Completion], drawn: Sequence[Any]) -> list[DrawnCase]:
    # No window reaches further back than the earlier one of the alert that came first.
    since = min([*(one.crossed_at for one in done), *(one.crossed_at for one in drawn)]) + timedelta(
        weeks=min(change.EARLIER_WEEKS)
    )
    return list(measured.drawn_cases(since=since))


def _changes(done: Sequence[Completion], everybody: Sequence[DrawnCase]) -> list[tuple[Measured, list[windows.Window]]]:
    parts = [(one, _parts(one, everybody)) for one in done]
    rows = [(_row(one, part), [part.taught]) for one, part in parts]
    by_focus: dict[tuple[str, ...], list[tuple[Completion, Parts]]] = {}
    for one, part in parts:
        by_focus.setdefault(one.sections, []).append((one, part))
    pooled = (group for group in by_focus.values() if len(group) > 1)
    return rows + [(_pooled(group), [part.taught for _, part in group]) for group in pooled]


@dataclass(frozen=True, slots=True)
class Parts:
    """The windows on the policies that were taught, and on the others."""

    taught: windows.Window
    other: windows.Window


def _parts(done: Completion, everybody: Sequence[DrawnCase]) -> Parts:
    def is_taught(case: DrawnCase) -> bool:
        return any(windows.concerns(case, key) for key in done.sections)

    return Parts(_window(done, everybody, is_taught), _window(done, everybody, lambda case: not is_taught(case)))


def _window(done: Completion, everybody: Sequence[DrawnCase], chooses: Chooses) -> windows.Window:
    """Windows by the settled cases of the agent; open ones fall into them by their closing."""
    own = windows.once(case for case in everybody if case.agent_id == done.person_id and chooses(case))
    days = np.array([windows.days(case.closed_at, done.crossed_at) for case in own], dtype=np.float64)
    drawn = np.ones(len(own), dtype=np.bool_)
    finished = windows.days(done.completed_at, done.crossed_at)
    earlier, later = change.windows(days, drawn, crossed_day=0.0, completed_day=finished)
    start, stop = (7.0 * weeks for weeks in change.EARLIER_WEEKS)
    triggered = (days >= stop) & (days < 0)
    peers = tuple(
        case
        for case in windows.once(case for case in everybody if chooses(case))
        if start <= windows.days(case.closed_at, done.crossed_at) < stop
    )
    before, after, during = (windows.chosen(own, mask) for mask in (earlier, later, triggered))
    return windows.Window(before, after, during, peers)


def _row(done: Completion, parts: Parts) -> Measured:
    return Measured(
        done.assignment, done.module, 1, done.completed_at, _figure([parts.taught]), _figure([parts.other]),
        done.assignment_id, done.module_id,
    )  # fmt: skip


def _pooled(group: Sequence[tuple[Completion, Parts]]) -> Measured:
    first = group[0][0]
    people = len({done.person_id for done, _ in group})
    taught, other = ([part.taught for _, part in group], [part.other for _, part in group])
    return Measured(
        first.module_ref, first.module, people, None, _figure(taught), _figure(other), None, first.module_id
    )


def _randomised(one: Compared) -> Measured:
    """What the arms of a trial show, as one row."""
    arms, nan = one.arms, math.nan
    figure = change.Effect(
        one.cases_now, one.cases_later, nan, nan, nan, arms.effect, arms.effect, 0.0 if arms.reason is None else nan,
        arms.low, arms.high, "effect" if arms.reason is None else None, arms.reason,
    )  # fmt: skip
    return Measured(
        one.ref, one.name, arms.people_now + arms.people_later, None, figure, None, None, None, note=one.said
    )


def _figure(of: Sequence[windows.Window]) -> change.Effect:
    level = preferences.get("headline_level")
    pre = windows.estimate([case for one in of for case in one.earlier], level)
    post = windows.estimate([case for one in of for case in one.later], level)
    prior = windows.prior([case for one in of for case in one.peers], level)
    trigger = [case.right(level) for one in of for case in one.trigger]
    known = [right for right in trigger if right is not None]
    if prior is None:
        return _nothing(pre, post)
    return change.effect(pre, post, prior, trigger=(sum(known), len(known)) if known else None)


def _nothing(pre: Estimate, post: Estimate) -> change.Effect:
    nan = math.nan
    why = "not enough data: nobody was graded in the earlier window"
    return change.Effect(pre.n, post.n, pre.estimate, nan, post.estimate, nan, nan, nan, nan, nan, None, why)


def as_json(rows: Sequence[Measured]) -> dict[str, Any]:
    """The rows as the command prints them; an undefined value is null with a reason."""
    return {
        "effects": [
            {
                "kind": _kind(row),
                "ref": row.ref,
                "module": row.module,
                "people": row.people,
                "completed_on": row.completed_at.date().isoformat() if row.completed_at else None,
                **figure_json(row.figure),
                "placebo": figure_json(row.placebo) if row.placebo is not None else None,
                "note": row.note,
            }
            for row in rows
        ]
    }


def _kind(row: Measured) -> str:
    return "assignment" if row.assignment_id is not None else "module" if row.module_id is not None else "trial"


def figure_json(figure: change.Effect) -> dict[str, Any]:
    """One figure as plain values."""
    numbers = {
        name: _number(getattr(figure, name))
        for name in (
            "pre",
            "shrunken_pre",
            "post",
            "change",
            "change_from_shrunken",
            "expected_by_chance",
            "low",
            "high",
        )
    }
    return {
        "n_pre": figure.n_pre, "n_post": figure.n_post, **numbers, "called": figure.kind, "reason": figure.reason,
    }  # fmt: skip


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def store(rows: Sequence[Measured]) -> int:
    """Keep what was measured and is not kept yet; how many rows that made. A figure that is known makes none."""
    made = 0
    for row in rows:
        if row.figure.kind is None:
            continue
        plain = figure_json(row.figure)
        digest = sha256(canonical({"ref": row.ref, **plain}).encode()).hexdigest()
        if db.session.scalar(select(EffectRow.id).where(EffectRow.input_hash == digest)) is not None:
            continue
        values = {
            "assignment_id": row.assignment_id, "module_id": row.module_id, "ref": row.ref,
            "arm": "both" if row.figure.kind == "effect" else None,
            "windows": {"earlier_weeks": list(change.EARLIER_WEEKS), "later_cases": change.LATER_CASES},
            "kind": row.figure.kind, "note": row.note or f"{row.module}: {row.people} people", "input_hash": digest,
        }  # fmt: skip
        kept = ("n_pre", "n_post", "pre", "shrunken_pre", "post", "change", "expected_by_chance", "low", "high")
        try:
            with db.session.begin_nested():
                db.session.execute(insert(EffectRow).values(**values, **{name: plain[name] for name in kept}))
        except IntegrityError:
            continue
        made += 1
        audit.note(SYSTEM, "measured", "effect", row.ref, n_pre=row.figure.n_pre, n_post=row.figure.n_post)
        _check(row)
    return made


def _check(row: Measured) -> None:
    """Say in the corrective actions what the check found."""
    figure = row.figure
    result = f"{100 * figure.change:+.1f} points [{100 * figure.low:+.1f}, {100 * figure.high:+.1f}]"
    for signal in completions.signals_of(row.assignment_id):
        action = corrections.of_signal(signal, "module")
        if action is not None:
            giving.say(SYSTEM, action, "checked", result)
