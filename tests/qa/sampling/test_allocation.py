"""Allocation: floors, caps, sums, nesting, and the exact optimum in whole cases."""

from itertools import product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.sampling.allocation import METHODS, MOST_UNEQUAL, allocate, claims, least_size

FRAMES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 60), max_size=8)
RATE = st.floats(0, 1)


@st.composite
def questions(draw):
    """A frame with a floor, a size that holds it, a method and its rates."""
    frame = draw(FRAMES)
    floor = draw(st.integers(0, 10))
    size = draw(st.integers(least_size(frame, floor), sum(frame.values()) + 5))
    rates = {key: draw(RATE) for key in frame}
    return frame, size, {"floor": floor, "method": draw(st.sampled_from(METHODS)), "rates": rates}


#: Apportionment population of the 50 states (residents and overseas) and their seats of 435: U.S. Census
#: Bureau, 2020 Census Apportionment Results, table 1. The law prescribes the method of equal proportions.
HOUSE = {
    "Alabama": (5030053, 7), "Alaska": (736081, 1), "Arizona": (7158923, 9), "Arkansas": (3013756, 4),
    "California": (39576757, 52), "Colorado": (5782171, 8), "Connecticut": (3608298, 5),
    "Delaware": (990837, 1), "Florida": (21570527, 28), "Georgia": (10725274, 14), "Hawaii": (1460137, 2),
    "Idaho": (1841377, 2), "Illinois": (12822739, 17), "Indiana": (6790280, 9), "Iowa": (3192406, 4),
    "Kansas": (2940865, 4), "Kentucky": (4509342, 6), "Louisiana": (4661468, 6), "Maine": (1363582, 2),
    "Maryland": (6185278, 8), "Massachusetts": (7033469, 9), "Michigan": (10084442, 13),
    "Minnesota": (5709752, 8), "Mississippi": (2963914, 4), "Missouri": (6160281, 8), "Montana": (1085407, 2),
    "Nebraska": (1963333, 3), "Nevada": (3108462, 4), "New Hampshire": (1379089, 2),
    "New Jersey": (9294493, 12), "New Mexico": (2120220, 3), "New York": (20215751, 26),
    "North Carolina": (10453948, 14), "North Dakota": (779702, 1), "Ohio": (11808848, 15),
    "Oklahoma": (3963516, 5), "Oregon": (4241500, 6), "Pennsylvania": (13011844, 17),
    "Rhode Island": (1098163, 2), "South Carolina": (5124712, 7), "South Dakota": (887770, 1),
    "Tennessee": (6916897, 9), "Texas": (29183290, 38), "Utah": (3275252, 4), "Vermont": (643503, 1),
    "Virginia": (8654542, 11), "Washington": (7715946, 10), "West Virginia": (1795045, 2),
    "Wisconsin": (5897473, 8), "Wyoming": (577719, 1),
}  # fmt: skip


def test_the_house_of_2020_gets_the_seats_that_the_census_bureau_published():
    frame = {state: people for state, (people, _) in HOUSE.items()}

    found = allocate(frame, 435, floor=1)

    assert found == {state: seats for state, (_, seats) in HOUSE.items()}


def test_the_last_seat_of_2020_went_to_minnesota_and_the_next_would_have_gone_to_new_york():
    frame = {state: people for state, (people, _) in HOUSE.items()}
    seats = {size: allocate(frame, size) for size in (434, 435, 436)}

    won = [[state for state in HOUSE if seats[size][state] > seats[size - 1][state]] for size in (435, 436)]

    assert won == [["Minnesota"], ["New York"]]


def test_new_york_missed_the_last_seat_of_2020_by_89_people():
    frame = {state: people for state, (people, _) in HOUSE.items()}

    with_88 = allocate(frame | {"New York": HOUSE["New York"][0] + 88}, 435)
    with_89 = allocate(frame | {"New York": HOUSE["New York"][0] + 89}, 435)

    assert (with_88["New York"], with_89["New York"]) == (26, 27)


@given(questions())
def test_floors_caps_and_the_sum_hold(question):
    frame, size, how = question

    found = allocate(frame, size, **how)

    assert list(found) == sorted(frame)
    assert sum(found.values()) == min(size, sum(frame.values()))
    assert all(min(how["floor"], frame[key]) <= n <= frame[key] for key, n in found.items())


@given(questions())
def test_a_larger_size_takes_nothing_from_anybody(question):
    frame, size, how = question

    smaller, larger = allocate(frame, size, **how), allocate(frame, size + 1, **how)

    assert all(larger[key] >= smaller[key] for key in frame)


