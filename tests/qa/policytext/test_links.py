import pytest

from qa.policytext.links import aliases, links, related
from qa.policytext.sections import parse

FAIR = """# Fairs
## 1. Touting (T1)
Not allowed. For prices see section 2; for gifts, see Gifts to friends.
- [bots](#bots) and [passes][p]

## 2. Prices
As [touting](/rules/fairs.md#touting) has it; see also [Stalls](https://fair.example/rules/stalls.html#rent).
## Gifts to friends
See the gate. [Write](mailto:a@b.example) <https://fair.example>
## Bots
`[no](#link)` ![picture](#bots)

[p]: /passes "Passes"
"""


def test_links_name_their_section_their_words_and_where_they_point():
    found = links(parse(FAIR, name="fairs"))

    assert [(one.section, one.words, one.policy, one.target, one.line) for one in found] == [
        ("1-touting-t1", "2", "", "2-prices", 3),
        ("1-touting-t1", "Gifts to friends", "", "gifts-to-friends", 3),
        ("1-touting-t1", "bots", "", "bots", 4),
        ("1-touting-t1", "passes", "passes", "", 4),
        ("2-prices", "touting", "", "1-touting-t1", 7),
        ("2-prices", "Stalls", "stalls", "rent", 7),
        ("gifts-to-friends", "Write", None, "", 9),
        ("gifts-to-friends", "https://fair.example", None, "", 9),
    ]


def test_sections_are_related_by_their_links_both_ways():
    found = related(parse(FAIR, name="fairs"))

    assert found["2-prices"] == {"1-touting-t1"}
    assert found["1-touting-t1"] == {"2-prices", "gifts-to-friends", "bots"}
    assert found[""] == frozenset()


def test_two_sides_of_one_subject_are_related():
    found = related(parse("## T (Touting) – VIOLATES\n- a\n## T (Touting) – SAFE\n- b\n## Allowed\n- c", name="p"))

    assert found["t-touting-violates"] == {"t-touting-safe"}
    assert found["allowed"] == frozenset()


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("T (Touting) – VIOLATES", ("T", "Touting")),
        ("Likely touts (T2 – medium)", ("Likely touts", "T2", "medium")),
        ("Prices", ("Prices",)),
        ("Not allowed", ()),
    ],
)
def test_a_title_names_what_the_section_is_also_called(title, found):
    assert aliases(title) == found
