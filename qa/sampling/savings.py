"""What a design saves against simple random sampling of equal precision, or costs more."""

from __future__ import annotations

from collections.abc import Mapping


def equal_simple_size(frame: Mapping[str, int], sizes: Mapping[str, int], rates: Mapping[str, float]) -> float | None:
    """The cases that simple random sampling takes for the same variance of the whole figure.

    Formula: p (1 - p) / V with V = sum W_h**2 p_h (1 - p_h) / n_h, W_h = N_h / N, p = sum W_h p_h; about the
    underlying rate (no finite population correction).

    Parameters
    ----------
    frame : stratum -> N_h, cases; sizes : stratum -> n_h, cases; rates : stratum -> expected share of errors

    Returns
    -------
    cases, not rounded; None where a stratum with cases gives none, or nothing varies.

    Raises
    ------
    ValueError : a stratum without a rate, or a rate outside [0, 1].

    References
    ----------
    Kish 1965, *Survey Sampling*, 8.2 (design effect); Cochran 1977, *Sampling Techniques*, 5.6.

    >>> round(equal_simple_size({"a": 70, "b": 30}, {"a": 5, "b": 5}, {"a": 0.1, "b": 0.1}), 2)
    8.62
    """
    held = {key: count for key, count in frame.items() if count}
    total = sum(held.values())
    if not total or any(not sizes.get(key) for key in held):
        return None
    variance = overall = 0.0
    for key, count in held.items():
        if key not in rates or not 0 <= rates[key] <= 1:
            raise ValueError(f"stratum {key!r} needs an expected share of errors within 0..1")
        share = count / total
        variance += share * share * rates[key] * (1 - rates[key]) / sizes[key]
        overall += share * rates[key]
    return overall * (1 - overall) / variance if variance > 0 else None


def simple_size_for_all(
    groups: Mapping[str, Mapping[str, int]], sizes: Mapping[str, int], rates: Mapping[str, float]
) -> float | None:
    """The cases that simple random sampling of everything takes until each group's own figure is as precise as here.

    A group g gets n N_g / N cases of a simple random sample, so n = max over g of n_g N / N_g, where n_g is what
    `equal_simple_size` says of the group; never more than all N.

    Parameters
    ----------
    groups : group -> stratum -> N_h, cases; sizes, rates : by stratum, as in `equal_simple_size`

    Returns
    -------
    cases, not rounded; None where a group's figure has no variance that could be compared.

    >>> groups = {"ann": {"a": 900}, "bob": {"b": 100}}
    >>> round(simple_size_for_all(groups, {"a": 10, "b": 10}, {"a": 0.05, "b": 0.05}), 9)
    100.0
    """
    total = sum(sum(held.values()) for held in groups.values())
    needed = 0.0
    for held in groups.values():
        own = sum(held.values())
        if not own:
            continue
        size = equal_simple_size(held, sizes, rates)
        if size is None:
            return None
        needed = max(needed, min(size, own) * total / own)
    return needed if needed else None
