"""Three plans to begin with. Each is written as a plan file, so that nothing about it is hidden."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Preset:
    """A plan to begin with."""

    key: str
    label: str
    help: str
    #: What the one number means, and what it is until somebody says otherwise.
    amount_means: str
    amount: int
    #: The plan file, but for name, filter and schedule; `{amount}` is the number.
    text: str


_TIER = '[[tier]]\nname = "high"\nwhen = "severity in (high, critical) or confidence = low"\n'
PRESETS = {
    one.key: one
    for one in (
        Preset(
            "fair",
            "Fair to each person",
            "The same number of cases of everybody each week; more of who is new, just the floor of who is proven.",
            "cases of each person and week",
            12,
            'purpose = "measure"\nstrata = ["agent", "tier"]\nper_agent_week = {amount}\nmin_per_stratum = 1\n'
            'allocation = "neyman"\noverlap = 0.10\ngold = 0.02\n\n'
            "[intensity]\nnew_weeks = 8\nnew_factor = 2.0\nproven_cases = 60\nproven_factor = 0.0\n\n" + _TIER,
        ),
        Preset(
            "find",
            "Find where errors sit",
            "Most cases where most errors were found before. It counts for no one's accuracy.",
            "cases a sample",
            100,
            'purpose = "find"\nstrata = ["policy", "tier"]\nsize = {amount}\nmin_per_stratum = 1\n'
            'allocation = "risk"\noverlap = 0.0\n\n' + _TIER,
        ),
        Preset(
            "report",
            "Report to auditors",
            "A figure of everything as precise as you ask, split by policy and language. No person is singled out.",
            "points: the figure shall be known to plus or minus so many",
            3,
            'purpose = "measure"\nstrata = ["policy", "locale"]\nhalf_width = {share}\nmin_per_stratum = 2\n'
            'allocation = "proportional"\noverlap = 0.10\n',
        ),
    )
}


def written(
    preset: str, *, name: str, amount: int | None, workflow: str, every: str, zone: str, since: date | None = None
) -> str:
    """A preset as a plan file.

    >>> written("report", name="Q4", amount=5, workflow="", every="month", zone="UTC").splitlines()[:3]
    ['name = "Q4"', 'schedule = {every = "month", zone = "UTC"}', 'purpose = "measure"']
    """
    chosen = PRESETS[preset]
    size = amount or chosen.amount
    head = [f"name = {_quoted(name or chosen.label)}"]
    if workflow:
        head.append(f"filter = {{workflow = [{_quoted(workflow)}]}}")
    if every:
        head.append(f"schedule = {{every = {_quoted(every)}, zone = {_quoted(zone or 'UTC')}}}")
    if since is not None:
        head.append(f"since = {since.isoformat()}")
    body = chosen.text.replace("{amount}", str(size)).replace("{share}", f"{size / 100:.2f}")
    return "\n".join(head) + "\n" + body


def _quoted(text: str) -> str:
    """A basic string of TOML: that of JSON, in which DEL must not stand bare either."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
