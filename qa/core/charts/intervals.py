"""Interval plot: a dot with its whisker a row, against a target."""

from collections.abc import Sequence

from markupsafe import Markup

from qa.core import formats
from qa.core.charts import svg
from qa.core.charts.rows import Order, Row, is_under, ordered, split
from qa.core.charts.scale import Scale, Written, around, percent, ticks

STEP = 26.0


def interval_plot(
    rows: Sequence[Row],
    *,
    title: str,
    desc: str,
    order: Order,
    target: float | None = None,
    minimum: int = 1,
    written: Written = percent,
    floor: float | None = 0.0,
    ceiling: float | None = 1.0,
    width: float = 560,
) -> Markup:
    """Rows of at least *minimum* cases as dot and whisker; a row is a diamond in the second colour only if
    its whole interval lies under the *target*. *order* is ``person`` for persons, who are never sorted by value.

    The rows left out are named by :func:`qa.core.charts.rows.too_few`.
    """
    drawn = ordered(split(rows, minimum)[0], order, target)
    names = svg.label_width([row.name for row in drawn], at_most=width * 0.32)
    scale = _scale(drawn, target, floor, ceiling, (names + 16, width - 100))
    bottom = 26 + STEP * len(drawn)
    parts = [*_axis(scale, bottom, target, written)]
    for at, row in enumerate(drawn):
        parts += _row(row, 26 + STEP * (at + 0.5), scale, target, names, width, written)
    return svg.drawing("intervals", width=width, height=bottom + 26, title=title, desc=desc, parts=parts)


def _scale(
    rows: Sequence[Row],
    target: float | None,
    floor: float | None,
    ceiling: float | None,
    room: tuple[float, float],
) -> Scale:
    values = [value for row in rows for value in (row.low, row.high)] + [target]
    low, high = around(values, floor=floor, ceiling=ceiling)
    return Scale(low, high, *room)


def _axis(scale: Scale, bottom: float, target: float | None, written: Written) -> list[Markup]:
    parts = []
    for value in ticks(scale.low, scale.high):
        if scale.low <= value <= scale.high:
            parts.append(svg.line(scale(value), 22, scale(value), bottom, "axis"))
            parts.append(svg.text(scale(value), bottom + 14, written(value), anchor="middle"))
    if target is not None:
        parts.append(svg.line(scale(target), 18, scale(target), bottom, "target"))
        parts.append(svg.text(scale(target), 9, f"Target {written(target)}", anchor="middle"))
    return parts


def _row(
    row: Row, y: float, scale: Scale, target: float | None, names: float, width: float, written: Written
) -> list[Markup]:
    assert row.estimate is not None and row.low is not None and row.high is not None
    under = is_under(row, target)
    colour = "c2" if under else "c1"
    said = f"{row.name}: {written(row.estimate)}, interval {written(row.low)} to {written(row.high)}, n={row.n}"
    return [
        svg.name(row.name, names + 4, y, names),
        svg.line(scale(row.low), y, scale(row.high), y, f"whisker {colour}"),
        svg.mark(
            1 if under else 0,
            scale(row.estimate),
            y,
            f"fill {colour}",
            size=5,
            said=said + (", under the target" if under else ""),
        ),
        svg.text(width - 56, y, written(row.estimate), anchor="end", class_="strong"),
        svg.text(width - 2, y, f"n={formats.count(row.n)}", anchor="end"),
    ]
