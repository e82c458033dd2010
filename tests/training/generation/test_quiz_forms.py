"""Forms share no question, ask for situations first, and pass whom they should."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.generation.material import Citation, Item, Option
from training.generation.quiz_forms import LONGEST_RUN, SIZES, Answered, arranged, forms, passed, shared_rules
from training.generation.skills import SkillKey

A, B = SkillKey("section", "p/a"), SkillKey("section", "p/b")


def item(
    number: int, kind: str = "conduct", *, skill: SkillKey = A, rule: str | None = None, case: str | None = None
) -> Item:
    """An item with its key somewhere among four places."""
    where = Citation(skill.a, "1", 1, 1, "words")
    options = tuple(Option(letter, f"{letter}{number}", "why", where) for letter in "abcd")
    return Item(f"{kind}-{number:03}", kind, f"stem {number}", options, ("abcd"[number % 4],), where, 0.5, {},
                rule or f"rule-{number}", skill, case)  # fmt: skip


def bank(situations: int = 16, others: int = 16) -> list[Item]:
    made = [item(n, "coded_example", skill=(A, B)[n % 2]) for n in range(situations)]
    return made + [item(100 + n, skill=(A, B)[n % 2]) for n in range(others)]


def answers(*rights: int, key: SkillKey = A, critical: bool = False) -> list[Answered]:
    return [Answered("conduct", key, bool(right), critical) for right in rights]


def test_four_full_forms_share_no_item():
    made = forms(bank(), seed=1)

    asked = [id_ for form in made.values() for id_ in form]
    assert {purpose: len(form) for purpose, form in made.items()} == SIZES
    assert len(set(asked)) == len(asked)


def test_half_of_a_form_shows_a_situation_while_there_are_some():
    made = forms(bank(), seed=1)

    for purpose in ("initial", "retake-1", "retake-2"):
        assert sum(id_.startswith("coded_example") for id_ in made[purpose]) == 4


def test_both_sections_are_in_every_form_and_take_turns():
    items = {i.id: i for i in bank()}

    made = forms(list(items.values()), seed=3)

    for purpose, form in made.items():
        keys = [items[id_].skill.a for id_ in form]
        assert abs(keys.count("p/a") - keys.count("p/b")) <= 1, purpose
        assert max(len(list(run)) for _, run in groupby(keys)) <= 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=8, max_size=8), st.integers(0, 99))
def test_the_key_never_stays_in_one_place_for_long_while_another_order_avoids_it(places: list[int], seed: int) -> None:
    """With at most five of eight keys in one place there is such an order."""
    bundles = [(item(4 * n + place),) for n, place in enumerate(places)]

    keys = [one.key for one in arranged(bundles, seed)]

    longest = max(len(list(run)) for _, run in groupby(keys))
    assert longest <= LONGEST_RUN or max(places.count(place) for place in places) > 5


def test_one_question_in_eight_may_ask_where_something_stands():
    made = forms([item(n, "where") for n in range(20)] + bank(2, 2), seed=1)

    assert sum(id_.startswith("where") for id_ in made["initial"]) == 1


def test_a_rule_is_asked_once_in_a_form():
    made = forms([item(n, rule="same") for n in range(8)] + bank(4, 4), seed=1)

    assert sum(id_ < "conduct-100" and id_.startswith("conduct") for id_ in made["initial"]) <= 1


def test_two_steps_of_a_case_stay_together_and_the_section_comes_first():
    steps = []
    for n in range(12):
        steps.append(item(2 * n, "case", case=f"case-{n}"))
        steps.append(item(2 * n + 1, "case", skill=SkillKey("action", "p/a"), case=f"case-{n}"))
    items = {i.id: i for i in steps}

    made = forms(steps, seed=2)

    cases = [{items[id_].case for id_ in form} for form in made.values()]
    assert not cases[0] & cases[1]
    first, second = made["initial"][:2]
    assert items[first].case == items[second].case
    assert (items[first].skill.kind, items[second].skill.kind) == ("section", "action")


def test_a_handful_of_items_makes_one_short_form_and_empty_ones():
    made = forms(bank(2, 3), seed=1)

    assert [len(form) for form in made.values()] == [5, 0, 0, 0]


def test_warm_ups_are_never_asked_for_a_pass():
    made = forms([item(n, "boundary") for n in range(20)], seed=1)

    assert made == {purpose: [] for purpose in SIZES}


def test_rules_met_before_are_counted():
    items = [item(n, rule=f"rule-{n % 8}") for n in range(16)]

    shares = shared_rules(forms(items, seed=1), items)

    assert shares["initial"] == 0.0
    assert shares["retake-1"] == 1.0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 25), st.integers(0, 25), st.integers(0, 5), st.integers(0, 99))
def test_no_form_breaks_its_rules_whatever_the_bank_holds(situations, others, navigation, seed):
    items = bank(situations, others) + [item(500 + n, "where", skill=B) for n in range(navigation)]

    made = forms(items, seed=seed)

    asked = [id_ for form in made.values() for id_ in form]
    assert len(asked) == len(set(asked))
    assert all(len(form) <= SIZES[purpose] for purpose, form in made.items())
    assert all(sum(id_.startswith("where") for id_ in form) <= 1 for form in made.values())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answers(1, 1, 1, 1, 1, 1, 1, 0), True),
        (answers(1, 1, 1, 1, 1, 1, 0, 0), False),
        (answers(1, 1, 1, 1, 0), False),
        (answers(1, 1, 1), True),
        (answers(1, 1, 1, 1, 1, 1) + answers(1, 0, key=B), False),
        (answers(1, 1, 1, 1, 1) + answers(1, 1, 0, key=B), True),
        (answers(1, 1, 1, 1, 1, 1, 1) + answers(0, critical=True), False),
        ([], False),
    ],
)
def test_who_passes(given, expected):
    assert passed(given)[0] is expected


def test_an_action_is_judged_by_itself_only_where_it_is_targeted():
    action = SkillKey("action", "p/a")
    given = answers(1, 1, 1, 1, 1, 1, 1) + answers(0, key=action)

    assert passed(given)[0]
    assert not passed(given, targeted=[action])[0]


def test_the_reason_names_what_was_missing():
    assert passed(answers(1, 1, 1, 1, 1, 1, 0, 0))[1] == "6 of 8 right; 7 are needed."
    assert "p/b" in passed(answers(1, 1, 1, 1, 1, 1) + answers(1, 0, key=B))[1]
