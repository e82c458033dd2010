"""Figures of many slices at once, from the roll-ups. `calibration.accuracy` gives the same from the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from calibration.accuracy import Rate
from calibration.stats.domains import BoolArray, Selections
from calibration.stats.estimate import OPEN_SHARE, UNDERLYING
from calibration.stats.ratings import IntArray
from calibration.stats.slices import Slicer
from qa.queries import tallied
from qa.queries.tallied import Tallied

#: Two slices as one number: one * CELL + the other. Words are numbered up to 65,535.
CELL = 1 << 16

#: What a figure can be split by: the number of each case's slice.
SPLITS: dict[str, Callable[[Tallied], IntArray]] = {
    "agent": lambda drawn: drawn.column("agent"),
    "team": lambda drawn: drawn.column("team"),
    "policy": lambda drawn: drawn.column("play"),
    "locale": lambda drawn: drawn.column("locale"),
    "workflow": lambda drawn: drawn.column("workflow"),
    "severity": lambda drawn: drawn.column("severity"),
    "tier": lambda drawn: drawn.column("tier"),
    "month": lambda drawn: months(drawn.column("closed")),
    "cell": lambda drawn: drawn.column("play") * CELL + drawn.column("locale"),
    "team_policy": lambda drawn: drawn.column("team") * CELL + drawn.column("play"),
}


def distinct(values: IntArray) -> tuple[IntArray, IntArray]:
    """(the distinct whole numbers from 0 on, ascending; which of them each value is), without sorting where it can."""
    if not values.size or values.max() > 4 * values.size + 100_000:
        found, place = np.unique(values, return_inverse=True)
        return found, place
    here = np.zeros(int(values.max()) + 1, dtype=bool)
    here[values] = True
    found = np.flatnonzero(here)
    number = np.empty(here.size, dtype=np.int64)
    number[found] = np.arange(found.size)
    return found, number[values]


def months(closed: IntArray) -> IntArray:
    """Months since 1970, in UTC, of moments in seconds."""
    return closed.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)


def month_name(number: int) -> str:
    """The month of that number as "2026-11".

    >>> month_name(682)
    '2026-11'
    """
    return f"{1970 + number // 12}-{number % 12 + 1:02}"


def finished(drawn: Tallied) -> Tallied:
    """The cases of draws of which at most 2 % are open; all of them while no draw is that far."""
    if not len(drawn):
        return drawn
    draws, place = distinct(drawn.draw)
    still_open = np.bincount(place[drawn.open], minlength=draws.size)
    complete = still_open <= OPEN_SHARE * np.bincount(place)
    return drawn if bool(complete.all()) or not bool(complete.any()) else drawn.only(complete[place])


def on_level(drawn: Tallied, match: str) -> BoolArray:
    """Which cases are of workflows whose looks settle *match*, as `calibration.accuracy.on_level` says it."""
    settled, known = drawn.settled, drawn.level(match) > 0
    workflows, place = distinct(drawn.column("workflow"))
    any_settled = np.bincount(place[settled], minlength=workflows.size) > 0
    any_known = np.bincount(place[settled & known], minlength=workflows.size) > 0
    settles = np.where(any_settled, any_known, match != "action")
    kept: BoolArray = settles[place] & (~settled | known)
    return kept


@dataclass(frozen=True)
class Figures:
    """The figures of some drawn cases at one level, however they are split.

    *whole* are the drawn cases of a period. *member* are those of them that the figures are about: the others carry
    the variance of the strata that they share.
    """

    whole: Tallied
    match: str
    estimand: str = UNDERLYING
    member: BoolArray | None = None
    known_at: datetime | None = None

    @cached_property
    def drawn(self) -> Tallied:
        """The cases on whose level something is settled."""
        return self.whole if self._on_level is None else self.whole.only(self._on_level)

    @cached_property
    def _on_level(self) -> BoolArray | None:
        kept = on_level(self.whole, self.match)
        return None if bool(kept.all()) else kept

    @cached_property
    def _members(self) -> BoolArray | None:
        if self.member is None or self._on_level is None:
            return self.member
        return self.member[self._on_level]

    @cached_property
    def cases(self) -> Selections:
        """The cases as the estimator reads them; strata in order of their keys, so that the next tier stands next."""
        draws, _ = distinct(self.drawn.draw)
        strata, settled = tallied.strata(draws.tolist()), self.drawn.settled
        return Selections(
            strata.of(self.drawn.column("stratum")),
            1 / self.drawn.chance,
            settled,
            self.drawn.open,
            (self.drawn.level(self.match) == 2) & settled,
            strata.keys,
            strata.frame,
        )

    def at(self, match: str) -> Figures:
        """The same cases at another level."""
        other = Figures(self.whole, match, self.estimand, self.member, self.known_at)
        if "cases" in self.__dict__ and self._on_level is None and other._on_level is None:
            right = (self.drawn.level(match) == 2) & self.drawn.settled
            other.__dict__["cases"] = replace(self.cases, right=right)
            other.__dict__["_disputed"] = self._disputed
        return other

    def counting(self, counts: BoolArray) -> Figures:
        """The same cases with another question: the share of those that *counts* marks, one place a drawn case."""
        other = Figures(self.whole, self.match, self.estimand, self.member, self.known_at)
        other.__dict__["cases"] = replace(self.cases, right=counts & self.drawn.settled)
        return other

    @property
    def inside(self) -> BoolArray:
        """Which of the drawn cases the figures are about."""
        return np.ones(len(self.drawn), dtype=bool) if self._members is None else self._members

    @cached_property
    def _slicer(self) -> Slicer:
        return Slicer(self.cases)

    @cached_property
    def _disputed(self) -> BoolArray:
        disputed = tallied.disputed(self.known_at)
        return np.isin(self.drawn.case, disputed) if disputed.size else np.zeros(len(self.drawn), dtype=bool)

    @property
    def total(self) -> Rate | None:
        """All cases together; None where nothing was drawn."""
        return self.of(np.zeros(len(self.drawn), dtype=np.int64)).get(0)

    def by(self, name: str) -> dict[int, Rate]:
        """A figure for each slice, by its number."""
        return self.of(SPLITS[name](self.drawn))

    def of(self, slice_of: IntArray) -> dict[int, Rate]:
        """A figure for each of the numbers in *slice_of*, one a case, none below 0."""
        if self._members is not None:
            slice_of = np.where(self._members, slice_of + 1, 0)
        found, place = distinct(slice_of)
        if not found.size:
            return {}
        figures = self._slicer.figures(place, found.size, estimand=self.estimand)
        disputed = np.bincount(place[self._disputed], minlength=found.size).tolist()
        not_blind = np.bincount(place[self.drawn.not_blind], minlength=found.size).tolist()
        numbers = (found - (self._members is not None)).tolist()
        return {
            number: Rate({}, self.match, figure, *counts)
            for number, figure, *counts in zip(numbers, figures, disputed, not_blind, strict=True)
            if number >= 0
        }

    def says(self, name: str) -> Callable[[int], str]:
        """What the number of a slice stands for."""
        return month_name if name == "month" else lambda number: self.drawn.words.get(number, "")


def named(rate: Rate, **keys: str) -> Rate:
    """The figure with what it is about."""
    return Rate(keys, rate.match, rate.figure, rate.disputed, rate.not_blind)


def period(
    *, since: datetime | None = None, until: datetime | None = None, known_at: datetime | None = None
) -> tuple[Tallied, int]:
    """The drawn cases of a period in draws that are complete, and how many others there are; all as of *known_at*."""
    drawn = tallied.drawn(since=since, until=until)
    if known_at is not None:
        drawn = tallied.as_known(drawn, known_at)
    kept = finished(drawn)
    return kept, len(drawn) - len(kept)


def figures(
    match: str, *, since: datetime | None = None, until: datetime | None = None, complete: bool = True
) -> tuple[Figures, int]:
    """The figures of a period's draws that are complete (or of all), and how many drawn cases were left out."""
    if not complete:
        return Figures(tallied.drawn(since=since, until=until), match), 0
    kept, left_out = period(since=since, until=until)
    return Figures(kept, match), left_out
