"""Whether there are enough different people for every look that a case may come to need."""

from __future__ import annotations

from dataclasses import dataclass

STAGES = ("first", "second", "adjudication", "dispute")


@dataclass(frozen=True, slots=True)
class Pool:
    """People who may be given a case, counted by what else they may do."""

    graders: int
    adjudicators: int
    deciders: int
    #: Adjudicators, deciders or both.
    either: int


@dataclass(frozen=True, slots=True)
class Open:
    """People who are left for a look: at worst, and at best."""

    least: int
    most: int


def open_to(stage: str, pool: Pool, looks: int) -> Open:
    """How many people are left for a look, when everybody looks once.

    Before a second look come *looks* planned ones, before adjudication one more, before a dispute the adjudication.
    At best (`most`) those before are taken from who cannot do this one, at worst (`least`) from who can. A look that
    needs a skill is possible at best if and only if, by Hall's theorem, there are as many people as looks in every
    set of looks with their skills; else `most` is 0.

    Parameters
    ----------
    stage : one of STAGES; pool : people, >= 0; looks : planned blind grades, >= 1

    Returns
    -------
    Open: people, 0 <= least <= most.

    Raises
    ------
    ValueError : an unknown stage.

    References
    ----------
    Hall 1935, doi:10.1112/jlms/s1-10.37.26.

    >>> open_to("adjudication", Pool(4, 1, 0, 1), 1), open_to("adjudication", Pool(4, 4, 0, 4), 1)
    (Open(least=0, most=1), Open(least=2, most=2))
    """
    if stage == "first":
        found = max(0, pool.graders - looks + 1)
        return Open(found, found)
    if stage == "second":
        found = max(0, pool.graders - looks)
        return Open(found, found)
    before = looks + 1
    if stage == "adjudication":
        most = min(pool.adjudicators, pool.graders - before)
        return Open(max(0, pool.adjudicators - before), max(0, most))
    if stage != "dispute":
        raise ValueError(f"stage must be one of {', '.join(STAGES)}, not {stage!r}")
    others = pool.either - 1 if pool.adjudicators else 0
    most = min(pool.deciders, others, pool.graders - before - 1)
    return Open(max(0, pool.deciders - before - 1), max(0, most))
