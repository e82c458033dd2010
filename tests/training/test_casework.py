"""Cases as examples in training: what sessions agreed on is shown to whoever did not decide it."""

from __future__ import annotations

from flask import Flask

from calibration import precedents
from qa.core import clock
from qa.core.db import write
from tests import factories
from tests.calibration.test_precedents import agreed_on
from training import casework, sources


def test_a_live_precedent_is_an_example_of_its_clause_but_not_for_whoever_decided_its_case(sqlite_app: Flask) -> None:
    meeting, row = agreed_on()
    known, sections = sources.in_force(clock.now().date()), ["conduct/threats"]
    learner = factories.actor("agent")

    shown = casework.about(learner.id or 0, sections, [], known).cases
    own = casework.about(meeting.desk.agent.id or 0, sections, [], known).cases
    write(lambda: precedents.retire(meeting.host, row.public_id))
    later = casework.about(learner.id or 0, sections, [], known).cases

    assert [(one.ref, one.section, one.verdict, one.mine) for one in shown] == [
        (row.case_ref, "conduct/threats", "violates", False)
    ]
    assert (own, later) == ((), ())
