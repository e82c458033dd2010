"""The rows that are printed of a file's raters: what is believed of each, what is known, and where they stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from calibration.stats import shrink
from calibration.stats.intervals import wilson
from calibration.stats.latent import FEWEST_LABELS, Latent, dawid_skene, one_coin
from calibration.stats.latent_interval import accuracy_limits
from calibration.stats.rater_graph import why_not_identified
from calibration.stats.raters import Beside, LeaveOneOut, beside_the_others, leaning_limits, leave_one_rater_out
from calibration.stats.ratings import FloatArray, IntArray, Ratings, sums
from calibration.stats.rogan_gladen import Observed, lang_reiczigel, rogan_gladen
from calibration.stats.standing_out import stands_out
from calibration.stats.votes import Votes, votes_of

Json = dict[str, Any]
#: Values of the columns that a group is made of, and the places of its ratings.
Groups = Sequence[tuple[dict[str, str], IntArray]]

ONE_COIN = "one-coin model, bootstrap of units"
NOTHING = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Raters:
    """Raters with everything that is computed of them once; *gold* [units] is the known category or -1."""

    ratings: Ratings
    gold: IntArray
    confidence: float
    replicates: int

    @cached_property
    def reason(self) -> str | None:
        """Why labels alone cannot tell how good each is, or None."""
        return why_not_identified(self.ratings.unit, self.ratings.rater, self.gold)

    @cached_property
    def votes(self) -> Votes:
        """Distinct sets of answers, with the known ones."""
        return votes_of(self.ratings, self.gold)

    @cached_property
    def fitted(self) -> Latent:
        """The one-coin model."""
        return one_coin(self.votes)

    @cached_property
    def tables(self) -> Latent | None:
        """Dawid and Skene's model, where every unit has enough labels for it."""
        return dawid_skene(self.votes) if bool((self.votes.sizes >= FEWEST_LABELS).all()) else None

    @cached_property
    def right(self) -> FloatArray:
        """How sure it is that each rating is right [N]: what is known, else what the model believes."""
        place = self.votes.place[self.ratings.unit]
        return np.asarray(self.fitted.posterior[place, self.ratings.label], dtype=np.float64)

    @cached_property
    def totals(self) -> tuple[FloatArray, FloatArray]:
        """Right and all ratings of each rater [R]."""
        size = len(self.ratings.raters)
        return sums(self.ratings.rater, self.right, size), sums(self.ratings.rater, np.ones(len(self.ratings)), size)


def figure(right: float, total: float, confidence: float) -> Json:
    """A share of right ratings with Wilson's interval; null without a rating."""
    low, high = wilson(min(right, total), total, level=confidence) if total else NOTHING
    share = right / total if total else float("nan")
    return {"accuracy": _or_null(share), "low": _or_null(low), "high": _or_null(high)}


