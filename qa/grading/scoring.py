"""How a scorecard is counted: weights, critical criteria, what does not apply, parts of single workflows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

MARKS = ("met", "partly", "missed", "na")
_WORTH = {"met": 1.0, "partly": 0.5, "missed": 0.0}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is looked at."""

    key: str
    label: str
    help: str = ""
    weight: int = 1
    #: One that is missed makes the whole score nothing.
    critical: bool = False
    #: Whether it can be met in part.
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Criteria under one heading, for every case or for those of one workflow."""

    title: str
    criteria: tuple[Criterion, ...]
    #: Key of the workflow that it is for; empty: for all.
    workflow: str = ""

    def as_data(self) -> dict[str, Any]:
        """The part as plain data."""
        return asdict(self) | {"criteria": [asdict(one) for one in self.criteria]}


@dataclass(frozen=True, slots=True)
class Counted:
    """What the marks come to."""

    #: From 0 to 1; None where nothing applied.
    total: float | None
    #: Labels of the critical criteria that were missed.
    critical: tuple[str, ...] = field(default=())


def read(parts: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Parts that were kept as plain data."""
    return tuple(
        Part(one["title"], tuple(Criterion(**criterion) for criterion in one["criteria"]), one["workflow"])
        for one in parts
    )


def for_workflow(parts: Iterable[Part], workflow: str) -> tuple[Part, ...]:
    """The parts that a case of *workflow* is marked by."""
    return tuple(part for part in parts if part.workflow in ("", workflow))


def count(criteria: Iterable[Criterion], marks: Mapping[str, str]) -> Counted:
    """What *marks* (key -> mark) come to.

    total = sum(weight x worth) / sum(weight) over the criteria that apply, with worth 1 for met, 1/2 for partly and 0
    for missed: the weight of what does not apply falls to the others. A critical criterion that is missed makes the
    total 0. Where nothing applies there is no total.

    >>> tone, steps = Criterion("tone", "Tone", weight=1), Criterion("steps", "Steps", weight=3)
    >>> count([tone, steps], {"tone": "met", "steps": "missed"}).total
    0.25
    >>> count([tone, steps], {"tone": "met", "steps": "na"}).total
    1.0
    """
    counted = [(one, marks[one.key]) for one in criteria if marks[one.key] != "na"]
    critical = tuple(one.label for one, mark in counted if one.critical and mark == "missed")
    weights = sum(one.weight for one, _ in counted)
    if not weights:
        return Counted(None)
    if critical:
        return Counted(0.0, critical)
    return Counted(sum(one.weight * _WORTH[mark] for one, mark in counted) / weights)
