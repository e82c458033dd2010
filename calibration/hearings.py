"""Disputes in figures: how often a hearing changes the result, and whether results that nobody disputes hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from calibration.queries import hearings as queries
from calibration.queries.hearings import Heard, Looked
from calibration.stats.audited import FEWEST_LOOKS, Share, net_bias, weighted_share
from calibration.stats.intervals import clopper_pearson
from qa.core.access import Actor
from qa.policies import queries as policy_queries

#: Fewer decided disputes give no rate.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """How the disputes of one grader, one clause or all of them ended."""

    label: str
    decided: int
    overturned: int
    partly: int
    #: Share that did not stay as it was, with its exact interval; nan where nothing was decided.
    changed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Undisputed:
    """What second looks at undisputed results found."""

    errors: Share
    errors_considered: int
    correct: Share
    correct_considered: int
    net: Share
    #: Looks that were asked for and have not ended.
    waiting: int
    fewest: int = FEWEST_LOOKS

    @property
    def is_said(self) -> bool:
        """Whether enough looks have ended for a net figure."""
        return self.errors.n >= self.fewest and self.correct.n >= self.fewest


@dataclass(frozen=True, slots=True)
class Hearings:
    """All figures of the page."""

    waiting: int
    in_time: int
    every: Rate
    graders: list[Rate]
    clauses: list[Rate]
    undisputed: Undisputed


def hearings(actor: Actor) -> Hearings:
    """The figures of the teams that *actor* leads. People stand by name, clauses by theirs; nobody is ranked."""
    rows = queries.heard(actor)
    named = policy_queries.labels(sorted({row.section_key for row in rows}))
    return Hearings(
        waiting=queries.waiting(actor),
        in_time=sum(row.in_time for row in rows),
        every=rate("All", rows),
        graders=_by(rows, lambda row: row.grader or "Settled in sight or by a rule"),
        clauses=_by(rows, lambda row: named.get(row.section_key, row.section_key)),
        undisputed=undisputed(queries.looked(actor)),
    )


def _by(rows: Iterable[Heard], key: Callable[[Heard], str]) -> list[Rate]:
    groups: dict[str, list[Heard]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [rate(label, groups[label]) for label in sorted(groups, key=str.casefold)]


def rate(label: str, rows: list[Heard]) -> Rate:
    """How many of *rows* did not stay as they were: overturned, or changed in part."""
    overturned = sum(row.result == "overturned" for row in rows)
    partly = sum(row.result == "partly" for row in rows)
    low, high = clopper_pearson(overturned + partly, len(rows))
    share = (overturned + partly) / len(rows) if rows else float("nan")
    return Rate(label, len(rows), overturned, partly, share, low, high)


def undisputed(rows: list[Looked]) -> Undisputed:
    """What the looks that have ended say, errors and correct results apart, and both together."""
    kinds = [[row for row in rows if row.is_error is is_error] for is_error in (True, False)]
    shares = [weighted_share([(row.chance, row.turned) for row in kind if row.taken and row.ended]) for kind in kinds]
    errors, correct = shares
    return Undisputed(
        errors, len(kinds[0]), correct, len(kinds[1]), net_bias(errors, len(kinds[0]), correct, len(kinds[1])),
        sum(row.taken and not row.ended for row in rows),
    )  # fmt: skip
