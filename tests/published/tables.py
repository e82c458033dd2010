"""How a published table becomes ratings, and which of our figures stands for which of its."""

import json
from pathlib import Path

import numpy as np

from calibration.stats.alpha import category_alpha, krippendorff_alpha, specific_agreement
from calibration.stats.coefficients import NAMES, coefficient
from calibration.stats.conger import conger_kappa
from calibration.stats.metrics import agreement_weights
from calibration.stats.patterns import Patterns, collapse
from calibration.stats.ratings import Ratings, category_values, from_long
from calibration.stats.statistic import Statistic
from calibration.stats.two_raters import cohen, two_rater_table

CASES = json.loads((Path(__file__).parent / "agreement.json").read_text(encoding="utf-8"))


def ratings_of(case: dict) -> Ratings:
    """The ratings of a matrix (units x raters) or of a two-rater table (labels 1..q)."""
    if "ratings" in case:
        rows = [
            (unit, rater, label)
            for unit, labels in enumerate(case["ratings"])
            for rater, label in enumerate(labels)
            if label is not None
        ]
    else:
        table = np.array(case["table"])
        first, second = np.nonzero(table)
        often = table[first, second]
        labels = np.stack([np.repeat(first, often), np.repeat(second, often)], axis=1) + 1
        rows = [(unit, rater, labels[unit, rater]) for unit in range(len(labels)) for rater in (0, 1)]
    units, raters, labels = zip(*rows, strict=True)
    declared = case.get("categories")
    return from_long(units, raters, labels, categories=declared and [str(name) for name in declared])


def patterns_of(ratings: Ratings) -> Patterns:
    """The count patterns of all ratings."""
    return collapse(ratings.unit, ratings.label, len(ratings.categories), ratings.unit_count)


def ours(ratings: Ratings, figure: dict) -> Statistic:
    """Our figure for a named one with its level, weights or category."""
    patterns = patterns_of(ratings)
    numbers = category_values(ratings.categories)
    values = np.arange(len(ratings.categories), dtype=np.float64) if numbers is None else numbers
    name = figure["name"]
    if name == "krippendorff_alpha" and "weights" in figure:
        return krippendorff_alpha(
            patterns, "nominal", values, own_metric=1 - agreement_weights(figure["weights"], values)
        )
    if name == "krippendorff_alpha":
        return krippendorff_alpha(patterns, figure["level"], values)
    if name == "category_fleiss":
        own = patterns.counts[:, figure["place"]]
        return coefficient(
            "fleiss_kappa", Patterns(np.stack([own, patterns.sizes - own], 1), patterns.units), np.eye(2)
        )
    if name in ("specific_agreement", "category_alpha"):
        made = specific_agreement if name == "specific_agreement" else category_alpha
        return made(patterns, ratings.categories.index(figure["category"]))
    weights = agreement_weights(figure["weights"], values)
    if name == "conger_kappa":
        return conger_kappa(ratings, weights, resample=False)
    if name == "cohen_kappa":
        return cohen(two_rater_table(ratings, 0, 1), weights)
    assert name in NAMES
    return coefficient(name, patterns, weights)
