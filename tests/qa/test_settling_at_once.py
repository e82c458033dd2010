"""Two people who settle cases at the same moment."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy.exc import DBAPIError

from qa import settlement
from qa.core.db import db, writing
from qa.standing import Vote
from qa.tallies import tallies
from tests import factories
from tests.desk import Desk

RIGHT = Vote("violates", "conduct/threats", "remove")


def test_two_transactions_that_settle_the_same_agents_in_opposite_order_both_end(app: Flask) -> None:
    desk = Desk()
    other = factories.actor("agent", team=desk.team)
    ours = [desk.drawn_case(agent_id=agent.id).id for agent in (desk.agent, other)]
    theirs = [desk.drawn_case(agent_id=agent.id).id for agent in (other, desk.agent)]
    begun, wrong = threading.Event(), []

    def settle(cases: list[int], *, waits: bool) -> None:
        with app.app_context():
            try:
                with writing():
                    settlement.ruled(cases[0], RIGHT, basis="adjudicated", by=desk.adjudicator)
                    begun.wait(1.0) if waits else begun.set()
                    settlement.ruled(cases[1], RIGHT, basis="adjudicated", by=desk.adjudicator)
            except DBAPIError as error:
                wrong.append(error)
            db.session.remove()

    both = [threading.Thread(target=settle, args=(ours,), kwargs={"waits": True})]
    both.append(threading.Thread(target=settle, args=(theirs,), kwargs={"waits": False}))
    for one in both:
        one.start()
    for one in both:
        one.join()

    db.session.rollback()
    assert wrong == []
    assert tallies.kept() == tallies.recomputed() != {}
