"""The funnel of agents: each one's figure against the cases that it rests on, between the limits of chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from calibration.accuracy import Rate
from calibration.overview import Line
from calibration.stats.estimate import FEWEST_CASES
from calibration.stats.limits import funnel_limits
from qa.core import formats
from qa.core.charts.funnel import Dot, Limit, funnel, lower_limit

#: Fewer agents than these are read better in a table.
FEWEST_AGENTS = 3
_POINTS = 40


def funnel_of(lines: Sequence[Line], total: Rate | None, *, width: float) -> Markup | None:
    """Dots at each agent's effective cases, those that a simple sample would need; None where few have a figure."""
    known = [line for line in lines if not (line.rate.in_progress or line.rate.too_little)]
    if total is None or total.in_progress or total.too_little or len(known) < FEWEST_AGENTS:
        return None
    centre = total.figure.estimate
    if not 0 < centre < 1:
        return None
    dots = [Dot(line.name, round(line.rate.figure.n_effective), line.rate.figure.estimate) for line in known]
    return around(dots, centre, title="Accuracy against the number of cases", width=width)


def around(dots: Sequence[Dot], centre: float, *, title: str, width: float) -> Markup:
    """*dots*, of at least `FEWEST_CASES` each, against the limits of chance around the share of all together."""
    most = max(dot.n for dot in dots)
    steps = np.unique(np.linspace(FEWEST_CASES, most + 1, _POINTS).round())
    curves = zip(steps.tolist(), *(limit.tolist() for limit in funnel_limits(centre, steps)), strict=True)
    limits = [Limit(int(n), low, high) for n, low, high in curves]
    under = sorted((dot.name for dot in dots if dot.value < lower_limit(limits, dot.n)), key=str.casefold)
    said = f"{len(under)} of {len(dots)} agents lie under what chance explains" if under else (
        f"all {len(dots)} agents lie within what chance explains or above"
    )  # fmt: skip
    desc = f"{said}, around {formats.share(centre)} of all together{': ' + ', '.join(under) if under else ''}."
    return funnel(dots, limits, centre, title=title, desc=desc, width=width)
