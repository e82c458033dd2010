"""How many people case work needs, hour by hour of a week: arrivals times handle time, and a model of waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from calibration.capacity.arrivals import HOURS, Arrivals
from calibration.stats.queueing import even_level, people_needed, share_within, square_root_staffing

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is asked of the model. Shares from 0 to 1; times in seconds and hours."""

    handle_seconds: float
    allowed_hours: float
    in_time: float = 0.95
    shrinkage: float = 0.30
    more: float = 0.0

    @property
    def longest_wait(self) -> float | None:
        """How long a case may wait, in mean handle times; None where even one that waits not at all is late."""
        wait = (self.allowed_hours * 3600 - self.handle_seconds) / self.handle_seconds
        return wait if wait >= 0 else None


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the week: cases that come in, work in them, and people."""

    day: str
    hour: int
    cases: float
    #: People who would be busy all the time.
    load: float
    #: At work, and on the roster with what shrinkage takes; and what the square-root rule says.
    people: int
    rostered: int
    rule: float
    #: Share of the cases that wait no longer than they may.
    in_time: float


@dataclass(frozen=True, slots=True)
class Staffing:
    """The week. Hours are staffed hours of a week, on the roster."""

    hours: Sequence[Hour]
    #: Staffed hours of a mean week, of the quietest and of the fullest week that were looked back on.
    total: int
    least: int
    most: int
    peak: Hour
    #: The same by the square-root rule, and people day and night who suffice when work can be put off.
    rule: float
    even: float

    def day(self, name: str) -> Sequence[Hour]:
        """The hours of one day."""
        return [one for one in self.hours if one.day == name]


def staffing(found: Arrivals, asked: WhatIf) -> Staffing | None:
    """People by hour of the week; None where nothing came in, or nothing can be in time."""
    wait = asked.longest_wait
    if wait is None or not found.n:
        return None
    cases = np.array(found.by_hour) / found.weeks * (1 + asked.more)
    loads = cases * asked.handle_seconds / 3600
    known: dict[float, int] = {}
    hours = [_hour(place, float(cases[place]), float(loads[place]), wait, asked, known) for place in range(HOURS)]
    mean = found.n / found.weeks
    scaled = [_rostered(loads * week / mean, wait, asked) for week in (min(found.by_week), max(found.by_week))]
    even = even_level(loads, max(asked.allowed_hours, 1.0)) / (1 - asked.shrinkage)
    return Staffing(
        hours, sum(one.rostered for one in hours), scaled[0], scaled[1], max(hours, key=lambda one: one.rostered),
        sum(one.rule for one in hours), even,
    )  # fmt: skip


def _hour(place: int, cases: float, load: float, wait: float, asked: WhatIf, known: dict[float, int]) -> Hour:
    if load not in known:
        known[load] = people_needed(load, wait, asked.in_time)
    people = known[load]
    rule = square_root_staffing(load, wait, asked.in_time) / (1 - asked.shrinkage) if load else 0.0
    return Hour(
        DAYS[place // 24], place % 24, cases, load, people, _on_roster(people, asked), rule,
        share_within(load, people, wait),
    )  # fmt: skip


def _on_roster(people: int, asked: WhatIf) -> int:
    return ceil(people / (1 - asked.shrinkage) - 1e-9)


def _rostered(loads: Sequence[float], wait: float, asked: WhatIf) -> int:
    """Staffed hours of a week with these loads."""
    return sum(_on_roster(people_needed(float(load), wait, asked.in_time), asked) for load in loads)
