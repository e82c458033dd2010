"""The person or the clause, on planted counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.queries.stream_columns import Columns, Met, moment_of
from calibration.signals import clauses
from calibration.signals.clauses import Matter, Settled
from qa.grading import votes
from qa.queries.voted import Voted


@dataclass(frozen=True)
class One:
    """One settled case: whose, and the clauses in play, decided and settled."""

    agent: int
    play: str
    decided: str
    truth: str

    @property
    def is_right(self) -> bool:
        return self.decided == self.truth


def cases(agent: int, right: int, wrong: int, *, key: str = "p/one") -> list[One]:
    """Settled cases of one agent in one clause: right ones, and missed ones."""
    return [One(agent, key, key, key)] * right + [One(agent, key, "none", key)] * wrong


def settled(rows: list[One]) -> Settled:
    """The cases as the scan reads them."""
    words = ["", *sorted({word for row in rows for word in (row.play, row.decided, row.truth)})]
    zeros, size = np.zeros(len(rows), dtype=np.int64), len(rows)

    def codes(name: str) -> np.ndarray:
        return np.array([words.index(getattr(row, name)) for row in rows], dtype=np.int64)

    return Settled(Columns(
        case=np.arange(size), agent=np.array([row.agent for row in rows]), team=zeros, play=codes("play"), tier=zeros,
        decided=codes("decided"), truth=codes("truth"), closed=zeros, number=zeros, drawn=zeros,
        right=np.array([int(row.is_right) for row in rows]), open=zeros > 0, critical=zeros > 0, words=words,
    ))  # fmt: skip


def met(row: One) -> Met:
    return Met(0, row.agent, moment_of(0), 0, row.play, row.decided, row.truth)


def judged(own: list[One], others: list[One], **given: float) -> list[Matter]:
    wrong = [met(row) for row in own if not row.is_right]
    return clauses.matters(wrong, settled(own + others), agent_id=1, target=0.95, agreement=given)


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
    filed = One(2, "q", "p/one", "none")

    assert settled([filed]).clauses() == ["q"]
    assert clauses.got_wrong(met(filed)) == "p/one"


def test_graders_who_disagree_on_a_clause_make_it_a_matter_of_the_clause() -> None:
    found = judged(cases(1, 5, 8), [row for agent in (2, 3, 4) for row in cases(agent, 30, 0)], **{"p/one": 0.62})

    assert [one.why for one in found] == ["graders disagree on it"]


def test_a_clause_that_everybody_misreads_is_found_and_one_that_a_single_agent_misreads_is_not() -> None:
    everybody = [row for agent in range(5) for row in cases(agent, 20, 8)]
    one_alone = cases(0, 10, 30, key="p/two") + [
        row for agent in range(1, 5) for row in cases(agent, 30, 1, key="p/two")
    ]

    found = clauses.misread_by_everybody(settled(everybody + one_alone), target=0.95)

    assert [(one.section_key, one.others, one.errors) for one in found] == [("p/one", 5, 40)]


def looks(pairs: list[tuple[str, str]]) -> Voted:
    """Two graders' answers by case."""
    words = ("", "p/one", "p/two")
    record = np.zeros(2 * len(pairs), dtype=votes.RECORD)
    record["case"], record["grader"] = np.repeat(np.arange(len(pairs)), 2), np.tile([1, 2], len(pairs))
    record["section"] = [words.index(key) for pair in pairs for key in pair]
    return Voted(record, dict(enumerate(words)))


def test_agreement_on_a_clause_is_known_from_twenty_grades_that_name_it() -> None:
    """Where a clause is hardly ever the answer, a few slips alone would bring its agreement to nought."""
    rare = looks([("p/two", "p/one")] * 5 + [("p/two", "p/two")] * 40)
    common = looks([("p/two", "p/one")] * 30 + [("p/two", "p/two")] * 40)

    assert "p/one" not in clauses.grader_agreement(rare)
    assert clauses.grader_agreement(common)["p/one"] < 0.8
    assert clauses.grader_agreement(looks([])) == {}
