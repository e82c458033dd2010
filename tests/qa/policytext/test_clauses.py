import pytest

from qa.policytext.clauses import clauses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Resale is allowed if the price is the same.", ("if the price is the same",)),
        ("If a fair is sold out, ask the lead.", ("If a fair is sold out",)),
        ("Touts go when they are found, and you must tell the lead.", ("when they are found",)),
        ("Only if asked; otherwise wait until noon.", ("Only if asked", "until noon")),
        ("If unclear → ask the lead.", ("If unclear",)),
        ("Keep it (unless stale) as long as the fair runs.", ("as long as the fair runs",)),
        ("Stalls where people meet.", ()),
        ("The information provided is kept.", ()),
        ("What if", ()),
    ],
)
def test_conditions_are_the_clauses_that_say_when(text, found):
    assert clauses(text).conditions == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No resale, unless the fair agrees.", ("unless the fair agrees",)),
        ("No resale, except for gifts to friends.", ("except for gifts to friends",)),
        ("Any ticket other than a gift (excluding passes) counts.", ("other than a gift", "excluding passes")),
        ("This doesn’t apply to children.", ("doesn't apply to children",)),
        ("Fairs are fun.", ()),
    ],
)
def test_exceptions_are_the_clauses_that_take_something_out(text, found):
    assert clauses(text).exceptions == found
