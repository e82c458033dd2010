"""The few words of SVG that the charts are written in: everything that comes in as text is escaped."""

from collections.abc import Iterable

from markupsafe import Markup, escape

#: Width of one character of the 11.5 px chart face, in px; on the generous side for English labels.
CHARACTER = 6.4

Attribute = str | float | int | None


def node(name: str, *children: str, **attributes: Attribute) -> Markup:
    """One element; ``class_`` is written ``class``, ``text_anchor`` is ``text-anchor``; None is left out."""
    # Charts of 300 rows have thousands of elements: each text is escaped once, and the pieces are joined as they are.
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_figure(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(str(escape(child)) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>")


def drawing(kind: str, *, width: float, height: float, title: str, desc: str, parts: Iterable[str]) -> Markup:
    """The whole picture: it scales with its place, and says in words what it shows."""
    if not title.strip() or not desc.strip():
        raise ValueError("A chart needs a title and a finding in one sentence.")
    inside = Markup("").join(escape(part) for part in parts)
    head = node("title", title) + node("desc", desc)
    frame = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg {}" viewBox="0 0 {} {}" role="img">{}{}</svg>'
    )
    kind = f"{kind} compact" if width < 500 else f"{kind} wide" if width > 900 else kind
    return frame.format(kind, _figure(width), _figure(height), head, inside)


def text(x: float, y: float, said: str, *, anchor: str = "start", class_: str | None = None) -> Markup:
    """A line of writing whose middle lies at *y*."""
    return node("text", said, x=x, y=y + 4, text_anchor=anchor if anchor != "start" else None, class_=class_)


def name(said: str, x: float, y: float, width: float, *, anchor: str = "end") -> Markup:
    """A name at an edge of the chart: shortened to *width* px, in full when it is pointed at."""
    short = fitted(said, width)
    return node("text", tip(said), short, x=x, y=y + 4, text_anchor=anchor, class_="strong")


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return node("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def path(points: Iterable[tuple[float, float]], class_: str, *, closed: bool = False) -> Markup:
    """A line through *points*, never smoothed."""
    steps = " L".join(f"{_figure(x)} {_figure(y)}" for x, y in points)
    return node("path", d=f"M{steps}{' Z' if closed else ''}", class_=class_)


def crowd(points: Iterable[tuple[float, float]], class_: str) -> Markup:
    """Many points of one series as one element, each a stroke of no length with a round end."""
    return node("path", d="".join(f"M{_figure(x)} {_figure(y)}h0" for x, y in points), class_=class_)


def tip(said: str) -> Markup:
    """The words of one mark, shown when it is pointed at."""
    return node("title", said)


def mark(shape: int, x: float, y: float, class_: str, *, size: float = 4.5, said: str = "") -> Markup:
    """A point in the shape of its series: circle, diamond, square, triangle, in this order."""
    inside = [tip(said)] if said else []
    if shape % 4 == 0:
        return node("circle", *inside, cx=x, cy=y, r=size, class_=class_)
    far, near = size * 1.3, size * 0.9
    outlines = {
        1: [(x, y - far), (x + far, y), (x, y + far), (x - far, y)],
        2: [(x - near, y - near), (x + near, y - near), (x + near, y + near), (x - near, y + near)],
        3: [(x, y - far), (x + far, y + near), (x - far, y + near)],
    }
    steps = " L".join(f"{_figure(a)} {_figure(b)}" for a, b in outlines[shape % 4])
    return node("path", *inside, d=f"M{steps} Z", class_=class_)


def fitted(said: str, width: float) -> str:
    """*said*, shortened with an ellipsis where it would be wider than *width* px."""
    room = max(int(width / CHARACTER), 2)
    return said if len(said) <= room else said[: room - 1].rstrip() + "…"


def label_width(labels: Iterable[str], *, at_most: float) -> float:
    """Room for the longest of *labels*, in px."""
    return min(max((len(label) for label in labels), default=0) * CHARACTER + 4, at_most)


def spread(wanted: list[float], *, apart: float, low: float, high: float) -> list[float]:
    """Places near *wanted*, in the same order, at least *apart* from each other, and not over *high*.

    Labels at the ends of lines that meet must not lie on each other.

    >>> spread([10.0, 11.0, 40.0], apart=14.0, low=0.0, high=100.0)
    [10.0, 24.0, 40.0]
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed = [0.0] * len(wanted)
    last = low - apart
    for at in order:
        last = placed[at] = max(wanted[at], last + apart, low)
    last = high + apart
    for at in reversed(order):
        last = placed[at] = min(placed[at], last - apart)
    return placed


def _figure(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return str(value)
