"""From values to places on paper, and the round values that an axis names."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qa.core import formats

Written = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map of [low, high] onto [start, end] px; values outside stay at the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of *value*."""
        within = min(max(value, self.low), self.high)
        return self.start + (within - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Four to six round values from at or under *low* to at or over *high* (steps of 1, 2, 2.5 or 5 times a
    power of ten).

    >>> ticks(0.42, 0.87)
    [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        raise ValueError("An axis needs two finite ends, the lower one first.")
    power = 10.0 ** math.floor(math.log10((high - low) / wanted))
    steps = [power * size for size in (1, 2, 2.5, 5, 10)]
    fits = [(_steps(low, high, step), step) for step in steps]
    step = min(fits, key=lambda fit: abs(len(fit[0]) - wanted))[1]
    return _steps(low, high, step)


def around(values: Iterable[float | None], *, floor: float | None, ceiling: float | None) -> tuple[float, float]:
    """The ends of an axis that holds all known *values*, never beyond what is possible."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return (0.0 if floor is None else floor, 1.0 if ceiling is None else ceiling)
    low, high = min(known), max(known)
    if high - low < 1e-9:
        low, high = low - 0.05, high + 0.05
    marks = ticks(low, high)
    return (
        marks[0] if floor is None else max(marks[0], floor),
        marks[-1] if ceiling is None else min(marks[-1], ceiling),
    )


def percent(value: float) -> str:
    """How an axis of shares is written: whole per cents, one place where the step needs it.

    >>> percent(0.8), percent(0.975)
    ('80%', '97.5%')
    """
    places = 0 if abs(value * 100 - round(value * 100)) < 1e-6 else 1
    return formats.share(value, places) if value not in (0, 1) else formats.share(value)


def decimal(value: float) -> str:
    """How an axis of coefficients is written: as many places as it needs, at least one, with a real minus."""
    places = 1 if abs(value * 10 - round(value * 10)) < 1e-6 else 2
    return formats.decimal(value, places)


def _steps(low: float, high: float, step: float) -> list[float]:
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(at * step, 10) for at in range(first, last + 1)]
