"""How near two categories are: agreement weights (Gwet) and disagreement metrics (Krippendorff)."""

import numpy as np

from calibration.stats.ratings import FloatArray

WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def agreement_weights(kind: str, values: FloatArray) -> FloatArray:
    """The weight that a pair of labels counts as agreement.

    Parameters
    ----------
    kind : identity, linear (1 - |x - y| / range), quadratic (its square) or
        ordinal (1 - C(|k - l| + 1, 2) / C(q, 2) on the ranks)
    values : float array [q], the categories' numbers, or their ranks where they are none

    Returns
    -------
    float array [q, q], symmetric, in [0, 1], ones on the diagonal.

    Raises
    ------
    ValueError : *kind* is none of the four.

    References
    ----------
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapter 3.

    >>> agreement_weights("linear", np.array([1.0, 2.0, 3.0]))[0].tolist()
    [1.0, 0.5, 0.0]
    """
    if kind not in WEIGHTS:
        raise ValueError(f"weights are one of {', '.join(WEIGHTS)}, not {kind!r}")
    q = values.size
    if kind == "identity" or q < 2:
        return np.eye(q)
    if kind == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q)))
        return np.asarray(1 - steps * (steps + 1) / (q * (q - 1)), dtype=np.float64)
    gaps = np.abs(np.subtract.outer(values, values))
    spread = float(gaps.max())
    if spread == 0:
        return np.ones((q, q))
    return np.asarray(1 - (gaps / spread) ** (1 if kind == "linear" else 2), dtype=np.float64)


def checked_weights(matrix: FloatArray, categories: int) -> FloatArray:
    """A matrix of weights of one's own, if it can be one.

    Parameters
    ----------
    matrix : float array [q, q]
    categories : q

    Returns
    -------
    The matrix.

    Raises
    ------
    ValueError : another shape, a weight outside [0, 1], not symmetric, or a diagonal that is not 1.

    References
    ----------
    Cohen 1968, doi:10.1037/h0026256.
    """
    table = np.asarray(matrix, dtype=np.float64)
    if table.shape != (categories, categories):
        raise ValueError(f"weights of {categories} categories are {categories} x {categories}, not {table.shape}")
    if not bool(((table >= 0) & (table <= 1)).all()):
        raise ValueError("weights lie within 0..1")
    if not np.array_equal(table, table.T) or not bool((np.diag(table) == 1).all()):
        raise ValueError("weights are symmetric, and 1 for a label and itself")
    return table


def disagreement(level: str, values: FloatArray) -> FloatArray:
    """Krippendorff's squared difference of two categories, for the levels that do not depend on the data.

    Parameters
    ----------
    level : nominal (0 or 1), interval ((x - y)^2) or ratio (((x - y) / (x + y))^2)
    values : float array [q]; read by interval and ratio

    Returns
    -------
    float array [q, q], symmetric, zeros on the diagonal.

    Raises
    ------
    ValueError : another level, or a negative value on the ratio level.

    References
    ----------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.

    >>> disagreement("interval", np.array([1.0, 4.0])).tolist()
    [[0.0, 9.0], [9.0, 0.0]]
    """
    gaps = np.subtract.outer(values, values)
    if level == "nominal":
        return 1 - np.eye(values.size)
    if level == "interval":
        return np.asarray(gaps**2, dtype=np.float64)
    if level != "ratio":
        raise ValueError(f"no fixed metric on the level {level!r}")
    if bool((values < 0).any()):
        raise ValueError("the ratio level needs numbers that are not negative")
    sums = np.add.outer(values, values)
    return np.asarray(np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums > 0) ** 2, dtype=np.float64)


def midranks(totals: FloatArray) -> FloatArray:
    """Ratings below each category plus half of its own: the ordinal metric is their squared gap.

    d_kl = (sum of n_g for g = k..l - (n_k + n_l) / 2)^2 = (r_l - r_k)^2 with r_k = sum of n_g for g < k + n_k / 2.

    Parameters
    ----------
    totals : float array [.., q], pairable ratings by category in their order

    Returns
    -------
    float array [.., q], ascending, 0 to the number of ratings.

    References
    ----------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.

    >>> midranks(np.array([4.0, 2.0, 6.0])).tolist()
    [2.0, 5.0, 9.0]
    """
    return np.asarray(np.cumsum(totals, axis=-1) - totals / 2, dtype=np.float64)
