"""Trying a plan out before it is kept: what it would draw now, how precise that is, what it costs, who can grade it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.core.errors import BadInput, Refused
from qa.draws import heads, previews
from qa.draws.heads import HeadCount
from qa.draws.previews import PlanPreview
from qa.plans import plans


@dataclass(frozen=True, slots=True)
class Tried:
    """A plan as it would be now; with *wrong* it cannot be followed, and the rest is empty."""

    wrong: tuple[str, ...] = ()
    preview: PlanPreview | None = None
    heads: HeadCount | None = None


def tried(text: str) -> Tried:
    """What the plan that *text* (TOML) describes would give now; reads only."""
    try:
        seen, version, frame = previews.of_definition(plans.from_toml(text))
    except BadInput as error:
        return Tried(wrong=tuple(str(problem) for problem in error.problems))
    except Refused as error:
        return Tried(wrong=(str(error),))
    return Tried(preview=seen, heads=heads.count(version, frame, seen.sizes))
