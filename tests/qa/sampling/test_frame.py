"""Frames: who is let in, which tier claims a case, and strata keys that never collide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.sampling.frame import Rule, stratum_key, tiers_of

TIERS = tiers_of([("high", "severity in (high, critical)"), ("slow", "handle_seconds > 600")])


def test_the_filter_lets_in_what_has_one_of_the_values_of_every_column():
    rule = Rule(filter={"workflow": ["abuse_report"], "locale": ["de", "en"]})
    rows = [
        {"workflow": "abuse_report", "locale": "de"},
        {"workflow": "abuse_report", "locale": "fr"},
        {"workflow": "abuse_report", "locale": None},
        {"workflow": "legal_request", "locale": "en"},
        {"locale": "en"},
    ]

    assert [rule.lets_in(row) for row in rows] == [True, False, False, False, False]


def test_without_a_filter_everybody_is_let_in():
    assert Rule().lets_in({})


@pytest.mark.parametrize(
    ("row", "tier"),
    [
        ({"severity": "critical", "handle_seconds": "900"}, "high"),
        ({"severity": "low", "handle_seconds": "900"}, "slow"),
        ({"severity": "low", "handle_seconds": "90"}, "rest"),
        ({}, "rest"),
    ],
)
def test_a_case_belongs_to_the_first_tier_that_claims_it(row, tier):
    assert Rule(tiers=TIERS).tier(row) == tier


def test_strata_are_made_of_columns_and_the_tier():
    rule = Rule(strata=["agent", "tier"], tiers=TIERS)

    keys = [rule.stratum({"agent": "r07", "severity": "high"}), rule.stratum({"agent": None})]

    assert keys == ["r07|high", "|rest"]


def test_a_column_named_tier_serves_where_no_tiers_are_given():
    assert Rule(strata=["tier"]).stratum({"tier": "gold"}) == "gold"
    assert Rule(strata=["tier"]).columns() == {"tier"}


def test_a_rule_names_the_columns_that_it_needs():
    rule = Rule(filter={"locale": ["de"]}, strata=["agent", "tier"], tiers=TIERS)

    assert rule.columns() == {"locale", "agent", "severity", "handle_seconds"}


def test_without_strata_there_is_one():
    assert Rule().stratum({"agent": "r07"}) == "all"


@given(st.lists(st.text("a|\\", max_size=4), min_size=1, max_size=3), st.lists(st.text("a|\\"), min_size=1))
def test_different_values_never_share_a_key(one, other):
    if len(one) == len(other) and one != other:
        assert stratum_key(one) != stratum_key(other)
    assert stratum_key(one) == stratum_key(list(one))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([("high", "a = 1"), ("high", "a = 2")], "'high'"),
        ([("rest", "a = 1")], "what no tier claims"),
        ([("", "a = 1")], "an own name"),
        ([("high", "a =")], "expected a value"),
    ],
)
def test_tiers_that_mean_nothing_are_refused(rules, said):
    with pytest.raises(ValueError, match=said):
        tiers_of(rules)
