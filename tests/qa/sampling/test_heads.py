"""Who is left for a look, held against trying every way to give the looks out."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.sampling.heads import STAGES, Open, Pool, open_to

#: Whether somebody may adjudicate, and decide a dispute.
PEOPLE = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=5)


def pool_of(people: list[tuple[bool, bool]]) -> Pool:
    return Pool(
        len(people),
        sum(adjudicates for adjudicates, _ in people),
        sum(decides for _, decides in people),
        sum(adjudicates or decides for adjudicates, decides in people),
    )


def can_all_be_given(people: list[tuple[bool, bool]], looks: int) -> dict[str, bool]:
    """Stage -> whether some way of giving out all looks up to it exists, by trying them."""
    needs = {"first": looks, "second": looks + 1, "adjudication": looks + 2, "dispute": looks + 3}

    def fits(order: tuple[int, ...], stage: str) -> bool:
        if stage in ("adjudication", "dispute") and not people[order[looks + 1]][0]:
            return False
        return stage != "dispute" or people[order[looks + 2]][1]

    return {
        stage: any(fits(order, stage) for order in permutations(range(len(people)), needs[stage])) for stage in STAGES
    }


@given(PEOPLE, st.integers(1, 2))
@settings(max_examples=60, deadline=None)
def test_a_look_finds_nobody_just_when_no_way_of_giving_them_out_reaches_it(
    people: list[tuple[bool, bool]], looks: int
) -> None:
    possible = can_all_be_given(people, looks)

    for stage in STAGES:
        assert (open_to(stage, pool_of(people), looks).most > 0) == possible[stage], stage


@given(PEOPLE, st.integers(1, 2), st.sampled_from(STAGES))
def test_at_worst_there_are_no_more_than_at_best(people: list[tuple[bool, bool]], looks: int, stage: str) -> None:
    found = open_to(stage, pool_of(people), looks)

    assert 0 <= found.least <= max(found.least, found.most)
    assert found.least <= found.most or found.most == 0


def test_three_people_are_enough_for_a_second_look_and_not_for_a_third_opinion() -> None:
    pool = Pool(2, 2, 2, 2)

    assert open_to("second", pool, 1) == Open(1, 1)
    assert open_to("adjudication", pool, 1) == Open(0, 0)


def test_an_unknown_look_is_refused() -> None:
    with pytest.raises(ValueError, match="stage"):
        open_to("third", Pool(1, 1, 1, 1), 1)
