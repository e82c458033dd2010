"""What designs are worth, simulated through the code that plans and figures use.

    python -m tests.benchmarks.bench_design [replicates]

An agent's cases fall into tiers of 70, 20 and 10 % with errors of 2, 8 and 20 % (and half, and twice as many). Each
replicate has a key of its own and new outcomes; cases are numbered, allocated, drawn and estimated by the product.
Prints bias and coverage of 36 designs, the spread at 60 cases, and the hours saved at equal width.

A draw of more cases contains the one of fewer, so a replicate draws once, as many as any design asks, and each design
reads the first of it; for the first replicates it is also drawn design by design, and must be the same. A figure
follows from counts alone, so the same counts are estimated once.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import ceil, sqrt
from statistics import NormalDist

import numpy as np

from calibration.stats.weighted import Stratum, accuracy
from qa.sampling.allocation import allocate
from qa.sampling.drawing import draw
from qa.sampling.preview import FAST, SLOW
from qa.sampling.savings import equal_simple_size, simple_size_for_all
from qa.sampling.selection import numbering

FRAME = {"a-low": 700, "b-middle": 200, "c-high": 100}
ERRORS = {"a-low": 0.02, "b-middle": 0.08, "c-high": 0.20}
AGENTS = {"good": 0.5, "usual": 1.0, "poor": 2.0}
SIZES = (15, 30, 60, 120)
ALLOCATIONS = ("proportional", "equal", "neyman")
#: Every stratum gives two cases, so that it has a spread.
FLOOR = 2
#: Replicates that are also drawn design by design.
COMPARED = 25
SEED = 20261122
#: Standard errors within which the largest of 36 unbiased means stays in 95 of 100 runs.
BY_CHANCE = NormalDist().inv_cdf(1 - 0.05 / 36 / 2)

Design = tuple[str, int]
Frame = Mapping[str, list[tuple[int, str]]]


@dataclass
class Seen:
    """What the replicates of one design gave."""

    truth: float
    sizes: dict[str, int]
    shares: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    covered: int = 0
    #: Estimates of the period's own share minus that share.
    period: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)

    @property
    def n(self) -> int:
        """Cases drawn."""
        return sum(self.sizes.values())

    @property
    def bias(self) -> float:
        """Mean estimate minus the truth, in points."""
        return 100 * (float(np.mean(self.shares)) - self.truth)

    @property
    def bias_of_period(self) -> float:
        """Mean estimate minus the share among the very cases of the frame, in points."""
        return 100 * float(np.mean(self.period))

    @property
    def coverage(self) -> float:
        """Share of the intervals that hold the truth, in percent."""
        return 100 * self.covered / len(self.shares)

    @property
    def spread(self) -> float:
        """Standard deviation of the estimates, in points."""
        return 100 * float(np.std(self.shares, ddof=1))

    @property
    def width(self) -> float:
        """Mean width of the intervals, in points."""
        return 100 * float(np.mean(self.widths))

    @property
    def error(self) -> float:
        """Standard error of the bias, in points."""
        return self.spread / sqrt(len(self.shares))


def designs(rates: Mapping[str, float]) -> dict[Design, dict[str, int]]:
    """(allocation, cases) -> sizes, by the product's allocation; the rates are known, as after a quarter."""
    return {
        (method, size): allocate(FRAME, size, floor=FLOOR, method=method, rates=rates)
        for method in ALLOCATIONS
        for size in SIZES
    }


def simulate(replicates: int, seed: int = SEED) -> dict[tuple[str, Design], Seen]:
    """Every design of every agent, over the same replicates."""
    random = np.random.default_rng(seed)
    total = sum(FRAME.values())
    rates = {agent: {key: rate * factor for key, rate in ERRORS.items()} for agent, factor in AGENTS.items()}
    seen = {
        (agent, design): Seen(1 - sum(FRAME[key] * own[key] for key in FRAME) / total, sizes)
        for agent, own in rates.items()
        for design, sizes in designs(own).items()
    }
    most = {key: max(one.sizes[key] for one in seen.values()) for key in FRAME}
    for replicate in range(replicates):
        number = numbering(f"{seed}-{replicate}".encode(), "bench")
        frame = {key: [(number(f"{key}-{one}"), f"{one}") for one in range(count)] for key, count in FRAME.items()}
        order = _drawn(frame, most)
        if replicate < COMPARED:
            _same_draws(frame, order, [one.sizes for one in seen.values()])
        for agent, own in rates.items():
            right = {key: random.random(count) >= own[key] for key, count in FRAME.items()}
            _take(agent, seen, order, right)
    return seen


def _drawn(frame: Frame, sizes: Mapping[str, int]) -> dict[str, list[int]]:
    """Stratum -> the drawn cases' places, in the order of their numbers."""
    places: dict[str, list[int]] = {key: [] for key in frame}
    for case in draw(frame, sizes).cases:
        places[case.stratum].append(int(case.case_id))
    return places


def _same_draws(frame: Frame, order: Mapping[str, list[int]], asked: list[dict[str, int]]) -> None:
    """That a smaller draw is the beginning of the larger one. Raises AssertionError."""
    for sizes in asked:
        assert _drawn(frame, sizes) == {key: order[key][: sizes[key]] for key in frame}, sizes