def _or_null(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def model(raters: Raters) -> Json:
    """What the one-coin model says of all raters together: true categories, and which label errors take."""
    fitted, names = raters.fitted, raters.ratings.categories
    wrong = fitted.expected.sum(axis=0) * (1 - np.eye(len(names)))
    whole = wrong.sum(axis=1, keepdims=True)
    labels = np.divide(wrong, whole, out=np.zeros_like(wrong), where=whole > 0)
    return {
        "prevalence": dict(zip(names, fitted.prevalence.tolist(), strict=True)),
        "error_labels": labels.tolist(),
        "log_likelihood": fitted.log_likelihood,
        "rounds": fitted.rounds,
        "dawid_skene": None if raters.tables is None else {"log_likelihood": raters.tables.log_likelihood},
    }


def by_rater(raters: Raters) -> list[Json]:
    """A row for each rater, by name."""
    ratings, beside = raters.ratings, beside_the_others(raters.ratings)
    without = leave_one_rater_out(
        ratings, "nominal", np.arange(len(ratings.categories)), np.eye(len(ratings.categories))
    )
    low, high = leaning_limits(beside, raters.confidence)
    believed = _believed(raters)
    rows = []
    for place, code in enumerate(beside.rater.tolist()):
        limits = zip(beside.leaning[place].tolist(), low[place].tolist(), high[place].tolist(), strict=True)
        rows.append({
            "rater": ratings.raters[code],
            "n": int(raters.totals[1][code]),
            "shares": dict(zip(ratings.categories, beside.share[place].tolist(), strict=True)),
            "same_as_others": _same(beside, place, raters.confidence),
            "leaning": {
                name: {"value": _or_null(value), "low": _or_null(least), "high": _or_null(most)}
                for name, (value, least, most) in zip(ratings.categories, limits, strict=True)
            },
            "rogan_gladen": _corrected(raters, beside, without, place),
            **believed[code],
            "truth": _known(raters, ratings.rater == code),
        })  # fmt: skip
    return rows


def _same(beside: Beside, place: int, confidence: float) -> Json:
    units, same = float(beside.units[place]), float(beside.same[place])
    shown = figure(same * units if units else 0.0, units, confidence)
    return {"units": int(units), "value": shown["accuracy"], "low": shown["low"], "high": shown["high"]}


def _believed(raters: Raters) -> dict[int, Json]:
    """What the models believe of each rater, by code; null with the reason where labels cannot tell."""
    reason = raters.reason
    codes = np.unique(raters.ratings.rater).tolist()
    if reason is not None:
        blank = {"accuracy": None, "low": None, "high": None, "reason": reason}
        return {code: {**blank, "shrunken": None, "confusion": None, "dawid_skene": None} for code in codes}
    fitted, tables = raters.fitted, raters.tables
    low, high = accuracy_limits(raters.votes, fitted, confidence=raters.confidence, replicates=raters.replicates)
    right, total = raters.totals
    met = total > 0
    right = np.minimum(right, total)
    prior = shrink.fit(right[met], total[met])
    mean = shrink.shrunken(prior, right, total)
    least, most = shrink.credible(prior, right, total, level=raters.confidence)
    return {
        code: {
            "accuracy": float(fitted.accuracy[code]), "low": float(low[code]), "high": float(high[code]),
            "method": ONE_COIN,
            "shrunken": {"value": float(mean[code]), "low": float(least[code]), "high": float(most[code])},
            "confusion": fitted.expected[code].tolist(),
            "dawid_skene": None if tables is None else
                {"accuracy": float(tables.accuracy[code]), "confusion": tables.errors[code].tolist()},
        }
        for code in codes
    }  # fmt: skip


def _corrected(raters: Raters, beside: Beside, without: LeaveOneOut, place: int) -> Json | None:
    """1 - Rogan and Gladen's error: how often the rater differs from another, freed of the others' errors.

    The others' error rate is half of how often two of them differ; another rater who errs with a wrong one gives the
    same label at the chance that pooled error labels coincide.
    """
    n, met = float(beside.units[place]), float(without.paired[place])
    if not n or not met:
        return None
    error = (1 - float(without.percent[place])) / 2
    miss = error * _coincide(raters)
    differs = Observed((1 - float(beside.same[place])) * n, n)
    low, high = lang_reiczigel(
        differs, Observed((1 - miss) * met, met), Observed((1 - error) * met, met), level=raters.confidence
    )
    rate = rogan_gladen(differs.share, 1 - miss, 1 - error)
    return {"accuracy": _or_null(1 - rate), "low": _or_null(1 - high), "high": _or_null(1 - low)}


def _coincide(raters: Raters) -> float:
    """Chance that two wrong labels of one unit are the same; 1 where the labels cannot tell."""
    if raters.reason is not None:
        return 1.0
    wrong = raters.fitted.expected.sum(axis=0) * (1 - np.eye(len(raters.ratings.categories)))
    whole = wrong.sum(axis=1)
    squares = np.divide((wrong**2).sum(axis=1), whole**2, out=np.ones_like(whole), where=whole > 0)
    return float(whole @ squares / whole.sum()) if whole.sum() else 1.0


def _known(raters: Raters, rows: npt.NDArray[np.bool_]) -> Json | None:
    """Ratings of units with a known answer: how many, right, and the share with its interval."""
    rows = rows & (raters.gold[raters.ratings.unit] >= 0)
    n = int(rows.sum())
    if not n:
        return None
    right = int((raters.ratings.label == raters.gold[raters.ratings.unit])[rows].sum())
    return {"n": n, "right": right, **figure(right, n, raters.confidence)}


def below_the_rest(raters: Raters) -> list[str]:
    """Raters whose whole interval lies under what all the others together get right, by name."""
    if raters.reason is not None:
        return []
    right, total = raters.totals
    named = []
    for code in np.flatnonzero(total > 0).tolist():
        others = total.sum() - total[code]
        high = figure(float(right[code]), float(total[code]), raters.confidence)["high"]
        if others and high < (right.sum() - right[code]) / others:
            named.append(raters.ratings.raters[code])
    return named


def by_group(raters: Raters, groups: Groups) -> list[Json]:
    """Each rater in each group, with whether the rater errs more there than in the other groups together."""
    if raters.reason is not None or not groups:
        return []
    size = len(raters.ratings.raters)
    right = np.array([sums(raters.ratings.rater[rows], raters.right[rows], size) for _, rows in groups])
    total = np.array([sums(raters.ratings.rater[rows], np.ones(rows.size), size) for _, rows in groups])
    shown = []
    for code, name in enumerate(raters.ratings.raters):
        errors = np.clip(total[:, code] - right[:, code], 0, None)
        out = stands_out(errors, total[:, code])
        for place in np.flatnonzero(total[:, code] > 0).tolist():
            n, hits = float(total[place, code]), float(right[place, code])
            others = float(total[place].sum() - n)
            elsewise = float(right[place].sum() - hits) / others if others else None
            cell = {"n": int(n), "right": hits, **figure(hits, n, raters.confidence), "others_accuracy": elsewise}
            shown.append({"rater": name, **groups[place][0], **cell, "stands_out": bool(out[place])})
    return shown


def against_truth(raters: Raters, groups: Groups) -> Json | None:
    """All ratings of units with a known answer; None where nothing is known."""
    ratings, known = raters.ratings, raters.gold[raters.ratings.unit] >= 0
    whole = _known(raters, np.ones(len(ratings), dtype=bool))
    if whole is None:
        return None
    q = len(ratings.categories)
    cells = raters.gold[ratings.unit][known] * q + ratings.label[known]
    inside = np.zeros((len(groups), len(ratings)), dtype=bool)
    for place, (_, rows) in enumerate(groups):
        inside[place, rows] = True
    met = np.bincount(ratings.unit[known], minlength=ratings.unit_count)
    hits = np.bincount(ratings.unit[known & (ratings.label == raters.gold[ratings.unit])], minlength=ratings.unit_count)
    shapes, often = np.unique(np.stack([hits, met], axis=1)[met > 0], axis=0, return_counts=True)
    return {
        **whole,
        "confusion": {
            "labels": list(ratings.categories),
            "matrix": np.bincount(cells, minlength=q * q).reshape(q, q).tolist(),
            "kind": "truth in rows, labels in columns",
        },
        "units_by_right": [
            {"right": int(right), "of": int(of), "units": int(n)}
            for (right, of), n in zip(shapes.tolist(), often.tolist(), strict=True)
        ],
        "groups": [
            {**keys, **row} for (keys, _), rows in zip(groups, inside, strict=True) if (row := _known(raters, rows))
        ],
    }


def warnings(raters: Raters) -> list[str]:
    """What must be known before quoting a figure."""
    said = []
    if raters.reason is not None:
        said.append(raters.reason)
    elif raters.tables is None:
        said.append(f"a confusion matrix for each rater needs {FEWEST_LABELS} labels or more for every unit")
    thin = [name for name, n in zip(raters.ratings.raters, raters.totals[1].tolist(), strict=True) if 0 < n < 30]
    if thin:
        said.append(f"{len(thin)} raters have fewer than 30 ratings")
    if raters.reason is None and not bool((raters.gold >= 0).all()):
        said.append("the model takes errors of different raters for independent; hard cases make everybody look better")
    return said
