"""The figures of a period as numbers without names, summed once for as long as nothing changes.

Pages are opened more often than cases are settled. An answer is remembered under the stamp of the roll-ups that it was
summed from, which every settlement changes in its own transaction: so what is remembered is what summing would give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from calibration import tallied
from calibration.accuracy import Rate
from calibration.by_draw.figures import by_draw
from calibration.by_draw.parts import ALL, ENFORCED, Question
from calibration.harm import sums as harm_sums
from calibration.harm import weights as harm
from calibration.harm.weights import Weights
from calibration.periods import FILTERS, Period
from calibration.queries import agents
from calibration.same_mix import SameMix, same_mix, together
from calibration.stats.domains import BoolArray
from calibration.stats.harm import Share
from calibration.tallied import Figures
from qa.core import clock, remembering
from qa.queries import tallied as rollups
from qa.queries.tallied import Tallied

#: Answers that are remembered, each some hundred figures.
REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Summed:
    """The figures of a page, by the numbers of persons and words."""

    total: Rate | None
    agents: Mapping[int, Rate]
    split: Mapping[int, Rate]
    #: Of what was left alone (0) and enforced (1), at the level of the verdict; and by 2 * policy + enforced.
    wrong: Mapping[int, Rate]
    wrong_by_policy: Mapping[int, Rate]
    #: Filter -> the numbers that the period holds.
    numbers: Mapping[str, list[int]]
    words: Mapping[int, str]
    #: Cases of draws that are still in progress, left out.
    left_out: int
    #: When the last case that counts was closed.
    newest: datetime | None
    same_mix: SameMix
    #: By the number of the policy in play, `harm_sums.ALL` for all together; empty where no weight is set.
    harm: Mapping[int, Share]


def summed(asked: Period, split: str) -> Summed:
    """The figures of a period by agent and by *split*."""
    if asked.known_at is not None:  # what changes later must not show by what an answer costs either
        return _summed(asked, split)
    only = tuple((name, tuple(_numbers(name, value))) for name, value in sorted(asked.only.items()))
    about = (asked.match, asked.estimand, asked.moments, _weights(asked).rows())
    key = (rollups.stamp(), repr(about), only, split)
    question = Question(asked.match, asked.estimand, split, only)
    return remembering.remembered("summing", key, lambda: _summed_by_draw(asked, question), most=REMEMBERED)


def _summed_by_draw(asked: Period, question: Question) -> Summed:
    """The same from sums by draw, where these say it all; else from all cases at once."""
    since, until = asked.moments
    seen = None if _weights(asked).is_set else by_draw(question, since=since, until=until)
    if seen is None:
        return _summed(asked, question.split)
    by_errors = question.split == "errors"
    return Summed(
        total=seen.figures(ALL).get(0),
        agents=seen.figures("agent"),
        split={} if by_errors else seen.figures(question.split),
        wrong=seen.figures(ENFORCED),
        wrong_by_policy=seen.figures("errors") if by_errors else {},
        numbers={name: seen.numbers(name) for name in FILTERS},
        words=rollups.words(),
        left_out=seen.left_out,
        newest=datetime.fromtimestamp(max(part.newest for part in seen.parts), UTC),
        same_mix=together([part.mix for part in seen.parts]),
        harm={},
    )


def _summed(asked: Period, split: str) -> Summed:
    since, until = asked.moments
    drawn, left_out = tallied.period(since=since, until=until, known_at=asked.known_at)
    seen = Figures(drawn, asked.match, asked.estimand, members(drawn, asked.only), asked.known_at)
    verdicts = seen.at("verdict")
    enforced = verdicts.drawn.column("enforced")
    by_errors = split == "errors"
    return Summed(
        total=seen.total,
        agents=seen.by("agent"),
        split={} if by_errors else seen.by(split),
        wrong=verdicts.of(enforced),
        wrong_by_policy=verdicts.of(verdicts.drawn.column("play") * 2 + enforced) if by_errors else {},
        numbers={name: tallied.distinct(drawn.column(column))[0].tolist() for name, column in FILTERS.items()},
        words=drawn.words,
        left_out=left_out,
        newest=datetime.fromtimestamp(int(drawn.record["closed"].max()), UTC) if len(drawn) else None,
        same_mix=same_mix(seen),
        harm=harm_sums.harm(verdicts, _weights(asked)),
    )


def _weights(asked: Period) -> Weights:
    """The weights of errors that held when the period ended."""
    return harm.weights(min(asked.moments[1], clock.now()))


def members(drawn: Tallied, only: Mapping[str, str]) -> BoolArray | None:
    """Which cases a page is narrowed to; None where to all."""
    if not only:
        return None
    inside = np.ones(len(drawn), dtype=bool)
    for name, value in only.items():
        inside &= np.isin(drawn.column(FILTERS[name]), _numbers(name, value))
    return inside


def _numbers(name: str, value: str) -> list[int]:
    """The numbers that a value of a filter has in the roll-ups; none for one that nobody has heard of."""
    words = agents.teams() if name == "team" else rollups.words()
    return [number for number, word in words.items() if word == value]
