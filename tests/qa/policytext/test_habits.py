"""The ways in which many houses say what is on which side: headings, lead-ins, and items that stand alone."""

import pytest

from qa.policytext.sections import parse
from tests.qa.policytext.habits import HEADINGS, ITEMS, LEAD_INS


def side_of_first(text):
    """The side of the first item of a text."""
    return next(rule.polarity for one in parse(text, name="habits").sections for rule in one.rules if rule.depth)


def cases(known):
    """(words, side) of a table above, for a test with a name of its own for each."""
    return [(words, side) for side, said in known.items() for words in " ".join(said.split()).split(" / ")]


@pytest.mark.parametrize(("title", "side"), cases(HEADINGS))
def test_a_heading_puts_a_bare_list_on_its_side(title, side):
    assert side_of_first(f"# Fair\n\n## {title}\n\n- Selling of tickets\n- Repeated contact\n") == side


@pytest.mark.parametrize(("words", "side"), cases(LEAD_INS))
def test_a_lead_in_puts_its_list_on_its_side(words, side):
    assert side_of_first(f"# Fair\n\n## Stalls\n\n{words}\n\n- stray tickets\n- repeated contact\n") == side


@pytest.mark.parametrize(("item", "side"), cases(ITEMS))
def test_an_item_that_stands_alone_says_its_side_itself(item, side):
    assert side_of_first(f"# Fair\n\n## Stalls\n\n- {item}\n- Other things\n") == side


@pytest.mark.parametrize(
    ("item", "side"),
    [
        ("**Weight.** Ads that praise fasting are not permitted.", "prohibited"),
        ("**Weight**. In every town, ads may not be aimed at children.", "prohibited"),
        ("No harm to guests or others: do not use the fair to hurt anybody", "prohibited"),
        ("Starting a fight will get you banned from the fair.", "prohibited"),
        ("Violating this rule will get you banned.", "neither"),
        ("Small dogs may be allowed.", "neither"),
        ("Ask a guard if you are not sure whether a dog is allowed.", "neither"),
        ("**Be loud.** Music is played.", "neither"),
    ],
)
def test_an_item_is_read_after_its_label(item, side):
    assert side_of_first(f"# Fair\n\n## Stalls\n\n- {item}\n- Other things\n") == side


def test_what_stands_under_a_ban_that_is_a_sentence_speaks_for_itself():
    text = "# Fair\n\n## Stalls\n\n1. **Don't shout.** Others sleep.\n    - Whispering is alright.\n    - No drums.\n"

    (_, whisper, drums) = (rule for one in parse(text, name="fair").sections for rule in one.rules)

    assert (whisper.polarity, drums.polarity) == ("permitted", "prohibited")


def test_what_is_asked_for_beside_bans_is_no_ban():
    text = "# Fair\n\n## Don't do this\n\n- No drums\n- No doxxing\n- Protect the meadow\n"

    sides = [rule.polarity for one in parse(text, name="fair").sections for rule in one.rules]

    assert sides == ["prohibited", "prohibited", "neither"]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("## Ticket fraud\n\nExamples include:\n\n- Selling one twice\n", "prohibited"),
        ("## Tickets\n\nExamples include:\n\n- Selling one twice\n", "neither"),
        ("## Stalls\n\nFair of Fairs may:\n\n- Move a stall\n", "neither"),
        ("## Stalls\n\nEverybody may:\n\n- Move a stall\n", "permitted"),
        ("## Stalls\n\nHeld funds may be used to:\n\n- Repay guests\n", "neither"),
    ],
)
def test_who_may_and_what_examples_are_of_decides(text, side):
    assert side_of_first(f"# Fair\n\n{text}") == side
