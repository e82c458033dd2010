"""The page of weights: by which name they are set, what holds, and what held before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calibration import periods, summing
from calibration.harm import weights as harm
from calibration.harm.weights import Pair
from qa.core import admin_queries, released
from qa.core.access import Actor
from qa.policies import queries as policy_queries


@dataclass(frozen=True, slots=True)
class HarmPage:
    """Weights under their names: (what, over-enforced, missed); and the setting's past, the latest first."""

    rows: Sequence[tuple[str, Pair]]
    history: Sequence[admin_queries.SettingLine]


def shown() -> HarmPage:
    """What holds now, and what held when."""
    rows = harm.weights().rows()
    named = _named({(kind, key) for kind, key, _ in rows})
    return HarmPage([(named[kind, key], pair) for kind, key, pair in rows], admin_queries.history(harm.KEY))


def choices(reader: Actor) -> list[tuple[str, str]]:
    """(value, name) of all that a weight can hang on: policies and tiers of the last 13 weeks, and what has one.

    As far as *reader* is told what came out, so that not even what the answer costs shows what was settled since.
    """
    seen = summing.summed(periods.period(known_at=released.known_at(reader)), "tier")
    met = {("policy", seen.words[number]) for number in seen.numbers["policy"]}
    met |= {("tier", seen.words[number]) for number in seen.split}
    named = _named(met | {(kind, key) for kind, key, _ in harm.weights().rows()})
    return [(f"{kind}:{key}", said) for (kind, key), said in sorted(named.items(), key=lambda one: (one[0][0], one[1]))]


def _named(some: set[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    labels = policy_queries.labels(sorted(key for kind, key in some if kind == "policy"))
    return {(kind, key): labels[key] if kind == "policy" else f"Tier {key}" for kind, key in some if key}
