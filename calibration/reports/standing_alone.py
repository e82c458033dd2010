"""What pages need that leave the app as files."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from markupsafe import Markup


def looks() -> Markup:
    """The whole style sheet as an element, for a page that may fetch nothing."""
    sheet = Path(current_app.static_folder or "") / "app.css"
    return Markup("<style>{}</style>").format(Markup(sheet.read_text(encoding="utf-8")))
