"""What a plan would give before it is drawn: how precise its figures will be, and what grading costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import scipy  # its parts load at their first use, not with the web

#: Cases that a grader decides in an hour: the slow and the fast end.
SLOW, FAST = 15, 30

#: Expected counts below this are none: they move a limit less than can be shown.
NONE = 1e-9


@dataclass(frozen=True, slots=True)
class Expected:
    """The interval that a figure will have if the share of right decisions is *estimate*."""

    key: str
    frame: int
    drawn: int
    estimate: float
    #: None where no interval can be given; then *reason* says why.
    low: float | None
    high: float | None
    effective: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """Strata in the order of their bytes, the whole, and the hours that *looks* blind grades a case take."""

    strata: tuple[Expected, ...]
    whole: Expected
    hours_low: float
    hours_high: float


def preview(
    frame: Mapping[str, int],
    sizes: Mapping[str, int],
    *,
    expected: float = 0.95,
    level: float = 0.95,
    looks: float = 1,
) -> Preview:
    """What an allocation would give.

    Interval: Korn and Graubard's with the effective size capped at n, at the share *expected* in every
    stratum: n_eff as in `effective_size`, n* = min(n, n_eff (t_{n-1} / t_{n-H})**2) with
    the t quantiles of *level*, limits Beta^-1(x*, n* - x* + 1) and Beta^-1(x* + 1, n* - x*), x* = n* p. It is
    about the underlying rate (no finite population correction).

    Parameters
    ----------
    frame : stratum -> N_h, cases; sizes : stratum -> n_h, cases, 0 <= n_h <= N_h
    expected : share of right decisions in [0, 1]; level : coverage in (0, 1)
    looks : blind grades a case, second looks and overlap included, >= 0

    Returns
    -------
    Preview. An interval is None where a stratum with cases gives none, where nothing is drawn, or where there
    are no more cases than strata.

    Raises
    ------
    ValueError : a size outside 0..N_h or for an unknown stratum; a share or level out of range.

    References
    ----------
    Korn & Graubard 1998, *Survey Methodology* 24:193-201; capped as the product's accuracy figures are.

    >>> seen = preview({"low": 700, "high": 300}, {"low": 40, "high": 20})
    >>> round(seen.whole.low, 3), round(seen.whole.high, 3), seen.hours_low, seen.hours_high
    (0.86, 0.99, 2.0, 4.0)
    """
    if not 0 <= expected <= 1 or not 0 < level < 1 or looks < 0:
        raise ValueError(f"no preview for expected={expected!r}, level={level!r}, looks={looks!r}")
    for key in {*frame, *sizes}:
        holds, asked = frame.get(key, 0), sizes.get(key, 0)
        if not 0 <= asked <= holds:
            raise ValueError(f"stratum {key!r} holds {holds} cases, {asked} are asked of it")
    held = {key: (frame[key], sizes.get(key, 0)) for key in sorted(frame) if frame[key]}
    strata = tuple(_expected(key, {key: counts}, expected, level) for key, counts in held.items())
    whole = _expected("all", held, expected, level)
    return Preview(strata, whole, looks * whole.drawn / FAST, looks * whole.drawn / SLOW)


def _expected(key: str, held: Mapping[str, tuple[int, int]], share: float, level: float) -> Expected:
    """The expected interval over some strata (N_h, n_h)."""
    total, n = sum(count for count, _ in held.values()), sum(drawn for _, drawn in held.values())
    silent = sum(1 for _, drawn in held.values() if not drawn)
    reason = None
    if n == 0:
        reason = "no case is drawn"
    elif silent:
        reason = f"{silent} strata give no case, and the figure cannot speak for them"
    elif n <= len(held) and n > 1:
        reason = "no more cases than strata: the spread cannot be estimated"
    if reason:
        return Expected(key, total, n, share, None, None, None, reason)
    effective = _effective(held)
    if len(held) > 1:
        tail = (1 + level) / 2
        effective *= float(scipy.special.stdtrit(n - 1, tail) / scipy.special.stdtrit(n - len(held), tail)) ** 2
    effective = min(float(n), effective)
    right, wrong = effective * share, effective * (1 - share)
    low = float(scipy.special.betaincinv(right, wrong + 1, (1 - level) / 2)) if right > NONE else 0.0
    high = float(scipy.special.betaincinv(right + 1, wrong, (1 + level) / 2)) if wrong > NONE else 1.0
    return Expected(key, total, n, share, low, high, effective)


def effective_size(frame: Mapping[str, int], sizes: Mapping[str, int]) -> float | None:
    """The simple random sample that is worth as much, at the same share of errors in every stratum.

    Formula: n_eff = 1 / sum(W_h**2 / n_h), W_h = N_h / N.

    Parameters
    ----------
    frame : stratum -> N_h, cases; sizes : stratum -> n_h, cases

    Returns
    -------
    cases, at most n; None where a stratum with cases gives none.

    References
    ----------
    Kish 1965, *Survey Sampling*, 11.7 (the loss by unequal weights).

    >>> round(effective_size({"low": 70, "high": 30}, {"low": 7, "high": 3}), 9)
    10.0
    >>> round(effective_size({"low": 70, "high": 30}, {"low": 5, "high": 5}), 2)
    8.62
    """
    held = {key: (count, sizes.get(key, 0)) for key, count in frame.items() if count}
    return _effective(held) if held and all(drawn for _, drawn in held.values()) else None


def _effective(held: Mapping[str, tuple[int, int]]) -> float:
    total = sum(count for count, _ in held.values())
    return 1 / sum((count / total) ** 2 / drawn for count, drawn in held.values())
