"""Bars from zero, each with its whisker and n."""

from collections.abc import Sequence

from markupsafe import Markup

from qa.core import formats
from qa.core.charts import svg
from qa.core.charts.rows import Order, Row, ordered, split
from qa.core.charts.scale import Scale, Written, percent, ticks

STEP = 34.0


def bars(
    rows: Sequence[Row],
    *,
    title: str,
    desc: str,
    order: Order = "value",
    target: float | None = None,
    minimum: int = 1,
    written: Written = percent,
    width: float = 640,
) -> Markup:
    """A bar a row, from zero; a marked row has the second colour and a diamond. n at the right edge."""
    drawn = ordered(split(rows, minimum)[0], order, target)
    names = svg.label_width([row.name for row in drawn], at_most=width * 0.36)
    top = max([row.high or 0.0 for row in drawn] + [target or 0.0, 1e-6])
    marks = ticks(0.0, top)
    scale = Scale(0.0, marks[-1], names + 14, width - 112)
    bottom = 22 + STEP * len(drawn)
    parts = []
    for value in marks:
        parts.append(svg.line(scale(value), 18, scale(value), bottom, "axis"))
        parts.append(svg.text(scale(value), bottom + 14, written(value), anchor="middle"))
    for at, row in enumerate(drawn):
        parts += _bar(row, 22 + STEP * (at + 0.5), scale, names, width, written)
    if target is not None:
        parts.append(svg.line(scale(target), 16, scale(target), bottom, "target"))
        parts.append(svg.text(scale(target), 8, f"Target {written(target)}", anchor="middle"))
    return svg.drawing("bars", width=width, height=bottom + 26, title=title, desc=desc, parts=parts)


def _bar(row: Row, y: float, scale: Scale, names: float, width: float, written: Written) -> list[Markup]:
    assert row.estimate is not None and row.low is not None and row.high is not None
    colour = "c2" if row.marked else "c1"
    said = f"{row.name}: {written(row.estimate)}, interval {written(row.low)} to {written(row.high)}, n={row.n}"
    parts = [
        svg.name(row.name, names + 4, y, names),
        svg.node(
            "rect",
            svg.tip(said),
            x=scale(0),
            y=y - 10,
            width=max(scale(row.estimate) - scale(0), 1.0),
            height=20.0,
            rx=2,
            class_=f"fill {colour}",
        ),
        svg.line(scale(row.low), y, scale(row.high), y, "over"),
        svg.line(scale(row.low), y - 4, scale(row.low), y + 4, "over"),
        svg.line(scale(row.high), y - 4, scale(row.high), y + 4, "over"),
        svg.text(width - 56, y, written(row.estimate), anchor="end", class_="strong"),
        svg.text(width - 2, y, f"n={formats.count(row.n)}", anchor="end"),
    ]
    if row.marked:
        parts.append(svg.mark(1, width - 100, y, "fill c2", size=4, said="needs a look"))
    return parts
