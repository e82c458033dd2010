"""When somebody is told, in their own day: quiet over midnight, clocks that change, and what cannot wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.core.notices.quiet import HOWS, Choice, due

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "choice", "zone", "sent"),
    [
        (12, Choice("at_once"), "UTC", (16, 12)),
        (12, Choice("at_once", 8, 22, 7), "UTC", (16, 12)),
        (23, Choice("at_once", 8, 22, 7), "UTC", (17, 7)),
        (3, Choice("at_once", 8, 22, 7), "UTC", (16, 7)),
        (7, Choice("at_once", 8, 22, 7), "UTC", (16, 7)),
        (12, Choice("at_once", 8, 12, 14), "UTC", (16, 14)),
        (12, Choice("at_once", 8, 12, 12), "UTC", (16, 12)),
        (13, Choice("at_once", 8, 22, 7), "Asia/Tokyo", (16, 22)),
        (12, Choice("digest", 8), "UTC", (17, 8)),
        (7, Choice("digest", 8), "UTC", (16, 8)),
        (8, Choice("digest", 8), "UTC", (17, 8)),
        (12, Choice("digest", 8), "America/New_York", (16, 13)),
        (12, Choice("digest", 8), "no zone at all", (17, 8)),
    ],
)
def test_it_is_sent_at_the_hour_that_was_chosen_in_ones_own_day(
    hour: int, choice: Choice, zone: str, sent: tuple[int, int]
) -> None:
    now = NOON.replace(hour=hour)

    found = due(now, choice, zone)

    assert found == datetime(2026, 11, *sent, tzinfo=UTC)


def test_none_is_none_but_for_what_is_urgent() -> None:
    assert due(NOON, Choice("none"), "UTC") is None
    assert due(NOON, Choice("none"), "UTC", urgent=True) == NOON
    assert due(NOON.replace(hour=3), Choice("at_once", 8, 22, 7), "UTC", urgent=True) == NOON.replace(hour=3)


def test_the_daily_one_keeps_its_hour_when_clocks_change() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)

    found = due(before, Choice("digest", 8), "Europe/Berlin")

    assert found == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


_HOUR = st.none() | st.integers(0, 23)


@given(
    st.integers(0, 800_000).map(lambda minutes: NOON - timedelta(minutes=minutes)),
    st.sampled_from(HOWS[1:]),
    st.integers(0, 23),
    _HOUR,
    _HOUR,
    st.sampled_from(("UTC", "Europe/Berlin", "Pacific/Chatham", "America/St_Johns")),
)
def test_nothing_is_sent_before_it_came_or_later_than_a_day_after(
    now: datetime, how: str, hour: int, start: int | None, end: int | None, zone: str
) -> None:
    found = due(now, Choice(how, hour, start, end), zone)

    assert found is not None and now <= found <= now + timedelta(hours=25)
