"""Figures split by any keys, from the roll-ups: what `flask accuracy` prints. `calibration.accuracy` says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import select

from calibration import accuracy, tallied
from calibration.accuracy import Rate
from calibration.queries import agents
from calibration.stats.estimate import UNDERLYING
from calibration.stats.ratings import IntArray
from calibration.tallied import SPLITS, Figures, distinct, month_name, named
from qa.core.db import db
from qa.core.models import Person
from qa.models.plans import Draw, Plan
from qa.queries.tallied import Tallied


def rows(
    *,
    by: Sequence[str] = (),
    match: str = "policy",
    estimand: str = UNDERLYING,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Rate]:
    """The figures of all drawn cases of a period, as `calibration.accuracy.rows` gives them; the period is cut at
    whole seconds. Raises BadInput for an unknown *by*, *match* or *estimand*."""
    accuracy.check(by, match, estimand)
    found, _ = tallied.figures(match, since=since, until=until, complete=False)
    return split(Figures(found.whole, match, estimand), by)


def split(seen: Figures, by: Sequence[str]) -> list[Rate]:
    """The figures of some drawn cases split *by* any keys, sorted by them; none where nothing was drawn."""
    if not len(seen.drawn):
        return []
    parts = [_part(name, seen.drawn) for name in by]
    codes = [distinct(numbers) for numbers, _ in parts]
    slices, place = _together([place for _, place in codes], len(seen.drawn))
    rates = seen.of(place)
    said = [[says(int(number)) for number in values] for (values, _), (_, says) in zip(codes, parts, strict=True)]
    keyed = []
    for number, rate in rates.items():
        keys = tuple(names[at] for names, at in zip(said, slices[number], strict=True))
        keyed.append((keys, named(rate, **dict(zip(by, keys, strict=True)))))
    return [rate for _, rate in sorted(keyed, key=lambda one: one[0])]


def _together(places: Sequence[IntArray], size: int) -> tuple[Sequence[Sequence[int]], IntArray]:
    """(the combinations of places that occur, which of them each case shows)."""
    if not places:
        return [()], np.zeros(size, dtype=np.int64)
    combined, slice_of = np.unique(np.column_stack(places), axis=0, return_inverse=True)
    return combined.tolist(), slice_of.reshape(-1)


def _part(name: str, drawn: Tallied) -> tuple[IntArray, Callable[[int], str]]:
    """The number of each case's slice, and what a number stands for."""
    if name == "plan":
        query = select(Draw.id, Plan.name).join(Plan, Plan.id == Draw.plan_id)
        return drawn.draw, _from({row[0]: row[1] for row in db.session.execute(query)})
    if name == "agent":
        people = {row[0]: row[1] for row in db.session.execute(select(Person.id, Person.external_id))}
        return drawn.column("agent"), _from(people)
    if name == "month":
        return SPLITS[name](drawn), month_name
    return SPLITS[name](drawn), _from(agents.teams() if name == "team" else drawn.words)


def _from(words: Mapping[int, str]) -> Callable[[int], str]:
    return lambda number: words.get(number, "")
