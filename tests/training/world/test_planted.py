"""What planted.py promises is in the truth of the world, for more than one seed."""

import math
import random
from collections import Counter
from datetime import timedelta
from statistics import median

import pytest

from training.world.decisions import matches
from training.world.grading import grade
from training.world.people import GRADERS
from training.world.planted import PLANTED, WEEKS

DROP, MISREAD, LENIENT, LUCK = PLANTED.drop, PLANTED.misread, PLANTED.lenient, PLANTED.bad_luck
ODDS = (1.6, 2.1, 2.7, 3.35, 4.75, 8.1)
WEIGHTS = (0.10, 0.20, 0.25, 0.20, 0.15, 0.10)


def of(made, agent_id):
    """The agent's cases in order of closing: (row, truth, wrong at the level of policy)."""
    pairs = [(row, made.truths[row["case_id"]]) for row in made.cases if row["agent_id"] == agent_id]
    return [(row, truth, not matches(row, truth, level="policy")) for row, truth in pairs]


def rate(cases):
    return sum(wrong for *_, wrong in cases) / len(cases)


def crossings(cases, *, baseline=0.05, act=52 * 12 * 20):
    """Weeks in which the blended mixture of Shiryaev-Roberts streams reaches *act*, with the leading policy."""
    found, pooled, streams = [], [0.0] * 6, {}
    for row, truth, wrong in cases:
        play = streams.setdefault(row["reported_policy"], [0.0] * 6)
        for k, odds in enumerate(ODDS):
            worse = odds * baseline / (1 - baseline + odds * baseline)
            ratio = worse / baseline if wrong else (1 - worse) / (1 - baseline)
            pooled[k] = (1 + pooled[k]) * ratio
            play[k] = (1 + play[k]) * ratio
        value = {key: sum(map(math.prod, zip(WEIGHTS, one, strict=True))) for key, one in streams.items()}
        if (sum(map(math.prod, zip(WEIGHTS, pooled, strict=True))) + sum(value.values())) / 2 >= act:
            found.append((truth.week, max(value, key=value.get)))
            pooled, streams = [0.0] * 6, {}
    return found


def test_half_of_the_dropping_agents_cases_lie_in_the_policy_every_week(made):
    for week in range(1, WEEKS + 1):
        cases = [row for row, truth, _ in of(made, DROP.agent_id) if truth.week == week]

        inside = sum(row["reported_policy"] == DROP.play_key for row in cases)

        assert (inside, len(cases)) == (DROP.cases_a_week // 2, DROP.cases_a_week)
        assert len(cases) >= DROP.graded_a_week


def test_from_week_fourteen_on_six_of_ten_are_wrong_in_the_policy_alone(made):
    cases = of(made, DROP.agent_id)
    inside = [case for case in cases if case[0]["reported_policy"] == DROP.play_key]
    before = [case for case in inside if case[1].week < DROP.from_week]
    after = [case for case in inside if case[1].week >= DROP.from_week]
    elsewhere = [case for case in cases if case[0]["reported_policy"] != DROP.play_key]

    assert rate(before) < 0.10
    assert rate(after) == pytest.approx(0.6, abs=0.04)
    assert rate(elsewhere) < 0.09
    for start in range(0, len(after) - 9, 10):
        assert sum(wrong for *_, wrong in after[start : start + 10]) == DROP.errors_in_ten


@pytest.mark.parametrize("draw", range(5))
def test_the_drop_is_found_within_some_three_weeks_and_its_policy_leads(made, draw):
    chance = random.Random(draw)
    graded = []
    for week in range(1, WEEKS + 1):
        cases = [case for case in of(made, DROP.agent_id) if case[1].week == week]
        drawn = sorted(chance.sample(range(len(cases)), DROP.graded_a_week))
        graded += [cases[place] for place in drawn]

    week, lead = crossings(graded)[0]

    assert DROP.from_week <= week <= DROP.from_week + 3
    assert lead == DROP.play_key


def test_everybody_misreads_the_clause_and_nothing_else(made):
    errors, seen = Counter(), Counter()
    rest = []
    for row in made.cases:
        truth = made.truths[row["case_id"]]
        wrong = not matches(row, truth, level="policy")
        if truth.section == MISREAD.section:
            seen[row["agent_id"]] += 1
            errors[row["agent_id"]] += wrong
        elif row["agent_id"] != DROP.agent_id:
            rest.append(wrong)

    assert seen.total() > 180
    assert errors.total() / seen.total() == pytest.approx(MISREAD.error_share, abs=0.08)
    assert len(seen) == 22
    assert len([agent for agent in seen if errors[agent]]) >= 18
    assert 0.025 < sum(rest) / len(rest) < 0.045


def test_the_misread_clause_is_nearly_always_missed(made):
    decided = Counter(
        row["decided_policy"]
        for row in made.cases
        if made.truths[row["case_id"]].section == MISREAD.section and row["decided_policy"] != MISREAD.section
    )

    assert decided["none"] / decided.total() > 0.75


def test_the_unlucky_agent_is_as_good_as_the_others_but_for_the_order(made):
    cases = of(made, LUCK.agent_id)
    by_week = Counter(truth.week for _, truth, wrong in cases if wrong)

    assert len(cases) == LUCK.cases_a_week * WEEKS
    assert rate(cases) == pytest.approx(0.04, abs=0.003)
    assert by_week[LUCK.week] == LUCK.errors_in_week
    assert sorted(by_week.values()) == [1] * LUCK.errors_elsewhere + [LUCK.errors_in_week]
    assert by_week[LUCK.week - 1] == by_week[LUCK.week + 1] == 0


def test_the_detector_leaves_the_unlucky_agent_alone(made):
    assert crossings(of(made, LUCK.agent_id)) == []


def test_in_the_world_of_seed_one_nobody_else_reaches_the_threshold(shiftwell):
    clear = [row for row in shiftwell.cases if shiftwell.truths[row["case_id"]].section != MISREAD.section]
    agents = {row["agent_id"] for row in clear} - {DROP.agent_id}

    alarmed = {}
    for agent in agents:
        cases = [case for case in of(shiftwell, agent) if case[1].section != MISREAD.section]
        alarmed[agent] = crossings(cases)

    assert {agent: found for agent, found in alarmed.items() if found} == {}


def test_the_lenient_grader_lets_a_quarter_of_the_violations_pass(made):
    violating = [truth for truth in made.truths.values() if truth.section is not None]

    passed = {
        grader: sum(grade(made.seed, truth, grader).verdict == "no_violation" for truth in violating) / len(violating)
        for grader in GRADERS
    }

    assert passed.pop(LENIENT.grader_id) == pytest.approx(LENIENT.share_let_pass, abs=0.03)
    assert max(passed.values()) < 0.03
    assert median(passed.values()) > 0.005


def test_the_critical_miss_is_the_agents_last_critical_case_before_the_last_days(made):
    own = [row for row in made.cases if row["agent_id"] == PLANTED.critical.agent_id]
    critical = [row for row in own if row["severity"] == "critical"]
    last_day = (made.ends_on - timedelta(days=PLANTED.critical.days_before_end)).isoformat()

    row = next(row for row in own if row["case_id"] == made.critical_miss)

    assert row["severity"] == "critical"
    assert not matches(row, made.truths[row["case_id"]], level="policy")
    assert row["closed_at"][:10] <= last_day
    assert not [
        other for other in critical if row["closed_at"] < other["closed_at"] and other["closed_at"][:10] <= last_day
    ]
