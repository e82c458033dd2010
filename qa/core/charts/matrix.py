"""Confusion matrix: what was decided against what stands, with the number in every cell."""

from collections.abc import Sequence

from markupsafe import Markup

from qa.core import formats
from qa.core.charts import svg

CELL_HEIGHT = 46.0
HEAD = 44.0


def confusion_matrix(
    counts: Sequence[Sequence[int]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    title: str,
    desc: str,
    rows_are: str,
    columns_are: str,
    width: float = 480,
) -> Markup:
    """Counts and shares of their row. Cells where row and column have the same name lie on the blue scale,
    the others are the second colour, stronger with their share.

    *rows_are* and *columns_are* say what the two sides mean. A row without cases is dashes.
    """
    if len(counts) != len(rows) or any(len(line) != len(columns) for line in counts):
        raise ValueError("A matrix has a row of counts for each row name, and in it one for each column name.")
    left = svg.label_width([*rows, rows_are], at_most=width * 0.3) + 10
    wide = (width - left) / max(len(columns), 1)
    parts = [
        svg.text(left + (width - left) / 2, 9, columns_are, anchor="middle"),
        svg.text(left - 10, HEAD - 12, rows_are, anchor="end"),
    ]
    for at, name in enumerate(columns):
        place = left + wide * (at + 0.5)
        parts.append(svg.name(name, place, HEAD - 12, wide - 6, anchor="middle"))
    for down, (name, line) in enumerate(zip(rows, counts, strict=True)):
        y = HEAD + CELL_HEIGHT * down
        parts.append(svg.name(name, left - 10, y + CELL_HEIGHT / 2, left - 12))
        for across, count in enumerate(line):
            parts += _cell(
                count,
                sum(line),
                left + wide * across,
                y,
                wide,
                f"{name} · {columns[across]}",
                name == columns[across],
            )
    height = HEAD + CELL_HEIGHT * len(rows) + 4
    return svg.drawing("matrix", width=width, height=height, title=title, desc=desc, parts=parts)


def shade(share: float) -> int:
    """The step 1..5 of the one-way scale for a share 0..1: steps, not a gradient.

    >>> [shade(s) for s in (0.0, 0.2, 0.5, 0.99, 1.0)]
    [1, 2, 3, 5, 5]
    """
    return min(int(share * 5) + 1, 5)


def shade_of_difference(share: float) -> int:
    """The step 1..4 of the second colour for a share 0..1 of a row that went elsewhere; small shares are told apart.

    >>> [shade_of_difference(s) for s in (0.03, 0.05, 0.15, 0.6)]
    [1, 2, 3, 4]
    """
    return 1 + sum(share >= bound for bound in (0.05, 0.1, 0.2))


def _cell(count: int, total: int, x: float, y: float, wide: float, said: str, same: bool) -> list[Markup]:
    share = count / total if total else 0.0
    step = shade(share)
    if count == 0:
        ground, ink = "q0", ""
    elif same:
        ground, ink = f"q{step}", "on-q5" if step == 5 else "on-q"
    else:
        ground, ink = f"fill c2 o{shade_of_difference(share)}", "on-cell"
    share_text = formats.share(share, 0) if total else formats.DASH
    words = f"{said}: {count} of {total}" + (f" ({share_text})" if total else "")
    return [
        svg.node(
            "rect",
            svg.tip(words),
            x=x + 1,
            y=y + 1,
            width=wide - 2,
            height=CELL_HEIGHT - 2,
            rx=3,
            class_=ground,
        ),
        svg.text(
            x + wide / 2,
            y + CELL_HEIGHT / 2 - 8,
            formats.count(count) if total else formats.DASH,
            anchor="middle",
            class_=f"big {ink}".strip(),
        ),
        svg.text(x + wide / 2, y + CELL_HEIGHT / 2 + 9, share_text, anchor="middle", class_=ink or None),
    ]
