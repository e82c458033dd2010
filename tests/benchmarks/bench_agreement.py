"""Agreement from the long table of ratings to value and interval, beside other libraries, in one run.

    python -m tests.benchmarks.bench_agreement [--small | --file] [--heavy]

The peers (krippendorff, irrCAC, statsmodels, scikit-learn) are measured where this Python has them and named where it
has not: none but the last two is ever a dependency. *--small* leaves the two large tables out, *--heavy* also gives
irrCAC the largest one (11 GB), *--file* measures the command's file alone. Prints seconds and ratios; asserts nothing
about time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from calibration import rating_files
from calibration.file_agreement import agreement_from_file
from calibration.how import How
from calibration.rating_files import Columns
from calibration.stats.agreement_interval import log_t
from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.coefficients import NAMES, coefficient
from calibration.stats.conger import conger_kappa
from calibration.stats.cube import cube_of
from calibration.stats.patterns import collapse
from calibration.stats.ratings import Ratings
from calibration.stats.resample import resampled

Q = 12
#: units, raters, share of the cells that hold a rating; the last gives every unit three
SIZES = ((1_000, 10, 0.2), (10_000, 50, 0.2), (100_000, 100, 0.2), (1_000_000, 200, 3 / 200))
LARGE = 1_000_000
MATRIX_CELLS = 200_000_000
IRR_CELLS = 10_000_000
PEERS = ("krippendorff", "irrCAC.raw", "statsmodels.stats.inter_rater", "sklearn.metrics", "pandas")


@dataclass(frozen=True)
class Table:
    """A long table of ratings: codes of units, raters and labels."""

    units: int
    raters: int
    unit: np.ndarray
    rater: np.ndarray
    label: np.ndarray

    @property
    def ratings(self) -> Ratings:
        """The same for Conger's kappa."""
        names = tuple(f"r{code}" for code in range(self.raters)), tuple(map(str, range(Q)))
        return Ratings(self.unit, self.rater, self.label, np.zeros_like(self.unit), self.units, *names)


