"""Where some sections list what is allowed and others what is not, the side is asked together with the section."""

from collections.abc import Sequence

from training.generation.build import generate
from training.generation.material import Item, source

SWIMMING = """# Lake rules

## Boats

Not allowed:

- Rowing through the line of red corks
- Mooring at the ladder after dusk
- Painting a hull on the meadow

## Fires

Not allowed:

- Grilling under the old willow
- Leaving embers in the sand overnight
- Burning a pallet that holds nails

## Picnics

Allowed:

- Spreading a blanket beside the reeds
- Sharing cake with strangers from the village
- Cooling bottles in the brook

## Music

Allowed:

- Singing quietly until the bells ring
- Tuning a fiddle on the jetty
- Practising scales before breakfast
"""


def conduct(markdown: str) -> Sequence[Item]:
    return [item for item in generate([source(markdown, name="lake")], seed=3).items if item.kind == "conduct"]


def side(text: str) -> str:
    return text.partition(":")[0]


def test_what_is_allowed_and_what_is_not_is_asked_with_two_answers_of_either_side() -> None:
    found = conduct(SWIMMING)

    assert {side(option.text) for item in found for option in item.options if option.id in item.key} == {
        "Allowed",
        "Not allowed",
    }
    for item in found:
        assert sorted(side(option.text) for option in item.options) == ["Allowed"] * 2 + ["Not allowed"] * 2


def test_the_right_answer_is_the_section_that_lists_the_act_on_its_side() -> None:
    (item,) = [one for one in conduct(SWIMMING) if "fiddle" in one.stem]

    assert [option.text for option in item.options if option.id in item.key] == ["Allowed: Music"]


def test_one_section_of_the_other_side_alone_is_no_answer() -> None:
    found = conduct(SWIMMING.replace("## Music\n\nAllowed:", "## Music\n\nNot allowed:"))

    assert found
    assert all("prohibits this" in item.stem for item in found)


def test_an_act_that_names_its_own_section_is_not_asked() -> None:
    found = conduct(SWIMMING.replace("Tuning a fiddle on the jetty", "Tuning a fiddle for the evening music"))

    assert not [item for item in found if "fiddle" in item.stem]
    assert found
