"""Ladders: a step is asked for a situation that can be understood alone, from lists, and from tables of any lay."""

from training.generation.build import generate
from training.generation.items.ladder import is_understood
from training.generation.material import Item, source

GRID = """# Boat house rules

## Scaling

| Punishment | Small damage | Large damage |
| --- | :---: | :---: |
| **A talk** | 1st time | — |
| **A week ashore** | 2nd time | 1st time |
| **A month ashore** | 3rd time | 2nd time |
| **No key any more** | 4th time | 3rd time |
"""
LIST = """# Boat house rules

## Violations

Whoever breaks these rules meets with this:

1. **First violation**: a talk with the warden
2. **Second violation**: a week ashore without a paddle
3. **Third violation**: the key is handed back
"""
SANCTIONS = """# Boat house rules

## Punishments for violations

- **Warning**: for whoever is late once
- **Suspension**: no boat for a time
- **Ban**: the key is handed back
"""
ARROWS = """# Boat house rules

## Escalation

- If unclear → ask the warden
- If a plank of the hull is broken → haul the boat out
- If somebody fell into the lake → ring the bell at once
- If a stranger asks for the key → send them to the warden
"""


def ladders(markdown: str) -> list[Item]:
    return [item for item in generate([source(markdown, name="rules")]).items if item.kind == "ladder"]


def right(item: Item) -> str:
    return next(option.text for option in item.options if option.id in item.key)


def test_a_grid_is_asked_for_its_steps_by_cell_and_column_and_never_for_an_empty_cell():
    items = ladders(GRID)

    found = {item.stem.partition("situation? ")[2]: right(item) for item in items}
    assert found["“2nd time (Small damage)”"] == "A week ashore"
    assert found["“3rd time (Large damage)”"] == "No key any more"
    assert not any("—" in stem for stem in found)


def test_labels_that_count_are_situations():
    items = ladders(LIST)

    assert {right(item) for item in items if "Second violation" in item.stem} == {"a week ashore without a paddle"}


def test_labels_that_are_sanctions_are_no_situations():
    assert ladders(SANCTIONS) == []


def test_a_bare_fragment_is_not_asked():
    items = ladders(ARROWS)

    assert items and not any("unclear" in item.stem for item in items)


def test_what_every_situation_is_tells_no_step():
    assert not is_understood("A violation through a single incident or series of actions")
    assert is_understood("Shouting at a warden in front of the club")
