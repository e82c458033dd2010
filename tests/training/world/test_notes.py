"""Feedback names the clause of the day, varies, and exists for errors only."""

from collections import Counter
from datetime import datetime

import pytest

from training.world.decisions import matches
from training.world.documents import in_force
from training.world.notes import ROOT_CAUSES, feedback


def errors(made):
    pairs = [(row, made.truths[row["case_id"]]) for row in made.cases]
    return [(row, truth) for row, truth in pairs if not matches(row, truth, level="action")]


def test_feedback_on_a_violation_quotes_the_clause_of_its_day(shiftwell):
    for row, truth in errors(shiftwell):
        words = feedback(shiftwell, row, truth).text
        text = in_force(shiftwell.policies, truth.slug, datetime.fromisoformat(row["closed_at"]).date())

        assert "{" not in words and words.strip() == words
        if truth.section not in (None, row["decided_policy"]):
            assert truth.clause in words or text.rule(truth.clause) in words


def test_feedback_varies_and_every_root_cause_occurs(shiftwell):
    told = [feedback(shiftwell, row, truth) for row, truth in errors(shiftwell)]

    causes = Counter(one.root_cause for one in told)

    assert set(causes) == set(ROOT_CAUSES)
    assert causes.most_common(1)[0][0] == "clause_misread"
    assert len({one.text for one in told}) > 0.5 * len(told)


def test_a_translation_is_blamed_only_where_there_was_one(shiftwell):
    blamed = {row["locale"] for row, truth in errors(shiftwell)
              if feedback(shiftwell, row, truth).root_cause == "translation"}  # fmt: skip

    assert blamed == {"es"}


def test_a_right_decision_gets_no_feedback(shiftwell):
    row = next(row for row in shiftwell.cases if matches(row, shiftwell.truths[row["case_id"]], level="action"))

    with pytest.raises(ValueError, match="was decided rightly"):
        feedback(shiftwell, row, shiftwell.truths[row["case_id"]])
