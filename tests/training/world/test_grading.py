"""Simulated graders answer like people who mostly know, and always the same."""

from training.world.grading import grade
from training.world.people import GRADERS
from training.world.planted import PLANTED

SOUND = [grader for grader in GRADERS if grader != PLANTED.lenient.grader_id]


def test_a_grade_depends_on_seed_case_and_grader_alone(shiftwell):
    truths = list(shiftwell.truths.values())[:300]

    first = [grade(1, truth, "gr01") for truth in truths]

    assert first == [grade(1, truth, "gr01") for truth in reversed(truths)][::-1]
    assert first != [grade(1, truth, "gr03") for truth in truths]
    assert first != [grade(2, truth, "gr01") for truth in truths]


def test_graders_err_in_about_three_of_a_hundred_cases(shiftwell):
    truths = list(shiftwell.truths.values())[::2]

    for grader in SOUND:
        wrong = sum(grade(1, truth, grader).section != truth.section for truth in truths)

        assert 0.018 < wrong / len(truths) < 0.042


def test_two_graders_seldom_err_alike(shiftwell):
    truths = list(shiftwell.truths.values())

    both = sum(grade(1, truth, "gr01").section == grade(1, truth, "gr03").section != truth.section for truth in truths)

    assert both / len(truths) < 0.005


def test_every_graded_action_goes_with_the_verdict(shiftwell):
    means = {(action.workflow, action.key): action.means for action in shiftwell.actions}

    for truth in shiftwell.truths.values():
        found = grade(1, truth, "gr02")

        assert means[truth.workflow, found.action] == found.verdict
        assert (found.section is None) == (found.verdict == "no_violation")


def test_some_grades_carry_a_note_and_all_a_confidence(shiftwell):
    grades = [grade(1, truth, "gr04") for truth in shiftwell.truths.values()]

    noted = sum(bool(found.note) for found in grades)

    assert 0.2 < noted / len(grades) < 0.4
    assert {found.confidence for found in grades} == {"low", "medium", "high"}
