"""Draws by size: probabilities that add up, certain cases, and selection as often as promised."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.sampling.selection import SPAN, numbering
from qa.sampling.unequal import METHODS, draw_by_size, inclusion

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.floats(0, 1e6), max_size=15)


def numbered(sizes, key=b"autumn"):
    """The cases of *sizes* with their numbers."""
    code = numbering(key, "desk")
    return [(code(case), case) for case in sizes]


def test_sizes_too_small_to_divide_by_still_give_shares():
    found = inclusion({"a": 1.0, "b": 5e-324, "c": 2e-309}, 2)

    assert math.fsum(found.values()) == pytest.approx(2)


@given(SIZES, st.data())
def test_probabilities_are_shares_that_add_up_to_the_size(sizes, data):
    n = data.draw(st.integers(0, sum(1 for size in sizes.values() if size)))

    found = inclusion(sizes, n)

    assert math.fsum(found.values()) == pytest.approx(n, abs=1e-9)
    assert all(0 <= chance <= 1 + 1e-12 for chance in found.values())
    assert all((found[case] > 0) <= (sizes[case] > 0) for case in sizes)


@given(SIZES, st.data())
def test_below_certainty_probabilities_are_proportional_to_size(sizes, data):
    n = data.draw(st.integers(0, sum(1 for size in sizes.values() if size)))

    found = inclusion(sizes, n)

    scales = [found[case] / sizes[case] for case in sizes if sizes[case] > 1e-3 and 0 < found[case] < 1]
    assert all(scale == pytest.approx(scales[0]) for scale in scales)


def test_certain_cases_are_found_one_after_another():
    """100 leaves 3 seats for 10, 1, 1, 1, 1; then 10 is certain too, and 2 seats are shared by four ones."""
    found = inclusion({"a": 100, "b": 10, "c": 1, "d": 1, "e": 1, "f": 1}, 4)

    assert found == {"a": 1.0, "b": 1.0, "c": 0.5, "d": 0.5, "e": 0.5, "f": 0.5}


def test_ranks_are_those_of_ohlsson_and_of_rosen():
    """Numbers .2 and .5 with probabilities .25 and .75: u / pi is .8 and .667, the odds ratios .75 and .333."""
    cases, sizes = [(SPAN // 5, "small"), (SPAN // 2, "large")], {"small": 1, "large": 3}

    taken = {method: draw_by_size(cases, sizes, 1, method=method) for method in METHODS}

    assert [taken[method][0].case_id for method in METHODS] == ["large", "large"]
    assert [taken[method][0].probability for method in METHODS] == [0.75, 0.75]


def test_the_two_methods_can_rank_differently():
    """Numbers .11 and .95, probabilities .1 and .9: u / pi is 1.1 and 1.06, the odds ratios 1.1 and 2.1."""
    cases, sizes = [(SPAN * 11 // 100, "small"), (SPAN * 95 // 100, "large")], {"small": 1, "large": 9}

    taken = [draw_by_size(cases, sizes, 1, method=method)[0].case_id for method in METHODS]

    assert taken == ["large", "small"]


@pytest.mark.parametrize("method", METHODS)
def test_cases_are_drawn_as_often_as_promised(method):
    sizes = {f"c{place}": 1 + place for place in range(20)}
    chance = inclusion(sizes, 6)
    drawn = dict.fromkeys(sizes, 0)

    for key in range(3000):
        for case in draw_by_size(numbered(sizes, b"%d" % key), sizes, 6, method=method):
            drawn[case.case_id] += 1

    # Nominal probabilities are true up to O(1/n): 0.03 beside the noise of 3,000 draws.
    assert all(abs(drawn[case] / 3000 - chance[case]) < 0.03 for case in sizes)


@pytest.mark.parametrize("method", METHODS)
@given(sizes=SIZES, data=st.data())
def test_so_many_cases_are_drawn_in_whatever_order_they_come(method, sizes, data):
    n = data.draw(st.integers(0, sum(1 for size in sizes.values() if size)))
    cases = numbered(sizes)

    taken = draw_by_size(cases, sizes, n, method=method)

    assert len(taken) == n
    assert taken == draw_by_size(list(reversed(cases)), sizes, n, method=method)
    assert all(case.weight == pytest.approx(1 / case.probability) for case in taken)


def test_a_larger_size_contains_the_smaller_draw_while_nothing_becomes_certain():
    sizes = {f"c{place}": 1 + place % 3 for place in range(60)}
    samples = [{case.case_id for case in draw_by_size(numbered(sizes), sizes, n)} for n in range(15)]

    assert all(one <= other for one, other in zip(samples, samples[1:], strict=False))


def test_what_is_sized_nothing_is_never_drawn():
    taken = draw_by_size([(0, "a"), (9, "b")], {"a": 0, "b": 1}, 1)

    assert [case.case_id for case in taken] == ["b"]


@pytest.mark.parametrize(
    ("sizes", "n", "said"),
    [
        ({"a": -1, "b": 1}, 1, "case 'a': a size must be a number of 0 or more"),
        ({"a": math.nan, "b": 1}, 1, "case 'a'"),
        ({"a": math.inf, "b": 1}, 1, "case 'a'"),
        ({"a": 1, "b": 0}, 2, "2 cases are asked, 1 have a size above 0"),
        ({"a": 1, "b": 1}, -1, "-1 cases are asked"),
        ({"a": 1}, 1, "case 'b' has no size"),
    ],
)
def test_a_draw_that_cannot_be_is_refused(sizes, n, said):
    with pytest.raises(ValueError, match=said):
        draw_by_size([(1, "a"), (2, "b")], sizes, n)


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="not 'lottery'"):
        draw_by_size([], {}, 0, method="lottery")
