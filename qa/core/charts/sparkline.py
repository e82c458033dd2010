"""Sparkline: the shape of a figure in the height of a line of text, with its band."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from qa.core.charts import svg
from qa.core.charts.lines import Point
from qa.core.charts.scale import Scale

WIDTH, HEIGHT = 96.0, 24.0


def sparkline(points: Sequence[Point], *, title: str, desc: str) -> Markup:
    """The points in order, their band, a dot on the last known one. Without a known point: the axis alone."""
    values = [v for p in points for v in (p.value, p.low, p.high) if v is not None and math.isfinite(v)]
    known = [(at, p) for at, p in enumerate(points) if p.value is not None and math.isfinite(p.value)]
    parts = [svg.line(2, HEIGHT - 2, WIDTH - 2, HEIGHT - 2, "axis")]
    if known:
        low, high = min(values), max(values)
        y = Scale(low, high if high > low else low + 1, HEIGHT - 4, 4)
        x = Scale(0, max(len(points) - 1, 1), 4, WIDTH - 5)
        banded = [(at, p) for at, p in known if p.low is not None and p.high is not None]
        if len(banded) > 1:
            upper = [(x(at), y(p.high or 0)) for at, p in banded]
            lower = [(x(at), y(p.low or 0)) for at, p in reversed(banded)]
            parts.append(svg.path(upper + lower, "band c1", closed=True))
        if len(known) > 1:
            parts.append(svg.path([(x(at), y(p.value or 0)) for at, p in known], "stroke c1"))
        last = known[-1]
        parts.append(svg.mark(0, x(last[0]), y(last[1].value or 0), "fill c1", size=3))
    return svg.drawing("sparkline", width=WIDTH, height=HEIGHT, title=title, desc=desc, parts=parts)
