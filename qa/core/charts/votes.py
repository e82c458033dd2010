"""Dot column: the votes on one case, a dot each, over the decision they were for."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.core.charts import svg

DOT = 15.0


@dataclass(frozen=True, slots=True)
class Votes:
    """How often a decision was given; *names* if the session shows them; *agreed*: the consensus."""

    decision: str
    count: int
    names: Sequence[str] = ()
    agreed: bool = False


def dot_columns(votes: Sequence[Votes], *, title: str, desc: str, width: float = 480) -> Markup:
    """A column of dots for each decision, its count above and its name under it; the agreed one says so."""
    tallest = max([vote.count for vote in votes] + [1])
    base = 24 + DOT * tallest
    wide = (width - 16) / max(len(votes), 1)
    parts = [svg.line(8, base + 2, width - 8, base + 2, "axis")]
    for at, vote in enumerate(votes):
        x = 8 + wide * (at + 0.5)
        colour = "c1" if vote.agreed or not any(one.agreed for one in votes) else "grey"
        for up in range(vote.count):
            name = vote.names[up] if up < len(vote.names) else ""
            parts.append(svg.mark(0, x, base - DOT * (up + 0.5), f"fill {colour}", size=6, said=name or vote.decision))
        parts.append(svg.text(x, base - DOT * vote.count - 9, str(vote.count), anchor="middle", class_="strong"))
        parts.append(svg.name(vote.decision, x, base + 15, wide - 6, anchor="middle"))
        if vote.agreed:
            parts.append(svg.text(x, base + 31, "✓ agreed", anchor="middle"))
    return svg.drawing("votes", width=width, height=base + 42, title=title, desc=desc, parts=parts)
