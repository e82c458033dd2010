"""Conduct is asked where its answer is one: under flags, and in a list of categories."""

from collections.abc import Sequence

import pytest

from training.generation.build import generate
from training.generation.material import Item, source

FLAGS = """# Guest book rules

Each category is judged for itself.

## Definitions

| Code | Category | Description |
|------|----------|-------------|
| **M** | Mockery | Entries that ridicule a guest or the cook, without naming where they live. |
| **M2** | Mockery / Address | Ridicule together with the address or the telephone of a guest. |
| **W** | Waste | Entries that call for throwing food away. |

## Mockery – VIOLATES

- Rhymes that ridicule a guest for a stutter
- Drawings that make the cook look like a pig
- Nicknames that the guest has asked others to drop

## Mockery – SAFE

- Jokes that a guest writes about his own cooking
- Drawings of the cook that she has approved

## Mockery / Address – VIOLATES

- Rhymes with the street in which a guest sleeps
- Drawings that show the door bell of a neighbour

## Mockery / Address – SAFE

- Drawings of the house itself in any season
- Rhymes about streets that nobody lives in

## Waste – VIOLATES

- Calls to throw the bread of yesterday into the river
- Wagers on who leaves the fullest plate

## Waste – SAFE

- Recipes for the bread of yesterday
- Complaints that a plate came back full
"""
CATEGORIES = """# Flea market rules

## What is not allowed

### Blades and tools

- Scythes without a cover on the edge
- Saws that stand upright in a basket

### Living things

- Hens that were caught on the same day
- Seedlings dug up in the forest

### Copies

- Prints that bear another painter's name
- Records that somebody burned at home

## Opening hours

- Do not put up a table before six
- Do not sell after noon
"""


def asked(markdown: str, kind: str = "conduct") -> list[Item]:
    return [item for item in generate([source(markdown, name="rules")]).items if item.kind == kind]


def right(item: Item) -> str:
    return next(option.text for option in item.options if option.id in item.key)


def wrong(item: Item) -> Sequence[str]:
    return [option.text for option in item.options if option.id not in item.key]


@pytest.fixture(scope="module")
def flags() -> list[Item]:
    return asked(FLAGS)


def test_of_flags_a_violation_is_asked_two_by_two_with_one_other_category(flags: list[Item]):
    keys = {right(item) for item in flags}

    assert keys and all(key.endswith("VIOLATES") for key in keys)
    for item in flags:
        sides = sorted(name.rpartition(" ")[2] for name in (right(item), *wrong(item)))
        topics = {name.partition(" –")[0] for name in (right(item), *wrong(item))}
        assert sides == ["SAFE", "SAFE", "VIOLATES", "VIOLATES"] and len(topics) == 2


def test_what_is_safe_under_a_flag_is_asked_against_violations_of_the_same_flag():
    (item, *_) = [one for one in asked(FLAGS, "boundary") if "stutter" in " ".join(o.text for o in one.options)]

    assert item.stem.startswith("Which of these is not a violation of “Mockery”")
    held = FLAGS.split("## Mockery – VIOLATES")[1].split("\n## ")[0]
    assert all(text in held for text in wrong(item))


def test_the_whole_is_no_rival_of_its_part_where_no_definition_parts_them():
    undefined = FLAGS.replace(", without naming where they live", "")

    with_whole = [item for item in asked(FLAGS) if right(item).startswith("Mockery / Address")]
    without = [item for item in asked(undefined) if right(item).startswith("Mockery / Address")]

    assert all("Mockery – VIOLATES" in wrong(item) for item in with_whole) and with_whole
    assert not any("Mockery – VIOLATES" in wrong(item) for item in without)


def test_sections_are_asked_for_where_they_are_categories_of_what_is_not_allowed():
    items = asked(CATEGORIES)

    names = {option.text for item in items for option in item.options}
    assert names == {"Blades and tools", "Living things", "Copies"}
    assert not any("table" in item.stem for item in items)


def test_an_act_that_says_a_word_of_its_category_is_not_asked():
    told = CATEGORIES.replace("Hens that were", "Living hens that were")

    assert any("Hens" in item.stem for item in asked(CATEGORIES))
    assert not any("hens" in item.stem for item in asked(told))


def test_a_sentence_that_bids_is_no_ban_though_the_next_one_bans():
    polite = CATEGORIES.replace("- Hens that were caught on the same day", "- Treat hens well. Do not sell young ones.")

    assert not any("Treat hens" in item.stem for item in asked(polite))
