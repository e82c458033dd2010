"""The person or the clause, on planted counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from calibration import clauses
from calibration.clauses import Matter
from qa.queries.measured import BlindVote, DrawnCase

AT = datetime(2026, 11, 2, tzinfo=UTC)
RIGHT = DrawnCase(
    case_id=0, public_id="", external_id="", agent_id=0, agent="a0", agent_name="A", team="T", play_key="p/one",
    workflow="abuse_report", locale="en", closed_at=AT, number=0, decided_key="p/one", action="remove", severity="",
    plan="plan", draw_id=1, stratum_id=1, stratum="all", stratum_frame=100, stratum_drawn=10, tier="all",
    probability=0.1, drawn_at=AT, state="settled", right_verdict=True, right_policy=True, right_action=None,
    truth_verdict="violates", truth_key="p/one", truth_action=None, basis="agreed", settled_at=AT, disputed=False,
)  # fmt: skip


def cases(agent: int, right: int, wrong: int, *, key: str = "p/one") -> list[DrawnCase]:
    """Settled cases of one agent in one clause: right ones, and missed ones."""
    hit = replace(RIGHT, agent_id=agent, play_key=key, decided_key=key, truth_key=key)
    missed = replace(hit, decided_key="none", right_policy=False, right_verdict=False)
    return [replace(row, case_id=1000 * agent + n + 500 * (key != "p/one"))
            for n, row in enumerate([hit] * right + [missed] * wrong)]  # fmt: skip


def judged(own: list[DrawnCase], others: list[DrawnCase], **given: float) -> list[Matter]:
    wrong = [row for row in own if not row.right_policy]
    return clauses.matters(wrong, own + others, agent_id=1, level="policy", target=0.95, agreement=given)


def test_one_agent_s_errors_among_sound_others_are_the_person_s_matter() -> None:
    found = judged(cases(1, 5, 8), [row for agent in (2, 3, 4) for row in cases(agent, 30, 1)])

    assert [(one.section_key, one.own_errors, one.others, one.cases, one.errors, one.why) for one in found] == [
        ("p/one", 8, 3, 93, 3, None)
    ]


def test_errors_that_three_others_make_too_are_the_clause_s_matter() -> None:
    found = judged(cases(1, 5, 8), [row for agent in (2, 3, 4) for row in cases(agent, 8, 4)])

    assert [one.why for one in found] == ["others misread it"]


def test_many_agents_with_one_error_each_are_not_a_clause_s_matter() -> None:
    """Of agents just at 95% two in three have an error in 20 cases: counting them would blame every clause."""
    found = judged(cases(1, 5, 8), [row for agent in range(2, 12) for row in cases(agent, 19, 1)])

    assert [one.why for one in found] == [None]


def test_the_agent_s_own_errors_never_count_against_the_clause() -> None:
    found = judged(cases(1, 0, 60), [row for agent in (2, 3, 4) for row in cases(agent, 20, 0)])

    assert [(one.errors, one.why) for one in found] == [(0, None)]


def test_a_wrong_enforcement_counts_where_it_was_in_play_and_not_where_it_was_filed() -> None:
    filed = replace(RIGHT, play_key="q", decided_key="p/one", truth_verdict="no_violation", truth_key="none")

    assert clauses.concerns(filed) == {"q"}
    assert clauses.got_wrong(filed) == "p/one"


def test_graders_who_disagree_on_a_clause_make_it_a_matter_of_the_clause() -> None:
    found = judged(cases(1, 5, 8), [row for agent in (2, 3, 4) for row in cases(agent, 30, 0)], **{"p/one": 0.62})

    assert [one.why for one in found] == ["graders disagree on it"]


def test_a_clause_that_everybody_misreads_is_found_and_one_that_a_single_agent_misreads_is_not() -> None:
    everybody = [row for agent in range(5) for row in cases(agent, 20, 8)]
    one_alone = cases(0, 10, 30, key="p/two") + [
        row for agent in range(1, 5) for row in cases(agent, 30, 1, key="p/two")
    ]

    found = clauses.misread_by_everybody(everybody + one_alone, level="policy", target=0.95)

    assert [(one.section_key, one.others, one.errors) for one in found] == [("p/one", 5, 40)]


def votes(pairs: list[tuple[str, str]]) -> list[BlindVote]:
    """Two graders' answers by case."""
    return [
        BlindVote(case, f"c{case}", grader, f"g{grader}", "violates", key, "remove", "p/one", "en", "abuse_report", "d")
        for case, pair in enumerate(pairs)
        for grader, key in enumerate(pair)
    ]


def test_agreement_on_a_clause_is_known_from_twenty_grades_that_name_it() -> None:
    """Where a clause is hardly ever the answer, a few slips alone would bring its agreement to nought."""
    rare = votes([("p/two", "p/one")] * 5 + [("p/two", "p/two")] * 40)
    common = votes([("p/two", "p/one")] * 30 + [("p/two", "p/two")] * 40)

    assert "p/one" not in clauses.grader_agreement(rare)
    assert clauses.grader_agreement(common)["p/one"] < 0.8
    assert clauses.grader_agreement([]) == {}
