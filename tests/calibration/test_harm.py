"""Weights of errors, kept with their history, and what the page of accuracy makes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from calibration import periods, summing
from calibration.harm import weights as harm
from calibration.harm.sums import ALL
from calibration.harm.weights import Weights
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.core.errors import BadInput
from tests import factories
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """100 cases enforced, of which 10 wrongly, and 100 left alone, of which 5 wrongly."""
    desk = Settled(agents=1)
    desk.put([One(turn >= 10) for turn in range(100)], stratum=desk.new_stratum("one", 1000, 100))
    desk.put([One(turn >= 5, "none") for turn in range(100)], stratum=desk.new_stratum("two", 1000, 100))
    return desk


def test_what_is_written_is_read_again_and_nonsense_weighs_nothing():
    some = Weights({"conduct/threats": (2.0, 5.5)}, {"high": (1.0, 3.0)})

    assert harm.parsed(harm.written(some)) == some
    assert harm.parsed("") == harm.parsed("policy:x=a,b; y; policy:z=1; tier:=2,3; policy:q=-1,2") == Weights()


def test_policy_and_tier_multiply_and_one_and_one_takes_a_weight_away(sqlite_app: Flask) -> None:
    write(lambda: harm.put(SYSTEM, "policy", "conduct/threats", over=2, missed=5))
    both = write(lambda: harm.put(SYSTEM, "tier", "high", over=3, missed=1))
    less = write(lambda: harm.put(SYSTEM, "tier", "high", over=1, missed=1))

    assert both.of("conduct/threats", "high") == (6, 5)
    assert less.of("conduct/threats", "high") == (2, 5)
    with pytest.raises(BadInput):
        write(lambda: harm.put(SYSTEM, "policy", "conduct/threats", over=-1, missed=5))


def test_nothing_set_is_no_harm_and_weights_count_each_kind_of_error(desk: Settled) -> None:
    nothing = summing.summed(periods.period(), "errors").harm
    write(lambda: harm.put(SYSTEM, "policy", "conduct/threats", over=4, missed=1))

    found = summing.summed(periods.period(), "errors")

    words = {found.words.get(number, "all"): share for number, share in found.harm.items() if number != ALL}
    assert nothing == {}
    assert found.harm[ALL].value == pytest.approx((4 * 10 + 1 * 5) / 200)
    assert found.harm[ALL].low < found.harm[ALL].value < found.harm[ALL].high
    assert {key: share.value for key, share in words.items()} == pytest.approx({"conduct/threats": 0.4, "none": 0.05})


def test_a_period_keeps_the_weights_of_its_time(desk: Settled) -> None:
    then = clock.now()
    with clock.fixed(then + timedelta(days=2)):
        write(lambda: harm.put(SYSTEM, "policy", "conduct/threats", over=4, missed=1))
        before = summing.summed(periods.period(until=then.date()), "errors").harm
        after = summing.summed(periods.period(), "errors").harm

    assert before == {} != after


def test_an_admin_sets_a_weight_on_the_page_and_accuracy_shows_the_harm(sqlite_app: Flask, desk: Settled) -> None:
    admin = factories.browser(sqlite_app, factories.actor("admin"))
    without = admin.get("/accuracy?by=errors").text

    wrong = admin.send("/accuracy/harm", {"about": "policy:conduct/threats", "over": "-4", "missed": "1"})
    right = admin.send("/accuracy/harm", {"about": "policy:conduct/threats", "over": "4", "missed": "1"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "Harm per 100 cases" not in without
    assert "22.5" in admin.get("/accuracy?by=errors").text
    assert "Conduct: Threats" in admin.get("/accuracy/harm").text
