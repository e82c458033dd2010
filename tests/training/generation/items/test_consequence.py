"""What follows: what a policy says under one condition, among what it says under others."""

import pytest

from training.generation.build import generate
from training.generation.catalogue import Catalogue
from training.generation.items.consequence import drafts
from training.generation.material import Draft, source
from training.generation.order import Order

LIST = """# Garden rules

## Breaches

Breaches of these rules may result in:

- **First breach**: A friendly warning
- **Repeated breaches**: Removal of the key for a month
- **Severe breaches**: Termination of membership
"""
PROSE = (
    "If a gate stays open, we will send a steward to lock it.",
    "When water runs short, we will close both ponds until rain.",
    "Once a nest is found, we may fence off the whole hedge.",
    "If tools go missing, we may ask every plot for a list.",
)


def asked(text: str) -> list[Draft]:
    return list(drafts(Order(Catalogue([source(text, name="garden", version="1")]))))


def prose(*sentences: str) -> list[Draft]:
    return asked(f"# Garden rules\n\n## Days\n\n{' '.join(sentences)}\n")


def test_the_outcomes_of_a_list_are_asked_by_their_events():
    items = {one.right.text: one for one in asked(LIST)}

    item = items["Termination of membership"]
    assert "“Severe breaches”" in item.stem
    assert {one.text for one in item.wrong} == {"A friendly warning", "Removal of the key for a month"}
    assert all(one.text in one.citation.quote for one in item.wrong)


def test_what_follows_a_condition_stands_among_what_follows_others():
    items = {one.right.text: one for one in prose(*PROSE)}

    item = items["we may fence off the whole hedge"]
    assert "“Once a nest is found, …”" in item.stem
    assert all(any(one.text in sentence for sentence in PROSE) for one in item.wrong)


@pytest.mark.parametrize(
    "sentence",
    [
        "If they do not, we will lock the tool shed at noon.",
        "In such cases, we will lock the tool shed at noon.",
        "If this happens twice, we will lock the tool shed at noon.",
        "If the tool shed stands open, we will lock the tool shed.",
        "If it rains, hurry.",
    ],
)
def test_a_condition_that_points_back_or_gives_its_answer_away_is_not_asked(sentence: str):
    assert not any("lock the tool shed" in one.right.text for one in prose(*PROSE, sentence))


def test_a_rival_that_could_hold_as_well_or_says_the_same_is_left_out():
    items = prose(*PROSE, "If a gate stays wide open, we will ring the owner at home.",
                  "When thieves come, we will send a steward to lock it fast.")  # fmt: skip

    (item,) = [one for one in items if one.right.text == "we will send a steward to lock it"]
    assert not {"we will ring the owner at home", "we will send a steward to lock it fast"} & {
        one.text for one in item.wrong
    }


def test_those_who_decide_and_those_who_are_addressed_do_not_mix():
    items = prose(*PROSE, "If a spade breaks, you must bring a new one.")

    assert not any("you must" in option.text for one in items for option in (one.right, *one.wrong))


def test_a_list_of_measures_by_name_is_no_list_of_events():
    assert asked(LIST.replace("First breach", "Warning").replace("A friendly warning", "A warning by the board")) == []


def test_the_items_pass_their_checks():
    module = generate([source(LIST, name="garden")])

    assert [one for one in module.items if one.kind == "consequence"]
