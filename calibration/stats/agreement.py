"""The agreement report: every coefficient with its interval, categories, pairs, confusion, raters, repeats."""

from collections.abc import Callable
from functools import partial

import numpy as np

from calibration.stats.agreement_interval import REPLICATES, SEED, Policy, is_small
from calibration.stats.agreement_setting import Json, Setting
from calibration.stats.agreement_tables import (
    by_category,
    by_rater,
    confused,
    confusion,
    intra_rater,
    rater_pairs,
    unanimous,
    without_each,
)
from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.coefficients import NAMES, coefficient
from calibration.stats.conger import conger_kappa
from calibration.stats.metrics import LEVELS, agreement_weights, checked_weights
from calibration.stats.patterns import Patterns, with_places
from calibration.stats.ratings import FloatArray, IntArray, Ratings, category_values
from calibration.stats.statistic import Statistic
from calibration.stats.two_raters import cohen, scott, two_rater_rows, two_rater_table

#: below this many pairable units pages show counts, no coefficient
FEWEST_UNITS = 10
#: which interval: what the data ask for, or value -/+ t se as other software prints it
INTERVALS = ("policy", "t")
OWN = "matrix"


def _alpha(level: str, values: FloatArray | None, patterns: Patterns) -> Statistic:
    """Alpha, or undefined with the reason why this level does not fit the labels."""
    if values is None and level in ("interval", "ratio"):
        return _undefined(f"the {level} level needs labels that are numbers")
    if level == "ratio" and values is not None and bool((values < 0).any()):
        return _undefined("the ratio level needs numbers that are not negative")
    ranks = np.arange(patterns.counts.shape[1], dtype=np.float64)
    return krippendorff_alpha(patterns, level, ranks if values is None else values)


def _undefined(reason: str) -> Statistic:
    nothing = np.zeros(0)
    return Statistic(np.nan, np.nan, np.zeros((0, 0)), nothing, np.asarray, nothing, reason)


def _figures(setting: Setting) -> tuple[Json, Statistic, Statistic]:
    """The coefficients by name, each as the interfaces name it; and alpha and AC by themselves."""
    ratings, patterns, weights = setting.ratings, setting.patterns, setting.weights

    def family(name: str, shown: Patterns) -> float:
        return coefficient(name, shown, weights).value

    def made(statistic: Statistic, row: IntArray, at: Callable[[Patterns], float]) -> Json:
        return setting.figure(statistic, row, at).as_json()

    of_family = {name: coefficient(name, patterns, weights) for name in NAMES}
    found: Json = {name: made(one, setting.row, partial(family, name)) for name, one in of_family.items()}
    pooled = partial(family, "fleiss_kappa")
    conger = conger_kappa(ratings, weights, resample=setting.policy.resample)
    found["conger_kappa"] = made(conger, setting.rated_row, pooled)
    alpha = _alpha(setting.level, setting.values, patterns)
    found["krippendorff_alpha"] = made(
        alpha, setting.pairable_row, lambda shown: _alpha(setting.level, setting.values, shown).value
    )
    raters = np.unique(ratings.rater).tolist()
    if len(raters) == 2:
        table, rows = two_rater_table(ratings, *raters), two_rater_rows(ratings, *raters)
        found["cohen_kappa"] = made(cohen(table, weights), rows, pooled)
        found["scott_pi"] = made(scott(table, weights), rows, pooled)
    else:
        empty = made(_undefined(f"needs exactly two raters, not {len(raters)}"), setting.row, pooled)
        found |= {"cohen_kappa": empty, "scott_pi": dict(empty)}
    return found, alpha, of_family["gwet_ac"]


def warnings(patterns: Patterns, clusters: int | None = None) -> list[str]:
    """What a reader must know before quoting the figures; empty when nothing is thin."""
    pairable = patterns.pairable
    n, totals = pairable.unit_count, pairable.totals
    found = []
    if n < FEWEST_UNITS:
        found.append(f"{n:.0f} units have two ratings: too few for a coefficient, look at the counts")
    used = int((totals > 0).sum())
    if used == 1:
        found.append("only one category was used: nothing tells agreement from habit")
    elif used > 1 and totals.sum() - totals.max() < 10:
        found.append(f"{totals.sum() - totals.max():.0f} ratings are outside the most frequent category")
    if patterns.unit_count > n:
        found.append(f"{patterns.unit_count - n:.0f} units have a single rating and show no agreement")
    if clusters is not None and clusters < FEWEST_UNITS:
        found.append(f"{clusters} clusters: too few for an interval that holds what it says")
    return found


