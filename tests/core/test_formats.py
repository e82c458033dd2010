"""How days, durations, shares and intervals are written."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.core import formats

SHARES = st.floats(0, 1, allow_nan=False)


def test_a_day_is_written_without_a_leading_zero():
    assert formats.day(dt.date(2026, 3, 5)) == "5 Mar 2026"


def test_a_month_is_written_with_its_name():
    assert formats.month("2026-12") == "Dec 2026"


def test_a_moment_names_its_zone():
    at = dt.datetime(2026, 7, 14, 22, 30, tzinfo=dt.UTC)

    assert formats.moment(at) == "14 Jul 2026, 22:30 UTC"
    assert formats.moment(at, "Europe/Berlin") == "15 Jul 2026, 00:30 CEST"
    assert formats.moment(at, "America/Bogota") == "14 Jul 2026, 17:30 UTC−05"


def test_a_moment_without_a_zone_is_utc():
    bare = dt.datetime(2026, 11, 14, 9, 12, tzinfo=dt.UTC).replace(tzinfo=None)

    assert formats.moment(bare) == "14 Nov 2026, 09:12 UTC"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (21, "21 s"), (59.6, "1 min"), (245, "4 min 5 s"), (3600, "1 h"), (7500, "2 h 5 min"),
        (97_200, "1 d 3 h"), (86_401, "1 d"), (-90, "−1 min 30 s"), (dt.timedelta(minutes=2), "2 min"),
    ],
)  # fmt: skip
def test_a_duration_has_its_two_largest_units(seconds, words):
    assert formats.duration(seconds) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0%"), (1, "100%"), (0.816, "81.6%"), (0.99999, ">99.9%"), (0.0001, "<0.1%"), (0.5, "50.0%")],
)
def test_a_share_has_one_place_and_never_claims_all_or_none(value, words):
    assert formats.share(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0.021, "+2.1 pts"), (-0.06, "−6.0 pts"), (0.0, "0.0 pts"), (-0.0001, "0.0 pts")]
)
def test_a_change_has_its_sign_and_a_real_minus(value, words):
    assert formats.points(value) == words


def test_a_coefficient_has_two_places_and_no_minus_before_zero():
    assert [formats.decimal(value) for value in (0.738, -0.123, -0.001)] == ["0.74", "−0.12", "0.00"]


def test_an_interval_of_coefficients_and_one_of_shares():
    assert formats.interval((0.7, 0.78)) == "0.70 – 0.78"
    assert formats.interval((0.87, 0.99), "share") == "87% – 99%"
    assert formats.interval((-0.1, 0.4)) == "−0.10 – 0.40"


def test_a_lower_limit_just_under_the_target_is_not_written_as_the_target():
    assert formats.interval((0.9499, 0.9801), "share") == "94% – 99%"


@given(SHARES, SHARES)
def test_a_written_interval_of_shares_always_holds_the_true_one(one, other):
    low, high = sorted((one, other))

    written = [float(part.rstrip("%")) for part in formats.interval((low, high), "share").split(" – ")]

    assert written[0] <= low * 100 + 1e-6
    assert written[1] >= high * 100 - 1e-6


@given(SHARES)
def test_a_written_share_lies_within_its_rounding(value):
    written = float(formats.share(value).strip("<>%"))

    assert abs(written - value * 100) <= 0.1 + 1e-9


def test_counts_have_separators():
    assert [formats.count(value) for value in (0, 999, 12345, 1_000_000)] == ["0", "999", "12,345", "1,000,000"]


@pytest.mark.parametrize("name", ["day", "moment", "duration", "share", "points", "decimal", "interval", "count"])
def test_what_is_missing_is_a_dash(name):
    assert formats.FILTERS[name](None) == "–"


@pytest.mark.parametrize("name", ["duration", "share", "points", "decimal", "count"])
def test_what_is_undefined_is_a_dash(name):
    assert formats.FILTERS[name](math.nan) == "–"


def test_an_interval_with_an_undefined_limit_is_a_dash():
    assert formats.interval((math.nan, 0.5)) == "–"
