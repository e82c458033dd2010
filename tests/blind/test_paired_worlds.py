"""Blindness is non-interference: worlds that differ in what must not be known answer alike, whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from qa.core.models import ROLES
from tests.blind.planted import PLANTS
from tests.blind.stories import EVERYTHING, GRADER, Tale, after_the_hour, leaks, shared, told
from tests.blind.worlds import OTHER, PLAIN, Who
from tests.databases import Databases

#: Whoever grades and is something else besides; and who only rules.
UNIONS = [Who(("reviewer", role), leads="all" if role == "manager" else "none") for role in ROLES if role != "reviewer"]
JUDGES = [Who(("reviewer",), ("adjudicate", "decide_dispute")), Who(("manager",), ("adjudicate",), "all")]


def test_a_grader_is_told_the_same_in_both_worlds(make_app: Callable[..., Flask]) -> None:
    here, there = (told(make_app(), secret, GRADER, carries=True) for secret in (PLAIN, OTHER))

    assert leaks(here, there) == []


@pytest.mark.long
def test_a_grader_who_asks_for_each_page_each_time_is_told_the_same(make_app: Callable[..., Flask]) -> None:
    here, there = (told(make_app(), secret, GRADER) for secret in (PLAIN, OTHER))

    assert leaks(here, there) == []
    assert bodies(told(make_app(), OTHER, GRADER, carries=True)) == bodies(there)


def bodies(tale: Tale) -> list[tuple[str, dict[str, tuple[object, ...]]]]:
    """All that was shown, without how it was read: what a process reads once, a page that is carried on has read."""
    return [(step, {name: (one.status, one.headers, one.body) for name, one in told.items()}) for step, told in tale]


def after(make: Callable[[], Flask], plant: Callable[[Flask], None] | None = None) -> tuple[Tale, Tale]:
    """What a grader is shown after the hour, of the looks that both worlds hold; *plant*: a leak put into both."""
    apps = make(), make()
    if plant is not None:
        for app in apps:
            plant(app)
    return shared(told(apps[0], PLAIN, GRADER, after_the_hour), told(apps[1], OTHER, GRADER, after_the_hour))


def test_after_the_hour_a_look_that_both_worlds_hold_shows_the_same(make_app: Callable[..., Flask]) -> None:
    one, other = after(make_app)

    assert len(one[0][1]) >= 2
    assert leaks(one, other) == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["HTML source", "entity tag and length", "free text"])
def test_after_the_hour_a_planted_leak_is_found(make_app: Callable[..., Flask], name: str) -> None:
    assert leaks(*after(make_app, PLANTS[name])) != []


@pytest.mark.long
def test_after_the_hour_the_other_database_tells_no_more(
    make_app: Callable[..., Flask], databases: Databases, postgres: str
) -> None:
    one, other = after(lambda: make_app(databases.postgresql(postgres)))

    assert len(one[0][1]) >= 2
    assert leaks(one, other) == []


@pytest.mark.long
@pytest.mark.parametrize("who", [*UNIONS, *JUDGES, EVERYTHING], ids=lambda who: "+".join([*who.roles, *who.skills]))
def test_whoever_may_be_given_a_blind_task_is_told_the_same(make_app: Callable[..., Flask], who: Who) -> None:
    here, there = (told(make_app(), secret, who, carries=True) for secret in (PLAIN, OTHER))

    assert leaks(here, there) == []
