"""The paired worlds must catch a leak through every channel before their silence means anything."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from qa.core import clock
from qa.core.db import db
from qa.core.settings import Settings
from tests.blind.crawl import Crawler
from tests.blind.planted import PLANTS
from tests.blind.stories import GRADER, NOON, Tale, leaks
from tests.blind.worlds import OTHER, PLAIN, Secret, World
from tests.databases import Databases
from wsgi import create_app

Pair = tuple[tuple[World, Settings], tuple[World, Settings]]


@pytest.fixture(scope="module")
def pair(databases: Databases) -> Pair:
    """Two worlds in which others have committed and the grader has not begun."""

    def made(secret: Secret) -> tuple[World, Settings]:
        settings = databases.sqlite()
        with (app := create_app(settings)).app_context():
            world = World(app, secret, GRADER)
            world.others_commit(many=2)
            db.session.remove()
            db.engine.dispose()
        return world, settings

    return made(PLAIN), made(OTHER)


def told(world: World, settings: Settings, databases: Databases, plant: Callable[[Flask], None] | None) -> Tale:
    """What the grader is told on a copy of a world with *plant* in it."""
    fresh = databases.sqlite()
    theirs, ours = sqlite3.connect(_path(settings)), sqlite3.connect(_path(fresh))
    theirs.backup(ours)
    theirs.close()
    ours.close()
    app = create_app(fresh)
    if plant is not None:
        plant(app)
    here = copy.copy(world)
    here.app = app
    doors = ["/grade", *(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("planted."))]
    with app.app_context(), clock.fixed(NOON), closing(Crawler(here)) as mine:
        claimed = mine.ask("POST", "/grade/claim")
        tale: Tale = [("claim", {"claim": claimed}), ("claimed", mine.pages(*doors))]
        db.session.remove()
        db.engine.dispose()
    return tale


def _path(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def found(pair: Pair, databases: Databases, plant: Callable[[Flask], None] | None) -> list[str]:
    """Where the two worlds answer differently with *plant* in both."""
    one, other = (told(world, settings, databases, plant) for world, settings in pair)
    return leaks(one, other)


def test_without_a_plant_nothing_is_found(pair: Pair, databases: Databases) -> None:
    assert found(pair, databases, None) == []


@pytest.mark.parametrize("name", PLANTS)
def test_a_leak_through_each_channel_is_found(pair: Pair, databases: Databases, name: str) -> None:
    assert found(pair, databases, PLANTS[name]) != []


def test_there_is_a_plant_for_each_channel() -> None:
    assert len(PLANTS) == 15