def _weights(weights: str | FloatArray, values: FloatArray | None, q: int) -> tuple[str, FloatArray]:
    """What the weights are called, and their matrix."""
    if isinstance(weights, str):
        return weights, agreement_weights(weights, np.arange(q, dtype=np.float64) if values is None else values)
    return OWN, checked_weights(weights, q)


def _check(level: str, interval: str, confidence: float) -> None:
    if level not in LEVELS:
        raise ValueError(f"the level is one of {', '.join(LEVELS)}, not {level!r}")
    if interval not in INTERVALS:
        raise ValueError(f"the interval is one of {', '.join(INTERVALS)}, not {interval!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence lies between 0 and 1, not {confidence}")


def _told(ratings: Ratings, setting: Setting, kind: str) -> Json:
    """All figures of *setting* under the names of the interface; *ratings* with every round of each rater."""
    first, patterns, cluster = setting.ratings, setting.patterns, setting.cluster
    figures, alpha, ac = _figures(setting)
    clusters = None if cluster is None else int(np.unique(cluster[setting.row >= 0]).size)
    return {
        "units": int(patterns.unit_count),
        "units_paired": int(patterns.pairable.unit_count),
        "raters": int(np.unique(first.rater).size),
        "ratings": len(first),
        "categories": list(ratings.categories),
        "level": setting.level,
        "weights": kind,
        "confidence": setting.policy.confidence,
        **({} if clusters is None else {"clusters": clusters}),
        "unanimous": unanimous(patterns),
        "coefficients": figures,
        "by_category": by_category(setting),
        "pairs": rater_pairs(setting),
        "confusion": confusion(first, patterns),
        "most_confused": confused(setting),
        "by_rater": by_rater(setting),
        "leave_one_out": without_each(setting, alpha, ac),
        "intra_rater": intra_rater(ratings, setting),
        "warnings": warnings(patterns, clusters),
    }


def report(
    ratings: Ratings,
    *,
    level: str = "nominal",
    weights: str | FloatArray = "identity",
    confidence: float = 0.95,
    bootstrap: int | None = None,
    seed: int = SEED,
    interval: str = "policy",
    cluster: IntArray | None = None,
) -> Json:
    """How far raters agree, in the form that `flask agreement --json` prints.

    Parameters
    ----------
    ratings : from `ratings.from_long`; with several rounds the coefficients read each rater's first
    level : metric of alpha: nominal, ordinal, interval or ratio
    weights : of the other coefficients: identity, linear, quadratic, ordinal, or a float array [q, q] of one's own
    confidence : coverage of the intervals, in (0, 1)
    bootstrap : resample always, this many times; None leaves it to the policy (small or skewed data)
    seed : of the resamples; printed with each figure that used them
    interval : policy, or t for value -/+ t se whatever the data
    cluster : int array [unit_count], units that came together (of one agent, batch or day); None: one by one

    Returns
    -------
    A dictionary of plain Python values; an undefined figure is None with a reason.

    Raises
    ------
    ValueError : an unknown level, weights or interval, a matrix that cannot be weights, or a confidence outside (0, 1).
    """
    weight_kind, setting = _setting(ratings, level, weights, confidence, bootstrap, seed, interval, cluster)
    return _told(ratings, setting, weight_kind)


def _setting(
    ratings: Ratings, level: str, weights: str | FloatArray, confidence: float, bootstrap: int | None, seed: int,
    interval: str, cluster: IntArray | None,
) -> tuple[str, Setting]:  # fmt: skip
    """What the weights are called, and what every figure of a report is computed from."""
    _check(level, interval, confidence)
    first = ratings.first_rounds()
    q = len(ratings.categories)
    patterns, row = with_places(first.unit, first.label, q, first.unit_count)
    values = category_values(ratings.categories)
    kind, matrix = _weights(weights, values, q)
    resample = bootstrap is not None or is_small(patterns)
    policy = Policy(confidence, resample, bootstrap or REPLICATES, seed, interval == "t")
    return kind, Setting(first, patterns, row, level, values, matrix, policy, cluster)
