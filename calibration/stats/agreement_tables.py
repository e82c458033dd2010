"""The tables of an agreement report: categories, pairs of raters, confusion, each rater, and repeats."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from calibration.stats.agreement_interval import log_t
from calibration.stats.agreement_setting import Json, Setting, or_null
from calibration.stats.alpha import category_alpha, specific_agreement
from calibration.stats.coefficients import coefficient
from calibration.stats.confused import coincidences, confusion_share, most_confused
from calibration.stats.intervals import wilson
from calibration.stats.pairs import pairs
from calibration.stats.patterns import Patterns, collapse
from calibration.stats.raters import beside_the_others, jackknife_spread, leaning_limits, leave_one_rater_out
from calibration.stats.ratings import FloatArray, Ratings
from calibration.stats.repeats import by_rater as repeats_by_rater
from calibration.stats.repeats import repeats, same_label, self_kappa
from calibration.stats.statistic import Statistic
from calibration.stats.two_raters import two_rater_table


def _value(made: Callable[..., Statistic], codes: tuple[int, ...], patterns: Patterns) -> float:
    return made(patterns, *codes).value


def by_category(setting: Setting) -> list[Json]:
    """Specific agreement and alpha of each category against the rest, in the categories' order."""
    rows: list[Json] = []
    totals, row_of = setting.patterns.pairable.totals, setting.pairable_row
    for code, name in enumerate(setting.ratings.categories):
        row: Json = {"category": name, "n": int(totals[code])}
        for key, made in (("specific_agreement", specific_agreement), ("alpha", category_alpha)):
            one = setting.figure(made(setting.patterns, code), row_of, partial(_value, made, (code,)))
            row[key] = or_null(one.value)
            row[f"{key}_low"], row[f"{key}_high"] = or_null(one.low), or_null(one.high)
            if one.reason is not None:
                row[f"{key}_reason"] = one.reason
        rows.append(row)
    return rows


