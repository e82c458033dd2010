"""Ten people who rated 3,901 real cases, each of three as the agent: what the streams say of them, and when."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calibration.signals import streams
from calibration.signals.grounds import StreamCase, team_of
from calibration.signals.streams import Replay, Rules

pytestmark = pytest.mark.shared

WEEKS = 26
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
ENDED = BEGAN + timedelta(weeks=WEEKS)


@pytest.fixture(scope="module")
def decided(shared: Path) -> dict[str, list[StreamCase]]:
    """Each rater's cases over 26 weeks, evenly in their order; the truth is the majority of the five votes."""
    folder = shared / "data" / "hatecheck"
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as lines:
        section = {row["case_id"]: row["policy"].replace("_", "-") for row in csv.DictReader(lines)}
    votes: dict[str, dict[str, str]] = defaultdict(dict)
    with (folder / "decisions.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            votes[row["case_id"]][row["rater_id"]] = row["label"]
    found: dict[str, list[StreamCase]] = {}
    for rater in ("r04", "r07", "r08"):
        mine = [case for case in sorted(votes) if rater in votes[case]]
        found[rater] = [
            StreamCase(
                case_id=place, agent_id=1, team="", play_key=section[case], tier="all",
                closed_at=BEGAN + timedelta(weeks=WEEKS) * place / len(mine), number=place, drawn_at=ENDED,
                is_open=False, wrong=votes[case][rater] != Counter(votes[case].values()).most_common(1)[0][0],
            )
            for place, case in enumerate(mine)
        ]  # fmt: skip
    return found


def run(cases: list[StreamCase], target: float) -> Replay:
    return streams.replay(1, cases, {"": team_of(cases)}, Rules(target), as_of=ENDED)


def acts(cases: list[StreamCase], target: float) -> list[tuple[float, str | None]]:
    """(week, leading section) of every act."""
    raised = [one for one in run(cases, target).raised if one.level == "act"]
    return [((one.case.closed_at - BEGAN) / timedelta(weeks=1), one.lead_key) for one in raised]


def test_the_agent_decided_1955_cases_and_planned_grades_are_counted_a_week(decided):
    first = run(decided["r07"], 0.95).epochs[0]

    assert len(decided["r07"]) == 1955
    assert first.planned_per_week == pytest.approx(1955 / WEEKS, rel=0.01)
    assert first.opened_at - BEGAN == timedelta(weeks=4)


def test_at_95_percent_one_act_about_week_19_without_a_leading_section(decided):
    found = acts(decided["r07"], 0.95)

    assert [lead for _, lead in found] == [None]
    assert found[0][0] == pytest.approx(19, abs=0.5)


def test_at_98_percent_six_acts_that_lead_to_their_sections(decided):
    found = acts(decided["r07"], 0.98)

    assert [lead for _, lead in found] == [
        "slur-reclaimed", "negate-neg", "ident-pos", "counter-quote", "counter-ref", "target-indiv",
    ]  # fmt: skip
    assert found[0][0] == pytest.approx(7, abs=0.5)
    assert found[-1][0] == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize("rater", ["r04", "r08"])
@pytest.mark.parametrize("target", [0.95, 0.98])
def test_the_two_best_raters_raise_nothing(decided, rater, target):
    assert acts(decided[rater], target) == []


def test_an_act_keeps_the_baseline_so_that_the_drop_does_not_become_the_new_normal(decided):
    epochs = run(decided["r07"], 0.98).epochs

    assert [epoch.cause for epoch in epochs] == ["first", *["act"] * 6]
    assert all(epoch.baseline == epochs[0].baseline for epoch in epochs)
