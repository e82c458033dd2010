"""Invariances and relations of the agreement coefficients, and other implementations of them."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.coefficients import NAMES, coefficient
from calibration.stats.conger import conger_kappa
from calibration.stats.metrics import agreement_weights
from calibration.stats.patterns import Patterns, collapse
from calibration.stats.ratings import Ratings, from_long
from calibration.stats.two_raters import cohen, cohen_kappa, scott, scott_pi, two_rater_table

Q = 4
complete = st.integers(2, 5).flatmap(
    lambda raters: st.lists(st.lists(st.integers(0, Q - 1), min_size=raters, max_size=raters), min_size=2, max_size=12)
)
gappy = st.lists(st.lists(st.one_of(st.none(), st.integers(0, Q - 1)), min_size=3, max_size=3), min_size=2, max_size=12)


def ratings_of(matrix: list[list[int | None]]) -> Ratings:
    """Ratings of a units x raters matrix over all declared categories."""
    rows = [(u, g, k) for u, row in enumerate(matrix) for g, k in enumerate(row) if k is not None]
    assume(rows)
    return from_long(*zip(*rows, strict=True), categories=[str(k) for k in range(Q)])


def patterns_of(ratings: Ratings) -> Patterns:
    """The count patterns of all ratings."""
    return collapse(ratings.unit, ratings.label, len(ratings.categories), ratings.unit_count)


def every_figure(matrix: list[list[int | None]], weights: str = "identity") -> dict[str, float]:
    """All coefficients of a matrix by name."""
    ratings = ratings_of(matrix)
    matrix_of_weights = agreement_weights(weights, np.arange(float(Q)))
    patterns = patterns_of(ratings)
    found = {name: coefficient(name, patterns, matrix_of_weights).value for name in NAMES}
    found["conger_kappa"] = conger_kappa(ratings, matrix_of_weights, resample=False).value
    found["alpha"] = krippendorff_alpha(patterns, "nominal", np.arange(float(Q))).value
    return found


def same(a: dict[str, float], b: dict[str, float]) -> bool:
    """Equal figures, undefined ones included."""
    return a == pytest.approx(b, abs=1e-9, nan_ok=True)


@given(gappy, st.permutations(range(3)), st.permutations(range(Q)), st.randoms())
def test_the_order_of_units_raters_and_names_changes_nothing(matrix, raters, names, chance):
    moved = [[None if row[g] is None else names[row[g]] for g in raters] for row in matrix]
    chance.shuffle(moved)

    assert same(every_figure(moved), every_figure(matrix))


@given(gappy, st.integers(0, Q - 1))
def test_a_unit_with_one_rating_leaves_alpha_as_it_is(matrix, label):
    alone = [*matrix, [label, None, None]]

    assert same({"a": every_figure(alone)["alpha"]}, {"a": every_figure(matrix)["alpha"]})


@given(complete)
def test_doubling_all_units_moves_alpha_alone_and_by_its_sample_size_alone(matrix):
    once, twice = every_figure(matrix), every_figure(matrix + matrix)
    n = len(matrix) * len(matrix[0])

    assert same({k: twice[k] for k in NAMES}, {k: once[k] for k in NAMES})
    assert 1 - twice["alpha"] == pytest.approx((1 - once["alpha"]) * (2 * n - 1) / (2 * n) * n / (n - 1), nan_ok=True)


@given(complete)
def test_two_complete_raters_tie_the_coefficients_together(matrix):
    pair = [row[:2] for row in matrix]
    ratings = ratings_of(pair)
    found = every_figure(pair)
    table = two_rater_table(ratings, 0, 1)
    n = 2 * len(pair)

    assert scott_pi(table) == pytest.approx(found["fleiss_kappa"], abs=1e-9, nan_ok=True)
    assert cohen_kappa(table) == pytest.approx(found["conger_kappa"], abs=1e-9, nan_ok=True)
    assert found["alpha"] == pytest.approx(1 - (1 - found["fleiss_kappa"]) * (n - 1) / n, nan_ok=True)


@given(complete)
def test_quadratic_weights_are_the_interval_level(matrix):
    pair = [row[:2] for row in matrix]
    n = 2 * len(pair)

    weighted = every_figure(pair, "quadratic")["fleiss_kappa"]
    interval = krippendorff_alpha(patterns_of(ratings_of(pair)), "interval", np.arange(float(Q))).value

    assert interval == pytest.approx(1 - (1 - weighted) * (n - 1) / n, abs=1e-9, nan_ok=True)


@given(gappy)
def test_brennan_prediger_of_two_categories_is_twice_agreement_less_one(matrix):
    two = Patterns(*_halved(matrix))
    assume(two.pairable.unit_count > 0)

    agreement = coefficient("percent", two, np.eye(2)).value

    assert coefficient("brennan_prediger", two, np.eye(2)).value == pytest.approx(2 * agreement - 1)


def _halved(matrix: list[list[int | None]]) -> tuple[np.ndarray, np.ndarray]:
    ratings = ratings_of(matrix)
    patterns = collapse(ratings.unit, ratings.label // 2, 2, ratings.unit_count)
    return patterns.counts, patterns.units


@given(complete)
def test_merging_two_categories_is_recoding_the_labels(matrix):
    merged = [[0 if k == 1 else k for k in row] for row in matrix]
    patterns = patterns_of(ratings_of(matrix))
    counts = patterns.counts.copy()
    counts[:, 0] += counts[:, 1]
    counts[:, 1] = 0

    by_counts = krippendorff_alpha(Patterns(counts, patterns.units), "nominal", np.arange(float(Q))).value

    assert by_counts == pytest.approx(every_figure(merged)["alpha"], abs=1e-9, nan_ok=True)


@given(complete)
def test_fleiss_kappa_is_statsmodels(matrix):
    patterns = patterns_of(ratings_of(matrix))
    mine = coefficient("fleiss_kappa", patterns, np.eye(Q)).value
    assume(np.isfinite(mine))
    table = np.repeat(patterns.counts, patterns.units.astype(int), axis=0)

    assert mine == pytest.approx(fleiss_kappa(table), abs=1e-9)


@given(complete, st.sampled_from(["identity", "linear", "quadratic"]))
def test_cohens_kappa_is_scikit_learns(matrix, kind):
    first, second = [row[0] for row in matrix], [row[1] for row in matrix]
    table = np.zeros((Q, Q))
    np.add.at(table, (first, second), 1)
    mine = cohen_kappa(table, agreement_weights(kind, np.arange(float(Q))))
    assume(np.isfinite(mine))

    theirs = cohen_kappa_score(first, second, labels=range(Q), weights=None if kind == "identity" else kind)

    assert mine == pytest.approx(theirs, abs=1e-9)


def test_only_one_category_used_is_undefined_where_chance_is_certain():
    patterns = Patterns(np.array([[3, 0]]), np.array([20.0]))

    kappa, ac1 = (coefficient(name, patterns, np.eye(2)) for name in ("fleiss_kappa", "gwet_ac"))

    assert np.isnan(kappa.value)
    assert kappa.reason == "no variation: every rating is the same category"
    assert (ac1.value, ac1.reason) == (1.0, None)


def test_no_unit_with_two_ratings_is_undefined_with_that_reason():
    patterns = Patterns(np.array([[1, 0], [0, 1]]), np.array([4.0, 2.0]))

    found = [coefficient(name, patterns, np.eye(2)) for name in NAMES]

    assert {one.reason for one in found} == {"no unit has two ratings"}


def test_a_single_declared_category_is_said():
    patterns = Patterns(np.array([[2]]), np.array([4.0]))

    assert coefficient("gwet_ac", patterns, np.eye(1)).reason == "only one category is declared"


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="the coefficients are"):
        coefficient("holley_guilford", Patterns(np.array([[2, 0]]), np.array([1.0])), np.eye(2))


def test_two_raters_without_a_common_unit_have_no_kappa():
    found = cohen(np.zeros((3, 3)), np.eye(3))

    assert (np.isnan(found.value), found.reason) == (True, "no unit was rated by both")


def test_scotts_standard_error_is_fleiss_kappas_for_two_raters():
    table = np.array([[40, 9], [6, 45]])
    patterns = Patterns(np.array([[2, 0], [1, 1], [0, 2]]), np.array([40.0, 15.0, 45.0]))

    pi, kappa = scott(table, np.eye(2)), coefficient("fleiss_kappa", patterns, np.eye(2))

    assert (pi.value, pi.se) == (pytest.approx(kappa.value), pytest.approx(kappa.se))


@given(gappy)
def test_resampled_totals_of_all_units_give_conger_again(matrix):
    found = conger_kappa(ratings_of(matrix), np.eye(Q), resample=True)
    assume(found.reason is None)

    again = found.of_totals(found.units @ found.columns)

    assert float(again) == pytest.approx(found.value, abs=1e-12)
