"""Line with band: how a figure went over time, with its interval, against a target."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from qa.core.charts import svg
from qa.core.charts.scale import Scale, Written, around, percent, ticks

DASHES = ("", " dash2", " dash3", " dash4")
TOP, BOTTOM, LEFT = 14.0, 34.0, 44.0


@dataclass(frozen=True, slots=True)
class Point:
    """One period. Limits without a *value*: in progress, a range and no dot. Without all three: a gap."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A named line; its points stand at equal distances and are shared by all series of a chart."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened in the period of that place."""

    at: int
    said: str


def line_chart(
    series: Sequence[Series],
    *,
    title: str,
    desc: str,
    target: float | None = None,
    target_name: str = "Target",
    written: Written = percent,
    floor: float | None = 0.0,
    ceiling: float | None = 1.0,
    width: float = 640,
    height: float = 260,
    marks: Sequence[Mark] = (),
) -> Markup:
    """One to four lines with their bands, named at their ends. More than four: draw small multiples."""
    if not 1 <= len(series) <= 4 or len({len(one.points) for one in series}) != 1 or not series[0].points:
        raise ValueError("A line chart takes one to four series over the same periods.")
    values = [v for one in series for point in one.points for v in (point.value, point.low, point.high)] + [target]
    low, high = around(values, floor=floor, ceiling=ceiling)
    ends = [_end_words(one, written) for one in series] + (
        [f"{target_name} {written(target)}"] if target is not None else []
    )
    right = width - svg.label_width(ends, at_most=width * 0.3) - 14
    y = Scale(low, high, height - BOTTOM, TOP)
    x = Scale(0, max(len(series[0].points) - 1, 1), LEFT + 6, right)
    parts = [*_axes(series[0].points, x, y, target, written, right)]
    for at, one in enumerate(series):
        parts += _line(one, at, x, y, written)
    parts += _ends(series, ends, y, target, right + 10)
    parts += _marks(marks, x, y)
    return svg.drawing("line", width=width, height=height, title=title, desc=desc, parts=parts)


def _axes(
    points: Sequence[Point], x: Scale, y: Scale, target: float | None, written: Written, right: float
) -> list[Markup]:
    parts = []
    for value in ticks(y.low, y.high):
        if y.low <= value <= y.high:
            parts.append(svg.line(LEFT, y(value), right, y(value), "axis"))
            parts.append(svg.text(LEFT - 8, y(value), written(value), anchor="end"))
    if target is not None:
        parts.append(svg.line(LEFT, y(target), right, y(target), "target"))
    every = max(math.ceil(len(points) / 6), 1)
    for at in range(len(points) - 1, -1, -every):
        parts.append(svg.text(x(at), y.start + 16, points[at].label, anchor="middle"))
    return parts


def _marks(marks: Sequence[Mark], x: Scale, y: Scale) -> list[Markup]:
    """A line from top to bottom for each. The last one's words stand behind it, others' before, where there is room."""
    parts, ordered = [], sorted(marks, key=lambda one: one.at)
    room = x.end - x.start
    for turn, mark in enumerate(ordered):
        done = (x(mark.at) - x.start) / room if room else 0.0
        is_behind = done < 0.2 or turn == len(ordered) - 1 and done < 0.8
        side = {"anchor": "start"} if is_behind else {"anchor": "end"}
        parts.append(svg.line(x(mark.at), y.end, x(mark.at), y.start, "axis dash2"))
        parts.append(svg.text(x(mark.at) + (6 if is_behind else -6), y.end + 8, mark.said, **side))
    return parts


def _line(one: Series, at: int, x: Scale, y: Scale, written: Written) -> list[Markup]:
    colour = f"c{at + 1}"
    parts = []
    for known, run in groupby(enumerate(one.points), key=lambda pair: _is_known(pair[1].value)):
        places = list(run)
        if not known:
            continue
        banded = [(i, p.low, p.high) for i, p in places if _is_known(p.low) and _is_known(p.high)]
        if len(banded) > 1:
            upper = [(x(i), y(high or 0)) for i, _, high in banded]
            lower = [(x(i), y(low or 0)) for i, low, _ in reversed(banded)]
            parts.append(svg.path(upper + lower, f"band {colour}", closed=True))
        elif banded:
            parts.append(_whisker(banded[0], x, y, colour))
        if len(places) > 1:
            parts.append(svg.path([(x(i), y(p.value or 0)) for i, p in places], f"stroke {colour}{DASHES[at]}"))
    for i, point in enumerate(one.points):
        if _is_known(point.value):
            parts.append(
                svg.mark(
                    at,
                    x(i),
                    y(point.value or 0),
                    f"hollow {colour}",
                    size=3.5,
                    said=_words(one, point, written),
                )
            )
        elif _is_known(point.low) and _is_known(point.high):
            parts.append(
                _whisker((i, point.low, point.high), x, y, colour + " dash3", said=_words(one, point, written))
            )
    return parts


def _whisker(place: tuple[int, float | None, float | None], x: Scale, y: Scale, colour: str, said: str = "") -> Markup:
    i, low, high = place
    inside = [svg.tip(said)] if said else []
    return svg.node("line", *inside, x1=x(i), y1=y(low or 0), x2=x(i), y2=y(high or 0), class_=f"whisker {colour}")


def _words(one: Series, point: Point, written: Written) -> str:
    limits = ""
    if point.low is not None and point.high is not None:
        limits = f"{written(point.low)} to {written(point.high)}"
    n = "" if point.n is None else f", n={point.n}"
    if not _is_known(point.value):
        return f"{one.name}, {point.label}: in progress, {limits}{n}"
    return f"{one.name}, {point.label}: {written(point.value or 0)}{', interval ' + limits if limits else ''}{n}"


def _end_words(one: Series, written: Written) -> str:
    last = next((p.value for p in reversed(one.points) if _is_known(p.value)), None)
    return one.name if last is None else f"{one.name} {written(last)}"


def _ends(series: Sequence[Series], ends: list[str], y: Scale, target: float | None, left: float) -> list[Markup]:
    lasts = [next((p.value for p in reversed(one.points) if _is_known(p.value)), y.low) for one in series]
    heights = [y(last if last is not None else y.low) for last in lasts] + ([y(target)] if target is not None else [])
    places = svg.spread(heights, apart=15, low=y.end, high=y.start)
    return [
        svg.text(left, place, said, class_="strong" if at < len(series) else None)
        for at, (place, said) in enumerate(zip(places, ends, strict=True))
    ]


def _is_known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
