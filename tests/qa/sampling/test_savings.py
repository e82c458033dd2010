"""What a design saves, against the textbook and against counting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.sampling.allocation import allocate
from qa.sampling.savings import equal_simple_size, simple_size_for_all

FRAME = {"low": 700, "middle": 200, "high": 100}
RATES = {"low": 0.02, "middle": 0.08, "high": 0.20}


def test_one_stratum_is_simple_random_sampling() -> None:
    assert equal_simple_size({"a": 500}, {"a": 40}, {"a": 0.1}) == pytest.approx(40)


@given(st.integers(30, 400))
def test_no_allocation_of_as_many_cases_is_worth_more_than_neyman_s(size: int) -> None:
    worth = {
        method: equal_simple_size(FRAME, allocate(FRAME, size, floor=1, method=method, rates=RATES), RATES) or 0.0
        for method in ("proportional", "equal", "neyman")
    }

    assert max(worth.values()) == worth["neyman"] > size


def test_neyman_at_sixty_cases_is_worth_what_the_formula_says() -> None:
    """p q / (sum W_h sqrt(p_h q_h))**2 / n, Cochran 5.26 without the finite population correction."""
    ideal = 0.05 * 0.95 / sum(FRAME[key] / 1000 * (RATES[key] * (1 - RATES[key])) ** 0.5 for key in FRAME) ** 2

    worth = equal_simple_size(FRAME, allocate(FRAME, 6000 // 100, method="neyman", rates=RATES), RATES)

    assert worth == pytest.approx(60 * ideal, rel=0.01)


def test_what_gives_no_case_cannot_be_compared() -> None:
    assert equal_simple_size(FRAME, {"low": 5, "middle": 5}, RATES) is None
    assert simple_size_for_all({"ann": FRAME}, {"low": 5}, RATES) is None
    assert equal_simple_size({"a": 5}, {"a": 5}, {"a": 0.0}) is None


def test_a_rate_that_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        equal_simple_size({"a": 5}, {"a": 5}, {"a": 2.0})


def test_simple_random_sampling_never_takes_more_than_everything() -> None:
    groups = {"busy": {"b": 10_000}, "rare": {"r": 20}}

    assert simple_size_for_all(groups, {"b": 20, "r": 20}, {"b": 0.05, "r": 0.05}) == pytest.approx(10_020)
