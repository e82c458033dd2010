"""Coincidences and the pairs that are taken for each other."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.confused import coincidences, confusion_share, most_confused
from calibration.stats.patterns import Patterns

tables = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(1, 9)),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[:3],
)


def patterns_of(rows: list[tuple[int, int, int, int]]) -> Patterns:
    table = np.array(rows)
    table = table[table[:, :3].sum(axis=1) > 0]
    return Patterns(table[:, :3], table[:, 3].astype(float))


def test_the_coincidences_are_those_of_krippendorffs_example():
    """Krippendorff 2011, section C: four observers, missing data, five categories."""
    units = [
        [3, 0, 0, 0, 0], [0, 3, 1, 0, 0], [0, 0, 4, 0, 0], [0, 0, 4, 0, 0], [0, 4, 0, 0, 0], [1, 1, 1, 1, 0],
        [0, 0, 0, 4, 0], [3, 1, 0, 0, 0], [0, 4, 0, 0, 0], [0, 0, 0, 0, 3], [2, 0, 0, 0, 0], [0, 0, 1, 0, 0],
    ]  # fmt: skip
    third = 1 / 3

    found = coincidences(Patterns(np.array(units), np.ones(12)))

    assert found == pytest.approx(
        np.array([
            [7, 4 * third, third, third, 0], [4 * third, 10, 4 * third, third, 0], [third, 4 * third, 8, third, 0],
            [third, third, third, 4, 0], [0, 0, 0, 0, 3],
        ])
    )  # fmt: skip


@given(tables)
def test_alpha_comes_from_the_coincidences(rows):
    patterns = patterns_of(rows)
    alpha = krippendorff_alpha(patterns, "nominal", np.arange(3.0))
    assume(alpha.reason is None)
    table = coincidences(patterns)
    n, totals = table.sum(), table.sum(axis=0)

    expected = (n * n - (totals**2).sum()) / (n - 1)

    assert alpha.value == pytest.approx(1 - (n - np.trace(table)) / expected, abs=1e-9)


@given(tables)
def test_the_share_of_a_pair_is_its_two_cells(rows):
    patterns = patterns_of(rows)
    assume(patterns.pairable.unit_count > 0)
    table = coincidences(patterns)

    found = confusion_share(patterns, 0, 2)

    assert found.value == pytest.approx(2 * table[0, 2] / table.sum())
    assert float(found.of_totals(found.units @ found.columns)) == pytest.approx(found.value)
    assert found.units @ found.influence == pytest.approx(0, abs=1e-9)


def test_the_most_frequent_pair_comes_first_and_pairs_nobody_mixed_do_not_come():
    patterns = Patterns(np.array([[1, 1, 0], [0, 1, 1], [2, 0, 0]]), np.array([2.0, 7.0, 90.0]))

    assert most_confused(patterns) == [(1, 2), (0, 1)]
    assert most_confused(patterns, 1) == [(1, 2)]


def test_no_pair_of_ratings_has_no_share():
    found = confusion_share(Patterns(np.array([[1, 0]]), np.array([4.0])), 0, 1)

    assert (np.isnan(found.value), found.reason) == (True, "no unit has two ratings")
