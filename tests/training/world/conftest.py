"""Two worlds for all tests of them; making one takes a second or two."""

from datetime import date

import pytest

from training.world.cases import World, world

ENDS_ON = date(2026, 11, 21)


@pytest.fixture(scope="session")
def shiftwell() -> World:
    """The small world of seed 1, twenty weeks up to a Saturday."""
    return world(1, ends_on=ENDS_ON)


@pytest.fixture(scope="session")
def sibling() -> World:
    """The small world of seed 2 over the same weeks."""
    return world(2, ends_on=ENDS_ON)


@pytest.fixture(params=["shiftwell", "sibling"])
def made(request: pytest.FixtureRequest) -> World:
    """Each of the two worlds in turn."""
    found: World = request.getfixturevalue(request.param)
    return found
