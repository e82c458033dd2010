"""Who must: the subject of a sentence among the other actors of its policy, and when it is not asked."""

import pytest

from training.generation.actors import Cast
from training.generation.build import generate
from training.generation.catalogue import Catalogue
from training.generation.items.actor import GAP, drafts
from training.generation.material import Draft, source
from training.generation.order import Order

OFFICES = """The board will publish the accounts of every season. The garden manager may lend a tool to anybody.
The jar officer must count the jars before the winter.
"""
COMPLAINT = "The appeal panel must answer a complaint within two weeks."


def asked(*sentences: str, others: str = OFFICES) -> list[Draft]:
    text = f"# Garden rules\n\n## Duties\n\n{' '.join(sentences)}\n\n## Offices\n\n{others}"
    return list(drafts(Order(Catalogue([source(text, name="garden", version="1")]))))


def about(items: list[Draft], words: str) -> list[Draft]:
    return [one for one in items if words in one.stem]


def test_the_subject_is_left_out_and_stands_among_others_who_decide():
    (item,) = about(asked(COMPLAINT), "complaint")

    assert f"“{GAP} must answer a complaint within two weeks”" in item.stem
    assert item.right.text == "Appeal panel"
    assert {one.text for one in item.wrong} == {"Board", "Garden manager", "Jar officer"}


def test_each_wrong_actor_is_answered_with_its_own_sentence():
    (item,) = about(asked(COMPLAINT), "complaint")

    told = {one.text: one.citation.quote for one in item.wrong}
    assert "accounts" in told["Board"] and "jars" in told["Jar officer"]


def test_an_opening_clause_stays_in_front_of_the_gap():
    (item,) = about(asked("If a pump breaks, the appeal panel will pay for a new one."), "pump")

    assert f"“If a pump breaks, {GAP} will pay for a new one”" in item.stem


@pytest.mark.parametrize(
    "sentence",
    [
        "The appeal panel must withdraw itself from a case of a friend.",
        "The appeal panel must settle what they began in the spring.",
        "In some cases, the appeal panel may settle a quarrel by lot.",
        "Such a panel must answer a complaint within two weeks.",
        "The appeal panel decides.",
        "The weather may spoil a whole harvest of beans.",
    ],
)
def test_a_sentence_that_tells_or_hides_its_subject_is_not_asked(sentence: str):
    items = asked(sentence)

    assert not about(items, sentence.rstrip(".").rsplit(" ", 3)[-1])


def test_with_too_few_of_one_side_nobody_is_asked_about():
    assert (
        asked("The board must answer a complaint within two weeks.", others="Members may bring a friend along.") == []
    )


def test_who_is_named_in_the_sentence_is_no_answer():
    more = f"{OFFICES} The key officer will open the gate at dawn."

    (item,) = about(asked("The appeal panel must hand a report on a theft to the board.", others=more), "theft")

    assert "Board" not in {one.text for one in item.wrong}


def test_a_deed_that_is_said_of_two_is_not_asked():
    items = asked(
        COMPLAINT,
        "The garden manager must answer a complaint within two weeks of its receipt.",
        others=OFFICES,
    )

    assert not about(items, "complaint")


def test_a_part_of_a_body_does_not_compete_with_it():
    joined = f"{OFFICES} The key officer will open the gate. Two members of the appeal panel are elected to the board."

    (item,) = about(asked(COMPLAINT, others=joined), "complaint")

    assert "Board" not in {one.text for one in item.wrong}


def test_one_body_under_two_names_is_one_actor():
    texts = ["The appeal panel must answer.", "The panel will meet on Mondays.", "The board may object to a plan."]
    cast = Cast(texts, source("# Rules\n\nNothing.\n", name="rules"))

    assert [one.name for one in cast.actors] == ["appeal panel", "board"]


def test_an_abbreviation_stands_for_its_words():
    text = "The Garden Appeal Panel (GAP) meets monthly.\n\nThe GAP must answer a complaint within two weeks."

    (item,) = about(asked(text), "complaint")

    assert item.right.text == "Garden Appeal Panel"


def test_an_actor_is_asked_for_twice_at_most_and_the_items_pass_their_checks():
    deeds = ("answer a letter of protest", "visit the far gardens yearly", "weigh the honey in autumn")
    text = "# Rules\n\n" + " ".join(f"The appeal panel must {deed}." for deed in deeds) + f"\n\n{OFFICES}"

    module = generate([source(text, name="rules")])

    keys = [next(o.text for o in one.options if o.id in one.key) for one in module.items if one.kind == "actor"]
    assert keys.count("Appeal panel") == 2