def made(units: int, raters: int, share: float) -> Table:
    """Noisy ratings of skewed categories."""
    rng = np.random.default_rng(units)
    if share * raters == 3:
        unit = np.repeat(np.arange(units), 3)
        start = rng.integers(0, raters, units)
        rater = (start[:, None] + np.array([0, 1, 2]) * (1 + rng.integers(0, raters // 3, units))[:, None]) % raters
        rater = rater.reshape(-1)
    else:
        unit, rater = np.nonzero(rng.random((units, raters)) < share)
    truth = rng.choice(Q, units, p=np.arange(Q, 0, -1) / (Q * (Q + 1) / 2))
    label = np.where(rng.random(unit.size) < 0.85, truth[unit], rng.integers(0, Q, unit.size))
    return Table(units, raters, unit.astype(np.int64), rater.astype(np.int64), label.astype(np.int64))


def seconds(deed: Callable[[], Any], times: int = 3) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        deed()
        best = min(best, time.perf_counter() - began)
    return best


def work(deed: Callable[[], Any]) -> float:
    """Seconds of the processor: what is left when others are at work on the machine too."""
    began = time.process_time()
    deed()
    return time.process_time() - began


def peers() -> dict[str, ModuleType]:
    """The libraries that this Python has, by name; says which are absent."""
    found = {}
    for name in PEERS:
        try:
            found[name] = import_module(name)
        except ImportError as error:
            print(f"absent: {name} ({error})")
    return found


def alpha(table: Table) -> tuple[float, float, float]:
    """Value and interval from the long table."""
    patterns = collapse(table.unit, table.label, Q, table.units)
    found = krippendorff_alpha(patterns, "nominal", np.arange(float(Q)))
    return found.value, *log_t(found.value, found.se, found.unit_count, 0.95)


def every(table: Table) -> list[float]:
    """All coefficients with their standard errors; Conger's without."""
    patterns = collapse(table.unit, table.label, Q, table.units)
    found = [coefficient(name, patterns, np.eye(Q)) for name in NAMES]
    found.append(krippendorff_alpha(patterns, "nominal", np.arange(float(Q))))
    return [one.value for one in found] + [conger_kappa(table.ratings, np.eye(Q), resample=False).value]


def replicates(table: Table) -> Callable[[], Any]:
    """A thousand resamples of alpha: exact, or by Gaussian totals where units hardly repeat."""
    found = krippendorff_alpha(collapse(table.unit, table.label, Q, table.units), "nominal", np.arange(float(Q)))
    return lambda: resampled(found, 1000, 1)


def matrix(table: Table) -> np.ndarray:
    """Raters x units, nan where there is no rating: what the peers take."""
    cells = np.full((table.raters, table.units), np.nan)
    cells[table.rater, table.unit] = table.label
    return cells


def counts(table: Table) -> np.ndarray:
    """Units x categories."""
    key = table.unit * Q + table.label
    return np.bincount(key, minlength=table.units * Q).reshape(table.units, Q)


def ours(table: Table) -> dict[str, float]:
    """Seconds of our own ways, by what they give."""
    return {
        "one bincount of the labels": seconds(lambda: np.bincount(table.label), 7),
        "ours: alpha with interval": seconds(lambda: alpha(table), 5),
        "ours: all coefficients": seconds(lambda: every(table)),
        "ours: 1,000 resamples": seconds(replicates(table)),
    }


def theirs(table: Table, have: dict[str, ModuleType], heavy: bool) -> dict[str, float]:
    """Seconds of the peers from the long table to the value (none of them gives an interval for alpha but irrCAC)."""
    found: dict[str, float] = {}
    size = table.units * table.raters
    if kripp := have.get("krippendorff"):
        found["krippendorff, counts"] = seconds(
            lambda: kripp.alpha(value_counts=counts(table), level_of_measurement="nominal"), 1
        )
        if size <= MATRIX_CELLS:
            found["krippendorff, matrix"] = seconds(
                lambda: kripp.alpha(reliability_data=matrix(table), level_of_measurement="nominal"), 1
            )
    if "irrCAC.raw" in have and "pandas" in have and (size <= IRR_CELLS or heavy):
        frame = have["pandas"].DataFrame

        def cac() -> Any:
            return have["irrCAC.raw"].CAC(frame(matrix(table).T))

        found["irrCAC alpha"] = seconds(lambda: cac().krippendorff(), 1)
        found["irrCAC AC1"] = seconds(lambda: cac().gwet(), 1)
    if inter := have.get("statsmodels.stats.inter_rater"):
        whole = counts(table)
        if (whole.sum(axis=1) == whole.sum(axis=1)[0]).all():
            found["statsmodels Fleiss, counts"] = seconds(lambda: inter.fleiss_kappa(counts(table)), 1)
        else:
            print("statsmodels Fleiss: needs as many ratings of every unit, so it has no figure here")
    if metrics := have.get("sklearn.metrics"):
        first = table.unit[1:] == table.unit[:-1]
        a, b = table.label[:-1][first], table.label[1:][first]
        found["scikit-learn Cohen, two raters"] = seconds(lambda: metrics.cohen_kappa_score(a, b), 1)
    return found


def by_size(have: dict[str, ModuleType], small: bool, heavy: bool) -> None:
    """The table: seconds, and how many times our alpha with its interval fits into each."""
    for units, raters, share in SIZES[:2] if small else SIZES:
        table = made(units, raters, share)
        print(f"\n{units:,} units x {raters} raters, {table.unit.size:,} ratings")
        rows = ours(table) | theirs(table, have, heavy)
        base = rows["ours: alpha with interval"]
        for name, took in rows.items():
            print(f"  {name:34} {took:10.5f} s  {took / base:10.2f} x our alpha")
        print(f"  our alpha in bincounts: {base / rows['one bincount of the labels']:.1f}")


def slices() -> None:
    """One policy, one week and everything from a cube of 12 policies x 52 weeks over a million units."""
    table = made(*SIZES[-1])
    rng = np.random.default_rng(1)
    cell = rng.integers(0, 12 * 52, table.units)
    cube = cube_of(table.unit, table.label, cell, Q, 12 * 52)
    print(f"\ncube of {12 * 52} cells over {table.units:,} units, {len(cube.counts)} patterns")
    for name, cells in (("one cell", [5]), ("a policy, all weeks", range(52)), ("everything", range(12 * 52))):
        chosen = np.array(list(cells))

        def shown(chosen: np.ndarray = chosen) -> Any:
            patterns = cube.slice(chosen)
            return [coefficient(one, patterns, np.eye(Q)) for one in NAMES], krippendorff_alpha(
                patterns, "nominal", np.arange(float(Q))
            )

        print(f"  {name:34} {1000 * seconds(shown, 20):10.3f} ms for all coefficients with standard errors")


def from_file(rows: int) -> None:
    """The command's work on a file: how much of it is reading."""
    table = made(rows // 3, 200, 3 / 200)
    with tempfile.TemporaryDirectory(prefix="bench-agreement-") as folder:
        path = Path(folder) / "decisions.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("case_id,rater_id,label\n")
            file.writelines(
                f"case-{unit:08d},r{rater:03d},policy-{label:02d}\n"
                for unit, rater, label in zip(table.unit, table.rater, table.label, strict=True)
            )
        reading = work(lambda: rating_files.read(path, Columns()))
        whole = work(lambda: agreement_from_file(path, Columns(), How()))
    print(f"\nflask agreement on {table.unit.size:,} rows: {whole:.2f} s of work, reading {reading:.2f} s "
          f"({100 * reading / whole:.0f} %)")  # fmt: skip


def main(arguments: list[str]) -> None:
    """All of it."""
    small = "--small" in arguments
    if "--file" in arguments:
        from_file(3 * LARGE)
        return
    have = peers()
    by_size(have, small, "--heavy" in arguments)
    if not small:
        slices()
    from_file(30_000 if small else 3 * LARGE)


if __name__ == "__main__":
    main(sys.argv[1:])
