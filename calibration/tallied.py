"""Figures of many slices at once, from the roll-ups. `calibration.accuracy` gives the same from the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from calibration.accuracy import Rate
from calibration.stats.domains import Selections
from calibration.stats.estimate import OPEN_SHARE, UNDERLYING
from calibration.stats.ratings import IntArray
from calibration.stats.slices import sliced
from qa.queries import tallied
from qa.queries.tallied import Tallied

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
    "cell": lambda drawn: drawn.column("play") << 16 | drawn.column("locale"),
}


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
    draws, place = np.unique(drawn.draw, return_inverse=True)
    still_open = np.bincount(place[drawn.open], minlength=draws.size)
    complete = still_open <= OPEN_SHARE * np.bincount(place)
    return drawn if bool(complete.all()) or not bool(complete.any()) else drawn.only(complete[place])


def on_level(drawn: Tallied, match: str) -> Tallied:
    """The cases of workflows whose looks settle *match*, as `calibration.accuracy.on_level` says it."""
    if not len(drawn):
        return drawn
    settled, known = drawn.settled, drawn.level(match) > 0
    workflows, place = np.unique(drawn.column("workflow"), return_inverse=True)
    any_settled = np.bincount(place[settled], minlength=workflows.size) > 0
    any_known = np.bincount(place[settled & known], minlength=workflows.size) > 0
    settles = np.where(any_settled, any_known, match != "action")
    kept = settles[place] & (~settled | known)
    return drawn if bool(kept.all()) else drawn.only(kept)


@dataclass(frozen=True)
class Figures:
    """The figures of some drawn cases at one level, however they are split."""

    drawn: Tallied
    match: str
    estimand: str = UNDERLYING

    @cached_property
    def cases(self) -> Selections:
        """The cases as the estimator reads them; strata in order of their keys, so that the next tier stands next."""
        strata = tallied.strata(np.unique(self.drawn.draw).tolist())
        met, place = np.unique(self.drawn.column("stratum"), return_inverse=True)
        numbers = met.tolist()
        rows = [strata[number] for number in numbers]
        order = sorted(range(len(numbers)), key=lambda at: (rows[at].plan, rows[at].key, numbers[at]))
        rank = np.empty(len(numbers), dtype=np.int64)
        rank[order] = np.arange(len(numbers))
        settled = self.drawn.settled
        return Selections(
            rank[place],
            1 / self.drawn.chance,
            settled,
            self.drawn.open,
            (self.drawn.level(self.match) == 2) & settled,
            tuple((rows[at].plan, *rows[at].key.split("|")) for at in order),
            np.array([rows[at].frame for at in order], dtype=np.float64),
        )

    @cached_property
    def _disputed(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        return np.isin(self.drawn.case, tallied.disputed())

    @property
    def total(self) -> Rate | None:
        """All cases together; None where nothing was drawn."""
        if not len(self.drawn):
            return None
        return self._rates(np.zeros(1, dtype=np.int64), np.zeros(len(self.drawn), dtype=np.int64))[0]

    def by(self, name: str) -> Mapping[int, Rate]:
        """A figure for each slice, by its number."""
        if not len(self.drawn):
            return {}
        return self.of(SPLITS[name](self.drawn))

    def of(self, slice_of: IntArray) -> dict[int, Rate]:
        """A figure for each of the numbers in *slice_of*, one a case."""
        found, place = np.unique(slice_of, return_inverse=True)
        return self._rates(found, place)

    def _rates(self, found: IntArray, place: IntArray) -> dict[int, Rate]:
        figures = sliced(self.cases, place, found.size, estimand=self.estimand)
        disputed = np.bincount(place[self._disputed], minlength=found.size).tolist()
        not_blind = np.bincount(place[self.drawn.not_blind], minlength=found.size).tolist()
        return {
            number: Rate({}, self.match, figure, *counts)
            for number, figure, *counts in zip(found.tolist(), figures, disputed, not_blind, strict=True)
        }

    def says(self, name: str) -> Callable[[int], str]:
        """What the number of a slice stands for."""
        return month_name if name == "month" else lambda number: self.drawn.words.get(number, "")


def named(rate: Rate, **keys: str) -> Rate:
    """The figure with what it is about."""
    return replace(rate, keys=keys)


def figures(
    match: str, *, since: datetime | None = None, until: datetime | None = None, complete: bool = True
) -> tuple[Figures, int]:
    """The figures of a period's draws that are complete (or of all), and how many drawn cases were left out."""
    drawn = tallied.drawn(since=since, until=until)
    kept = finished(drawn) if complete else drawn
    return Figures(on_level(kept, match), match), len(drawn) - len(kept)
