"""An empty database of each kind, under the real clock, since real processes stand on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from qa.core.db import db
from tests.conftest import Databases
from wsgi import create_app


@pytest.fixture(params=["sqlite", "postgresql"])
def real_app(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Flask]:
    """The whole app, its context pushed; other processes get at the same database by `told(settings)`."""
    if request.param == "sqlite":
        settings = databases.sqlite()
    else:
        settings = databases.postgresql(request.getfixturevalue("postgres"))
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
