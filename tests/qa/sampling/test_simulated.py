"""The simulation of designs, small: unbiased, covered, and better for the right reason."""

from __future__ import annotations

import pytest

from tests.benchmarks import bench_design as bench


@pytest.fixture(scope="module")
def usual() -> dict[tuple[str, int], bench.Seen]:
    return {design: seen for (agent, design), seen in bench.simulate(150, seed=3).items() if agent == "usual"}


def test_estimates_of_every_allocation_are_right_on_average(usual: dict[tuple[str, int], bench.Seen]) -> None:
    beside = {design: seen.bias / (seen.spread / 150**0.5) for design, seen in usual.items()}

    assert max(map(abs, beside.values())) < 4, "standard errors of the mean"


def test_intervals_hold_the_truth_at_least_as_often_as_they_say(usual: dict[tuple[str, int], bench.Seen]) -> None:
    assert min(seen.coverage for seen in usual.values()) >= 93, "95 % within two standard errors of 150 replicates"


def test_equal_allocation_without_weights_is_the_classical_mistake(usual: dict[tuple[str, int], bench.Seen]) -> None:
    seen = usual["equal", 60]

    assert 100 * sum(seen.naive) / len(seen.naive) == pytest.approx(90.0, abs=0.8)
    assert 100 * seen.truth == pytest.approx(95.0)


def test_equal_figures_for_unequal_agents_cost_simple_random_sampling_more() -> None:
    team = bench.team(12)

    drawn = sum(team.sizes().values())
    simple = bench.simple_size_for_all(team.agents, team.sizes(), team.rates())

    assert drawn == 240 and simple is not None and simple > 3 * drawn
