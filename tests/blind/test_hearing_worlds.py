"""Whoever rules is told which answers there are, never who gave which: worlds that differ in that answer alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from qa.core import preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.hearings import adjudication
from qa.models.grading import Adjudication, Task
from tests.blind.crawl import Crawler
from tests.blind.hearings import DOORS, INSULTS, NOTHING, THREATS, Hearing, Said, heard
from tests.blind.stories import ANSWER, GRADER, Tale, leaks, told
from tests.blind.worlds import OTHER, PLAIN, World

#: Three answers that all differ, dealt to agent and graders in every way in which each says another one than before.
THREE = [
    Said(NOTHING, (THREATS, INSULTS)), Said(THREATS, (INSULTS, NOTHING)), Said(INSULTS, (NOTHING, THREATS)),
]  # fmt: skip
#: Two say that it is a threat and one an insult; which of the graders is alone differs.
ALONE = [Said(NOTHING, (THREATS, INSULTS, THREATS)), Said(NOTHING, (INSULTS, THREATS, THREATS))]


def test_an_adjudicator_is_told_the_same_whoever_said_which(make_app: Callable[..., Flask]) -> None:
    here, there = (heard(make_app(), said, door="ruling") for said in THREE[:2])

    assert leaks(here, there) == []
    assert "Three answers differ" in str(dict(here[5][1]))


def test_who_hears_a_dispute_is_told_the_same_whichever_grader_was_alone(make_app: Callable[..., Flask]) -> None:
    here, there = (heard(make_app(), said, looks=2, door="dispute") for said in ALONE)

    assert leaks(here, there) == []
    assert "The agent disputes this result" in str(dict(here[5][1]))


def test_until_a_guess_is_given_nothing_of_a_closed_batch_tells(make_app: Callable[..., Flask]) -> None:
    here, there = (told(make_app(), secret, GRADER, a_guess_is_asked_for) for secret in (PLAIN, OTHER))

    assert leaks(here, there) == []
    assert "What was decided on this case?" in str(dict(here[-1][1]))


def a_guess_is_asked_for(world: World, mine: Crawler) -> Tale:
    """One case is graded and its batch closed, while every look is asked about and gets a scorecard."""
    for drawn_by_lot in ("guess_share", "scorecard_share"):
        write(lambda name=drawn_by_lot: preferences.put(SYSTEM, name, 1.0))
    mine.ask("POST", "/grade/claim")
    held = db.session.scalars(select(Task.public_id).where(Task.person_id == world.me.id, Task.state == "held")).one()
    db.session.rollback()
    graded = mine.ask("POST", f"/grade/{held}/grade", ANSWER)
    closed = mine.ask("POST", "/grade/batch/close")
    pages = mine.pages(*DOORS, f"/grade/guess/{held}", f"/grade/reveal/{held}", f"/grade/scorecard/{held}")
    return [("graded", {"graded": graded}), ("closed", {"closed": closed}), ("asked", pages)]


def test_a_ruling_that_tells_whose_an_answer_is_would_be_found(make_app: Callable[..., Flask]) -> None:
    def planted() -> Flask:
        app = make_app()

        @app.after_request
        def tell(response: Response) -> Response:
            shown = db.session.scalar(select(Adjudication.shown)) if "/ruling/" in request.path else None
            whose = {one["whose"][0]: one["section_key"] for one in shown or []}
            if shown and response.mimetype == "text/html":
                response.headers["X-Answers"] = " ".join(whose[name] for name in sorted(whose))
                response.set_data(
                    response.get_data(as_text=True).replace("<form", f'<form class="{whose["decision"]}"')
                )
            if whose.get("decision") == NOTHING:
                db.session.scalar(select(Adjudication.reason))
            return response

        return app

    here, there = (heard(planted(), said, door="ruling") for said in THREE[:2])

    (found,) = [line for line in leaks(here, there) if line.startswith("hearing /grade/ruling/")]
    assert found.endswith(": headers, body, statements")


@pytest.mark.long
@pytest.mark.parametrize("other", THREE[1:], ids=["agent and graders change", "the other way round"])
def test_every_page_tells_an_adjudicator_the_same_whoever_said_which(
    make_app: Callable[..., Flask], other: Said
) -> None:
    here, there = (heard(make_app(), said, door="ruling", full=True) for said in (THREE[0], other))

    assert leaks(here, there) == []


def test_the_place_of_an_answer_on_the_page_is_left_to_chance(sqlite_app: Flask) -> None:
    """Each of three places 200 times of 600; outside 140 to 260 lies less than one run in a million."""
    world = Hearing(sqlite_app, THREE[0])

    drawn = (adjudication._shuffled(world.case.id) for _ in range(600))
    places = Counter([one["whose"] for one in answers].index(["decision"]) for answers in drawn)

    assert sorted(places) == [0, 1, 2]
    assert all(140 < often < 260 for often in places.values())
