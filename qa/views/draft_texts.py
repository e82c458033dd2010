"""Pages on which policy owners work at a draft's text: as a whole, line by line, and rule by rule."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.errors import BadInput
from qa.core.web import Page, needs, page
from qa.drafting import drafts, long, sheets
from qa.forms.policies import TextForm
from qa.queries import drafts as queries
from qa.views.policy_drafts import OWNERS, bp, by_job, number, revision

#: Signs of a text that a browser can still take to be changed as a whole.
MOST_TEXT = 1_000_000


@bp.get("/<public_id>/text")
@needs(*OWNERS)
def text(public_id: str) -> Page:
    """The whole text, to be changed by hand."""
    markdown = queries.text(public_id)
    form = TextForm(formdata=None, text=markdown if len(markdown) <= MOST_TEXT else "")
    return page("qa/draft_text.html", draft=queries.shown(public_id), form=form, most=MOST_TEXT)


@bp.post("/<public_id>/text")
@needs(*OWNERS)
def rewrite(public_id: str) -> Page | Response:
    """Keep the changed text."""
    form = TextForm()
    if not form.validate():
        return page("qa/draft_text.html", 422, draft=queries.shown(public_id), form=form, most=MOST_TEXT)
    keep = long.rewrite if sheets.is_long(form.text.data) or queries.is_long(public_id) else drafts.rewrite
    keep(g.person, public_id, markdown=form.text.data, revision=revision())
    flash("Kept.")
    return redirect(url_for("policy_drafts.outline", public_id=public_id))


@bp.get("/<public_id>/outline")
@needs(*OWNERS)
def outline(public_id: str) -> Page:
    """The source beside the outline that was read from it."""
    return _outline(public_id)


def _outline(public_id: str, said: str = "", status: int = 200) -> Page:
    sheet, found = queries.lines(public_id, number("from", 1))
    draft = queries.shown(public_id)
    return page("qa/draft_outline.html", status, draft=draft, sheet=sheet, outline=found, said=said)


@bp.post("/<public_id>/line")
@needs(*OWNERS)
def mark_line(public_id: str) -> Page | Response:
    """Say that a line is a section, or that it is none."""
    section, level = request.form.get("section", ""), request.form.get("level", "")
    line = section or request.form.get("words", "")
    if not (line.isdigit() and len(line) < 9 and level.isdigit() and len(level) < 3):
        return _outline(public_id, "Choose a line, and a level from 1 to 6.", 422)
    if queries.is_long(public_id):
        said = {"line": int(line), "level": int(level) if section else None, "revision": revision()}
        return by_job(public_id, "outline", "line", **said)
    try:
        drafts.mark_line(
            g.person, public_id, line=int(line), level=int(level) if section else None, revision=revision()
        )
    except BadInput as error:
        return _outline(public_id, f"Line {line}: it takes {error.problems[0].expected}.", 422)
    first = number("from", 1)
    return redirect(url_for("policy_drafts.outline", public_id=public_id, **{"from": first}) + f"#l{line}")


@bp.get("/<public_id>/rules")
@needs(*OWNERS)
def rules(public_id: str) -> Page:
    """The rules that were read, with their sides."""
    return page(
        "qa/draft_rules.html", draft=queries.shown(public_id), sheet=queries.rules(public_id, number("from", 0))
    )


@bp.post("/<public_id>/rules")
@needs(*OWNERS)
def correct(public_id: str) -> Page | Response:
    """Put a rule on another side."""
    place, _, side = request.form.get("side", "").partition(":")
    if queries.is_long(public_id):
        return by_job(public_id, "rules", "rule", place=place, side=side)
    long.correct(g.person, public_id, place=place, side=side)
    first = number("from", 0)
    return redirect(url_for("policy_drafts.rules", public_id=public_id, **{"from": first}) + f"#r{place}")
