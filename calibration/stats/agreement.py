"""The agreement report: every coefficient with its interval, categories, pairs, confusion, repeats."""

from collections.abc import Callable
from functools import partial

import numpy as np

from calibration.stats.agreement_interval import REPLICATES, SEED, Policy, figure, is_small
from calibration.stats.alpha import category_alpha, krippendorff_alpha, specific_agreement
from calibration.stats.coefficients import NAMES, coefficient
from calibration.stats.conger import conger_kappa
from calibration.stats.metrics import LEVELS, agreement_weights
from calibration.stats.pairs import pairs
from calibration.stats.patterns import Patterns, collapse
from calibration.stats.ratings import FloatArray, Ratings, category_values
from calibration.stats.repeats import by_rater, repeats, same_label, self_kappa
from calibration.stats.statistic import Statistic
from calibration.stats.two_raters import cohen, scott, two_rater_table

#: below this many pairable units pages show counts, no coefficient
FEWEST_UNITS = 10

Json = dict[str, object]


def _or_null(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


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


def _figures(ratings: Ratings, patterns: Patterns, level: str, weights: FloatArray, policy: Policy) -> Json:
    """The coefficients by name, each as the interfaces name it."""
    values = category_values(ratings.categories)

    def family(name: str, shown: Patterns) -> float:
        return coefficient(name, shown, weights).value

    def made(statistic: Statistic, at: Callable[[Patterns], float]) -> Json:
        return figure(statistic, policy, patterns, at).as_json()

    found: Json = {name: made(coefficient(name, patterns, weights), partial(family, name)) for name in NAMES}
    pooled = partial(family, "fleiss_kappa")
    conger = conger_kappa(ratings, weights, resample=policy.resample)
    found["conger_kappa"] = made(conger, pooled)
    found["krippendorff_alpha"] = made(
        _alpha(level, values, patterns), lambda shown: _alpha(level, values, shown).value
    )
    raters = np.unique(ratings.rater).tolist()
    if len(raters) == 2:
        table = two_rater_table(ratings, *raters)
        found["cohen_kappa"] = made(cohen(table, weights), pooled)
        found["scott_pi"] = made(scott(table, weights), pooled)
    else:
        reason = f"needs exactly two raters, not {len(raters)}"
        empty = figure(_undefined(reason), policy, patterns, pooled).as_json()
        found |= {"cohen_kappa": empty, "scott_pi": dict(empty)}
    return found


def _at(made: Callable[[Patterns, int], Statistic], category: int, patterns: Patterns) -> float:
    return made(patterns, category).value


def by_category(ratings: Ratings, patterns: Patterns, policy: Policy) -> list[Json]:
    """Specific agreement and alpha of each category against the rest, in the categories' order."""
    rows: list[Json] = []
    totals = patterns.pairable.totals
    for code, name in enumerate(ratings.categories):
        row: Json = {"category": name, "n": int(totals[code])}
        for key, made in (("specific_agreement", specific_agreement), ("alpha", category_alpha)):
            one = figure(made(patterns, code), policy, patterns, partial(_at, made, code))
            row[key] = _or_null(one.value)
            row[f"{key}_low"], row[f"{key}_high"] = _or_null(one.low), _or_null(one.high)
            if one.reason is not None:
                row[f"{key}_reason"] = one.reason
        rows.append(row)
    return rows


def _pairs(ratings: Ratings, weights: FloatArray, confidence: float) -> list[Json]:
    found = pairs(ratings, weights, confidence=confidence)
    columns = zip(
        found.a.tolist(), found.b.tolist(), found.units.tolist(), found.percent.tolist(),
        found.cohen_kappa.tolist(), found.low.tolist(), found.high.tolist(), strict=True,
    )  # fmt: skip
    return [
        {
            "a": ratings.raters[a], "b": ratings.raters[b], "units": int(units), "percent": percent,
            "cohen_kappa": _or_null(kappa), "low": _or_null(low), "high": _or_null(high),
        }
        for a, b, units, percent, kappa, low, high in columns
    ]  # fmt: skip


def confusion(ratings: Ratings, patterns: Patterns) -> Json:
    """Who says what where another says what.

    Two raters: units by the first's label (rows) and the second's. More: Krippendorff's coincidences, the
    pairs of labels within units, each unit counting as many as it has ratings; symmetric.
    """
    raters = np.unique(ratings.rater).tolist()
    if len(raters) == 2:
        matrix = two_rater_table(ratings, *raters)
        row, column = (ratings.raters[code] for code in raters)
        kind: Json = {"kind": "table", "rows": row, "columns": column}
    else:
        pairable = patterns.pairable
        counts = pairable.counts.astype(np.float64)
        share = pairable.units / (counts.sum(axis=1) - 1)
        matrix = (counts.T * share) @ counts - np.diag(share @ counts)
        kind = {"kind": "coincidences"}
    return {"labels": list(ratings.categories), "matrix": matrix.tolist()} | kind


def _intra_rater(ratings: Ratings, weights: FloatArray, policy: Policy) -> Json | None:
    """A rater's rounds against each other; None when there is one round."""
    if np.unique(ratings.round).size < 2:
        return None
    found = repeats(ratings)
    q = len(ratings.categories)
    unit, label = np.tile(np.arange(len(found)), 2), np.concatenate([found.earlier, found.later])
    shown = collapse(unit, label, q, len(found))

    def made(statistic: Statistic, name: str) -> Json:
        return figure(statistic, policy, shown, lambda p: coefficient(name, p, weights).value).as_json()

    return {
        "pairs": len(found),
        "same": found.same,
        "percent": made(same_label(found), "percent"),
        "cohen_kappa": made(self_kappa(found, weights), "fleiss_kappa"),
        "by_rater": [
            {"rater": name, "pairs": n, "same": same, "percent": same / n, "cohen_kappa": _or_null(kappa)}
            for name, n, same, kappa in by_rater(found, weights)
        ],
    }


def warnings(patterns: Patterns) -> list[str]:
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
    return found


def report(
    ratings: Ratings,
    *,
    level: str = "nominal",
    weights: str = "identity",
    confidence: float = 0.95,
    bootstrap: int | None = None,
    seed: int = SEED,
) -> Json:
    """How far raters agree, in the form that `flask agreement --json` prints.

    Parameters
    ----------
    ratings : from `ratings.from_long`; with several rounds the coefficients read each rater's first
    level : metric of alpha: nominal, ordinal, interval or ratio
    weights : of the other coefficients: identity, linear, quadratic or ordinal
    confidence : coverage of the intervals, in (0, 1)
    bootstrap : resample always, this many times; None leaves it to the policy (small or skewed data)
    seed : of the resamples; printed with each figure that used them

    Returns
    -------
    A dictionary of plain Python values; an undefined figure is None with a reason.

    Raises
    ------
    ValueError : an unknown level or weights, or a confidence outside (0, 1).
    """
    if level not in LEVELS:
        raise ValueError(f"the level is one of {', '.join(LEVELS)}, not {level!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence lies between 0 and 1, not {confidence}")
    first = ratings.first_rounds()
    q = len(ratings.categories)
    patterns = collapse(first.unit, first.label, q, first.unit_count)
    values = category_values(ratings.categories)
    matrix = agreement_weights(weights, np.arange(q, dtype=np.float64) if values is None else values)
    policy = Policy(confidence, bootstrap is not None or is_small(patterns), bootstrap or REPLICATES, seed)
    return {
        "units": int(patterns.unit_count),
        "units_paired": int(patterns.pairable.unit_count),
        "raters": int(np.unique(first.rater).size),
        "ratings": len(first),
        "categories": list(ratings.categories),
        "level": level,
        "weights": weights,
        "confidence": confidence,
        "coefficients": _figures(first, patterns, level, matrix, policy),
        "by_category": by_category(first, patterns, policy),
        "pairs": _pairs(first, matrix, confidence),
        "confusion": confusion(first, patterns),
        "intra_rater": _intra_rater(ratings, matrix, policy),
        "warnings": warnings(patterns),
    }
