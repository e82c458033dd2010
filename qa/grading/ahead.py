"""Cases that a grader's page holds ready, so that the next one is there before it is asked for."""

from __future__ import annotations

from collections.abc import Collection

from qa.core.access import Actor
from qa.core.db import ask
from qa.core.turns import one_at_a_time
from qa.grading import blind, in_hand, leases

#: How many cases wait behind the one at hand.
AHEAD = 3


def take_up(actor: Actor, *, have: Collection[str] = ()) -> tuple[str, ...]:
    """Take up cases until `AHEAD` wait behind the one at hand; those that the page does not *have* yet, in their order.

    Never more than the day's portion. Whatever is in hand stays so for another lease: somebody is at work.
    """
    one_at_a_time(actor.id)
    mine, graded = {"person": actor.id}, blind.graded_today(actor)
    held = len(ask(in_hand.ALL_HELD, mine).all())
    while 0 < held <= AHEAD and blind.take_up(actor, graded + held) is not None:
        held += 1
    leases.stay(actor)
    return tuple(task_id for task_id in ask(in_hand.ALL_HELD, mine).scalars() if task_id not in have)
