"""What a new version changed is taught and asked, and nothing is called a change that is none."""

import pytest

from tests.training.generation.invented import SWAPPING, swapping
from training.generation.delta import LEAST, SIZE, delta
from training.generation.material import source

PARCELS = "swapping-rules/unsafe-parcels"
GLASS = "- Packing broken glass as ballast, such as"
NEW = "- Sending live snails to anybody\n- Wrapping thorny stems in thin paper\n- Posting wet roots in a closed bag"


def changed(old: str, new: str):
    assert old in SWAPPING
    return source(SWAPPING.replace(old, new), name="swapping-rules", version="2")


def test_the_form_asks_about_the_new_rules_and_the_lesson_shows_what_came_and_went():
    made = delta([changed(GLASS, NEW)], swapping(), [PARCELS], seed=3)

    items = {one.id: one for one in made.items}
    form = [items[id_] for id_ in made.forms["delta"]]
    assert LEAST <= len(form) <= SIZE and made.shortage is None
    assert all(any(words in one.citation.quote for words in ("snails", "thorny", "wet roots")) for one in form)
    told = [block.markdown for lesson in made.lessons for block in lesson.blocks]
    assert sum(one.startswith("**New:**") for one in told) == 3
    gone = [block for lesson in made.lessons for block in lesson.blocks if block.markdown.startswith("**No longer")]
    assert [(one.citation.version, "broken glass" in one.citation.quote) for one in gone] == [("1", True)]


def test_forms_share_no_question_and_each_asks_about_the_change():
    made = delta([changed(GLASS, NEW)], swapping(), [PARCELS], seed=3)

    items = {one.id: one for one in made.items}
    asked = [id_ for form in made.forms.values() for id_ in form]
    assert len(set(asked)) == len(asked)
    for form in made.forms.values():
        quotes = " ".join(items[id_].citation.quote for id_ in form)
        assert not form or any(words in quotes for words in ("snails", "thorny", "wet roots"))


def test_one_new_rule_is_asked_among_old_ones_of_its_section():
    made = delta([changed(GLASS, f"{GLASS}\n- Sending live snails to anybody")], swapping(), [PARCELS])

    items = {one.id: one for one in made.items}
    about = ["snails" in items[id_].citation.quote for id_ in made.forms["delta"]]
    assert len(about) == LEAST and sum(about) == 1


@pytest.mark.parametrize("new", [GLASS.replace("- ", "* "), ""])
def test_without_a_new_rule_there_is_no_form_and_it_says_so(new: str):
    made = delta([changed(GLASS, new)], swapping(), [PARCELS])

    assert made.forms["delta"] == () and made.items == () and made.shortage
    assert bool(made.lessons) is (new == "")


def test_a_version_of_another_policy_is_refused():
    with pytest.raises(ValueError, match="no version"):
        delta([swapping()], source("# Else\n\n- Never shout", name="else"), [PARCELS])
