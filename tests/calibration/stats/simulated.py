"""Simulated ratings and draws whose truth is known."""

import numpy as np

from calibration.stats.patterns import Patterns, collapse


def noisy_raters(rng: np.random.Generator, *, units: int, raters: int, shares: list[float], alpha: float) -> Patterns:
    """Raters who read a unit's label with chance sqrt(alpha) and else draw one from *shares*.

    Two of them agree beyond chance exactly when both read it, so nominal alpha is *alpha*.
    """
    q = len(shares)
    truth = rng.choice(q, size=units, p=shares)
    guess = rng.choice(q, size=(units, raters), p=shares)
    reads = rng.random((units, raters)) < np.sqrt(alpha)
    label = np.where(reads, truth[:, None], guess)
    return collapse(np.repeat(np.arange(units), raters), label.reshape(-1), q, units)
