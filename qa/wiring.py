"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from flask import Flask

import qa.models.cases  # noqa: F401
import qa.models.grading  # noqa: F401
import qa.models.plans  # noqa: F401
import qa.models.policies  # noqa: F401
import qa.models.truth  # noqa: F401  (all tables must be known)
from qa import workflows


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
    app.extensions["setup_steps"].append(workflows.set_up)
