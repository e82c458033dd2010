"""What the kernel itself puts into the app: pages for signing in and for administration."""

from __future__ import annotations

from flask import Flask

import qa.core.models  # noqa: F401  (its tables must be known before the first query)
from qa.core import people_cli


def init_app(app: Flask) -> None:
    """Add the kernel's own pages to *app*."""
    app.cli.add_command(people_cli.group)
