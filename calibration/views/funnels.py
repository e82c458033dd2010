"""The funnel of agents: each one's figure against the cases that it rests on, between the limits of chance."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from calibration.accuracy import Rate
from calibration.overview import Line
from calibration.stats.estimate import FEWEST_CASES
from calibration.stats.limits import funnel_curve
from qa.core.charts.funnel import FEWEST_DOTS, Dot, Limit, of_agents


def funnel_of(lines: Sequence[Line], total: Rate | None, *, width: float) -> Markup | None:
    """Dots at each agent's effective cases, those that a simple sample would need; None where few have a figure."""
    known = [line for line in lines if not (line.rate.in_progress or line.rate.too_little)]
    if total is None or total.in_progress or total.too_little or len(known) < FEWEST_DOTS:
        return None
    centre = total.figure.estimate
    if not 0 < centre < 1:
        return None
    dots = [Dot(line.name, round(line.rate.figure.n_effective), line.rate.figure.estimate) for line in known]
    curve = funnel_curve(centre, FEWEST_CASES, max(dot.n for dot in dots))
    limits = [Limit(*point) for point in curve]
    return of_agents(dots, limits, centre, title="Accuracy against the number of cases", width=width)
