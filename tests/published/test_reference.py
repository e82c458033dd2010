"""All verified reference cases beside the checkout, at the tolerance they state."""

import json
from pathlib import Path

import numpy as np
import pytest

from calibration.stats.agreement_interval import log_t, plain_t
from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.drift import detect
from calibration.stats.intervals import wilson
from calibration.stats.intraclass import intraclass
from calibration.stats.latent import dawid_skene
from calibration.stats.metrics import agreement_weights
from calibration.stats.patterns import Patterns
from calibration.stats.poisson_draws import poisson_draw
from calibration.stats.ratings import Ratings, category_values
from calibration.stats.resample import resampled
from calibration.stats.two_raters import two_rater_table
from calibration.stats.votes import votes_of
from tests.published.tables import ours, patterns_of, ratings_of

pytestmark = pytest.mark.shared

NAMES = {
    "percent_agreement": "percent",
    "brennan_prediger": "brennan_prediger",
    "fleiss": "fleiss_kappa",
    "conger": "conger_kappa",
    "gwet_ac1": "gwet_ac",
    "gwet_ac2": "gwet_ac",
    "krippendorff_alpha_gwet_weights": "krippendorff_alpha",
}


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[dict]:
    """The reference cases that hold ratings."""
    return json.loads((shared / "data" / "agreement_reference.json").read_text(encoding="utf-8"))["cases"]


def agreement_cases(cases: list[dict]) -> list[dict]:
    """Those with ratings of several raters."""
    return [c for c in cases if isinstance(c.get("input"), dict) and {"ratings", "table"} & set(c["input"])]


def named(expected: dict):
    """(our figure's name and options, the reference entry) of a case."""
    for key, entry in expected.items():
        if key.startswith("alpha_") and key != "alpha_binarised_by_category":
            yield {"name": "krippendorff_alpha", "level": key.removeprefix("alpha_")}, entry
        if key.startswith("cohen_kappa"):
            kind = key.removeprefix("cohen_kappa").strip("_") or "identity"
            yield {"name": "cohen_kappa", "weights": kind}, entry
        if key == "unweighted" or key.startswith("weighted_"):
            kind = "identity" if key == "unweighted" else key.removeprefix("weighted_")
            yield from (({"name": NAMES[n], "weights": kind}, e) for n, e in entry.items() if n in NAMES)
        if key == "fleiss_by_category":
            yield from (({"name": "category_fleiss", "place": n}, {"value": v}) for n, v in enumerate(entry["value"]))
        if key in ("specific_agreement", "alpha_binarised_by_category"):
            name = "specific_agreement" if key == "specific_agreement" else "category_alpha"
            yield from (({"name": name, "category": c}, {"value": v}) for c, v in entry["value"].items())


def jackknife(ratings: Ratings, level: str) -> float:
    """The standard error of alpha from leaving out one pairable unit after the other; units of a pattern are alike."""
    paired = patterns_of(ratings).pairable
    numbers = category_values(ratings.categories)
    places = np.arange(float(len(ratings.categories))) if numbers is None else numbers
    left_out = [Patterns(paired.counts, paired.units - one) for one in np.eye(paired.units.size)]
    values = np.nan_to_num([krippendorff_alpha(some, level, places).value for some in left_out], nan=1.0)
    n, mean = paired.unit_count, paired.units @ values / paired.unit_count
    return float(np.sqrt((n - 1) / n * (paired.units @ (values - mean) ** 2)))


def agreements(ratings: Ratings, figure: dict) -> tuple[float, float]:
    """Observed and chance agreement of two raters, from their table."""
    table = two_rater_table(ratings, 0, 1)
    values = category_values(ratings.categories)
    weights = agreement_weights(figure["weights"], np.arange(len(table)) if values is None else values)
    shares = table / table.sum()
    return float((shares * weights).sum()), float(shares.sum(axis=1) @ weights @ shares.sum(axis=0))


def test_every_reference_case_is_met_at_1e9(cases):
    checked = 0

    for case in agreement_cases(cases):
        ratings = ratings_of(case["input"])
        for figure, entry in named(case["expected"]):
            mine = ours(ratings, figure)
            where = (case["id"], figure)
            assert mine.value == pytest.approx(entry["value"], abs=1e-9), where
            if "se_jackknife" in entry:
                assert jackknife(ratings, figure["level"]) == pytest.approx(entry["se_jackknife"], abs=1e-9), where
            if "po" in entry:
                assert agreements(ratings, figure) == pytest.approx((entry["po"], entry["pe"]), abs=1e-9), where
            for key in ("se", "se_infinitesimal_jackknife"):
                assert entry.get(key) is None or mine.se == pytest.approx(entry[key], abs=1e-9), where
            for key, made in (("ci95_t", plain_t), ("ci95_log1m_t", log_t)):
                interval = made(mine.value, mine.se, mine.unit_count, 0.95)
                assert key not in entry or interval == pytest.approx(entry[key], abs=1e-9), where
            checked += 1

    assert checked > 650


