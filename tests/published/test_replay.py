"""Ten raters of 3,901 real cases: who is said to have dropped, when, and on what."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from calibration.stats.baseline import baseline, team_rates
from calibration.stats.drift import Crossing, act_threshold, detect
from calibration.stats.drift import leading as leading_policy

pytestmark = pytest.mark.shared

WEEKS = 26


@pytest.fixture(scope="module")
def decided(shared: Path) -> dict[str, list[tuple[str, bool]]]:
    """(policy, is an error) of each rater's cases in order; truth is the majority of five votes."""
    folder = shared / "data" / "hatecheck"
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as lines:
        policy = {row["case_id"]: row["policy"] for row in csv.DictReader(lines)}
    votes: dict[str, dict[str, str]] = defaultdict(dict)
    with (folder / "decisions.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            votes[row["case_id"]][row["rater_id"]] = row["label"]
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for case in sorted(votes):
        truth = Counter(votes[case].values()).most_common(1)[0][0]
        for rater, label in votes[case].items():
            found[rater].append((policy[case], label != truth))
    return found


def acts(cases: list[tuple[str, bool]], target: float) -> list[tuple[float, str | None, Crossing]]:
    """(week, leading policy, crossing) of every act; the baseline is that of the first four weeks."""
    names = sorted({name for name, _ in cases})
    which = np.array([names.index(name) for name, _ in cases])
    error = np.array([wrong for _, wrong in cases])
    first = np.arange(len(cases)) < len(cases) * 4 // WEEKS
    errors, often = (np.bincount(which[rows], minlength=len(names)).astype(float) for rows in (first & error, first))
    rates = team_rates(errors, often)
    level = baseline(rates, target=target, observed=errors.sum(), expected=float(rates @ often))
    run = detect(which, error, level[which], policies=len(names), act=act_threshold(len(cases) / WEEKS))
    found = []
    for crossing in run.crossings:
        if crossing.level == "act":
            lead = leading_policy(crossing.shares)
            week = (crossing.at + 1) / len(cases) * WEEKS
            found.append((week, None if lead is None else names[lead], crossing))
    return found


def test_at_95_percent_one_signal_without_a_leading_policy(decided):
    found = acts(decided["r07"], 0.95)

    assert [lead for _, lead, _ in found] == [None]
    assert found[0][0] == pytest.approx(19, abs=0.5)


def test_at_98_percent_six_signals_that_name_their_policies(decided):
    found = {lead: week for week, lead, _ in acts(decided["r07"], 0.98)}

    assert len(found) == 6
    assert found["slur_reclaimed"] == pytest.approx(7.3, abs=0.5)
    assert found["target_indiv"] == pytest.approx(20.1, abs=0.5)


@pytest.mark.parametrize("rater", ["r04", "r08"])
@pytest.mark.parametrize("target", [0.95, 0.98])
def test_the_best_raters_raise_nothing(decided, rater, target):
    assert acts(decided[rater], target) == []
