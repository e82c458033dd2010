"""How closely a person is looked at: more while they are new, down to the floor once they are proven."""

from __future__ import annotations

from dataclasses import dataclass

import scipy  # its parts load at their first use, not with the web

NEW, PROVEN, USUAL = "new", "proven", "usual"

#: Whatever asks for more, one person's share grows at most by this factor.
MOST = 5.0


@dataclass(frozen=True, slots=True)
class Intensity:
    """The rule, as a plan states it."""

    #: Somebody is new for so many weeks after their start.
    new_weeks: int = 8
    new_factor: float = 2.0
    #: Fewest settled cases of the last half year (effective ones) by which anybody is proven.
    proven_cases: int = 60
    #: 0: just the plan's floor.
    proven_factor: float = 0.0


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one person before the draw."""

    #: Whole weeks since their start; None where no start is known.
    weeks: int | None
    #: Settled cases, as many as their weights leave effective, and the weighted share of right ones among them.
    effective: float = 0.0
    share: float = 1.0


def lower_limit(record: Record, *, level: float = 0.95) -> float:
    """The lower limit of Clopper and Pearson's two-sided interval at the record's effective size; 0 without a case.

    Formula: Beta^-1((1 - level) / 2; x, n - x + 1) with n effective cases and x = n times the share.

    Parameters
    ----------
    record : effective >= 0, share in [0, 1]; level : coverage in (0, 1)

    Returns
    -------
    share in [0, 1].

    References
    ----------
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404; at an effective size as in Korn & Graubard 1998.

    >>> round(lower_limit(Record(None, 73, 1.0)), 3), lower_limit(Record(None))
    (0.951, 0.0)
    """
    right = record.effective * record.share
    if right <= 0:
        return 0.0
    return float(scipy.special.betaincinv(right, record.effective - right + 1, (1 - level) / 2))


def standing(rule: Intensity, record: Record, *, target: float) -> str:
    """NEW, PROVEN or USUAL.

    New: fewer than `new_weeks` weeks since the start; that comes first. Proven: at least `proven_cases` effective
    settled cases, and the lower limit of their accuracy is at the target or above.

    >>> standing(Intensity(), Record(3), target=0.95), standing(Intensity(), Record(90, 120, 1.0), target=0.95)
    ('new', 'proven')
    """
    if record.weeks is not None and record.weeks < rule.new_weeks:
        return NEW
    if record.effective >= rule.proven_cases and lower_limit(record) >= target:
        return PROVEN
    return USUAL


def factor(rule: Intensity, found: str) -> float:
    """By what a person's share of a draw is multiplied; floors hold whatever it is.

    >>> factor(Intensity(), "new"), factor(Intensity(), "proven"), factor(Intensity(), "usual")
    (2.0, 0.0, 1.0)
    """
    return {NEW: rule.new_factor, PROVEN: rule.proven_factor}.get(found, 1.0)
