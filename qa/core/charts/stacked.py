"""Stacked share: how each row divides into a few kinds, with the interval of the first kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.core import formats
from qa.core.charts import svg
from qa.core.charts.scale import Scale, percent

STEP = 34.0


@dataclass(frozen=True, slots=True)
class Stack:
    """A row: counts in the order of the kinds; *low* and *high*: the interval of the first kind's share."""

    name: str
    counts: Sequence[int]
    low: float | None = None
    high: float | None = None


def stacked_share(rows: Sequence[Stack], kinds: Sequence[str], *, title: str, desc: str, width: float = 640) -> Markup:
    """One bar a row over 0..100 %, at most four kinds, which are named once, above. n at the right edge."""
    if not 1 <= len(kinds) <= 4 or any(len(row.counts) != len(kinds) for row in rows):
        raise ValueError("Stacks take one to four kinds, and each row a count for each.")
    names = svg.label_width([row.name for row in rows], at_most=width * 0.36)
    scale = Scale(0.0, 1.0, names + 14, width - 62)
    top = 30.0
    bottom = top + STEP * len(rows)
    parts = [*_kinds(kinds, names + 14)]
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(svg.line(scale(value), top, scale(value), bottom, "axis"))
        parts.append(svg.text(scale(value), bottom + 14, percent(value), anchor="middle"))
    for at, row in enumerate(rows):
        parts += _stack(row, kinds, top + STEP * (at + 0.5), scale, names, width)
    return svg.drawing("stacked", width=width, height=bottom + 26, title=title, desc=desc, parts=parts)


def _kinds(kinds: Sequence[str], x: float) -> list[Markup]:
    parts = []
    for at, kind in enumerate(kinds):
        parts.append(svg.mark(at, x + 6, 10, f"fill c{at + 1}"))
        parts.append(svg.text(x + 16, 10, kind))
        x += 34 + len(kind) * svg.CHARACTER
    return parts


def _stack(row: Stack, kinds: Sequence[str], y: float, scale: Scale, names: float, width: float) -> list[Markup]:
    total = sum(row.counts)
    parts = [
        svg.name(row.name, names + 4, y, names),
        svg.text(width - 2, y, f"n={formats.count(total)}", anchor="end"),
    ]
    if not total:
        return [*parts, svg.text(scale(0) + 4, y, "no cases")]
    start = 0
    for at, count in enumerate(row.counts):
        left, right = scale(start / total), scale((start + count) / total)
        start += count
        if count:
            said = f"{row.name}, {kinds[at]}: {count} of {total} ({formats.share(count / total, 0)})"
            parts.append(
                svg.node(
                    "rect",
                    svg.tip(said),
                    x=left,
                    y=y - 10,
                    width=right - left,
                    height=20.0,
                    class_=f"fill seam c{at + 1}",
                )
            )
    if row.low is not None and row.high is not None:
        # Under the bar, not on it: no ink is seen on all four colours.
        parts.append(svg.line(scale(row.low), y + 13, scale(row.high), y + 13, "over"))
        parts += [svg.line(scale(end), y + 10, scale(end), y + 16, "over") for end in (row.low, row.high)]
    return parts