def _take(
    agent: str, seen: Mapping[tuple[str, Design], Seen], order: Mapping[str, list[int]], right: Mapping[str, np.ndarray]
) -> None:
    """What each design's figure says of one agent's outcomes."""
    here = sum(int(one.sum()) for one in right.values()) / sum(FRAME.values())
    good = {key: np.concatenate([[0], np.cumsum(right[key][places])]).tolist() for key, places in order.items()}
    for (whose, _), one in seen.items():
        if whose == agent:
            counts = tuple((one.sizes[key], good[key][one.sizes[key]]) for key in FRAME)
            share, low, high, raw = _figure(counts)
            one.shares.append(share)
            one.widths.append(high - low)
            one.covered += low <= one.truth <= high
            one.period.append(share - here)
            one.naive.append(raw)


@cache
def _figure(counts: tuple[tuple[int, int], ...]) -> tuple[float, float, float, float]:
    """Estimate, limits and unweighted share for (drawn, right) of each stratum."""
    found = accuracy([
        Stratum(("x", key), FRAME[key], drawn, drawn, right, 0)
        for key, (drawn, right) in zip(FRAME, counts, strict=True)
    ])  # fmt: skip
    return found.estimate, found.low, found.high, found.raw


@dataclass(frozen=True)
class Team:
    """Agents of very different volume: what equal figures for each cost by design and by simple random sampling."""

    each: int
    agents: dict[str, dict[str, int]]

    def sizes(self) -> dict[str, int]:
        """Stratum -> cases, so many of every agent."""
        found: dict[str, int] = {}
        for own in self.agents.values():
            found |= allocate(own, self.each, floor=1, method="neyman", rates=self.rates())
        return found

    def rates(self) -> dict[str, float]:
        """Stratum -> share of errors."""
        return {key: ERRORS[key.split("|")[1]] for own in self.agents.values() for key in own}


def team(each: int, agents: int = 20) -> Team:
    """The busiest agent closes six times as many cases as the one with fewest."""
    scale = np.linspace(0.5, 3.0, agents)
    return Team(each, {
        f"a{one}": {f"a{one}|{key}": round(count * float(scale[one])) for key, count in FRAME.items()}
        for one in range(agents)
    })  # fmt: skip


def main(replicates: int) -> None:
    """Print all of it."""
    seen = simulate(replicates)
    print(
        f"{'agent':6} {'allocation':13} {'n':>4} {'truth':>6} {'bias':>6} {'+-':>5} {'period':>7} {'cover':>6} "
        f"{'width':>6}    SD"
    )
    for (agent, (method, _)), one in seen.items():
        print(
            f"{agent:6} {method:13} {one.n:4} {100 * one.truth:6.1f} {one.bias:6.2f} {1.96 * one.error:5.2f} "
            f"{one.bias_of_period:7.2f} {one.coverage:6.1f} {one.width:6.1f} {one.spread:5.2f}"
        )
    _bounds(list(seen.values()), replicates)
    usual = {design: one for (agent, design), one in seen.items() if agent == "usual"}
    spreads = {method: usual[method, 60].spread for method in ALLOCATIONS}
    print("SD at 60 cases: " + ", ".join(f"{method} {spread:.2f}" for method, spread in spreads.items()))
    print(f"equal allocation without weights says {100 * float(np.mean(usual['equal', 60].naive)):.1f} % of "
          f"{100 * usual['equal', 60].truth:.1f} %")  # fmt: skip
    _savings(usual)


def _bounds(found: list[Seen], replicates: int) -> None:
    """The worst of all designs, and what chance alone gives."""
    worst = max(found, key=lambda one: abs(one.bias))
    surely = max(abs(one.bias) + 1.96 * one.error for one in found)
    print(f"{replicates} replicates: largest bias {abs(worst.bias):.3f} points; the largest of 36 unbiased designs "
          f"comes to {BY_CHANCE * max(one.error for one in found):.3f} by chance; no 95 % interval of a bias reaches "
          f"beyond {surely:.3f}; of the period {max(abs(one.bias_of_period) for one in found):.3f}")  # fmt: skip
    lowest = min(found, key=lambda one: one.coverage)
    noise = 196 * sqrt(lowest.coverage / 100 * (1 - lowest.coverage / 100) / replicates)
    print(f"coverage from {lowest.coverage:.1f} % (+- {noise:.1f})")


def _savings(usual: Mapping[Design, Seen]) -> None:
    """Cases and hours that simple random sampling needs for the same width."""
    rates = dict(ERRORS)
    for size in SIZES:
        sizes = allocate(FRAME, size, floor=FLOOR, method="neyman", rates=rates)
        seen = usual["neyman", size]
        said, measured = (
            equal_simple_size(FRAME, sizes, rates) or 0.0,
            1e4 * seen.truth * (1 - seen.truth) / seen.spread**2,
        )
        print(f"neyman {size:4}: simple random sampling takes {said:.0f} (simulated {measured:.0f}): "
              f"{100 * (1 - size / said):.0f} % fewer cases, {_hours(said - size)}")  # fmt: skip
    for each in (12, 60):
        here = team(each)
        drawn, simple = sum(here.sizes().values()), simple_size_for_all(here.agents, here.sizes(), here.rates()) or 0.0
        print(f"20 agents, {each} cases of each: {drawn}; simple random sampling until each figure is as wide: "
              f"{ceil(simple)}: {_hours(simple - drawn)}")  # fmt: skip
    counts = [usual["neyman", size].n for size in SIZES]
    assert all(small < large for small, large in pairwise(counts))


def _hours(cases: float) -> str:
    return f"{cases / FAST:.1f} to {cases / SLOW:.1f} hours saved"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
