"""Naming: a description of a list is asked by the list's own names, where they are names and tell one from another."""

import pytest

from training.generation.build import generate
from training.generation.catalogue import Catalogue
from training.generation.items.naming import drafts
from training.generation.material import Draft, source
from training.generation.order import Order

BANNED = """# Garden rules

## Prohibited deeds

- **Trespass**: Entering a plot while its holder is away
- **Poaching**: Taking ripe fruit from a tree of somebody else
- **Nuisance**: Playing a drum near the bee hives after dusk
- **Sabotage**: Cutting a hose so that nobody can water
"""


def asked(text: str) -> list[Draft]:
    return list(drafts(Order(Catalogue([source(text, name="garden", version="1")]))))


def test_a_description_is_asked_among_the_names_of_its_list():
    items = {one.right.text: one for one in asked(BANNED)}

    item = items["Poaching"]
    assert "“Taking ripe fruit from a tree of somebody else”" in item.stem
    assert {one.text for one in item.wrong} == {"Trespass", "Nuisance", "Sabotage"}
    assert all(one.text in one.citation.quote for one in item.wrong)


def test_a_list_of_terms_is_asked_though_it_bans_nothing():
    levels = BANNED.replace("Prohibited deeds", "Types of visit")

    assert len(asked(levels)) == 4
    assert asked(levels.replace("Types of visit", "Afternoons")) == []


@pytest.mark.parametrize(
    "line",
    [
        "- **Do not shout**: Raising one's voice beside a hedge",
        "- **Harmful**: Raising one's voice beside a hedge",
        "- **Shouting**: Do not raise a voice beside a hedge",
        "- **Voices**: Raising one's voice beside a hedge",
        "- **Noise**: This annoys a whole garden of people",
        "- **Never mind the noise of others here**: Raising one's voice beside a hedge",
    ],
)
def test_what_is_no_name_or_no_description_is_not_asked(line: str):
    assert not any("hedge" in one.stem or "garden of people" in one.stem for one in asked(f"{BANNED}{line}\n"))


def test_what_could_go_by_two_names_is_not_offered():
    items = asked(f"{BANNED}- **Theft**: Taking ripe fruit or a spade from somebody else\n")

    (item,) = [one for one in items if one.right.text == "Poaching"]
    assert "Theft" not in {one.text for one in item.wrong}


def test_the_items_pass_their_checks():
    assert [one for one in generate([source(BANNED, name="garden")]).items if one.kind == "naming"]
