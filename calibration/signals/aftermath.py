"""After a corrective action: the agent's cases on its clauses since then, and whether they show a return to normal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from calibration.queries.stream_columns import AT_RANDOM
from calibration.stats.baseline import RELEASE, recovery, usual_recovery
from calibration.stats.intervals import clopper_pearson
from qa.core import preferences
from qa.policies import section_keys
from qa.queries import measured

#: Errors so many times as frequent as the target allows are what a return to normal is tested against.
BAD = 3.0


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Settled random cases closed since a corrective action was done."""

    since: datetime
    n: int
    errors: int
    low: float
    high: float
    bad: float
    #: Whether errors as frequent as *bad* are refuted.
    is_back: bool
    #: Cases that this takes of somebody who meets the target.
    usual: int

    @property
    def said(self) -> str:
        """What the cases say, in a sentence that may stand as the outcome of the check."""
        share = f"{self.errors} of {self.n} cases since then differ"
        if self.is_back:
            return f"{share}: back to normal, an error rate of {self.bad:.0%} or more is refuted."
        return f"{share}: not enough to say that it is back to normal."


def since(agent_id: int, keys: Collection[str], done_at: datetime, *, known_at: datetime | None = None) -> Aftermath:
    """The cases in play of these clauses (of all where none is named), in order; as of *known_at*, or of now."""
    level, target = preferences.get("headline_level"), float(preferences.get("target_accuracy"))
    found: dict[int, bool] = {}
    for row in measured.drawn_cases(agent_id=agent_id, since=done_at, purposes=AT_RANDOM):
        known = row.state == "settled" and (known_at is None or (row.settled_at or done_at) <= known_at)
        right = row.right(level) if known else None
        if right is not None and _concerns(row.play_key, keys):
            found.setdefault(row.case_id, not right)
    wrong = np.array(list(found.values()), dtype=np.float64)
    good = 1 - target
    bad = min(BAD * good, 0.9)
    low, high = clopper_pearson(wrong.sum(), wrong.size) if wrong.size else (0.0, 1.0)
    is_back = bool((recovery(wrong, bad=bad, good=good) >= RELEASE).any())
    return Aftermath(done_at, wrong.size, int(wrong.sum()), low, high, bad, is_back, usual_recovery(bad=bad, good=good))


def _concerns(play: str, keys: Collection[str]) -> bool:
    return not keys or any(section_keys.same(play, key) for key in keys)
