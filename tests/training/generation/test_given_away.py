"""A question that a word of its answer gives away is not asked, nor one about how the text itself is kept."""

from __future__ import annotations

import pytest

from training.generation.build import generate
from training.generation.items.statement import is_askable
from training.generation.material import source
from training.generation.wording import akin, roots

TERMS = """# Yard rules

## Definitions

- **Noise**: A noisy deed by day that wakes whoever sleeps behind the fence of a member
- **Noise / Lasting**: A lasting deed by day or night after which whoever sleeps behind the fence cannot rest
- **Trespass**: A deed by which somebody stands behind the fence of a member without being asked
- **Hoarding**: A deed by which a member keeps spades behind the fence that the club owns
"""


def test_only_a_level_of_a_term_is_asked_and_not_where_its_definition_names_it() -> None:
    asked = [item for item in generate([source(TERMS, name="yard")], seed=1).items if item.kind == "definition"]

    keys = {option.text for item in asked for option in item.options if option.id in item.key}
    assert keys == {"Noise"}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [("violent acts", "Violence", True), ("who is reported", "Reportee", True), ("sexuality", "Sexual", True),
     ("a content", "a contest", False), ("salt", "salary", False), ("", "Violence", False)],
)  # fmt: skip
def test_words_of_one_family_are_told_from_words_that_begin_alike(one: str, other: str, is_same: bool) -> None:
    assert akin(roots(one), roots(other)) is akin(roots(other), roots(one)) is is_same


def test_how_a_text_is_kept_is_no_statement_to_ask_about() -> None:
    assert not is_askable("We will update the list if we find regular new avenues to it.")
    assert not is_askable("The board may revise this policy unless the members object to that.")
    assert is_askable("The board may refuse a parcel unless the members object to that.")
