"""Which cases a draw may take, and into which strata they fall."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qa.sampling.conditions import Cells, Condition, parse

#: The column under which strata name the tier, and the tier of a case that no rule claims.
TIER = "tier"
REST = "rest"

#: The key of the one stratum of a plan without strata.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Tier:
    """One class of risk: a case belongs to the first tier whose condition it meets."""

    name: str
    when: Condition


def tiers_of(rules: Iterable[tuple[str, str]]) -> tuple[Tier, ...]:
    """Tiers from (name, condition) as a plan writes them, in its order.

    Raises
    ------
    ValueError : a name twice, the name REST, or a condition that cannot be read.
    """
    found: dict[str, Tier] = {}
    for name, when in rules:
        if name in found or name == REST or not name:
            raise ValueError(f"tier {name!r}: a tier needs an own name; {REST!r} is what no tier claims")
        found[name] = Tier(name, parse(when))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Rule:
    """What a plan says about its frame: who is in it, and how it is split."""

    #: Column -> values of which the case must have one; an empty mapping lets every case in.
    filter: Mapping[str, Collection[str]] = field(default_factory=dict)
    #: Columns by which the frame is split; TIER stands for the tiers.
    strata: Sequence[str] = ()
    tiers: Sequence[Tier] = ()

    def columns(self) -> set[str]:
        """The columns that a row must have for this rule to be applied."""
        named = {*self.filter, *self.strata}
        if self.tiers:
            named.discard(TIER)
        return named.union(*(tier.when.columns for tier in self.tiers))

    def lets_in(self, row: Cells) -> bool:
        """Whether the case belongs to the frame."""
        return all((row.get(column) or "") in values for column, values in self.filter.items())

    def tier(self, row: Cells) -> str:
        """The tier of a case; REST when no tier claims it."""
        return next((tier.name for tier in self.tiers if tier.when.meets(row)), REST)

    def stratum(self, row: Cells) -> str:
        """The key of the stratum of a case."""
        return stratum_key(
            [self.tier(row) if column == TIER and self.tiers else row.get(column) or "" for column in self.strata]
        )


def stratum_key(values: Sequence[str]) -> str:
    r"""One text for the values that make a stratum: joined by `|`, with `\` before a `|` or `\` of a value.

    Different values never share a key; no values give the key ALL.

    >>> print(stratum_key(["r07", "high"]), stratum_key([]), stratum_key(["a|b", ""]))
    r07|high all a\|b|
    """
    if not values:
        return ALL
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


def values_of(key: str) -> list[str]:
    r"""The values of a stratum's key, which `|` joins and `\` shields.

    >>> values_of(r"a\|b|high")
    ['a|b', 'high']
    """
    found, now, shielded = [], "", False
    for letter in key:
        if shielded or letter not in "\\|":
            now, shielded = now + letter, False
        elif letter == "\\":
            shielded = True
        else:
            found.append(now)
            now = ""
    return [*found, now]
