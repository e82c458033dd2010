"""How much harm an error does: weights by policy in play and by tier, kept as one setting with its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qa.core import preferences
from qa.core.access import Actor
from qa.core.errors import BadInput, Problem

KEY = "harm_weights"
#: What a weight can hang on.
KINDS = ("policy", "tier")
MOST = 1000.0
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """(weight of a wrong enforcement, weight of a miss) by policy in play and by tier; 1 where nothing is set.

    A case of a policy and a tier that both have weights carries their product.
    """

    policy: Mapping[str, Pair] = field(default_factory=dict)
    tier: Mapping[str, Pair] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        """Whether errors are weighted at all."""
        return bool(self.policy or self.tier)

    def of(self, policy: str, tier: str) -> Pair:
        """The weights of errors in one policy and tier."""
        one, other = self.policy.get(policy, (1.0, 1.0)), self.tier.get(tier, (1.0, 1.0))
        return one[0] * other[0], one[1] * other[1]

    def rows(self) -> list[tuple[str, str, Pair]]:
        """(kind, key, weights), policies first, by key."""
        return [(kind, key, pair) for kind in KINDS for key, pair in sorted(getattr(self, kind).items())]


def weights(at: datetime | None = None) -> Weights:
    """The weights that hold at a moment (now)."""
    return parsed(str(preferences.get(KEY, at=at)))


def put(actor: Actor, kind: str, key: str, *, over: float, missed: float) -> Weights:
    """Let errors of one policy or tier weigh so much from now on; 1 and 1 take the weights away."""
    if kind not in KINDS or not key.strip() or any(sign in key for sign in ";="):
        raise BadInput(Problem("a policy or a tier", field="about", value=f"{kind}:{key}"))
    for name, value in (("over", over), ("missed", missed)):
        if not 0 <= value <= MOST:
            raise BadInput(Problem(f"a number from 0 to {MOST:g}", field=name, value=f"{value:g}"))
    known = {one: dict(getattr(weights(), one)) for one in KINDS}
    known[kind][key] = (over, missed)
    if (over, missed) == (1.0, 1.0):
        del known[kind][key]
    found = Weights(known["policy"], known["tier"])
    preferences.put(actor, KEY, written(found))
    return found


def written(some: Weights) -> str:
    """Weights as the setting keeps them."""
    return "; ".join(f"{kind}:{key}={over:g},{missed:g}" for kind, key, (over, missed) in some.rows())


def parsed(text: str) -> Weights:
    """What a setting says; a part of it that says nothing clear counts as not set."""
    found: dict[str, dict[str, Pair]] = {kind: {} for kind in KINDS}
    for part in text.split(";"):
        about, _, numbers = part.partition("=")
        kind, _, key = about.strip().partition(":")
        pair = _pair(numbers)
        if kind in found and key and pair is not None:
            found[kind][key] = pair
    return Weights(found["policy"], found["tier"])


def _pair(numbers: str) -> Pair | None:
    try:
        over, missed = (float(number) for number in numbers.split(","))
    except ValueError:
        return None
    return (over, missed) if 0 <= over <= MOST and 0 <= missed <= MOST else None