@given(questions())
def test_the_order_of_the_strata_changes_nothing(question):
    frame, size, how = question

    assert allocate(dict(reversed(frame.items())), size, **how) == allocate(frame, size, **how)


@given(questions())
def test_nobody_goes_without_while_another_has_two(question):
    frame, size, how = question

    found = allocate(frame, size, **how | {"floor": 0})

    assert max(found.values(), default=0) <= 1 or all(found[key] for key in frame if frame[key])


@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=4),
    st.lists(st.floats(0.01, 0.5), min_size=4, max_size=4),
    st.integers(0, 2),
    st.integers(0, 24),
)
def test_no_other_allocation_in_whole_cases_is_more_precise(counts, shares, floor, more):
    frame = {f"s{place}": count for place, count in enumerate(counts)}
    rates = {f"s{place}": share for place, share in enumerate(shares)}
    size = min(max(least_size(frame, floor), len(counts)) + more, sum(counts))
    claim = claims(frame, method="neyman", rates=rates)

    found = allocate(frame, size, floor=floor, method="neyman", rates=rates)

    def variance(sizes):
        return sum(claim[key] ** 2 / n for key, n in zip(frame, sizes, strict=True))

    others = product(*(range(max(1, min(floor, count)), count + 1) for count in counts))
    best = min(variance(sizes) for sizes in others if sum(sizes) == size)
    assert variance(found[key] for key in frame) == pytest.approx(best, rel=1e-12)


def test_proportional_is_proportional():
    assert allocate({"low": 700, "mid": 200, "high": 100}, 60) == {"high": 6, "low": 42, "mid": 12}


def test_equal_is_equal_until_a_stratum_is_exhausted():
    assert allocate({"a": 500, "b": 50, "c": 3}, 43, method="equal") == {"a": 20, "b": 20, "c": 3}


def test_neyman_follows_size_times_spread():
    """Tiers of 70, 20 and 10 % with errors of 2, 8 and 20 % (the design's example, n = 60)."""
    frame, rates = {"low": 7000, "mid": 2000, "high": 1000}, {"low": 0.02, "mid": 0.08, "high": 0.20}
    claim = {key: frame[key] * sqrt(rates[key] * (1 - rates[key])) for key in frame}

    found = allocate(frame, 60, method="neyman", rates=rates)

    assert all(abs(found[key] - 60 * claim[key] / sum(claim.values())) < 1 for key in frame)


def test_risk_follows_the_errors_expected():
    found = allocate({"low": 9000, "high": 1000}, 100, method="risk", rates={"low": 0.02, "high": 0.18})

    assert found == {"high": 50, "low": 50}


@given(st.lists(RATE, min_size=2, max_size=6), st.sampled_from(["neyman", "risk"]))
def test_rates_call_for_probabilities_that_differ_by_a_factor_of_ten_at_most(shares, method):
    frame = {f"s{place}": 1000 for place in range(len(shares))}

    found = claims(frame, method=method, rates=dict(zip(frame, shares, strict=True)))

    assert min(found.values()) > 0
    assert max(found.values()) / min(found.values()) <= MOST_UNEQUAL * (1 + 1e-12)


def test_the_floor_is_a_census_of_a_stratum_that_holds_fewer():
    assert allocate({"a": 1000, "b": 4}, 40, floor=12) == {"a": 36, "b": 4}


def test_a_size_beyond_the_frame_is_a_census():
    assert allocate({"a": 3, "b": 4}, 100) == {"a": 3, "b": 4}


def test_an_empty_frame_gives_nothing():
    assert allocate({}, 10) == {}


@pytest.mark.parametrize(
    ("frame", "size", "how", "said"),
    [
        ({"a": 100, "b": 100}, 20, {"floor": 12}, "it takes 24"),
        ({"a": 100}, -1, {}, "size must be 0 or more"),
        ({"a": -1}, 1, {}, "a must be 0 or more"),
        ({"a": 1}, 1, {"floor": -1}, "floor must be 0 or more"),
        ({"a": 1}, 1, {"method": "neyman"}, "no expected rate of errors is known for stratum 'a'"),
        ({"a": 1}, 1, {"method": "risk", "rates": {"b": 0.1}}, "stratum 'a'"),
        ({"a": 1}, 1, {"method": "risk", "rates": {"a": 1.5}}, "within 0..1"),
        ({"a": 1}, 1, {"method": "neyman", "rates": {"a": float("nan")}}, "within 0..1"),
        ({"a": 1}, 1, {"method": "fair"}, "not 'fair'"),
    ],
)
def test_what_means_nothing_is_refused(frame, size, how, said):
    with pytest.raises(ValueError, match=said):
        allocate(frame, size, **how)
