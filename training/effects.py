"""Change after training: the weeks before the alert against the cases after it, with what chance alone would bring."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
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
from calibration.stats.shrink import Prior, fit
from calibration.stats.weighted import Stratum, accuracy
from qa.core import audit, preferences
from qa.core.access import SYSTEM
from qa.core.audit import canonical
from qa.core.db import db
from qa.policies import section_keys
from qa.queries import measured
from qa.queries.measured import DrawnCase
from training import giving
from training.models.learning import Effect as EffectRow
from training.queries import completions
from training.queries.completions import Completion

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
    placebo: change.Effect
    assignment_id: int | None
    module_id: int


def measure() -> list[Measured]:
    """One row for each completed training that an alert led to, then one for each set of sections taught to several."""
    done = completions.completed()
    if not done:
        return []
    # No window reaches further back than the earlier one of the alert that came first.
    since = min(one.crossed_at for one in done) + timedelta(weeks=min(change.EARLIER_WEEKS))
    everybody = list(measured.drawn_cases(since=since))
    parts = [(one, _parts(one, everybody)) for one in done]
    rows = [_row(one, part) for one, part in parts]
    by_focus: dict[tuple[str, ...], list[tuple[Completion, Parts]]] = {}
    for one, part in parts:
        by_focus.setdefault(one.sections, []).append((one, part))
    rows += [_pooled(group) for group in by_focus.values() if len(group) > 1]
    return rows


@dataclass(frozen=True, slots=True)
class Window:
    """Cases of the two windows, of the weeks that triggered the training, and everybody's of the earlier window."""

    earlier: tuple[DrawnCase, ...]
    later: tuple[DrawnCase, ...]
    trigger: tuple[DrawnCase, ...]
    peers: tuple[DrawnCase, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The windows on the policies that were taught, and on the others."""

    taught: Window
    other: Window


def _parts(done: Completion, everybody: Sequence[DrawnCase]) -> Parts:
    def is_taught(case: DrawnCase) -> bool:
        return any(_concerns(case, key) for key in done.sections)

    return Parts(_window(done, everybody, is_taught), _window(done, everybody, lambda case: not is_taught(case)))


def _concerns(case: DrawnCase, key: str) -> bool:
    """Whether a taught section is the policy in play, which never looks at the truth, or lies in it."""
    play = case.play_key
    return (
        play == key
        or (section_keys.is_coarse(play) and section_keys.policy_of(key) == play)
        or (section_keys.is_coarse(key) and section_keys.policy_of(play) == key)
    )


def _window(done: Completion, everybody: Sequence[DrawnCase], chooses: Chooses) -> Window:
    """Windows by the settled cases of the agent; open ones fall into them by their closing."""
    own = _once(case for case in everybody if case.agent_id == done.person_id and chooses(case))
    days = np.array([_days(case.closed_at, done.crossed_at) for case in own], dtype=np.float64)
    drawn = np.ones(len(own), dtype=np.bool_)
    finished = _days(done.completed_at, done.crossed_at)
    earlier, later = change.windows(days, drawn, crossed_day=0.0, completed_day=finished)
    start, stop = (7.0 * weeks for weeks in change.EARLIER_WEEKS)
    triggered = (days >= stop) & (days < 0)
    peers = tuple(
        case
        for case in _once(case for case in everybody if chooses(case))
        if start <= _days(case.closed_at, done.crossed_at) < stop
    )
    return Window(_chosen(own, earlier), _chosen(own, later), _chosen(own, triggered), peers)


def _chosen(cases: Sequence[DrawnCase], mask: Any) -> tuple[DrawnCase, ...]:
    return tuple(case for case, taken in zip(cases, mask, strict=True) if taken)


def _once(cases: Iterable[DrawnCase]) -> list[DrawnCase]:
    """Each case once, in its first draw, as signals take it."""
    first: dict[int, DrawnCase] = {}
    for case in cases:
        first.setdefault(case.case_id, case)
    return list(first.values())


def _days(moment: datetime, origin: datetime) -> float:
    return (moment - origin) / timedelta(days=1)


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


def _figure(windows: Sequence[Window]) -> change.Effect:
    level = preferences.get("headline_level")
    pre = _estimate([case for one in windows for case in one.earlier], level)
    post = _estimate([case for one in windows for case in one.later], level)
    prior = _prior([case for one in windows for case in one.peers], level)
    trigger = [case.right(level) for one in windows for case in one.trigger]
    known = [right for right in trigger if right is not None]
    if prior is None:
        return _nothing(pre, post)
    return change.effect(pre, post, prior, trigger=(sum(known), len(known)) if known else None)


def _nothing(pre: Estimate, post: Estimate) -> change.Effect:
    nan = math.nan
    why = "not enough data: nobody was graded in the earlier window"
    return change.Effect(pre.n, post.n, pre.estimate, nan, post.estimate, nan, nan, nan, nan, nan, None, why)


def _estimate(cases: Sequence[DrawnCase], level: str) -> Estimate:
    """The weighted share right of a window: what was drawn in it stands for its part of each stratum."""
    strata: dict[int, list[DrawnCase]] = {}
    for case in cases:
        strata.setdefault(case.stratum_id, []).append(case)
    rows = []
    for number, drawn in sorted(strata.items()):
        rights = [case.right(level) for case in drawn]
        settled = [right for right in rights if right is not None]
        frame = max(len(drawn), round(drawn[0].stratum_frame * len(drawn) / max(drawn[0].stratum_drawn, 1)))
        still_open = sum(case.is_open for case in drawn)
        rows.append(Stratum((str(number),), frame, len(drawn), len(settled), sum(settled), still_open))
    return accuracy(rows)


def _prior(cases: Sequence[DrawnCase], level: str) -> Prior | None:
    """What is common to all agents in the earlier window."""
    counts: dict[int, list[int]] = {}
    for case in cases:
        right = case.right(level)
        if right is not None:
            own = counts.setdefault(case.agent_id, [0, 0])
            own[0], own[1] = own[0] + right, own[1] + 1
    if not counts:
        return None
    table = np.array(list(counts.values()), dtype=np.float64)
    return fit(table[:, 0], table[:, 1])


def as_json(rows: Sequence[Measured]) -> dict[str, Any]:
    """The rows as the command prints them; an undefined value is null with a reason."""
    return {
        "effects": [
            {
                "kind": "assignment" if row.assignment_id is not None else "module",
                "ref": row.ref,
                "module": row.module,
                "people": row.people,
                "completed_on": row.completed_at.date().isoformat() if row.completed_at else None,
                **figure_json(row.figure),
                "placebo": figure_json(row.placebo),
            }
            for row in rows
        ]
    }


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
            "assignment_id": row.assignment_id, "module_id": row.module_id, "arm": None,
            "windows": {"earlier_weeks": list(change.EARLIER_WEEKS), "later_cases": change.LATER_CASES},
            "kind": row.figure.kind, "note": "", "input_hash": digest,
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
