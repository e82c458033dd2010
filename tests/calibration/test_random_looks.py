"""What counts for a grader, and what does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibration.graders.lines import Part, figures
from calibration.queries.looks import Look, Passed
from calibration.random_looks import beside
from qa.standing import Vote, standing

LABELS = [Vote("violates", f"conduct/{name}", "remove") for name in ("threats", "insults", "spam", "fraud")]
LABELS.append(Vote("no_violation"))
THREAT, INSULT, SPAM = LABELS[:3]


def look(case: int, grader: str, vote: Vote, **given: object) -> Look:
    """A look at a case that the agent called a threat, and that stands as one."""
    made = Look(
        case, ord(grader), grader, "first", vote, 60, "abuse_report", ("verdict", "policy"), "agent", THREAT, THREAT,
        "agreed",
    )  # fmt: skip
    return replace(made, **given)


def test_a_look_that_nobody_else_looked_beside_says_nothing_of_its_grader():
    (one,) = beside([look(1, "a", THREAT)], "policy")

    assert (one.agrees, one.right, one.ruled) == (None, None, None)


def test_two_random_looks_are_compared_and_the_other_votes_settle_the_case():
    found = beside([look(1, "a", INSULT), look(1, "b", THREAT, purpose="overlap")], "policy")

    assert {one.look.grader: (one.agrees, one.right) for one in found} == {"a": (0.0, False), "b": (0.0, None)}


def test_a_look_that_a_difference_asked_for_is_left_out():
    seen = [look(1, "a", INSULT), look(1, "b", THREAT, purpose="second", basis="majority")]

    (one,) = beside(seen, "policy")

    assert (one.look.grader, one.agrees, one.right) == ("a", None, None)


def test_a_ruling_counts_apart():
    seen = [look(1, "a", INSULT, basis="adjudicated"), look(1, "b", SPAM, purpose="overlap", basis="adjudicated")]

    assert {(one.right, one.ruled) for one in beside(seen, "policy")} == {(None, False)}


def test_who_cannot_tell_gives_no_answer_and_an_unsettled_level_none_either():
    seen = [look(1, "a", Vote("cannot_tell")), look(1, "b", THREAT, purpose="overlap")]

    assert [one.agrees for one in beside(seen, "policy")] == [None]
    assert list(beside(seen, "action")) == []


def drawn_cases(rng: np.random.Generator, cases: int, share_right: float, overlap: float) -> list[Look]:
    """Cases of graders and agents who err independently, settled by the house's own rule, further looks and all."""

    def answer(right: int, share: float) -> Vote:
        return LABELS[right if rng.random() < share else (right + rng.integers(1, len(LABELS))) % len(LABELS)]

    found = []
    for case in range(cases):
        right = int(rng.integers(len(LABELS)))
        decision = replace(answer(right, 0.94), is_decision=True)
        planned = 2 if rng.random() < overlap else 1
        who = [chr(97 + number) for number in rng.permutation(4)]
        votes = [answer(right, share_right) for _ in range(planned)]
        purposes = ["first", "overlap"][:planned]
        stands = standing([decision, *votes], planned, {"verdict", "policy"})
        if stands.state == "difference":
            votes, purposes = [*votes, answer(right, share_right)], [*purposes, "second"]
            stands = standing([decision, *votes], planned, {"verdict", "policy"})
        ruled = stands.answer is None
        truth, basis = (LABELS[right], "adjudicated") if ruled else (stands.answer, stands.basis)
        found += [
            look(case, grader, vote, purpose=purpose, decision=decision, truth=truth, basis=basis)
            for grader, vote, purpose in zip(who, votes, purposes, strict=False)
        ]
    return found


def test_graders_who_are_right_in_90_of_100_cases_look_like_it_and_pooled_naively_they_do_not():
    seen = drawn_cases(np.random.default_rng(20261122), 12_000, share_right=0.90, overlap=0.15)

    found = figures(seen, [], "policy").values()

    together = Part(sum(one.settled.right for one in found), sum(one.settled.n for one in found))
    assert together.n > 2500
    assert together.limits[0] < 0.90 < together.limits[1]
    by_case: dict[int, list[Look]] = {}
    for one in seen:
        by_case.setdefault(one.case_id, []).append(one)
    same = [some[0].vote == some[-1].vote for some in by_case.values() if len(some) > 1]
    naive = sum(same) / len(same)
    random = Part(sum(one.agreement.right for one in found), sum(one.agreement.n for one in found))
    assert naive < 0.65 < 0.75 < random.limits[0]
    assert random.share == pytest.approx(0.9**2 + 0.1**2 / 4, abs=0.02)


def test_skips_count_of_all_cases_that_came_but_for_those_that_are_excused():
    seen = [look(number, "a", THREAT) for number in range(3)]
    passed = [Passed("a", reason, ord("a")) for reason in ("broken", "know_them")]

    (found,) = figures(seen, passed, "policy").values()

    assert (found.passed, found.excused) == (Part(1, 4), 1)
    assert found.seconds == {"abuse_report": 60}
    assert found.leaning is None and found.shrunken is None


def test_strictness_without_a_deviation_is_not_known_exactly():
    seen = [look(number, who, THREAT, purpose=purpose) for number in range(40)
            for who, purpose in (("a", "first"), ("b", "overlap"))]  # fmt: skip

    leaning = figures(seen, [], "policy")[ord("a")].leaning

    assert leaning is not None and leaning.value == 0
    assert leaning.low == pytest.approx(-0.0881, abs=1e-3) and leaning.high == pytest.approx(0.0881, abs=1e-3)
