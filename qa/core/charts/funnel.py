"""Funnel: shares against their n between two limit curves, so that a small n is not read as a bad share."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.core import formats
from qa.core.charts import svg
from qa.core.charts.scale import Scale, Written, around, percent, ticks

#: Fewer dots than these are read better in a table.
FEWEST_DOTS = 3
#: Of more than these, one that lies where chance explains it is drawn without its words: nobody could point at it.
MOST_NAMED = 150
TOP, BOTTOM, LEFT, RIGHT = 16.0, 42.0, 46.0, 74.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One unit: its share and the n that it rests on."""

    name: str
    n: int
    value: float


@dataclass(frozen=True, slots=True)
class Limit:
    """Where the limits stand at *n*, were the unit exactly at the centre."""

    n: int
    low: float
    high: float


def of_agents(dots: Sequence[Dot], limits: Sequence[Limit], centre: float, *, title: str, width: float) -> Markup:
    """The funnel of agents around the share of all together, which says in words who lies under the lower limit."""
    under = sorted((dot.name for dot in dots if dot.value < lower_limit(limits, dot.n)), key=str.casefold)
    said = f"{len(under)} of {len(dots)} agents lie under what chance explains" if under else (
        f"all {len(dots)} agents lie within what chance explains or above"
    )  # fmt: skip
    desc = f"{said}, around {formats.share(centre)} of all together{': ' + ', '.join(under) if under else ''}."
    return funnel(dots, limits, centre, title=title, desc=desc, width=width)


def funnel(
    dots: Sequence[Dot],
    limits: Sequence[Limit],
    centre: float,
    *,
    title: str,
    desc: str,
    centre_words: str = "All together",
    written: Written = percent,
    width: float = 640,
    height: float = 300,
) -> Markup:
    """Dots against n; one under its lower limit is a named diamond in the second colour."""
    if len(limits) < 2:
        raise ValueError("A funnel needs its limits at two or more n.")
    values = [v for limit in limits for v in (limit.low, limit.high)] + [dot.value for dot in dots]
    low, high = around(values, floor=0.0, ceiling=1.0)
    most = ticks(0, max([dot.n for dot in dots] + [limits[-1].n, 1]))
    x = Scale(0, most[-1], LEFT, width - RIGHT)
    y = Scale(low, high, height - BOTTOM, TOP)
    parts = [*_axes(x, y, most, written, width - RIGHT)]
    for side in ("low", "high"):
        parts.append(svg.path([(x(at.n), y(getattr(at, side))) for at in limits], "limit dash2"))
    parts.append(svg.line(LEFT, y(centre), width - RIGHT, y(centre), "target"))
    parts.append(svg.text(width - RIGHT + 6, y(centre), written(centre)))
    parts.append(svg.text(width - RIGHT, TOP - 8, centre_words, anchor="end"))
    lone = list(dots)
    if len(dots) > MOST_NAMED:
        lone = [dot for dot in dots if dot.value < lower_limit(limits, dot.n)]
        inside = [(x(dot.n), y(dot.value)) for dot in dots if dot.value >= lower_limit(limits, dot.n)]
        parts.append(svg.crowd(inside, "crowd c1"))
    for dot in sorted(lone, key=lambda one: one.name.casefold()):
        parts += _dot(dot, limits, x, y, written)
    return svg.drawing("funnel", width=width, height=height, title=title, desc=desc, parts=parts)


def lower_limit(limits: Sequence[Limit], n: int) -> float:
    """The lower limit at *n*, along the drawn curve; beyond its ends the nearer end.

    >>> lower_limit([Limit(10, 0.5, 1.0), Limit(20, 0.75, 1.0)], 15)
    0.625
    """
    if n <= limits[0].n:
        return limits[0].low
    place = bisect_left(limits, n, key=lambda limit: limit.n)
    if place == len(limits):
        return limits[-1].low
    before, after = limits[place - 1], limits[place]
    return before.low + (n - before.n) / (after.n - before.n) * (after.low - before.low)


def _axes(x: Scale, y: Scale, most: list[float], written: Written, right: float) -> list[Markup]:
    parts = []
    for value in ticks(y.low, y.high):
        if y.low <= value <= y.high:
            parts.append(svg.line(LEFT, y(value), right, y(value), "axis"))
            parts.append(svg.text(LEFT - 8, y(value), written(value), anchor="end"))
    for value in most:
        parts.append(svg.text(x(value), y.start + 15, formats.count(value), anchor="middle"))
    parts.append(svg.text((LEFT + right) / 2, y.start + 32, "cases (n)", anchor="middle"))
    return parts


def _dot(dot: Dot, limits: Sequence[Limit], x: Scale, y: Scale, written: Written) -> list[Markup]:
    under = dot.value < lower_limit(limits, dot.n)
    said = f"{dot.name}: {written(dot.value)}, n={dot.n}{', under the lower limit' if under else ''}"
    parts = [svg.mark(1 if under else 0, x(dot.n), y(dot.value), "fill c2" if under else "hollow c1", said=said)]
    if under:
        parts.append(svg.text(x(dot.n) + 9, y(dot.value), dot.name, class_="strong"))
    return parts