def test_bootstrap_of_units_meets_the_reference_within_its_own_tolerance(cases):
    checked = 0

    for case in agreement_cases(cases):
        entry = case["expected"]["alpha_nominal"].get("unit_bootstrap")
        if entry is None:
            continue
        alpha = ours(ratings_of(case["input"]), {"name": "krippendorff_alpha", "level": "nominal"})
        values = resampled(alpha, 4000, seed=1)
        limits = np.quantile(values, [0.025, 0.975])
        assert limits == pytest.approx(entry["percentile_95"], abs=entry["tolerance_for_1000_replicates"])
        assert values.std() == pytest.approx(entry["bootstrap_se"], rel=0.08)
        checked += 1

    assert checked > 3


def test_dawid_and_skenes_anaesthetists_are_met_in_both_copies(cases):
    copies = [case for case in cases if case.get("kind") == "dawid_skene_mle"]

    for case in copies:
        votes = votes_of(_triples(case))
        found, known = dawid_skene(votes, tolerance=1e-13), case["expected"]
        assert found.prevalence == pytest.approx(known["class_prior"], abs=1e-9)
        assert found.errors == pytest.approx(np.array(known["error_rates_by_rater"]), abs=1e-9)
        assert found.log_likelihood == pytest.approx(known["log_likelihood_without_multinomial_constants"], abs=1e-9)
        for name, belief in known["posterior_nontrivial"].items():
            assert found.posterior[votes.place[int(name) - 1]] == pytest.approx(belief, abs=1e-9), name

    printed = copies[0]["published_two_decimals"]
    assert len(copies) == 2
    first = dawid_skene(votes_of(_triples(copies[0])), tolerance=1e-13)
    assert first.prevalence.round(2).tolist() == printed["class_prior"]
    assert first.errors[0].round(2).tolist() == printed["observer1"]


def _triples(case: dict) -> Ratings:
    unit, rater, label = np.array(case["input"]["triples"]).T - 1
    names = (tuple("12345"), tuple("1234"))
    return Ratings(unit, rater, label, np.zeros(unit.size, dtype=np.int64), int(unit.max()) + 1, *names)


def test_the_intraclass_correlations_of_the_reference_are_met(cases):
    (case,) = [case for case in cases if case["id"] == "shrout_fleiss1979"]

    found = intraclass(np.array(case["input"]["values"]))

    for name, known in case["expected"]["icc"].items():
        mine = found[name]
        assert (mine.value, mine.f) == pytest.approx((known["value"], known["F"]), abs=1e-9), name
        assert (mine.low, mine.high) == pytest.approx(known["ci95"], abs=1e-9), name
        assert mine.freedom == (known["df1"], known["df2"]), name


def test_the_weighted_sample_of_the_reference_is_met_as_a_poisson_draw_too(cases):
    (case,) = [case for case in cases if case["id"] == "stratified_proportion_fpc"]
    rows, known = case["input"], case["expected"]
    drawn = {name: sum(row["stratum"] == name for row in rows) for name in ("s1", "s2", "s3")}
    chance = np.array([drawn[row["stratum"]] / row["N"] for row in rows])

    found = poisson_draw(np.array([row["y"] for row in rows]), chance)

    assert found.share == pytest.approx(known["poisson_hajek_mean"], abs=1e-9)
    assert found.share_se == pytest.approx(known["poisson_hajek_se"], abs=1e-9)
    assert found.right == pytest.approx(known["poisson_ht_total"], abs=1e-9)
    assert found.right_se == pytest.approx(known["poisson_ht_total_se"], abs=1e-9)
    mean, size = known["stratified_mean"], known["n_eff"]
    assert wilson(mean * size, size) == pytest.approx(known["ci_wilson_neff"], abs=1e-9)


def test_detector_meets_the_whole_reference_sequences(cases):
    sequences = [case for case in cases if case.get("kind") == "change_detection"]

    for case in sequences:
        n = len(case["errors"])
        run = detect(
            np.zeros(n, dtype=np.int64), np.array(case["errors"]), np.full(n, case["q0"]), policies=1, act=1e12
        )
        assert run.evidence == pytest.approx(case["M"], rel=1e-9)

    assert len(sequences) == 2
