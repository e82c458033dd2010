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


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Do not sell other guests'\n\n- tickets\n", "prohibited"),
        ("By abusive content we mean:\n\n- jeering\n", "prohibited"),
        ("Neither a guest, nor anybody with them, may use a stall:\n\n- to tout\n", "prohibited"),
        ("Grave violations may end a stall at once, including:\n\n- touting\n", "prohibited"),
        ("Immediate suspension for:\n\n- touting\n", "prohibited"),
        ("We make exceptions for:\n\n- charity stalls\n", "permitted"),
    ],
)
def test_words_above_a_list_lead_to_it_even_where_they_are_left_open_or_turned_round(text, side):
    assert side_of_first(f"# Fair\n\n## Stalls\n\n{text}") == side


@pytest.mark.parametrize(
    "text",
    [
        "Please report a breach through one of the following means:\n\n- the office\n",
        "Contact us by:\n\n- letter\n",
        "Sellers must:\n\n- show their ticket\n",
        "**Mitigation:**\n\n- more guards\n",
        "Suggested uses:\n\n- small stalls\n",
        "When a seller touts:\n\n- The fair may close the stall\n",
        "We count the complaints about an account and may:\n\n- close it\n",
    ],
)
def test_whom_to_tell_and_what_is_owed_is_not_banned_under_the_heading_of_a_ban(text):
    assert side_of_first(f"# Fair\n\n## Prohibited\n\n{text}") == "neither"


@pytest.mark.parametrize(
    ("item", "side"),
    [
        ("**Stalls:** Keep the way free. Open fires are not allowed.", "prohibited"),
        ("**Stalls:** Keep the way free. Small fires are allowed.", "neither"),
        ("**Manners:** Be fair. No touts.", "prohibited"),
        ("**Fitting stalls:** Do not sell gifts.", "prohibited"),
        ("Gates are there for all; do not block them.", "prohibited"),
        ("Must not be a tout.", "prohibited"),
        ("No open fires are allowed.", "prohibited"),
        ("No other ways of touting.", "prohibited"),
        ("Staff members are allowed to close the gate.", "neither"),
        ("The fair pays nothing, which does not constitute an offer.", "neither"),
        ("Guests who are banned should talk to a guard.", "neither"),
        ("We welcome your feedback on the fair.", "neither"),
        ("**Colours:** We encourage the use of bright paint on all stalls.", "neither"),
        ("Sellers need a badge. Common violations include:", "neither"),
    ],
)
def test_a_short_item_is_read_to_its_end(item, side):
    assert side_of_first(f"# Fair\n\n## Stalls\n\n- {item}\n- Other things\n") == side


def test_a_list_of_what_is_welcome_may_hold_duties():
    text = "# Fair\n\n## Do\n\n- share your joy\n- comply with the law\n- report lost keys\n"

    sides = [rule.polarity for one in parse(text, name="fair").sections for rule in one.rules]

    assert sides == ["permitted", "neither", "neither"]


def test_at_the_opening_of_a_text_only_bans_are_meant_so():
    text = "# Fair\n\n## Overview\n\n- No touts\n- Don't shout\n- We welcome children\n"

    sides = [rule.polarity for one in parse(text, name="fair").sections for rule in one.rules]

    assert sides == ["prohibited", "prohibited", "neither"]


def test_what_is_said_about_a_breach_in_its_list_is_no_breach():
    text = (
        "# Fair\n\n## Major infractions\n\n- Touting at the gate.\n    - If it was a child, a word is enough.\n"
        "    - Consider a warning.\n    - This includes touting by letter.\n- Small gifts are fine.\n"
    )

    sides = [rule.polarity for one in parse(text, name="fair").sections for rule in one.rules]

    assert sides == ["prohibited", "neither", "neither", "prohibited", "permitted"]


def test_a_number_in_front_of_a_heading_is_no_word_of_it():
    assert side_of_first("# Fair\n\n## 3.1 Allowed\n\n- Sharing joy\n") == "permitted"


def test_no_over_a_list_within_an_item_bans_what_it_lists():
    text = "# Fair\n\n## Stalls\n\n- No:\n    - open fires\n- Gates of:\n    - wood\n"

    sides = {rule.text: rule.polarity for one in parse(text, name="fair").sections for rule in one.rules}

    assert (sides["open fires"], sides["wood"]) == ("prohibited", "neither")


def test_letters_in_brackets_are_no_word_of_the_heading():
    assert side_of_first("# Fair\n\n## Prohibited\n\n- **Flooding the gate (DoS):** Sending crowds.\n") == "prohibited"
    assert side_of_first("# Fair\n\n## Dos\n\n- Sharing joy\n") == "permitted"


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("## Prohibited claims\n\n- “Last ticket”\n", "prohibited"),
        ("## Acceptable framing\n\n- “In my view”\n", "permitted"),
        ("## What’s welcome\n\n- Songs\n", "permitted"),
        ("## What’s not welcome\n\n- Drums\n", "prohibited"),
        ("## Acceptable use\n\n- Tickets\n", "neither"),
        ("## Acceptable quality\n\n- Paper\n", "neither"),
        ("## Stalls\n\nExamples of unacceptable tricks:\n\n- Sold out signs\n", "prohibited"),
        ("## Stalls\n\nList of allowed lamps:\n\n- Oil lamps\n", "permitted"),
        ("## Stalls\n\n- [ ] Never tout\n", "prohibited"),
        ("## Stalls\n\n- [x] Count the tickets\n", "neither"),
        ("## Stalls\n\nSmall fires are tolerated at night:\n\n- Torches\n", "permitted"),
    ],
)
def test_whatever_is_called_prohibited_or_allowed_is_so(text, side):
    assert side_of_first(f"# Fair\n\n{text}") == side


def test_what_is_let_may_be_let_on_terms_and_not_wholly():
    text = (
        "# Fair\n\n## Stalls\n\nThe following are allowed:\n\n- Oil lamps\n"
        "- **Fires:** Sellers must keep a bucket near them.\n- **Dogs:** Guests are not allowed to bring wolves.\n"
    )

    sides = [rule.polarity for one in parse(text, name="fair").sections for rule in one.rules if rule.unit == "item"]

    assert sides == ["permitted", "neither", "prohibited"]
