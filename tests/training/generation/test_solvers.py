"""Each solver earns what its rule says, and the choice of wrong answers evens them out."""

import pytest

from training.generation.distractors import Candidate, chosen
from training.generation.solvers import credit, lower_limit


@pytest.mark.parametrize(
    ("solver", "stem", "options", "right", "earned"),
    [
        ("longest", "", ["aaaa", "b", "c"], 0, 1),
        ("shortest", "", ["aaaa", "b", "c"], 1, 0.5),
        ("stem overlap", "a threat of harm", ["Threats", "Spam", "Privacy"], 0, 1),
        ("stem overlap", "nothing shared", ["Threats", "Spam", "Privacy"], 0, 1 / 3),
        ("convergence", "", ["may post links", "may post spam", "may post links and spam", "never"], 2, 1),
        ("middle number", "", ["7 day(s)", "14 day(s)", "30 day(s)"], 1, 1),
        ("middle number", "", ["7 day(s)", "soon", "30 day(s)"], 0, 1 / 3),
        ("tone", "Which of these is not a violation?", ["threaten and attack", "a sketch", "hate and harm"], 1, 1),
    ],
)
def test_what_a_solver_earns(solver, stem, options, right, earned):
    assert credit(solver, stem, options, right) == pytest.approx(earned)


def test_the_lower_limit_is_wilsons():
    """81 of 263, from Newcombe 1998, table I: 0.2553 to 0.3662; doi:10.1002/(SICI)1097-0258(19980430)17:8."""
    assert lower_limit(81 / 263, 263) == pytest.approx(0.2553, abs=5e-5)


def test_over_many_items_no_length_points_at_the_key():
    names = [Candidate("x" * length, 0.5, length) for length in (3, 5, 7, 9, 11, 13)]
    earned = {"longest": 0.0, "shortest": 0.0}

    for number in range(300):
        wrong = chosen("y" * 8, names, "stem", number)
        for solver in earned:
            earned[solver] += credit(solver, "stem", ["y" * 8, *(c.text for c in wrong)], 0) / 300

    assert all(0.15 < share < 0.35 for share in earned.values())


def test_a_stem_that_names_the_key_is_kept_as_seldom_as_chance_guesses():
    names = [Candidate(name, 0.5, at) for at, name in enumerate(["Spam", "Privacy", "Scams", "Hate"])]

    kept = sum(bool(chosen("Threats", names, "a threat of harm", number)) for number in range(400))

    assert 60 < kept < 140


def test_three_options_rather_than_a_silly_fourth():
    names = [Candidate("Spam", 0.4, 0), Candidate("Privacy", 0.3, 1), Candidate("Gardening", 0.0, 2)]

    assert {c.text for c in chosen("Threats", names, "stem", "x")} == {"Spam", "Privacy"}


def test_what_is_wanted_is_among_the_options():
    names = [Candidate(f"Name {n}", 0.5, n) for n in range(8)] + [Candidate("Wanted one", 0.01, 9, wanted=True)]

    assert all("Wanted one" in {c.text for c in chosen("Right", names, "stem", n)} for n in range(40))


def test_an_option_that_equals_the_key_is_never_taken():
    names = [Candidate("THREATS!", 0.9, 0), Candidate("Spam", 0.4, 1), Candidate("Privacy", 0.3, 2)]

    assert all("THREATS!" not in {c.text for c in chosen("Threats", names, "stem", n)} for n in range(20))
