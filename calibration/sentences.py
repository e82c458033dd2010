"""What may be said of a figure, in one sentence."""

from __future__ import annotations

import math
from datetime import date, timedelta

from calibration.accuracy import Rate
from calibration.stats.estimate import FEWEST_CASES, weeks_until_enough
from qa.core import formats

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


def expected_on(n: int, a_week: float, today: date) -> date | None:
    """The day on which a figure can be expected at *a_week* graded cases; None when there is one, or none will come."""
    weeks = weeks_until_enough(n, a_week)
    return None if not weeks else today + timedelta(weeks=weeks)
