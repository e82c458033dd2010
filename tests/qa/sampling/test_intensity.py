"""Who is new, who is proven, and what history says of shares of errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.sampling.intensity import Intensity, Record, factor, lower_limit, standing
from qa.sampling.rates import PRIOR_CASES, Settled, shrunken


@pytest.mark.parametrize(("cases", "found"), [(71, "usual"), (72, "proven")])
def test_seventy_two_right_cases_of_seventy_two_show_ninety_five_percent_and_one_fewer_does_not(
    cases: int, found: str
) -> None:
    """1 - 0.025**(1/n) is at most 5 % from n = 71.92 on."""
    assert standing(Intensity(), Record(100, cases, 1.0), target=0.95) == found


def test_the_lower_limit_is_the_published_one() -> None:
    """Clopper and Pearson for 9 of 10, as in Newcombe 1998's tables: 0.555."""
    assert lower_limit(Record(None, 10, 0.9)) == pytest.approx(0.5550, abs=5e-5)


def test_who_is_new_is_new_however_good_and_who_has_no_start_is_not() -> None:
    assert standing(Intensity(), Record(7, 500, 1.0), target=0.95) == "new"
    assert standing(Intensity(), Record(8, 500, 1.0), target=0.95) == "proven"
    assert standing(Intensity(), Record(None), target=0.95) == "usual"
    assert factor(Intensity(new_factor=3.0), "new") == 3.0


@given(st.dictionaries(st.sampled_from("abcd"), st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1))
def test_shrunken_rates_lie_between_the_own_and_the_whole(counts: dict[str, tuple[int, int]]) -> None:
    history = {kind: Settled(cases, float(cases), float(min(wrong, cases))) for kind, (cases, wrong) in counts.items()}
    total = sum(one.weight for one in history.values())

    found = shrunken(history)

    assert bool(found) == (total > 0)
    for kind, rate in found.items():
        whole, one = sum(part.wrong for part in history.values()) / total, history[kind]
        own = one.wrong / one.weight if one.weight else whole
        assert min(own, whole) - 1e-12 <= rate <= max(own, whole) + 1e-12


def test_a_thin_kind_counts_little_and_too_little_history_nothing() -> None:
    history = {"thin": Settled(1, 1.0, 1.0), "thick": Settled(199, 199.0, 1.0)}

    assert shrunken(history)["thin"] == pytest.approx((1 + PRIOR_CASES * 0.01) / (1 + PRIOR_CASES))
    assert shrunken(history, fewest=201) == {}
