"""How many cases of each stratum a plan takes: its size in one of three ways, shared out by the pure allocation."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from qa.core.errors import Refused
from qa.draws.frames import Frame
from qa.models.plans import PlanVersion
from qa.sampling.allocation import allocate, least_size
from qa.sampling.sizes import cases_for_half_width

WEEK = timedelta(days=7)


def sizes(version: PlanVersion, frame: Frame, rates: dict[str, float] | None = None) -> dict[str, int]:
    """Stratum -> cases to draw. *rates*: expected shares of errors, for "neyman" and "risk"."""
    floor, method = version.min_per_stratum, version.allocation
    held = frame.sizes
    if "per_agent_week" in version.sizing:
        return _per_agent(version, frame, rates)
    if "half_width" in version.sizing:
        wanted = cases_for_half_width(version.sizing["half_width"]) if held else 0
    else:
        wanted = int(version.sizing["size"])
    return allocate(held, max(wanted, least_size(held, floor)), floor=floor, method=method, rates=rates)


def _per_agent(version: PlanVersion, frame: Frame, rates: dict[str, float] | None) -> dict[str, int]:
    """The agreed number of cases of every agent for each week of the window, shared out over the agent's own strata."""
    if "agent" not in version.strata:
        raise Refused("A plan with per_agent_week needs agent among its strata.")
    place = list(version.strata).index("agent")
    wanted = ceil(version.sizing["per_agent_week"] * weeks(frame))
    groups: dict[str, dict[str, int]] = {}
    for key, count in frame.sizes.items():
        groups.setdefault(_parts(key)[place], {})[key] = count
    found: dict[str, int] = {}
    for held in groups.values():
        floor = version.min_per_stratum
        size = max(wanted, least_size(held, floor))
        found |= allocate(held, size, floor=floor, method=version.allocation, rates=rates)
    return found


def weeks(frame: Frame) -> int:
    """Whole weeks that the window stands for, at least one: of framed time, or of the cases' own closing at first."""
    start = frame.window_from or frame.first_closed_at
    return 1 if start is None else max(1, round((frame.window_to - start) / WEEK))


def _parts(key: str) -> list[str]:
    r"""The values of a stratum's key, which `|` joins and `\` shields.

    >>> _parts(r"a\|b|high")
    ['a|b', 'high']
    """
    parts, now, shielded = [], "", False
    for letter in key:
        if shielded or letter not in "\\|":
            now, shielded = now + letter, False
        elif letter == "\\":
            shielded = True
        else:
            parts.append(now)
            now = ""
    return [*parts, now]
