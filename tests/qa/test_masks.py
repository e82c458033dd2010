"""Nobody is given a case whose text may tell its outcome, and what is personal is covered for whoever judges it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa import mask_review, masking, scanning
from qa.core import preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import AuditEntry
from qa.draws import drawing
from qa.grading import blind
from qa.models.cases import CaseText, ClosedCase, Touch
from qa.models.grading import Task
from qa.models.texts import Mask
from qa.models.truth import Settlement
from qa.plans import plans
from qa.queries import blind_case, masks
from tests.desk import Desk
from tests.factories import actor, browser

PLAN: dict[str, Any] = {"name": "Weekly", "strata": ["agent"], "size": 100, "seed": 7, "overlap": 0.0}
TELLS = "It was removed by moderator Kim. Ask mia@example.org."
PLAIN = "They said that they would come. Call Mrs. Lund at +44 20 7946 0018."


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(graders=1)


def draw(desk: Desk, *texts: str, **given: Any) -> list[ClosedCase]:
    """Cases with these texts, all of them drawn."""
    cases = [desk.case(text=text, **given) for text in texts]
    write(lambda: plans.create(SYSTEM, plans.checked(PLAN)))
    drawing.draw(SYSTEM, "Weekly")
    return cases


def tasks_of(case: ClosedCase) -> int:
    return len(db.session.scalars(select(Task.id).where(Task.case_id == case.id)).all())


def shown(desk: Desk, task_id: str) -> blind_case.BlindCase:
    return blind_case.blind_case(desk.graders[0], task_id)


def test_a_case_that_may_tell_is_drawn_and_waits_while_others_are_released(desk: Desk) -> None:
    telling, plain = draw(desk, TELLS, PLAIN)

    assert (tasks_of(telling), tasks_of(plain)) == (0, 1)
    assert set(db.session.scalars(select(Settlement.state))) == {"open"}
    states = {row.rule: row.state for row in db.session.scalars(select(Mask).where(Mask.case_id == telling.id))}
    assert states == {"outcome": "proposed", "email": "applied"}


def test_what_is_personal_is_covered_for_whoever_judges_and_stays_for_others(desk: Desk) -> None:
    (case,) = draw(desk, PLAIN)

    task = write(lambda: blind.claim(desk.graders[0]))

    assert shown(desk, task or "").text == "They said that they would come. Call Mrs. [name] at [phone]."
    in_sight = blind_case.evidence_of(case.id, task_id="", code="", workflow_label="", in_sight=True)
    assert in_sight.text == PLAIN


def test_a_text_that_nobody_looked_through_is_covered_as_it_is_shown(desk: Desk) -> None:
    desk.drawn_case(text=f"{TELLS} {desk.agent.name} wrote so.", evidence={"from": "a@example.org", "age": "3 days"})

    task = write(lambda: blind.claim(desk.graders[0]))

    case = shown(desk, task or "")
    assert case.text == "It [masked]. Ask [e-mail]. [name] wrote so."
    assert case.facts == (("From", "[e-mail]"), ("Age", "3 days"))


def test_whoever_looks_a_text_over_opens_it_first_and_is_never_given_it(desk: Desk) -> None:
    case = draw(desk, TELLS)[0]
    lead = actor("manager", "reviewer", manages=None)
    with pytest.raises(NotFound):
        masks.case(lead, case.public_id)

    write(lambda: mask_review.open_text(lead, case.public_id))
    released = write(lambda: mask_review.settle(lead, case.public_id, harmless=()))

    assert released == 1 and tasks_of(case) == 1
    assert write(lambda: blind.claim(lead)) is None
    assert db.session.scalars(select(Touch.how).where(Touch.person_id == lead.id)).all() == ["opened"]
    task = write(lambda: blind.claim(desk.graders[0]))
    assert shown(desk, task or "").text == "It [masked]. Ask [e-mail]."


def test_what_is_harmless_is_shown_and_words_are_covered_by_hand(desk: Desk) -> None:
    case = draw(desk, TELLS)[0]
    write(lambda: mask_review.open_text(desk.manager, case.public_id))
    (key,) = [row.key for row in masks.case(desk.manager, case.public_id).rows if row.is_leak]

    write(lambda: mask_review.settle(desk.manager, case.public_id, harmless=[key], words="moderator kim\n"))

    task = write(lambda: blind.claim(desk.graders[0]))
    assert shown(desk, task or "").text == "It was removed by [masked]. Ask [e-mail]."


def test_words_that_stand_nowhere_are_told(desk: Desk) -> None:
    case = draw(desk, TELLS)[0]
    write(lambda: mask_review.open_text(desk.manager, case.public_id))

    with pytest.raises(BadInput):
        write(lambda: mask_review.settle(desk.manager, case.public_id, harmless=(), words="something else"))

    assert tasks_of(case) == 0


def test_what_somebody_was_shown_is_not_changed_any_more(desk: Desk) -> None:
    case = draw(desk, PLAIN)[0]
    write(lambda: mask_review.open_text(desk.manager, case.public_id))
    write(lambda: blind.claim(desk.graders[0]))

    with pytest.raises(Refused):
        write(lambda: mask_review.settle(desk.manager, case.public_id, harmless=()))


def test_every_deed_is_noted_with_counts_and_without_words(desk: Desk) -> None:
    case = draw(desk, TELLS)[0]
    write(lambda: mask_review.open_text(desk.manager, case.public_id))
    write(lambda: mask_review.settle(desk.manager, case.public_id, harmless=()))

    notes = db.session.execute(
        select(AuditEntry.verb, AuditEntry.detail).where(AuditEntry.object_ref == case.public_id)
    ).all()
    assert [row.verb for row in notes] == ["opened", "settled_masks"]
    assert notes[1].detail == '{"covered":2,"harmless":0}'


def test_where_nobody_waits_what_could_tell_is_covered_at_once(desk: Desk) -> None:
    write(lambda: preferences.put(SYSTEM, "masks_wait_for_review", False))

    (case,) = draw(desk, TELLS)

    assert tasks_of(case) == 1
    task = write(lambda: blind.claim(desk.graders[0]))
    assert shown(desk, task or "").text == "It [masked]. Ask [e-mail]."


def test_ids_that_go_with_the_outcome_over_the_whole_sample_hold_all_of_it(desk: Desk) -> None:
    for number in range(24):
        removed = number % 3 == 0
        desk.case(
            text="They came.", action="remove" if removed else "keep", decided="conduct/threats" if removed else "none",
            evidence={"ticket": f"{'RM' if removed else 'KP'}-{100 + number}"},
        )  # fmt: skip

    write(lambda: plans.create(SYSTEM, plans.checked(PLAN)))
    drawing.draw(SYSTEM, "Weekly")

    assert db.session.scalars(select(Task.id)).all() == []
    assert len(db.session.scalars(select(Mask.id).where(Mask.rule == "id", Mask.state == "proposed")).all()) == 24


def test_a_larger_draw_of_the_same_window_looks_no_text_through_twice(desk: Desk) -> None:
    case = draw(desk, TELLS)[0]
    first = db.session.scalars(select(CaseText.scanned_at)).one()

    write(lambda: plans.create(SYSTEM, plans.checked({**PLAN, "size": 101, "overlap": 1.0})))
    drawing.draw(SYSTEM, "Weekly")

    assert db.session.scalars(select(CaseText.scanned_at)).one() == first
    write(lambda: mask_review.open_text(desk.manager, case.public_id))
    assert write(lambda: mask_review.settle(desk.manager, case.public_id, harmless=())) == 2


def test_the_list_tells_whoever_may_grade_nothing_of_whose_case_it_is(desk: Desk) -> None:
    draw(desk, TELLS)
    alone = actor("manager", "reviewer", manages=[desk.team])
    lead = actor("manager", manages=[desk.team])

    assert masks.listed(alone) == [] and masks.waiting(alone) is None
    assert len(masks.listed(lead)) == 1 and masks.waiting(lead) == 1


def test_a_list_of_whoever_may_grade_is_the_same_however_far_others_are(desk: Desk) -> None:
    draw(desk, PLAIN)
    both = actor("manager", "reviewer", manages=None)
    before = [len(masks.listed(one, show="all")) for one in (both, desk.manager)]

    write(lambda: blind.claim(desk.graders[0]))

    assert before == [1, 1]
    assert [len(masks.listed(one, show="all")) for one in (both, desk.manager)] == [1, 0]


def test_the_name_of_a_case_is_not_told_while_a_grade_of_it_may_be_taken_back(desk: Desk) -> None:
    case = desk.drawn_case(text=PLAIN)
    write(lambda: scanning.keep(scanning.look_through([case.id]), of=[case.id]))
    both = actor("manager", "reviewer", manages=None)
    task = write(lambda: blind.claim(both)) or ""

    write(lambda: blind.grade(both, task, verdict="no_violation", confidence="high"))
    graded = masks.is_opened(both, case.public_id)
    write(lambda: blind.close_batch(both))

    assert (graded, masks.is_opened(both, case.public_id)) == (False, True)


def test_a_text_is_met_elsewhere_without_links_and_without_what_is_covered(desk: Desk) -> None:
    text = f"{TELLS} {desk.agent.name} saw https://example.org/x"
    (case,) = draw(desk, text)
    write(lambda: mask_review.open_text(desk.manager, case.public_id))
    write(lambda: mask_review.settle(desk.manager, case.public_id, harmless=()))

    assert masking.for_reuse([(case.id, text)]) == {case.id: "It [masked]. Ask [e-mail]. [name] saw [link]"}


def test_the_pages_lead_from_the_list_to_a_released_case(desk: Desk) -> None:
    case = draw(desk, TELLS)[0]
    lead = browser(desk.app, desk.manager)

    listed, closed = lead.get("/masks").text, lead.get(f"/masks/{case.public_id}").text
    lead.send(f"/masks/{case.public_id}/open")
    opened = lead.get(f"/masks/{case.public_id}").text
    lead.send(f"/masks/{case.public_id}", {})

    assert case.public_id in listed and "Kim" not in listed + closed
    assert "<mark>was removed by moderator Kim</mark>" in opened
    assert tasks_of(case) == 1 and "Nothing waits" in lead.get("/masks").text
