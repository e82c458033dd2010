"""Blindness is non-interference: worlds that differ in what must not be known answer alike, whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from qa.core.models import ROLES
from tests.blind.stories import EVERYTHING, GRADER, leaks, told
from tests.blind.worlds import OTHER, PLAIN, Who

#: Whoever grades and is something else besides; and who only rules.
UNIONS = [Who(("reviewer", role), leads="all" if role == "manager" else "none") for role in ROLES if role != "reviewer"]
JUDGES = [Who(("reviewer",), ("adjudicate", "decide_dispute")), Who(("manager",), ("adjudicate",), "all")]


def test_a_grader_is_told_the_same_in_both_worlds(make_app: Callable[..., Flask]) -> None:
    assert leaks(told(make_app(), PLAIN, GRADER), told(make_app(), OTHER, GRADER)) == []


@pytest.mark.long
@pytest.mark.parametrize("who", [*UNIONS, *JUDGES, EVERYTHING], ids=lambda who: "+".join([*who.roles, *who.skills]))
def test_whoever_may_be_given_a_blind_task_is_told_the_same(make_app: Callable[..., Flask], who: Who) -> None:
    assert leaks(told(make_app(), PLAIN, who), told(make_app(), OTHER, who)) == []
