"""Skill keys: what a graded error shows that somebody has to learn, and how sure that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import scipy  # its parts load at their first use, not with the web

#: Days after which a look counts half.
HALF_LIFE_DAYS = 45.0
#: How many looks the team's rate is worth beside an agent's own.
PRIOR_STRENGTH = 20.0
#: Keys with fewer raw errors stand behind all others.
ENOUGH_ERRORS = 2

PROHIBITED = "prohibited"
PERMITTED = "permitted"


@dataclass(frozen=True, slots=True, order=True)
class SkillKey:
    """One thing to be able to do: section, pair, boundary, action or procedure; a and b are section keys."""

    kind: str
    a: str
    b: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its section and action; without a violation the section is None."""

    violates: bool
    section: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One settled case in which a key was in play; an error counts with its weight in (0, 1]."""

    age_days: float
    error: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of an error rate: raw and weighted counts, mean, 95 % interval, P(rate > target)."""

    n: int
    errors: int
    n_weighted: float
    errors_weighted: float
    mean: float
    low: float
    high: float
    above_target: float


def pair(a: str, b: str) -> SkillKey:
    """The key for telling *a* from *b*; the order does not matter."""
    first, second = sorted((a, b))
    return SkillKey("pair", first, second)


def keys_for(decided: Decision, truth: Decision, *, steps_missed: Sequence[str] = ()) -> list[tuple[SkillKey, float]]:
    """The skill keys that the difference between *decided* and *truth* is evidence for, with their weights.

    Parameters
    ----------
    decided, truth : Decision
        What the agent decided, what stands; sections as full keys.
    steps_missed : sequence of str
        Full keys of the sections whose step was left out; each is a procedure of its own.

    Returns
    -------
    list of (SkillKey, weight in (0, 1])
        Wrong policy: the pair (1.0) and the true section (0.5). Missed violation: the true section's
        boundary, prohibited side. Over-enforcement: the decided section's boundary, permitted side.
        Right policy, wrong action: the action of that section. Nothing when nothing differs or no
        section is named. Weight 1.0 where none is given.

    >>> keys_for(Decision(True, "p/a"), Decision(True, "p/b"))[1]
    (SkillKey(kind='section', a='p/b', b='', side=''), 0.5)
    """
    keys = _verdict_keys(decided, truth)
    keys += [(SkillKey("procedure", step), 1.0) for step in steps_missed]
    return keys


def _verdict_keys(decided: Decision, truth: Decision) -> list[tuple[SkillKey, float]]:
    if truth.violates and not decided.violates and truth.section is not None:
        return [(SkillKey("boundary", truth.section, side=PROHIBITED), 1.0)]
    if decided.violates and not truth.violates and decided.section is not None:
        return [(SkillKey("boundary", decided.section, side=PERMITTED), 1.0)]
    if not (decided.violates and truth.violates) or decided.section is None or truth.section is None:
        return []
    if decided.section != truth.section:
        return [(pair(decided.section, truth.section), 1.0), (SkillKey("section", truth.section), 0.5)]
    if truth.action is not None and decided.action != truth.action:
        return [(SkillKey("action", truth.section), 1.0)]
    return []


def age_weight(age_days: float, *, half_life: float = HALF_LIFE_DAYS) -> float:
    """The weight in (0, 1] of a look that is *age_days* >= 0 days old: 2 ** (-age / half_life).

    >>> age_weight(0), age_weight(45), age_weight(90)
    (1.0, 0.5, 0.25)
    """
    if age_days < 0:
        raise ValueError(f"age_days is {age_days}, expected 0 or more")
    return float(0.5 ** (age_days / half_life))


def posterior(
    looks: Iterable[Look],
    *,
    prior_rate: float,
    target: float,
    strength: float = PRIOR_STRENGTH,
    half_life: float = HALF_LIFE_DAYS,
) -> Posterior:
    """Error rate of one agent on one key, shrunk towards the team's.

    Beta(m p + e, m (1 - p) + n - e) with p the team's rate, m the prior's strength, n and e the looks
    and the errors, each look weighted by age (and each error by its own weight as well).

    Parameters
    ----------
    looks : iterable of Look, settled cases in which the key was in play
    prior_rate : float in (0, 1), the team's error rate on this key
    target : float in [0, 1), the error rate that is not to be exceeded
    strength : float > 0, looks that the prior is worth
    half_life : float > 0, days

    Returns
    -------
    Posterior
        Rates as shares in [0, 1]; `above_target` = P(rate > target).

    Raises
    ------
    ValueError
        prior_rate is not strictly between 0 and 1, or strength is not positive.

    References
    ----------
    Gelman, Carlin, Stern, Dunson, Vehtari, Rubin 2013, Bayesian Data Analysis, 2.4; doi:10.1201/b16018.

    >>> round(posterior([], prior_rate=0.12, target=0.2).mean, 3)
    0.12
    """
    if not 0 < prior_rate < 1 or strength <= 0:
        raise ValueError(f"prior_rate {prior_rate} must be in (0, 1) and strength {strength} above 0")
    seen = list(looks)
    weights = [age_weight(look.age_days, half_life=half_life) for look in seen]
    n = sum(weights)
    e = sum(weight * look.weight for weight, look in zip(weights, seen, strict=True) if look.error)
    a, b = strength * prior_rate + e, strength * (1 - prior_rate) + n - e
    return Posterior(
        n=len(seen),
        errors=sum(look.error for look in seen),
        n_weighted=float(n),
        errors_weighted=float(e),
        mean=float(a / (a + b)),
        low=float(scipy.special.betaincinv(a, b, 0.025)),
        high=float(scipy.special.betaincinv(a, b, 0.975)),
        above_target=float(1 - scipy.special.betainc(a, b, target)),
    )


def rank(
    looks: Mapping[SkillKey, Sequence[Look]], *, team_rates: Mapping[SkillKey, float], target: float
) -> list[tuple[SkillKey, Posterior]]:
    """Keys in the order in which to teach them: two raw errors first, then by P(error rate > target).

    *team_rates* must name every key (shares in (0, 1)); ties are broken by the key itself, so that
    the order never depends on how the evidence came in.
    """

    def place(row: tuple[SkillKey, Posterior]) -> tuple[bool, float, SkillKey]:
        key, known = row
        return known.errors < ENOUGH_ERRORS, -round(known.above_target, 12), key

    rows = [(key, posterior(seen, prior_rate=team_rates[key], target=target)) for key, seen in looks.items()]
    return sorted(rows, key=place)