def rater_pairs(setting: Setting) -> list[Json]:
    """Every two raters with units in common."""
    ratings = setting.ratings
    found = pairs(ratings, setting.weights, confidence=setting.policy.confidence)
    columns = zip(
        found.a.tolist(), found.b.tolist(), found.units.tolist(), found.percent.tolist(),
        found.cohen_kappa.tolist(), found.low.tolist(), found.high.tolist(), strict=True,
    )  # fmt: skip
    return [
        {
            "a": ratings.raters[a], "b": ratings.raters[b], "units": int(units), "percent": percent,
            "cohen_kappa": or_null(kappa), "low": or_null(low), "high": or_null(high),
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
        matrix = coincidences(patterns)
        kind = {"kind": "coincidences"}
    return {"labels": list(ratings.categories), "matrix": matrix.tolist()} | kind


def confused(setting: Setting) -> list[Json]:
    """The categories that are given to one unit most often, with the share of all pairs of labels."""
    names, rows = setting.ratings.categories, []
    for one, other in most_confused(setting.patterns):
        made = partial(_value, confusion_share, (one, other))
        share = setting.figure(confusion_share(setting.patterns, one, other), setting.pairable_row, made)
        low, high = max(0.0, share.low), min(1.0, share.high)
        rows.append(
            {"a": names[one], "b": names[other], "share": share.value, "low": or_null(low), "high": or_null(high)}
        )
    return rows


def _over_raters(value: float, se: float, n: float, left_out: FloatArray, confidence: float) -> Json:
    """The interval that also holds for other raters: the variance over units plus that over raters."""
    over = jackknife_spread(left_out)
    whole = float(np.hypot(se, over))
    low, high = log_t(value, whole, min(n, left_out.size), confidence)
    return {"se_raters": or_null(over), "se": or_null(whole), "low": or_null(low), "high": or_null(high)}


def without_each(setting: Setting, alpha: Statistic, ac: Statistic) -> Json:
    """Alpha and AC without each rater, and their intervals over units and raters.

    *alpha* and *ac* are the report's own figures; t counts the raters where they are fewer than the units.
    """
    values = np.arange(len(setting.ratings.categories)) if setting.values is None else setting.values
    level = setting.level if alpha.reason is None else "nominal"
    found = leave_one_rater_out(setting.ratings, level, values.astype(np.float64), setting.weights)
    if alpha.reason is not None:
        found = replace(found, alpha=np.full(found.rater.size, np.nan))
    confidence = setting.policy.confidence
    rows = zip(found.rater.tolist(), found.alpha.tolist(), found.gwet_ac.tolist(), strict=True)
    return {
        "raters": [
            {"rater": setting.ratings.raters[code], "krippendorff_alpha": or_null(one), "gwet_ac": or_null(other)}
            for code, one, other in rows
        ],
        "krippendorff_alpha": _over_raters(alpha.value, alpha.se, alpha.unit_count, found.alpha, confidence),
        "gwet_ac": _over_raters(ac.value, ac.se, ac.unit_count, found.gwet_ac, confidence),
    }


def by_rater(setting: Setting) -> list[Json]:
    """Each rater beside the others on the same units: same label, label shares, and how they lean."""
    ratings, confidence = setting.ratings, setting.policy.confidence
    found = beside_the_others(ratings)
    low, high = leaning_limits(found, confidence)
    given = np.bincount(ratings.rater, minlength=len(ratings.raters))
    rows: list[Json] = []
    for place, code in enumerate(found.rater.tolist()):
        units, same = float(found.units[place]), float(found.same[place])
        limits = wilson(same * units, units, level=confidence) if units else (float("nan"), float("nan"))
        leans = zip(found.leaning[place].tolist(), low[place].tolist(), high[place].tolist(), strict=True)
        rows.append({
            "rater": ratings.raters[code], "n": int(given[code]), "units_shared": int(units),
            "same": or_null(same), "low": or_null(limits[0]), "high": or_null(limits[1]),
            "shares": dict(zip(ratings.categories, found.share[place].tolist(), strict=True)),
            "leaning": {
                name: {"value": or_null(value), "low": or_null(least), "high": or_null(most)}
                for name, (value, least, most) in zip(ratings.categories, leans, strict=True)
            },
        })  # fmt: skip
    return rows


def unanimous(patterns: Patterns) -> Json:
    """Units with two ratings or more in which nobody differs."""
    pairable = patterns.pairable
    same = float(pairable.units[(pairable.counts > 0).sum(axis=1) == 1].sum())
    return {"units": int(same), "share": same / pairable.unit_count if pairable.unit_count else None}


def intra_rater(ratings: Ratings, setting: Setting) -> Json | None:
    """A rater's rounds against each other; None when there is one round."""
    if np.unique(ratings.round).size < 2:
        return None
    found = repeats(ratings)
    q, weights = len(ratings.categories), setting.weights
    unit, label = np.tile(np.arange(len(found)), 2), np.concatenate([found.earlier, found.later])
    shown = collapse(unit, label, q, len(found))
    met = np.unique(found.unit)
    row = np.full(ratings.unit_count, -1)
    row[met] = np.arange(met.size)
    repeated = Setting(
        ratings, shown, row, setting.level, setting.values, weights, setting.policy, setting.cluster
    )  # fmt: skip

    def made(statistic: Statistic, name: str) -> Json:
        return repeated.figure(statistic, row, lambda p: coefficient(name, p, weights).value).as_json()

    rows = repeats_by_rater(found, weights)
    kappas = [kappa for *_, kappa in rows if not np.isnan(kappa)]
    return {
        "pairs": len(found),
        "same": found.same,
        "percent": made(same_label(found), "percent"),
        "cohen_kappa": made(self_kappa(found, weights), "fleiss_kappa"),
        "mean_of_rater_kappas": float(np.mean(kappas)) if kappas else None,
        "by_rater": [_repeat_row(row, setting.policy.confidence) for row in rows],
    }


def _repeat_row(row: tuple[str, int, int, float], confidence: float) -> Json:
    name, n, same, kappa = row
    low, high = wilson(same, n, level=confidence)
    return {
        "rater": name, "pairs": n, "same": same, "percent": same / n, "low": low, "high": high,
        "cohen_kappa": or_null(kappa),
    }  # fmt: skip
