"""Grades: what a table or a tier says of how grave something is, where the words alone do not say it."""

import pytest

from training.generation.build import generate
from training.generation.material import Item, source

TABLE = """# Ferry rules

## Incidents

| Incident | What it is | Priority |
| --- | --- | --- |
| **Rope** | A passenger unties a rope before landing | High |
| **Litter** | Paper or peel thrown over the rail | Low |
| **Crowding** | More people on deck than seats | Medium |
| **Fire** | Cooking or smoking in the hold | High |
| **Noise** | Trumpets played after sunset | Low |
"""
TIERS = """# Library rules

## Minor offences

- Eating an apple between the shelves
- Whispering through a whole lecture

## Major offences

- Tearing a page out of a dictionary
- Hiding a novel behind the atlases

## Unforgivable grave offences

- Burning candles in the map room
- Carrying the visitors' register home
"""


def grades(markdown: str) -> list[Item]:
    return [item for item in generate([source(markdown, name="rules")]).items if item.kind == "grade"]


def right(item: Item) -> str:
    return next(option.text for option in item.options if option.id in item.key)


def test_each_row_is_asked_for_its_grade_among_the_grades_of_the_table():
    items = grades(TABLE)

    assert {item.stem.partition("“")[0] for item in items} == {"Which priority does "}
    assert len(items) == 5
    assert all({option.text for option in item.options} == {"High", "Medium", "Low"} for item in items)
    assert {right(item) for item in items if "Trumpets" in item.stem} == {"Low"}


@pytest.mark.parametrize(
    "change",
    [
        ("Medium", "High"),
        ("| Priority |", "| Action |"),
        ("High", "Anna"),
    ],
)
def test_a_column_of_two_grades_of_steps_or_of_no_degrees_is_left_alone(change: tuple[str, str]):
    old, new = change
    markdown = TABLE.replace(old, new).replace("Low", "Bert") if new == "Anna" else TABLE.replace(old, new)

    assert grades(markdown) == []


def test_a_row_that_names_its_grade_is_not_asked():
    told = TABLE.replace("Trumpets played", "Low trumpets played")

    assert not any("trumpets" in item.stem.lower() for item in grades(told))


def test_an_act_is_asked_for_its_tier():
    three = TIERS.replace("Unforgivable grave", "Grave")

    items = grades(three)

    assert {right(item) for item in items if "dictionary" in item.stem} == {"Major offences"}
    assert all(len(item.options) == 3 for item in items) and len(items) >= 4


def test_sections_whose_names_differ_in_more_than_a_degree_are_no_tiers():
    assert grades(TIERS) == []


def test_an_act_that_another_tier_nearly_says_is_not_asked():
    same = TIERS.replace("Unforgivable grave", "Grave").replace(
        "Burning candles in the map room", "Tearing a page out of the register"
    )

    assert not any("page" in item.stem for item in grades(same))
