"""Every agreement figure that is known of two public data sets, by the command that prints it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.calibration.files import printed

pytestmark = pytest.mark.shared
DIGITS = 1e-6


@pytest.fixture
def run(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


def opened(shared: Path, name: str) -> tuple[str, str, dict]:
    """The decisions, the table of cases, and what is known of them."""
    folder = shared / "data" / name
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return str(folder / "decisions.csv"), str(folder / "cases.csv"), known


def same_agreement(found: dict, known: dict) -> None:
    """A report against a block of known figures; intervals are value -/+ t se."""
    assert (found["units"], found["units_paired"]) == (known["items"], known["items_with_2plus"])
    assert found["ratings"] == known["decisions"]
    assert {row["category"]: row["n"] for row in found["by_category"]} == known["label_counts"]
    values = {name: figure["value"] for name, figure in found["coefficients"].items()}
    for name, keys in {
        "krippendorff_alpha": ("krippendorff_alpha_nominal", "krippendorff_alpha_irrCAC"),
        "fleiss_kappa": ("fleiss_kappa_statsmodels", "fleiss_kappa_irrCAC"),
        "gwet_ac": ("gwet_ac1",),
        "percent": ("percent_agreement_irrCAC", "mean_pairwise_agreement_per_item"),
    }.items():
        for key in keys:
            assert values[name] == pytest.approx(known[key], abs=DIGITS), key
    for name, key, close in (
        ("gwet_ac", "gwet_ac1_ci95", DIGITS),
        ("fleiss_kappa", "fleiss_kappa_irrCAC_ci95", DIGITS),
        # its standard error there is another one, which leaves out how units' sizes move the chance
        ("krippendorff_alpha", "krippendorff_alpha_irrCAC_ci95", 1e-3),
    ):
        figure = found["coefficients"][name]
        assert [figure["low"], figure["high"]] == pytest.approx(known[key], abs=close), key
    assert found["unanimous"]["share"] == pytest.approx(known["share_unanimous_items"], abs=DIGITS)


def test_ten_raters_on_all_cases_and_on_the_published_suite(run: FlaskCliRunner, shared: Path) -> None:
    decisions, cases, known = opened(shared, "hatecheck")

    whole = printed(run, "agreement", decisions, "--interval", "t")
    parts = printed(run, "agreement", decisions, "--interval", "t", "--by", "in_published_suite", "--about", cases)

    same_agreement(whole, known["agreement"]["all_cases"])
    (suite,) = [group for group in parts["groups"] if group["in_published_suite"] == "1"]
    same_agreement(suite, known["agreement"]["published_suite_only"])
    counts = known["counts"]
    assert (whole["raters"], len(whole["categories"])) == (counts["raters"], counts["labels"])
    pairs = {(row["a"], row["b"]): row for row in whole["pairs"]}
    assert pairs.keys() == {(row["a"], row["b"]) for row in known["pairwise"]}
    for row in known["pairwise"]:
        mine = pairs[row["a"], row["b"]]
        assert (mine["units"], round(mine["percent"] * mine["units"])) == (row["shared"], row["agree"])
        assert mine["cohen_kappa"] == pytest.approx(row["cohen_kappa"], abs=DIGITS)


def test_ten_raters_policy_by_policy(run: FlaskCliRunner, shared: Path) -> None:
    decisions, cases, known = opened(shared, "hatecheck")

    groups = printed(run, "agreement", decisions, "--interval", "t", "--by", "policy", "--about", cases)["groups"]

    assert {group["policy"] for group in groups} == known["by_policy_agreement"].keys()
    for group in groups:
        row, figures = known["by_policy_agreement"][group["policy"]], group["coefficients"]
        assert group["units"] == row["items"]
        assert figures["krippendorff_alpha"]["value"] == pytest.approx(row["krippendorff_alpha_nominal"], abs=DIGITS)
        assert figures["gwet_ac"]["value"] == pytest.approx(row["gwet_ac1"], abs=DIGITS)
        assert figures["percent"]["value"] == pytest.approx(row["mean_pairwise_agreement_per_item"], abs=DIGITS)


def test_two_rounds_of_22_raters_and_what_each_says_in_them(run: FlaskCliRunner, shared: Path) -> None:
    decisions, _, known = opened(shared, "xhate-stability")

    groups = printed(run, "agreement", decisions, "--interval", "t", "--by", "round")["groups"]

    shares = {}
    for group in groups:
        same_agreement(group, known["agreement"][f"round_{group['round']}"])
        shares |= {f"{row['rater']}|{group['round']}": row["shares"]["hateful"] for row in group["by_rater"]}
    assert shares == pytest.approx(known["hateful_share_by_rater_and_round"], abs=DIGITS)


def test_each_rater_against_oneself_793_percent_the_same(run: FlaskCliRunner, shared: Path) -> None:
    decisions, _, known = opened(shared, "xhate-stability")
    own = known["self_consistency_round1_vs_round2"]

    intra = printed(run, "agreement", decisions, "--round", "round")["intra_rater"]

    assert (intra["pairs"], intra["same"]) == (own["overall"]["n"], own["overall"]["same"]) == (2090, 1658)
    assert intra["percent"]["value"] == pytest.approx(own["overall"]["percent"], abs=DIGITS)
    assert round(100 * intra["percent"]["value"], 1) == 79.3
    assert intra["cohen_kappa"]["value"] == pytest.approx(own["overall"]["cohen_kappa"], abs=DIGITS)
    assert intra["mean_of_rater_kappas"] == pytest.approx(own["mean_of_rater_kappas"], abs=DIGITS)
    rows = {row["rater"]: row for row in intra["by_rater"]}
    assert rows.keys() == own["by_rater"].keys()
    for name, row in own["by_rater"].items():
        assert (rows[name]["pairs"], rows[name]["same"]) == (row["n"], row["same"])
        assert rows[name]["cohen_kappa"] == pytest.approx(row["cohen_kappa"], abs=DIGITS)


def test_conditions_and_rounds_together(run: FlaskCliRunner, shared: Path) -> None:
    decisions, cases, known = opened(shared, "xhate-stability")

    groups = printed(run, "agreement", decisions, "--by", "condition,round", "--about", cases)["groups"]

    figures = {f"{group['condition']}|round{group['round']}": group for group in groups}
    assert figures.keys() == known["agreement_by_condition_and_round"].keys()
    for name, row in known["agreement_by_condition_and_round"].items():
        mine = figures[name]["coefficients"]
        assert figures[name]["units"] == row["items"]
        assert mine["krippendorff_alpha"]["value"] == pytest.approx(row["krippendorff_alpha_nominal"], abs=DIGITS)
        assert mine["gwet_ac"]["value"] == pytest.approx(row["gwet_ac1"], abs=DIGITS)
