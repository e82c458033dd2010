"""Where a drop most likely began."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.stats.onset import onset


def test_nothing_and_no_error_begin_nowhere():
    assert onset(np.zeros(0), np.zeros(0)) is None
    assert onset(np.zeros(50), np.full(50, 0.05)) is None


def test_errors_at_the_end_begin_with_their_first():
    assert onset(np.array([0.0] * 30 + [1, 1, 0, 1, 1]), np.full(35, 0.05)) == 30


def test_what_was_expected_begins_no_drop():
    """Two errors where every second case is expected to be one say less than two where one in fifty is."""
    error = np.array([1.0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1])
    expected = np.array([0.5, 0.5, 0.5, 0.5, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02])

    assert onset(error, expected) == 9


def test_a_change_from_5_to_30_percent_is_placed_within_20_cases_in_most_runs():
    """200 cases, the change after 120; 300 runs, seed 3."""
    chance = np.random.default_rng(3)
    rates = np.where(np.arange(200) < 120, 0.05, 0.30)
    found = [onset((chance.random(200) < rates).astype(float), np.full(200, 0.05)) for _ in range(300)]

    assert np.mean([place is not None and abs(place - 120) <= 20 for place in found]) > 0.85


def test_a_baseline_of_nought_is_refused():
    with pytest.raises(ValueError, match="baseline"):
        onset(np.ones(2), np.zeros(2))
