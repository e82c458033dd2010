"""Dot column: the votes on one case, a dot each, over the decision they were for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.core.charts import svg

DOT = 15.0
#: Dots above each other, before a second column of them stands beside the first: many people still fit a screen.
TALL = 12


@dataclass(frozen=True, slots=True)
class Votes:
    """How often a decision was given; *names* if the session shows them; *agreed*: the consensus."""

    decision: str
    count: int
    names: Sequence[str] = ()
    agreed: bool = False


def dot_columns(votes: Sequence[Votes], *, title: str, desc: str, width: float = 480) -> Markup:
    """A column of dots for each decision, its count above and its name under it; the agreed one says so."""
    most = max([vote.count for vote in votes] + [1])
    wide = (width - 16) / max(len(votes), 1)
    tall = max(min(most, TALL), math.ceil(most / max(int((wide - 6) // DOT), 1)))
    base = 24 + DOT * tall
    parts = [svg.line(8, base + 2, width - 8, base + 2, "axis")]
    for at, vote in enumerate(votes):
        x = 8 + wide * (at + 0.5)
        colour = "c1" if vote.agreed or not any(one.agreed for one in votes) else "grey"
        for up in range(vote.count):
            name = vote.names[up] if up < len(vote.names) else ""
            aside = x + DOT * (up // tall - (math.ceil(vote.count / tall) - 1) / 2)
            place = base - DOT * (up % tall + 0.5)
            parts.append(svg.mark(0, aside, place, f"fill {colour}", size=6, said=name or vote.decision))
        top = base - DOT * min(vote.count, tall) - 9
        parts.append(svg.text(x, top, str(vote.count), anchor="middle", class_="strong"))
        parts.append(svg.name(vote.decision, x, base + 15, wide - 6, anchor="middle"))
        if vote.agreed:
            parts.append(svg.text(x, base + 31, "✓ agreed", anchor="middle"))
    return svg.drawing("votes", width=width, height=base + 42, title=title, desc=desc, parts=parts)
