"""The rarer kinds of questions: each from the text that holds it, with one right answer, and checked like all."""

from collections import Counter

import pytest

from tests.training.generation.invented import SWAPPING, swapping
from training.generation.build import generate
from training.generation.checks import check
from training.generation.export import as_json
from training.generation.material import Item, Module, source

PROCEDURE = """# Hearing a report

## How a report is heard

Follow these steps:

1. Thank whoever wrote the report
2. Ask both sides for their account
3. Choose two hosts who know neither side
4. Write down what was decided
5. Tell the reporter on the same day

## Deadlines

The board must answer an appeal within 14 days. Members may bring a friend unless the hearing is held by telephone.
The treasurer will refund the fee unless the parcel was opened by the sender.
Papers are kept for a year unless a court has asked for them. A host must wash the spade before every open day.
The board may close a hearing without notice when somebody shouts.

## Ways

1. Write a letter
2. or
3. Ring the bell
"""
GARDENS = """# Garden rules

## Noise

Not allowed:

- Playing a drum near the bee hives
- Shouting across the vegetable beds

### Exceptions to the ban on noise

The following are allowed:

- Whistling softly to a tame bird
- Singing on the evening of a feast

## Fire

Not allowed:

- Burning wet leaves beside the fence
- Leaving a grill alone while it glows

### Exceptions to the ban on fire

The following are allowed:

- Lighting a candle inside a lantern
- Smoking a hive to calm the bees

## Water

Not allowed:

- Emptying the pond with a hose
- Washing a car at the pump

### Exceptions to the ban on water

The following are allowed:

- Filling a can for the herb pots
- Rinsing a spade after the work
"""


def right(item: Item) -> str:
    return next(one.text for one in item.options if one.id in item.key)


@pytest.fixture(scope="module")
def prose() -> Module:
    return generate([source(PROCEDURE, name="hearing"), source(GARDENS, name="gardens"), swapping()], seed=2)


def of(module: Module, kind: str) -> list[Item]:
    return [one for one in module.items if one.kind == kind]


def test_a_statement_stands_beside_itself_with_one_two_and_both_things_turned(prose: Module):
    (item, *_) = of(prose, "statement")

    words = {one.text: set(one.text.split()) for one in item.options}
    own = words.pop(right(item))
    differing = Counter(len(own - other) for other in words.values())
    assert right(item) in PROCEDURE and len(item.options) == 4
    assert sorted(differing.elements())[-1] == sum(sorted(differing.elements())[:2])


def test_steps_ask_for_the_first_and_for_what_follows_and_leave_ways_alone(prose: Module):
    items = of(prose, "steps")

    keys = {right(one) for one in items}
    follows = {right(one): one.stem for one in items if "follows" in one.stem}
    assert "Write down what was decided" in keys
    assert "Choose two hosts" in follows["Write down what was decided"]
    assert not any("Ring the bell" in option.text for one in items for option in one.options)


def test_an_exception_completes_its_own_rule(prose: Module):
    items = of(prose, "unless")

    assert {right(one) for one in items} <= {
        "unless the hearing is held by telephone", "unless the parcel was opened by the sender",
        "unless a court has asked for them",
    }  # fmt: skip
    assert items and all(option.text.startswith("unless ") for one in items for option in one.options)


def test_all_options_of_a_carve_out_are_exceptions_and_one_is_of_the_section(prose: Module):
    items = of(prose, "carve_out")

    parts = {part.split("\n")[0]: part for part in GARDENS.split("## ") if part.startswith(("Noise", "Fire", "Water"))}
    allowed = {key: GARDENS.split(f"ban on {key.lower()}")[1].split("\n## ")[0] for key in parts}
    assert len(items) == 6
    for item in items:
        (own,) = [key for key in parts if f"“{key}”" in item.stem]
        assert right(item) in allowed[own]
        assert all(any(option.text in words for words in allowed.values()) for option in item.options)


def test_a_contrast_asks_what_sets_its_sections_apart():
    pair = ("swapping-rules/mislabelled-seed", "swapping-rules/unsafe-parcels")

    module = generate([swapping()], sections=pair, contrast=pair)

    items = of(module, "difference")
    assert items and all(item.skill.kind == "pair" for item in items)
    assert all(right(item) in SWAPPING.split(f"## {item.stem.rsplit('Which', 1)[1].split('“')[1].split('”')[0]}")[1]
               .split("\n## ")[0] for item in items)  # fmt: skip


def test_every_kind_passes_its_checks(prose: Module):
    assert {"statement", "steps", "unless", "carve_out"} <= {one.kind for one in prose.items}
    assert [one for one in check(as_json(prose)) if not one.passed] == []
