"""Graders among themselves: how far blind looks at the same case agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request

from calibration import reliability
from calibration.printing import NAMES
from calibration.reliability import LEVELS, SPLITS
from calibration.stats.agreement import FEWEST_UNITS
from calibration.views.downloads import csv_of
from qa import policy_queries
from qa.core.web import Page, needs, page

bp = Blueprint("agreement", __name__)
_LEADS = ("manager", "observer", "admin")
#: Shown together, never one alone.
THREE = ("krippendorff_alpha", "gwet_ac", "percent")


@bp.get("/agreement")
@needs(*_LEADS)
def show() -> Page:
    """Three figures, the categories, and one split."""
    match, by = _asked()
    found = reliability.agreement_from_draws(match=match)
    return page(
        "calibration/agreement.html",
        found=found,
        three=[(NAMES[name], found["coefficients"][name]) for name in THREE],
        enough=found["units_paired"] >= FEWEST_UNITS,
        fewest=FEWEST_UNITS,
        names=_labels(found["categories"], match),
        groups=_groups(match, by),
        three_names=[NAMES[name] for name in THREE],
        match=match,
        by=by,
        levels=LEVELS,
        splits=tuple(SPLITS),
    )


@bp.get("/agreement.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same figures as a table."""
    match, by = _asked()
    rows = [("all", "", reliability.agreement_from_draws(match=match))]
    rows += [(by, group["name"], group) for group in _groups(match, by)]
    header = ("of", "name", "coefficient", "value", "low", "high", "method", "units", "ratings", "note")
    return csv_of("agreement.csv", header, (line for row in rows for line in _lines(*row)))


def _lines(of: str, name: str, found: dict[str, Any]) -> Iterable[tuple[object, ...]]:
    enough = found["units_paired"] >= FEWEST_UNITS
    for key in THREE:
        one = found["coefficients"][key]
        known = (one["value"], one["low"], one["high"], one["method"]) if enough else (None, None, None, None)
        note = one.get("reason", "") if enough else f"fewer than {FEWEST_UNITS} cases with two looks"
        yield of, name, NAMES[key], *known, found["units_paired"], found["ratings"], note


def _asked() -> tuple[str, str]:
    match, by = request.args.get("match", "policy"), request.args.get("by", "policy")
    return match if match in LEVELS else "policy", by if by in SPLITS else "policy"


def _groups(match: str, by: str) -> list[dict[str, Any]]:
    """Agreement of each group, those with too few cases last; by value, the least agreement first."""
    found = reliability.agreement_from_draws(match=match, by=by)["groups"]
    names = _labels([group[by] for group in found], "policy" if by == "policy" else "")
    groups = [
        {
            **group,
            "name": names[group[by]],
            "three": [group["coefficients"][name] for name in THREE],
            "enough": group["units_paired"] >= FEWEST_UNITS,
        }
        for group in found
    ]
    return sorted(groups, key=lambda group: (not group["enough"], group["three"][2]["value"] or 0.0, group["name"]))


def _labels(keys: list[str], match: str) -> dict[str, str]:
    """What the page calls each label."""
    if match == "policy":
        return policy_queries.labels(keys)
    return {key: key.replace("_", " ").capitalize() for key in keys}
