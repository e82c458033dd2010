"""Files of cases, handed out to whoever sees the case itself."""

from __future__ import annotations

from flask import Blueprint, Response, g, send_file

from qa import attachments
from qa.core.web import SIGNED_IN, needs

bp = Blueprint("media", __name__, url_prefix="/media")


@bp.get("/<public_id>")
@needs(SIGNED_IN)
def show(public_id: str) -> Response:
    """A picture that was painted anew, or any other file as a download; under a name that tells nothing."""
    stored = attachments.stored(g.person, public_id)
    answer = send_file(
        stored.path, mimetype=stored.media_type, as_attachment=not stored.is_image, download_name=stored.file_name,
        conditional=False, etag=False, last_modified=None, max_age=0,
    )  # fmt: skip
    answer.headers.pop("Last-Modified", None)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
