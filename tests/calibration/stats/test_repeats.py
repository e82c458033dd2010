"""A rater's rounds against each other."""

import numpy as np
import pytest

from calibration.stats.metrics import agreement_weights
from calibration.stats.ratings import from_long
from calibration.stats.repeats import by_rater, repeats, round_table, same_label, self_kappa
from calibration.stats.two_raters import cohen_kappa

ROWS = [
    ("c1", "ann", "x", 1), ("c1", "ann", "x", 2), ("c2", "ann", "x", 1), ("c2", "ann", "y", 2),
    ("c1", "bob", "y", 1), ("c1", "bob", "y", 2), ("c3", "bob", "x", 1), ("c3", "ann", "y", 2),
]  # fmt: skip


def test_pairs_are_one_raters_labels_of_one_unit_in_order_of_rounds():
    found = repeats(from_long(*zip(*ROWS, strict=True)))

    assert (len(found), found.same) == (3, 2)
    assert round_table(found).tolist() == [[1, 1], [0, 1]]


def test_three_rounds_give_three_pairs():
    rows = [("c1", "ann", label, no) for no, label in enumerate("xyx")]

    found = repeats(from_long(*zip(*rows, strict=True)))

    assert (len(found), found.same) == (3, 1)


def test_share_and_kappa_are_those_of_the_pooled_table():
    found = repeats(from_long(*zip(*ROWS, strict=True)))
    weights = agreement_weights("identity", np.arange(2.0))

    share, kappa = same_label(found), self_kappa(found, weights)

    assert share.value == pytest.approx(2 / 3)
    assert kappa.value == pytest.approx(cohen_kappa(round_table(found)))
    assert [row[:3] for row in by_rater(found, weights)] == [("ann", 2, 1), ("bob", 1, 1)]


def test_pairs_of_one_unit_count_as_one_for_the_standard_error():
    """Ten raters who all change their mind on the same units know as much as one."""
    rows = [
        (unit, rater, "x" if no == 1 or unit % 2 else "y", no)
        for unit in range(20)
        for rater in range(10)
        for no in (1, 2)
    ]

    found = same_label(repeats(from_long(*zip(*rows, strict=True))))

    assert found.value == 0.5
    assert found.se == pytest.approx(np.sqrt(0.25 / 19))


def test_no_repeat_is_undefined_with_the_reason():
    found = same_label(repeats(from_long(["c1"], ["ann"], ["x"])))

    assert (np.isnan(found.value), found.reason) == (True, "no rater labelled a unit in two rounds")
