"""The desk's graders: what counts for them, and what is said of each."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from calibration.graders import scores as grader_scores
from calibration.graders.scores import pace, quick_looks, scored, strictness
from calibration.queries.looks import Look
from qa.core.access import Actor
from qa.core.db import write
from qa.core.errors import BadInput
from qa.grading import blind
from qa.standing import Vote
from tests.calibration.files import printed
from tests.desk import Desk

THREAT, INSULT = Vote("violates", "conduct/threats", "remove"), Vote("violates", "conduct/insults", "remove")
NOTHING = Vote("no_violation", "none", "keep")


def look(case: int, grader: str, vote: Vote, **given: object) -> Look:
    """A look at a case that the agent called a threat, and that stands as one."""
    made = Look(
        case, ord(grader), grader, "first", vote, 60, "abuse_report", ("verdict", "policy"), "agent", THREAT, THREAT,
        "agreed",
    )  # fmt: skip
    return replace(made, **given)


def counts(*seen: Look, match: str = "policy") -> dict[str, tuple[bool, bool]]:
    """(right, settled by others alone) of every grader with a look that counts."""
    return {one.look.grader: (one.right, one.by_others) for one in scored(list(seen), match)}


def test_a_first_look_that_settles_with_the_agent_counts_and_stands_on_its_own_vote():
    assert counts(look(1, "a", THREAT)) == {"a": (True, False)}


def test_a_look_beside_an_overlap_is_settled_by_others_too():
    seen = look(1, "a", THREAT), look(1, "b", THREAT, purpose="overlap")

    assert counts(*seen) == {"a": (True, True), "b": (True, True)}


def test_who_differs_is_wrong_and_the_second_look_that_decided_it_does_not_count():
    seen = look(1, "a", NOTHING, basis="majority"), look(1, "b", THREAT, purpose="second", basis="majority")

    assert counts(*seen) == {"a": (False, False)}


def test_errors_alone_would_be_settled_by_others_where_one_look_was_planned_so_none_counts_as_that():
    right = [look(n, "a", THREAT) for n in range(90)]
    wrong = [
        one
        for n in range(90, 100)
        for one in (look(n, "a", NOTHING, basis="majority"), look(n, "b", THREAT, purpose="second", basis="majority"))
    ]

    found = [one for one in scored([*right, *wrong], "policy") if one.look.grader == "a"]

    assert sum(one.right for one in found) == 90 and len(found) == 100
    assert not any(one.by_others for one in found)


def test_a_second_look_counts_once_somebody_else_ruled():
    purposes = [("a", NOTHING, "first"), ("b", INSULT, "second"), ("j", THREAT, "adjudication")]
    seen = [look(1, who, vote, purpose=purpose, basis="adjudicated") for who, vote, purpose in purposes]

    assert counts(*seen) == {"a": (False, False), "b": (False, True)}


def test_both_defensible_is_nobodys_error_and_open_or_untold_looks_do_not_count():
    seen = [look(1, "a", NOTHING, basis="both_defensible"), look(2, "b", THREAT, truth=None, basis=None),
            look(3, "c", Vote("cannot_tell"))]  # fmt: skip

    assert counts(*seen) == {"a": (True, False)}


def test_another_section_is_right_as_a_verdict_and_wrong_as_a_policy():
    assert counts(look(1, "a", INSULT), match="verdict")["a"][0] is True
    assert counts(look(1, "a", INSULT))["a"][0] is False
    assert counts(look(1, "a", THREAT), match="action") == {}


def test_a_strict_grader_says_violates_too_often_and_a_lenient_one_too_seldom():
    strict = [look(n, "a", THREAT if n < 8 else NOTHING, truth=THREAT if n < 5 else NOTHING) for n in range(20)]
    lenient = [look(n, "a", NOTHING if n < 2 else THREAT) for n in range(20)]

    found, other = (strictness(scored(seen, "policy")) for seen in (strict, lenient))

    assert (found["over"], found["missed"], found["value"]) == (3, 0, 0.15)
    assert found["low"] < 0.15 < found["high"]
    assert (other["over"], other["missed"], other["value"]) == (0, 2, -0.1)
    assert strictness([])["value"] is None


def test_speed_is_measured_by_the_workflows_own_pace_over_all_graders():
    usual = [look(n, "abc"[n % 3], THREAT, seconds_shown=50 + n % 20) for n in range(60)]
    hasty = [look(100 + n, "d", THREAT, seconds_shown=8 if n < 15 else 55) for n in range(30)]
    brisk = [look(200 + n, "e", THREAT, seconds_shown=30) for n in range(30)]
    short = [look(300 + n, "a", THREAT, seconds_shown=5, workflow="legal_request") for n in range(40)]

    quick = quick_looks([*usual, *hasty, *brisk, *short])

    assert pace("d", quick) == {"timed": 30, "quick": 15, "rushed": True}
    assert pace("e", quick) == {"timed": 30, "quick": 0, "rushed": False}
    assert pace("a", quick) == {"timed": 60, "quick": 0, "rushed": False}
    assert pace("z", quick) == {"timed": 0, "quick": 0, "rushed": False}
    assert quick_looks(usual[:29]) == {}


def graded(who: Actor, vote: Vote, times: int, *, skips: int = 0) -> None:
    """*who* takes what comes: some are passed on, the others get *vote*; then the batch closes."""
    for turn in range(times + skips):
        task = write(lambda: blind.claim(who))
        assert task is not None
        if turn < skips:
            reason = "know_them" if turn else "broken"
            write(lambda task=task, reason=reason: blind.skip(who, task, reason=reason))
            continue
        write(lambda task=task: blind.grade(
            who, task, verdict=vote.verdict, section_key=vote.section_key, action=vote.action, confidence="high",
            claim_next=False, seconds_shown=40,
        ))  # fmt: skip
    write(lambda: blind.close_batch(who))


@pytest.fixture
def run(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


def test_the_command_prints_every_grader_of_the_desk(sqlite_app: Flask, run: FlaskCliRunner) -> None:
    desk = Desk(graders=3)
    for _ in range(4):
        desk.drawn_case(looks=3)
    first, second, third = desk.graders
    graded(first, THREAT, 4)
    graded(second, THREAT, 4)
    graded(third, INSULT, 4)

    found = printed(run, "graders", "--bootstrap", "20")

    rows = {row["grader"]: row for row in found["graders"]}
    names = [desk_name(actor) for actor in desk.graders]
    assert sorted(rows) == sorted(names)
    assert [(rows[name]["n"], rows[name]["right"]) for name in names] == [(4, 4), (4, 4), (4, 0)]
    assert rows[names[2]]["by_others"]["n"] == 4
    assert rows[names[2]]["corrected"]["value"] == pytest.approx(0, abs=0.01)
    assert rows[names[2]]["strictness"]["value"] == 0
    assert found["confusion"]["labels"] == ["conduct/insults", "conduct/threats"]
    assert found["confusion"]["matrix"] == [[0, 0], [4, 8]]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert names[2] in run.invoke(args=["graders", "--bootstrap", "20"]).stdout


def desk_name(actor: Actor) -> str:
    """The grader's id as files have it."""
    from_id = {look.grader_id: look.grader for look in grader_scores.looks.committed()}
    return from_id[actor.id]


def test_skips_count_but_for_those_that_are_excused(app: Flask) -> None:
    desk = Desk(graders=2)
    for _ in range(5):
        desk.drawn_case()
    graded(desk.graders[0], THREAT, 3, skips=2)

    found = grader_scores.scores(replicates=20)

    (row,) = found["graders"]
    skips = row["skips"]
    assert (skips["counted"], skips["excused"], skips["asked"], skips["rate"]) == (1, 1, 4, 0.25)
    assert row["corrected"] is None
    assert any("not identified" in line for line in found["warnings"])
    assert any("settled by others alone" in line for line in found["warnings"])


def test_an_empty_desk_has_no_grader_and_an_unknown_level_is_refused(sqlite_app: Flask, run: FlaskCliRunner) -> None:
    assert printed(run, "graders")["graders"] == []
    assert "No settled look." in run.invoke(args=["graders"]).stdout
    with pytest.raises(BadInput, match="verdict, policy, action"):
        grader_scores.scores(match="severity")
