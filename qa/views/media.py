"""Files of cases, handed out to whoever sees the case itself."""

from __future__ import annotations

from flask import Blueprint, Response, g

from qa.attachments import attachments
from qa.core.web import SIGNED_IN, needs

bp = Blueprint("media", __name__, url_prefix="/media")


@bp.get("/<public_id>")
@needs(SIGNED_IN)
def show(public_id: str) -> Response:
    """A picture that was painted anew, or any other file as a download; under a name that tells nothing."""
    stored = attachments.stored(g.person, public_id)
    answer = Response(stored.path.read_bytes(), mimetype=stored.media_type)
    how = "inline" if stored.is_image else "attachment"
    answer.headers["Content-Disposition"] = f"{how}; filename={stored.file_name}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
