"""How many people a stream of cases needs so that they do not wait too long: Erlang's delay model, and two checks.

Cases arrive at random at one rate, each takes a random time with one mean, whoever is free takes the one that waits
longest, and none goes away (M/M/s). Work is counted in erlangs: people who would be busy all the time.
"""

import math

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray


def delay_chance(load: float, people: int) -> float:
    """Erlang C: the chance that a case must wait.

    C = B / (1 - rho (1 - B)) with rho = load / people and Erlang's B by B(0) = 1, B(s) = load B(s - 1) / (s + load
    B(s - 1)).

    Parameters
    ----------
    load : erlangs, arrivals times mean handle time, 0 or more
    people : at work, 0 or more

    Returns
    -------
    The chance in [0, 1]; 1 where people are no more than the load: the queue grows without end.

    Raises
    ------
    ValueError : a negative number.

    References
    ----------
    Erlang 1917; Gans, Koole & Mandelbaum 2003, doi:10.1287/msom.5.2.79.16071.

    >>> round(delay_chance(10, 14), 3)
    0.174
    """
    if load < 0 or people < 0:
        raise ValueError(f"neither load nor people are negative: {load}, {people}")
    if load == 0:
        return 0.0
    if people <= load:
        return 1.0
    blocked = 1.0
    for place in range(1, people + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked / (1 - load / people * (1 - blocked))


def share_within(load: float, people: int, wait: float) -> float:
    """The share of cases that wait no longer than *wait*, counted in mean handle times.

    1 - C exp(-(people - load) wait).

    Parameters
    ----------
    load, people : as for `delay_chance`
    wait : longest wait, in mean handle times, 0 or more

    Returns
    -------
    The share in [0, 1]; 0 where people are no more than the load.

    Raises
    ------
    ValueError : a negative number.

    References
    ----------
    Gans, Koole & Mandelbaum 2003, doi:10.1287/msom.5.2.79.16071.

    >>> round(share_within(10, 14, 20 / 180), 3)
    0.888
    """
    if wait < 0:
        raise ValueError(f"a wait is not negative: {wait}")
    if load > 0 and people <= load:
        return 0.0
    return 1 - delay_chance(load, people) * math.exp(-(people - load) * wait)


def people_needed(load: float, wait: float, share: float) -> int:
    """The fewest people with whom *share* of the cases wait no longer than *wait*.

    Parameters
    ----------
    load : erlangs, 0 or more
    wait : in mean handle times, 0 or more
    share : of cases, in (0, 1)

    Returns
    -------
    People; 0 without load.

    Raises
    ------
    ValueError : numbers out of range.

    References
    ----------
    Gans, Koole & Mandelbaum 2003, doi:10.1287/msom.5.2.79.16071.

    >>> people_needed(10, 20 / 180, 0.80)
    14
    """
    if not 0 < share < 1:
        raise ValueError(f"a share within (0, 1), not {share}")
    if load == 0:
        return 0
    people = math.floor(load) + 1
    while share_within(load, people, wait) < share:
        people += 1
    return people


def square_root_staffing(load: float, wait: float, share: float) -> float:
    """The same by the square-root rule, as a check: load + beta sqrt(load).

    beta solves h(beta) exp(-beta sqrt(load) wait) = 1 - share with h the limit of Halfin and Whitt, h(beta) = 1 / (1 +
    beta Phi(beta) / phi(beta)).

    Parameters
    ----------
    load : erlangs, above nought; the rule is a limit for large loads and already close at ten
    wait, share : as for `people_needed`

    Returns
    -------
    People, not rounded.

    Raises
    ------
    ValueError : numbers out of range.

    References
    ----------
    Halfin & Whitt 1981, doi:10.1287/opre.29.3.567. Borst, Mandelbaum & Reiman 2004, doi:10.1287/opre.1030.0081.

    >>> round(square_root_staffing(100, 0.0, 0.5), 1)
    105.1
    """
    if not 0 < share < 1 or load <= 0 or wait < 0:
        raise ValueError(f"a load, a wait and a share within (0, 1), not {load}, {wait}, {share}")

    def late(beta: float) -> float:
        density = math.exp(-(beta**2) / 2) / math.sqrt(2 * math.pi)
        waits = density / (density + beta * float(scipy.special.ndtr(beta)))
        return waits * math.exp(-beta * math.sqrt(load) * wait) - (1 - share)

    low, high = 0.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if late(middle) > 0 else (low, middle)
    return load + low * math.sqrt(load)


def even_level(work: FloatArray, allowed: float) -> float:
    """The fewest people, the same number all the time, who can do all work in time when work may be put off.

    max over runs of hours s..e of a week that repeats, of the work that arrives in them / (e - s + allowed): work that
    arrives in a run must be done between its start and *allowed* after its end. A lower limit that knows no chance:
    with fewer people some work is late whatever the order.

    Parameters
    ----------
    work : array [hours], hours of work that arrive in each hour of a period that repeats
    allowed : hours from the arrival until it must be done, 1 or more

    Returns
    -------
    People, not rounded; never less than the mean of *work*.

    Raises
    ------
    ValueError : less than an hour is allowed, or no hour is given.

    References
    ----------
    Horn 1974, doi:10.1002/nav.3800210113 (work with due times is feasible when no run of time holds too much of it).

    >>> even_level(np.array([8.0, 0.0, 0.0, 0.0]), 2)
    4.0
    """
    if allowed < 1 or len(work) == 0:
        raise ValueError(f"an hour or more, and work by hours, not {allowed}")
    hours = len(work)
    sums = np.concatenate(([0.0], np.cumsum(np.concatenate((work, work)))))
    lengths = np.arange(1, hours + 1)
    most = np.array([(sums[length : length + hours] - sums[:hours]).max() for length in lengths.tolist()])
    return float(max((most / (lengths - 1 + allowed)).max(), work.mean()))
