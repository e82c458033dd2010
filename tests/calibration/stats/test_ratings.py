"""Ratings in long form."""

import numpy as np
import pytest

from calibration.stats.ratings import DoubleRating, category_values, from_long


def test_names_are_coded_and_categories_sorted_as_text():
    ratings = from_long(["c2", "c1", "c2"], ["bob", "ann", "ann"], ["spam", "none", "spam"])

    assert ratings.categories == ("none", "spam")
    assert ratings.raters == ("ann", "bob")
    assert (len(ratings), ratings.unit_count) == (3, 2)
    assert ratings.label.tolist() == [1, 0, 1]


def test_categories_that_are_numbers_are_sorted_as_numbers():
    ratings = from_long([1, 2, 3], ["a", "a", "a"], ["10", "9", "-1"])

    assert ratings.categories == ("-1", "9", "10")
    assert category_values(ratings.categories).tolist() == [-1.0, 9.0, 10.0]


def test_declared_categories_keep_their_order_and_may_go_unused():
    ratings = from_long([1], ["a"], ["low"], categories=["low", "medium", "high"])

    assert ratings.categories == ("low", "medium", "high")


def test_a_label_that_is_not_declared_is_refused_by_name():
    with pytest.raises(ValueError, match="not declared categories: maybe"):
        from_long([1], ["a"], ["maybe"], categories=["no", "yes"])


def test_a_category_declared_twice_is_refused():
    with pytest.raises(ValueError, match="declared twice"):
        from_long([1], ["a"], ["no"], categories=["no", "no"])


def test_two_labels_of_one_rater_for_one_unit_are_refused_with_both_rows():
    with pytest.raises(DoubleRating) as refused:
        from_long(["c", "d", "e", "c"], ["ann", "ann", "bob", "ann"], ["x", "y", "x", "x"])

    assert (refused.value.first, refused.value.second) == (0, 3)


def test_the_same_rater_and_unit_in_another_round_is_no_double():
    ratings = from_long(["c", "c"], ["ann", "ann"], ["x", "y"], round=[1, 2])

    assert len(ratings) == 2


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        from_long(["c", "d"], ["ann"], ["x"])


def test_the_first_round_is_each_raters_own():
    ratings = from_long(["c", "c", "c", "d"], ["ann", "ann", "bob", "bob"], ["x", "y", "x", "y"], round=[1, 2, 2, 3])

    first = ratings.first_rounds()

    assert list(zip(first.rater.tolist(), first.round.tolist(), strict=True)) == [(0, 0), (1, 1)]


def test_no_rating_at_all_is_no_error():
    ratings = from_long([], [], [])

    assert (len(ratings), ratings.unit_count, ratings.categories) == (0, 0, ())
    assert category_values(ratings.categories).size == 0


def test_infinite_and_missing_numbers_are_no_category_values():
    assert category_values(("1", "inf")) is None
    assert category_values(("1", "nan")) is None
    assert np.array_equal(category_values(("1e2", "3")), [100.0, 3.0])
