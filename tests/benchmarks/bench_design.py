"""What designs are worth, simulated through the code that plans and figures use.

    python -m tests.benchmarks.bench_design [replicates]

An agent's cases fall into tiers of 70, 20 and 10 % with errors of 2, 8 and 20 % (and half, and twice as many). Each
replicate has a key of its own and new outcomes; cases are numbered, allocated, drawn and estimated by the product.
Prints bias and coverage of 36 designs, the spread at 60 cases, and the hours saved at equal width.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, sqrt

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


@dataclass
class Seen:
    """What the replicates of one design gave."""

    truth: float
    n: int
    shares: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    covered: int = 0
    #: Estimates of the period's own share minus that share.
    period: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)

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


def designs(rates: Mapping[str, float]) -> dict[tuple[str, int], dict[str, int]]:
    """(allocation, cases) -> sizes, by the product's allocation; the rates are known, as after a quarter."""
    return {
        (method, size): allocate(FRAME, size, floor=FLOOR, method=method, rates=rates)
        for method in ALLOCATIONS
        for size in SIZES
    }


def simulate(factor: float, replicates: int, seed: int) -> dict[tuple[str, int], Seen]:
    """Every design of one agent, over the same replicates."""
    random = np.random.default_rng(seed)
    rates = {key: rate * factor for key, rate in ERRORS.items()}
    total = sum(FRAME.values())
    truth = 1 - sum(FRAME[key] * rates[key] for key in FRAME) / total
    asked = designs(rates)
    seen = {design: Seen(truth, sum(sizes.values())) for design, sizes in asked.items()}
    for replicate in range(replicates):
        number = numbering(f"{seed}-{replicate}".encode(), "bench")
        frame = {key: [(number(f"{key}-{one}"), f"{one}") for one in range(count)] for key, count in FRAME.items()}
        right = {key: random.random(count) >= rates[key] for key, count in FRAME.items()}
        here = sum(int(one.sum()) for one in right.values()) / total
        for design, sizes in asked.items():
            _take(seen[design], frame, sizes, right, here)
    return seen


def _take(
    seen: Seen,
    frame: Mapping[str, list[tuple[int, str]]],
    sizes: Mapping[str, int],
    right: Mapping[str, np.ndarray],
    here: float,
) -> None:
    """Draw once and note what the figure says."""
    good = dict.fromkeys(frame, 0)
    for case in draw(frame, sizes).cases:
        good[case.stratum] += bool(right[case.stratum][int(case.case_id)])
    strata = [Stratum(("x", key), FRAME[key], sizes[key], sizes[key], good[key], 0) for key in frame]
    found = accuracy(strata)
    seen.shares.append(found.estimate)
    seen.widths.append(found.high - found.low)
    seen.covered += found.low <= seen.truth <= found.high
    seen.period.append(found.estimate - here)
    seen.naive.append(found.raw)


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


def worst(replicates: int) -> Iterator[tuple[str, tuple[str, int], Seen]]:
    """(agent, design, what it gave) of all 36."""
    for place, (agent, factor) in enumerate(AGENTS.items()):
        for design, seen in simulate(factor, replicates, seed=20261122 + place).items():
            yield agent, design, seen


def main(replicates: int) -> None:
    """Print all of it."""
    found = list(worst(replicates))
    print(
        f"{'agent':6} {'allocation':13} {'n':>4} {'truth':>6} {'bias':>6} {'period':>7} {'cover':>6} {'width':>6}    SD"
    )
    for agent, (method, _), seen in found:
        print(
            f"{agent:6} {method:13} {seen.n:4} {100 * seen.truth:6.1f} {seen.bias:6.2f} {seen.bias_of_period:7.2f} "
            f"{seen.coverage:6.1f} {seen.width:6.1f} {seen.spread:5.2f}"
        )
    noise = max(seen.spread for _, _, seen in found) / sqrt(replicates)
    print(f"largest bias {max(abs(seen.bias) for _, _, seen in found):.2f} points (of an unbiased design up to "
          f"{3 * noise:.2f} by chance), of the period {max(abs(seen.bias_of_period) for _, _, seen in found):.2f}; "
          f"coverage from {min(seen.coverage for _, _, seen in found):.1f} %")  # fmt: skip
    usual = {design: seen for agent, design, seen in found if agent == "usual"}
    spreads = {method: usual[method, 60].spread for method in ALLOCATIONS}
    print("SD at 60 cases: " + ", ".join(f"{method} {spread:.2f}" for method, spread in spreads.items()))
    print(f"equal allocation without weights says {100 * float(np.mean(usual['equal', 60].naive)):.1f} % of "
          f"{100 * usual['equal', 60].truth:.1f} %")  # fmt: skip
    _savings(usual)


def _savings(usual: Mapping[tuple[str, int], Seen]) -> None:
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
    counts = [sum(designs(rates)["neyman", size].values()) for size in SIZES]
    assert all(small < large for small, large in pairwise(counts))


def _hours(cases: float) -> str:
    return f"{cases / FAST:.1f} to {cases / SLOW:.1f} hours saved"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
