"""Figures of many slices from sums equal the figure of each from its cases."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calibration.stats.domains import Selections, domain
from calibration.stats.estimate import PERIOD, UNDERLYING, Estimate
from calibration.stats.joining import merged
from calibration.stats.slices import sliced
from calibration.stats.weighted import neighbour


def world(seed: int, cases: int, strata: int, *, lost: float, still_open: float, plans: int) -> Selections:
    """Random cases in random strata of some plans, named by agent and tier."""
    chance = np.random.default_rng(seed)
    names = sorted({(f"plan {chance.integers(plans)}", f"agent {place // 2}", ["high", "low"][place % 2])
                    for place in range(strata)})  # fmt: skip
    stratum = chance.integers(len(names), size=cases)
    present, stratum = np.unique(stratum, return_inverse=True)
    fate = chance.random(cases)
    settled = fate >= lost + still_open
    weight = chance.choice([1.0, 2.5, 10.0], size=cases)
    return Selections(
        stratum, weight, settled, (fate >= lost) & ~settled, settled & (chance.random(cases) < 0.85),
        tuple(names[place] for place in present), np.bincount(stratum) * 7.0,
    )  # fmt: skip


def alone(cases: Selections, member: np.ndarray, estimand: str) -> Estimate:
    """The figure of one slice from its cases, among all cases of the strata that they touch."""
    touched = np.unique(cases.stratum[member])
    near = np.isin(cases.stratum, touched)
    part = Selections(
        np.searchsorted(touched, cases.stratum[near]), cases.weight[near], cases.settled[near], cases.open[near],
        cases.right[near], tuple(cases.keys[place] for place in touched), cases.frame[touched],
    )  # fmt: skip
    return domain(part, member[near], estimand=estimand)


def assert_same(one: Estimate, other: Estimate) -> None:
    """Equal to 1e-9; the frame is a rounded sum of weights, so a half may fall to either side."""
    assert abs(one.frame - other.frame) <= 1
    for name, a in asdict(one).items():
        b = getattr(other, name)
        if isinstance(a, float):
            assert math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(a) and math.isnan(b)), name
        elif name != "frame":
            assert a == b, name


@example(0, 37, 2, 0.6, 0.0, 1, 5, UNDERLYING)  # a share of all right ones came out a hair above 1
@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 120), st.integers(1, 30), st.sampled_from([0.0, 0.1, 0.6]),
    st.sampled_from([0.0, 0.01, 0.1]), st.integers(1, 3), st.integers(1, 6), st.sampled_from([UNDERLYING, PERIOD]),
)  # fmt: skip
def test_every_slice_has_the_figure_of_its_cases_alone(
    seed: int, cases: int, strata: int, lost: float, still_open: float, plans: int, slices: int, estimand: str
) -> None:
    drawn = world(seed, cases, strata, lost=lost, still_open=still_open, plans=plans)
    wanted, of = np.unique(np.random.default_rng(seed + 1).integers(slices, size=cases), return_inverse=True)

    found = sliced(drawn, of, wanted.size, estimand=estimand)

    assert len(found) == wanted.size
    for place, figure in enumerate(found):
        assert_same(figure, alone(drawn, of == place, estimand))


def joined_one_by_one(keys: list[tuple[str, ...]], count: np.ndarray) -> list[str]:
    """The joins as the rule says them, looking over all strata each time."""
    alive, left, notes = list(range(len(keys))), count.copy(), []
    while len(alive) > 1 and (thin := [place for place, code in enumerate(alive) if left[code] < 2]):
        gone = alive[thin[0]]
        into = alive[neighbour([keys[code] for code in alive], thin[0])]
        notes.append(f"{' / '.join(keys[gone])} joined with {' / '.join(keys[into])}")
        left[into] += left[gone]
        alive.remove(gone)
    return notes


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 3)), min_size=1, max_size=25))
def test_thin_strata_join_as_the_rule_says_in_any_order_of_groups(rows: list[tuple[str, str, int]]) -> None:
    keys, count = [row[:2] for row in rows], np.array([row[2] for row in rows])

    group, notes = merged(keys, count)

    assert notes == joined_one_by_one(keys, count)
    assert len(set(group.tolist())) == len(keys) - len(notes)


def test_a_slice_without_a_case_is_refused() -> None:
    drawn = world(1, 10, 2, lost=0, still_open=0, plans=1)

    with pytest.raises(ValueError, match="every slice needs a case"):
        sliced(drawn, np.zeros(10, dtype=np.int64), 2)
