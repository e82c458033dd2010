"""The agreement coefficients of published tables, as printed and in exact arithmetic.

The exact values and standard errors of `agreement.json` were computed from the definitions in rational
arithmetic and agree with at least two other implementations where two exist.
"""

import numpy as np
import pytest

from calibration.stats.two_raters import cohen_kappa
from tests.published.tables import CASES, ours, ratings_of

BY_ID = {case["id"]: case for case in CASES}

PRINTED = [
    ("krippendorff2011_A_binary_2obs", {"name": "krippendorff_alpha", "level": "nominal"}, 0.095),
    ("krippendorff2011_B_nominal_2obs", {"name": "krippendorff_alpha", "level": "nominal"}, 0.692),
    ("krippendorff2011_CD_4obs_missing", {"name": "krippendorff_alpha", "level": "nominal"}, 0.743),
    ("krippendorff2011_CD_4obs_missing", {"name": "krippendorff_alpha", "level": "ordinal"}, 0.815),
    ("krippendorff2011_CD_4obs_missing", {"name": "krippendorff_alpha", "level": "interval"}, 0.849),
    ("krippendorff2011_CD_4obs_missing", {"name": "krippendorff_alpha", "level": "ratio"}, 0.797),
    ("krippendorff_3coders_15units", {"name": "krippendorff_alpha", "level": "nominal"}, 0.691),
    ("krippendorff_3coders_15units", {"name": "krippendorff_alpha", "level": "interval"}, 0.811),
    ("fleiss1971_psychiatric_30x6", {"name": "fleiss_kappa", "weights": "identity"}, 0.430),
    ("cohen1960_table1", {"name": "cohen_kappa", "weights": "identity"}, -0.092),
    ("cohen1960_table2_N200", {"name": "cohen_kappa", "weights": "identity"}, 0.492),
    ("fleiss_cohen_everitt1969", {"name": "cohen_kappa", "weights": "identity"}, 0.429),
    ("landis_koch1977_winnipeg", {"name": "cohen_kappa", "weights": "identity"}, 0.208),
    ("landis_koch1977_neworleans", {"name": "cohen_kappa", "weights": "identity"}, 0.297),
    ("paradox_gwet2008_125", {"name": "cohen_kappa", "weights": "identity"}, -0.023),
    ("paradox_gwet2008_125", {"name": "gwet_ac", "weights": "identity"}, 0.941),
]

GWET_HANDBOOK = [
    ("gwet_ac", 0.77544, 0.14295),
    ("fleiss_kappa", 0.76117, 0.15302),
    ("conger_kappa", 0.76282, 0.14917),
    ("brennan_prediger", 0.77273, 0.14472),
    ("percent", 0.81818, 0.12561),
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_figure_of_a_published_table_is_exact(case):
    ratings = ratings_of(case)

    found = [ours(ratings, figure) for figure in case["figures"]]

    assert len(found) > 8
    for figure, mine in zip(case["figures"], found, strict=True):
        assert mine.value == pytest.approx(figure["value"], abs=1e-9), figure
        if figure["se"] is not None:
            assert mine.se == pytest.approx(figure["se"], abs=1e-9), figure


@pytest.mark.parametrize(("case", "figure", "printed"), PRINTED)
def test_the_printed_digits_come_out(case, figure, printed):
    ratings = ratings_of(BY_ID[case])

    value = ours(ratings, figure).value

    assert value == pytest.approx(printed, abs=5.1e-4)


@pytest.mark.parametrize(("name", "value", "se"), GWET_HANDBOOK)
def test_gwets_twelve_subjects_give_the_printed_values_and_standard_errors(name, value, se):
    ratings = ratings_of(BY_ID["gwet_4raters_12subjects"])

    mine = ours(ratings, {"name": name, "weights": "identity"})

    assert (mine.value, mine.se) == (pytest.approx(value, abs=1e-5), pytest.approx(se, abs=1e-5))


def test_kappa_is_the_one_in_artstein_and_poesio_table_1():
    assert cohen_kappa(np.array([[20, 20], [10, 50]])) == pytest.approx(0.348, abs=5e-4)
