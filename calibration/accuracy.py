"""How often agents' decisions match the settled ones: weighted by the design, with interval, n and what is open.

Reads drawn cases of plans that measure, their settlements and the truths that stand; nothing else.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from calibration import chances
from calibration.stats.domains import Selections, domain
from calibration.stats.estimate import (
    OPEN_SHARE,
    PERIOD,
    UNDERLYING,
    Estimate,
    against_target,
    not_enough,
)
from calibration.stats.ratings import IntArray
from qa.core.errors import BadInput, Problem
from qa.queries import measured
from qa.queries.measured import DrawnCase

LEVELS = ("verdict", "policy", "action")
ESTIMANDS = (UNDERLYING, PERIOD)
IN_PROGRESS = "in progress: the range from all open cases wrong to all right"

#: What a figure can be split by.
KEYS: dict[str, Callable[[DrawnCase], str]] = {
    "agent": lambda row: row.agent,
    "policy": lambda row: row.play_key,
    "team": lambda row: row.team,
    "locale": lambda row: row.locale,
    "workflow": lambda row: row.workflow,
    "severity": lambda row: row.severity,
    "tier": lambda row: row.tier,
    "plan": lambda row: row.plan,
    "month": lambda row: f"{row.closed_at:%Y-%m}",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """One row: what it is about, and the figure with all that belongs to it."""

    keys: dict[str, str]
    match: str
    figure: Estimate
    disputed: int
    not_blind: int

    @property
    def in_progress(self) -> bool:
        """Whether open cases leave a range, and no figure yet."""
        return self.figure.reason == "in progress"

    @property
    def too_little(self) -> str | None:
        """Why no page may show the figure, or None."""
        return None if self.in_progress else not_enough(self.figure)

    def says(self, target: float) -> str:
        """meets, under or unclear; always unclear while the figure is in progress or thin."""
        if self.in_progress or self.too_little or math.isnan(self.figure.estimate):
            return "unclear"
        return against_target(self.figure.low, self.figure.high, target)

    def as_json(self) -> dict[str, Any]:
        """The row as `flask accuracy --json` prints it; what is undefined is null."""
        found = self.figure
        numbers = {name: _or_null(getattr(found, name)) for name in ("estimate", "low", "high", "n_effective", "raw")}
        return {
            **self.keys,
            "match": self.match,
            "estimand": found.estimand,
            **numbers,
            "n": found.n,
            "open": found.open,
            "frame": found.frame,
            "corrected": None,
            "disputed": self.disputed,
            "not_blind": self.not_blind,
            "method": found.method,
            "note": self.note,
        }

    @property
    def note(self) -> str:
        """What a reader must know before quoting the figure."""
        first = IN_PROGRESS if self.in_progress else self.figure.reason or self.too_little or ""
        return "; ".join(part for part in (first, *self.figure.notes) if part)


def rows(
    *,
    by: Sequence[str] = (),
    match: str = "policy",
    estimand: str = UNDERLYING,
    since: datetime | None = None,
    until: datetime | None = None,
    agent_id: int | None = None,
) -> list[Rate]:
    """Accuracy at one level, split *by* any of `KEYS`; without *by* one row for all, none where nothing was drawn.

    *since* is inside, *until* is not. Raises BadInput for an unknown *by*, *match* or *estimand*.
    """
    check(by, match, estimand)
    drawn = list(measured.drawn_cases(agent_id=agent_id, since=since, until=until))
    return of_cases(drawn, by=by, match=match, estimand=estimand)


def check(by: Sequence[str], match: str, estimand: str) -> None:
    """Raise BadInput for an unknown *by*, *match* or *estimand*."""
    for field, value, known in (("match", match, LEVELS), ("estimand", estimand, ESTIMANDS)):
        if value not in known:
            raise BadInput(Problem(f"one of {', '.join(known)}", field=field, value=value))
    for name in by:
        if name not in KEYS:
            raise BadInput(Problem(f"one of {', '.join(KEYS)}", field="by", value=name))


def of_cases(
    drawn: Sequence[DrawnCase], *, by: Sequence[str] = (), match: str = "policy", estimand: str = UNDERLYING
) -> list[Rate]:
    """The same from drawn cases at hand, sorted by their keys."""
    drawn = on_level(drawn, match)
    if not drawn:
        return []
    cases = selections(drawn, match)
    order = np.argsort(cases.stratum, kind="stable")
    by_stratum = np.split(order, np.cumsum(np.bincount(cases.stratum))[:-1])
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(drawn):
        groups.setdefault(tuple(KEYS[name](row) for name in by), []).append(place)
    return [
        _rate(
            dict(zip(by, key, strict=True)),
            match,
            _figure(cases, by_stratum, np.array(groups[key]), estimand),
            [drawn[place] for place in groups[key]],
        )
        for key in sorted(groups)
    ]


def on_level(drawn: Sequence[DrawnCase], match: str) -> list[DrawnCase]:
    """The cases of workflows whose looks settle *match*: no figure is given on a level that is not settled.

    A workflow of which nothing is settled yet counts by what its neighbours show: never for actions.
    """
    settles: dict[str, bool] = {}
    for row in drawn:
        if row.state == "settled":
            settles[row.workflow] = settles.get(row.workflow, False) or row.right(match) is not None
    unknown = match != "action"
    kept = [row for row in drawn if settles.get(row.workflow, unknown)]
    return [row for row in kept if row.state != "settled" or row.right(match) is not None]


def finished(drawn: Sequence[DrawnCase]) -> list[DrawnCase]:
    """The cases of draws of which at most 2 % are open; all of them while no draw is that far.

    Whole draws are left out, never single open cases: those are the ones on which people differ.
    """
    size, still_open = Counter(row.draw_id for row in drawn), Counter(row.draw_id for row in drawn if row.is_open)
    complete = {draw for draw in size if still_open[draw] <= OPEN_SHARE * size[draw]}
    return [row for row in drawn if row.draw_id in complete] or list(drawn)


def selections(drawn: Sequence[DrawnCase], match: str) -> Selections:
    """Drawn cases as arrays; strata in order of their keys, so that the next tier stands next."""
    first = {row.stratum_id: row for row in drawn}
    ordered = sorted(first.values(), key=lambda row: (row.plan, row.stratum, row.stratum_id))
    codes = {row.stratum_id: code for code, row in enumerate(ordered)}
    settled = np.array([row.state == "settled" for row in drawn])
    return Selections(
        np.array([codes[row.stratum_id] for row in drawn], dtype=np.int64),
        np.array(chances.weights(drawn)),
        settled,
        np.array([row.is_open for row in drawn]),
        np.array([bool(row.right(match)) for row in drawn]) & settled,
        tuple((row.plan, *row.stratum.split("|")) for row in ordered),
        np.array([row.stratum_frame for row in ordered], dtype=np.float64),
    )


def _figure(cases: Selections, by_stratum: Sequence[IntArray], members: IntArray, estimand: str) -> Estimate:
    """The figure of some of the cases; the strata that they touch carry its variance, the others nothing."""
    touched = np.unique(cases.stratum[members])
    concerned = np.concatenate([by_stratum[code] for code in touched])
    inside = np.zeros(cases.stratum.size, dtype=bool)
    inside[members] = True
    part = Selections(
        np.searchsorted(touched, cases.stratum[concerned]),
        cases.weight[concerned],
        cases.settled[concerned],
        cases.open[concerned],
        cases.right[concerned],
        tuple(cases.keys[code] for code in touched),
        cases.frame[touched],
    )
    return domain(part, inside[concerned], estimand=estimand)


def _rate(keys: dict[str, str], match: str, figure: Estimate, rows: Sequence[DrawnCase]) -> Rate:
    not_blind = sum(row.basis == "not_blind" for row in rows)
    return Rate(keys, match, figure, sum(row.disputed for row in rows), not_blind)


def _or_null(number: float) -> float | None:
    return None if math.isnan(number) else float(number)
