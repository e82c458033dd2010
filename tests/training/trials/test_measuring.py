"""What the arms show: the same days for both, each person against the own share before, what left told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from flask import Flask

from qa.core import clock
from qa.queries.measured import DrawnCase
from training import effects
from training.queries.trials import Drawn
from training.trials import measuring

KEY = "swapping/pushy-offers"
CROSSED = datetime.fromisoformat("2026-08-31T09:00+00:00")
ENTERED = CROSSED + timedelta(days=1)
PLAIN = DrawnCase(
    case_id=0, public_id="", external_id="", agent_id=0, agent="", agent_name="", team="", play_key=KEY,
    workflow="abuse_report", locale="en", closed_at=CROSSED, number=0, decided_key=KEY, action="remove", severity="low",
    plan="p", draw_id=1, stratum_id=1, stratum="all", stratum_frame=100, stratum_drawn=50, tier="all", probability=0.5,
    drawn_at=CROSSED, state="settled", right_verdict=True, right_policy=True, right_action=True, truth_verdict=None,
    truth_key=None, truth_action=None, basis="agreed", settled_at=CROSSED, disputed=False,
)  # fmt: skip


def arms(number: int, *, sections: tuple[str, ...] = (KEY,), left: int = 0) -> list[Drawn]:
    """So many people in each arm; the first of the later arm have left."""
    return [
        Drawn(2 * n + later, "later" if later else "now", ENTERED, CROSSED, sections, bool(later) and n < left)
        for n in range(number)
        for later in (0, 1)
    ]


def cases(people: list[Drawn], *, before: float, now: float, later: float, seed: int = 5) -> list[DrawnCase]:
    """Forty cases before and thirty while one arm waits, right with these chances."""
    rng, found = np.random.default_rng(seed), []
    for one in people:
        after = now if one.arm == "now" else later
        for start, days, number, chance in ((-80, 40, 40, before), (8.5, 13, 30, after)):
            for place in range(number):
                right = bool(rng.random() < chance)
                closed = CROSSED + timedelta(days=start + days * place / number)
                found.append(replace(
                    PLAIN, case_id=len(found) + 1, agent_id=one.person_id, closed_at=closed, right_policy=right,
                ))  # fmt: skip
    return found


@pytest.fixture(autouse=True)
def house(sqlite_app: Flask) -> Flask:
    return sqlite_app


def test_a_planted_effect_is_found_and_called_an_effect() -> None:
    people = arms(20)

    (found,) = measuring.compare(people, cases(people, before=0.85, now=0.95, later=0.87))
    row = effects.as_json([effects._randomised(found)])["effects"][0]

    assert found.arms.low < 0.08 < found.arms.high and found.arms.low > 0
    assert (found.cases_now, found.cases_later) == (600, 600)
    assert (row["called"], row["kind"], row["people"], row["expected_by_chance"]) == ("effect", "trial", 40, 0.0)
    assert row["note"] == "20 people at once, 20 three weeks later"


def test_what_both_arms_gain_is_no_effect() -> None:
    people = arms(20)

    (found,) = measuring.compare(people, cases(people, before=0.80, now=0.93, later=0.93))

    assert found.arms.low < 0 < found.arms.high
    assert found.arms.change_now > 0.04 and found.arms.change_later > 0.04


def test_whose_weeks_are_not_over_is_not_in_it() -> None:
    people = arms(8)

    with clock.fixed(ENTERED + timedelta(days=20)):
        assert measuring.compare(people, cases(people, before=0.9, now=0.9, later=0.9)) == []


def test_cases_outside_the_days_and_on_other_sections_count_for_nothing() -> None:
    people = arms(8)
    known = cases(people, before=0.9, now=0.9, later=0.9)
    (plain,) = measuring.compare(people, known)
    wrong = replace(PLAIN, right_policy=False)
    noise = [
        replace(wrong, case_id=90_000 + n, agent_id=0, closed_at=CROSSED + timedelta(days=day))
        for n, day in enumerate((-20, 0.5, 3, 7.5, 23))
    ]
    other = replace(wrong, case_id=99_000, agent_id=0, closed_at=CROSSED + timedelta(days=10), play_key="conduct/x")

    (found,) = measuring.compare(people, [*known, *noise, other])

    assert found == plain


def test_who_left_is_told_apart_and_the_figure_as_drawn_stands_beside_it() -> None:
    people = arms(12, left=3)

    (found,) = measuring.compare(people, cases(people, before=0.85, now=0.95, later=0.87))

    assert (found.arms.people_now, found.arms.people_later) == (12, 9)
    assert "3 left the trial and are not in it: with them +" in found.said


def test_open_cases_hold_the_figure_back() -> None:
    people = arms(8)
    known = cases(people, before=0.9, now=0.9, later=0.9)
    still = [
        replace(one, state="open", right_policy=None) if one.closed_at > ENTERED and n % 10 == 0 else one
        for n, one in enumerate(known)
    ]

    (found,) = measuring.compare(people, still)

    assert found.arms.reason == "not enough data: a window is still in progress"


def test_sections_stand_apart_once_enough_people_of_both_arms_were_taught_them() -> None:
    first, second = arms(8), [replace(one, person_id=one.person_id + 100) for one in arms(7, sections=("swapping/x",))]
    people = [*first, *second]

    rows = measuring.compare(people, cases(people, before=0.9, now=0.9, later=0.9))

    assert [row.ref for row in rows] == ["trial", f"trial:{KEY}", "trial:swapping/x"]
    assert rows[1].arms.people_now == 8
    assert rows[2].arms.reason is not None
