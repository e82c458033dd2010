import pytest

from qa.policytext.measures import Threshold, threshold


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("Answer within 24 hours.", Threshold(24, "hour", "within")),
        ("Appeals are taken up to thirty days after it.", Threshold(30, "day", "at most")),
        ("The group meets within two business days.", Threshold(2, "business day", "within")),
        ("At least three members decide.", Threshold(3, "person", "at least")),
        ("more than one hundred (100) repositories", Threshold(100, "item", "more than")),
        ("After 3 strikes the account goes.", Threshold(3, "strike", "after")),
        ("no more than 1,500 messages", Threshold(1500, "item", "at most")),
        ("a ban of 2.5 weeks", Threshold(2.5, "week", "")),
        ("5+ reports", Threshold(5, "report", "at least")),
        ("less than 10% of posts", Threshold(10, "%", "less than")),
        ("a person under 18", Threshold(18, "year of age", "less than")),
        ("anybody who is 13 years old", Threshold(13, "year of age", "")),
        ("Two times in a row", Threshold(2, "time", "")),
    ],
)
def test_a_limit_is_read_with_its_unit_and_comparison(text, limit):
    assert threshold(text) == limit


@pytest.mark.parametrize(
    "text", ["a 501(c)(3) body", "see section 4.2", "one of the users", "version 2 of it", "$500 gift"]
)
def test_a_number_without_a_unit_is_no_limit(text):
    assert threshold(text) is None
