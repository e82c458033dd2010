"""Windows of settled cases before and after a training, and what was right in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from calibration.stats.estimate import Estimate
from calibration.stats.shrink import Prior, fit
from calibration.stats.weighted import Stratum, accuracy
from qa.policies import section_keys
from qa.queries.measured import DrawnCase


@dataclass(frozen=True, slots=True)
class Window:
    """Cases of the two windows, of the weeks that triggered the training, and everybody's of the earlier window."""

    earlier: tuple[DrawnCase, ...]
    later: tuple[DrawnCase, ...]
    trigger: tuple[DrawnCase, ...]
    peers: tuple[DrawnCase, ...]


def concerns(case: DrawnCase, key: str) -> bool:
    """Whether a taught section is the policy in play, which never looks at the truth, or lies in it."""
    return is_about(case.play_key, key)


def is_about(play: str, key: str) -> bool:
    """Whether the policy in play is a section, or one lies in the other where either is recorded coarser."""
    return (
        play == key
        or (section_keys.is_coarse(play) and section_keys.policy_of(key) == play)
        or (section_keys.is_coarse(key) and section_keys.policy_of(play) == key)
    )


def chosen(cases: Sequence[DrawnCase], mask: Any) -> tuple[DrawnCase, ...]:
    """The cases that *mask* takes."""
    return tuple(case for case, taken in zip(cases, mask, strict=True) if taken)


def once(cases: Iterable[DrawnCase]) -> list[DrawnCase]:
    """Each case once, in its first draw, as signals take it."""
    first: dict[int, DrawnCase] = {}
    for case in cases:
        first.setdefault(case.case_id, case)
    return list(first.values())


def days(moment: datetime, origin: datetime) -> float:
    """Days from *origin* to *moment*."""
    return (moment - origin) / timedelta(days=1)


def estimate(cases: Sequence[DrawnCase], level: str) -> Estimate:
    """The weighted share right of a window."""
    return accuracy(strata_of(cases, level))


def strata_of(cases: Sequence[DrawnCase], level: str) -> list[Stratum]:
    """The counts of a window by stratum: what was drawn in it stands for its part of each."""
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
    return rows


def prior(cases: Sequence[DrawnCase], level: str) -> Prior | None:
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
