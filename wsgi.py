"""Puts the rooms together. Nobody imports this but the server, `flask` and the tests."""

from __future__ import annotations

from qa.core import loading  # isort: split

from flask import Flask

import calibration.wiring
import qa.core.wiring
import qa.wiring
import training.wiring
from qa.core.kernel import make_app
from qa.core.settings import Settings, from_environment


def create_app(settings: Settings | None = None) -> Flask:
    """The whole product on *settings* (those of the environment when none are given)."""
    app = make_app(settings or from_environment())
    for room in (qa.core.wiring, qa.wiring, calibration.wiring, training.wiring):
        room.init_app(app)
    return app


app = create_app()
loading.done()
