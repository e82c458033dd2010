"""What may be said of a figure, in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calibration.accuracy import Rate
from calibration.agreeing import Agreement
from calibration.stats.estimate import FEWEST_CASES, weeks_until_enough
from qa.core import formats

#: No day is named beyond so many weeks.
FURTHEST_WEEKS = 52
#: From this share of all looks on, one answer is so common that agreement by chance is near certain.
COMMON = 0.9
LEVELS = {"verdict": "on the verdict", "policy": "on the policy", "action": "on policy and action"}

KINDS = {"drop": "Accuracy dropped", "below_standard": "Below the target", "critical": "Critical error"}


def figure(rate: Rate | None, target: float) -> str:
    """A figure with interval and n, and whether it says that the target is met.

    "96% [87% – 99%] over 53 graded cases: too few to say whether 95% is met."
    """
    wanted = formats.share(target, 0)
    if rate is None or rate.figure.n + rate.figure.open == 0:
        return "No graded case yet."
    limits = formats.interval((rate.figure.low, rate.figure.high), "share")
    cases = f"{formats.count(rate.figure.n)} graded {'case' if rate.figure.n == 1 else 'cases'}"
    if rate.in_progress:
        return f"In progress: {limits}, depending on {formats.count(rate.figure.open)} cases that are still open."
    if rate.too_little or math.isnan(rate.figure.estimate):
        return f"Not enough data: {cases}, a figure needs {FEWEST_CASES} and an interval that says something."
    known = f"{formats.share(rate.figure.estimate, 0)} [{limits}] over {cases}"
    said = {
        "meets": f"the target of {wanted} is met.",
        "under": f"under the target of {wanted}.",
        "unclear": f"too few to say whether {wanted} is met.",
    }
    return f"{known}: {said[rate.says(target)]}"


def expected_on(n: int, a_week: float, today: date, *, needed: int = FEWEST_CASES) -> date | None:
    """The day on which a figure can be expected at *a_week* graded cases.

    None when there is one, when none will come, and when it takes more than a year: such a day would say too much.
    """
    weeks = weeks_until_enough(n, a_week, needed=needed)
    return None if not weeks or weeks > FURTHEST_WEEKS else today + timedelta(weeks=weeks)


@dataclass(frozen=True, slots=True)
class Quote:
    """What may be quoted of a figure, and what may not, each one sentence."""

    may: str
    may_not: str


def accuracy_quote(rate: Rate | None, since: date, until: date, about: Sequence[str] = ()) -> Quote | None:
    """What may be said of all agents together, narrowed to what *about* names; None while there is no figure."""
    if rate is None or rate.in_progress or rate.too_little or math.isnan(rate.figure.estimate):
        return None
    found = rate.figure
    limits = formats.interval((found.low, found.high), "share")
    of = f" of {' and '.join(about)}" if about else ""
    may = (
        f"Of the eligible cases{of} closed {formats.day(since)} to {formats.day(until)}, "
        f"{formats.share(found.estimate)} [{limits}] were decided like the settled decision {LEVELS[rate.match]}, "
        f"by a random sample of {formats.count(found.n)} graded cases."
    )
    return Quote(may, "Who has the higher figure decides better: queues differ, and most intervals overlap.")


def person_quote(rate: Rate | None, since: date, until: date) -> Quote | None:
    """What may be said of one agent; None while there is no figure."""
    if rate is None or rate.in_progress or rate.too_little or math.isnan(rate.figure.estimate):
        return None
    limits = formats.interval((rate.figure.low, rate.figure.high), "share")
    may = (
        f"Of the eligible cases that this agent closed {formats.day(since)} to {formats.day(until)}, "
        f"{formats.share(rate.figure.estimate)} [{limits}] were decided like the settled decision "
        f"{LEVELS[rate.match]}, by a random sample of {formats.count(rate.figure.n)} graded cases."
    )
    return Quote(may, "Somebody with another figure decides better or worse: queues differ, and intervals overlap.")


def alert_quote(kind: str, errors: int, n: int, years: float) -> Quote | None:
    """What may be said of an alert; None of a single error, which stands for itself."""
    if kind == "critical":
        return None
    counted = f"{formats.count(errors)} of {formats.count(n)} decisions in this stretch differ from the settled ones"
    if kind == "below_standard":
        may = f"{counted}, and the whole interval of these weeks lies under the target."
        return Quote(may, "Accuracy got worse: this says where it is, not where it was.")
    may = f"{counted}; chance alone reaches such evidence once in {years:g} years of one agent's cases, on average."
    return Quote(may, "This is the share of errors now: a stretch that raised an alert looks worse than what follows.")


@dataclass(frozen=True, slots=True)
class Trusted:
    """Which coefficient to read here, and why."""

    name: str
    why: str


def trusted(found: Agreement) -> Trusted:
    """Alpha, unless one answer is so common that it says little; then AC1."""
    totals = found.patterns.pairable.totals
    share = float(totals.max() / totals.sum()) if totals.size and totals.sum() > 0 else 0.0
    said = f"the most frequent answer is given in {formats.share(share, 0)} of the looks"
    if share >= COMMON:
        return Trusted("gwet_ac", f"AC1 is the one to read here: {said}, and alpha falls with such a share alone.")
    return Trusted("krippendorff_alpha", f"Alpha is the one to read here: {said}, so that it can tell answers apart.")


def agreement(found: Agreement) -> Quote | None:
    """What may be said of graders among themselves; None while there are too few cases."""
    if not found.is_enough:
        return None
    raw = found.coefficients["percent"]
    if raw["value"] is None or raw["low"] is None:
        return None
    limits = formats.interval((raw["low"], raw["high"]), "share")
    may = (
        f"Two graders who looked at the same case on their own gave the same answer in "
        f"{formats.share(raw['value'])} [{limits}] of {formats.count(found.units_paired)} cases drawn at random."
    )
    return Quote(may, "That many grades are right: two people can agree and both be wrong.")
