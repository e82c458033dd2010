"""Drawn cases that got no answer, by stratum: how many, why, and how much more each answer of the stratum counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.draws import describing
from qa.draws.handing_out import may_see_cases
from qa.models.grading import Skip, Task
from qa.models.plans import DrawCase, DrawStratum
from qa.models.policies import Reason
from qa.models.truth import Settlement

LOST = ("ungradable", "unreached")
#: A stratum with fewer answers says nothing by itself: figures count it with its neighbour.
FEWEST = 2
HEADER = ("stratum", "eligible", "drawn", "settled", "open", "no_answer", "factor", "reasons", "skips")


@dataclass(slots=True)
class Answered:
    """One stratum of a draw by what came of its cases."""

    key: str
    eligible: int
    drawn: int
    settled: int = 0
    lost: int = 0
    #: Why -> cases that got no answer.
    why: Counter[str] = field(default_factory=Counter)
    #: Reason -> how often one of these was passed on.
    skips: Counter[str] = field(default_factory=Counter)

    @property
    def open(self) -> int:
        """Cases whose answer is still to come."""
        return self.drawn - self.settled - self.lost

    @property
    def factor(self) -> float | None:
        """By what each answer is multiplied: drawn / (drawn - lost). None with too few: then a neighbour joins in."""
        left = self.drawn - self.lost
        return self.drawn / left if left >= FEWEST or (left == self.drawn > 0) else None


def by_stratum(draw_id: int) -> list[Answered]:
    """The strata of a draw of which something was drawn, in the order of their keys' bytes."""
    found = {one.key: Answered(one.key, one.frame, one.drawn) for one in describing.strata(draw_id) if one.drawn}
    states = (
        select(DrawStratum.key, Settlement.state, Settlement.reason, func.count())
        .join(DrawCase, DrawCase.stratum_id == DrawStratum.id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .where(DrawStratum.draw_id == draw_id)
        .group_by(DrawStratum.key, Settlement.state, Settlement.reason)
    )
    for key, state, reason, cases in db.session.execute(states):
        if state == "settled":
            found[key].settled += cases
        elif state in LOST:
            found[key].lost += cases
            found[key].why[reason or "not said"] += cases
    for key, label, skips in db.session.execute(_skips(draw_id)):
        found[key].skips[label] += skips
    return list(found.values())


def _skips(draw_id: int) -> Any:
    """(stratum, reason in words, how often) of the cases that got no answer."""
    label = func.coalesce(Reason.label, Skip.reason)
    return (
        select(DrawStratum.key, label, func.count())
        .join(DrawCase, DrawCase.stratum_id == DrawStratum.id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .join(Task, Task.case_id == DrawCase.case_id)
        .join(Skip, Skip.task_id == Task.id)
        .outerjoin(Reason, (Reason.kind == "skip") & (Reason.key == Skip.reason))
        .where(DrawStratum.draw_id == draw_id, Settlement.state.in_(LOST))
        .group_by(DrawStratum.key, label)
    )


def without_answer(actor: Actor, draw_id: int) -> dict[str, Any] | None:
    """What the page of a draw says of it: cases, strata and reasons; None for whoever may be given one of the cases."""
    if not may_see_cases(actor):
        return None
    strata = by_stratum(draw_id)
    why: dict[str, int] = defaultdict(int)
    for one in strata:
        for reason, cases in one.why.items():
            why[reason] += cases
    lost = [one for one in strata if one.lost]
    return {
        "drawn": sum(one.drawn for one in strata), "lost": sum(why.values()), "why": sorted(why.items()),
        "strata": sorted(lost, key=lambda one: (-one.lost / one.drawn, one.key.encode())),
    }  # fmt: skip


def rows(actor: Actor, public_id: str) -> Iterator[tuple[Any, ...]]:
    """Every stratum as HEADER says. Raises NotFound for graders."""
    if not may_see_cases(actor):
        raise NotFound("draw")
    for one in by_stratum(describing.one(public_id).id):
        yield (
            one.key, one.eligible, one.drawn, one.settled, one.open, one.lost, one.factor, in_words(one.why),
            in_words(one.skips),
        )  # fmt: skip


def in_words(counts: Counter[str]) -> str:
    """Reasons with how often each was given.

    >>> in_words(Counter({"erased": 2, "two could not tell": 1}))
    'erased (2), two could not tell (1)'
    """
    return ", ".join(f"{reason} ({count})" for reason, count in sorted(counts.items()))
