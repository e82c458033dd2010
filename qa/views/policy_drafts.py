"""Pages on which policy owners make versions: from a file to an outline, rules, changes, review and publishing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core import jobs
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput, Problem, Refused
from qa.core.web import Page, needs, page, writes
from qa.drafting import drafts, long, publishing, sheets
from qa.forms.policies import DetailsForm, DraftForm
from qa.queries import draft_changes as change_queries
from qa.queries import drafts as queries

bp = Blueprint("policy_drafts", __name__, url_prefix="/policy-drafts")
OWNERS = ("policy_owner", "admin")


def _read_first(view: Callable[[str], Any]) -> Callable[[str], Any]:
    """Read the draft before the transaction of *view* begins: a long text would hold up everybody who writes."""

    @wraps(view)
    def reading(public_id: str) -> Any:
        if not queries.is_long(public_id):
            publishing.read(public_id)
        return view(public_id)

    return reading


@bp.get("")
@needs(*OWNERS)
def listed() -> Page:
    """Every draft that may still become something, and the last that did or did not."""
    return page("qa/drafts.html", drafts=queries.listed(), states=queries.STATES, uploads=queries.uploads())


@bp.get("/new")
@needs(*OWNERS)
def new() -> Page:
    """The form for a text."""
    return _new(DraftForm(formdata=None, slug=request.args.get("slug", "")[:200]))


def _new(form: DraftForm, status: int = 200) -> Page:
    return page("qa/policy_import.html", status, form=form, policies=queries.policies_there())


@bp.post("")
@needs(*OWNERS)
def take() -> Page | Response:
    """Take a text: it is converted first and kept after, in a transaction of its own."""
    form = DraftForm()
    if not form.validate():
        return _new(form, 422)
    file = request.files.get("file")
    name = (file.filename or "") if file is not None else ""
    raw = file.stream.read(drafts.most_bytes()) if file is not None and name else (form.text.data or "").encode()
    given = {
        "name": name, "kind": form.kind.data or "", "slug": form.slug.data or None,
        "language": form.language.data or "", "starts_on": form.effective.data,
    }  # fmt: skip
    if len(raw) > sheets.LONG:
        long.hand_in(g.person, raw, **given)
        flash("The text is being read. It takes up to some minutes, and you need not wait here.")
        return redirect(url_for("policy_drafts.listed"))
    try:
        public_id = drafts.take(g.person, raw, **given)
    except BadInput as error:
        account_forms.show(form, error)
        return _new(form, 422)
    flash("The text is kept as a draft. Nobody is graded or taught by it until you publish it.")
    return redirect(url_for("policy_drafts.show", public_id=public_id))


@bp.post("/jobs/<public_id>/cancel")
@needs(*OWNERS)
@writes
def cancel(public_id: str) -> Response:
    """End work on a long text that waits or is under way."""
    jobs.cancel(g.person, queries.job_id(public_id))
    flash("It ends soon, and what it began is not kept.")
    return redirect(url_for("policy_drafts.listed"))


@bp.get("/<public_id>")
@needs(*OWNERS)
def show(public_id: str) -> Page:
    """One draft: what could not be read, what is said of it, and what is to be done next."""
    return _shown(public_id)


def _shown(public_id: str, form: DetailsForm | None = None, status: int = 200) -> Page:
    draft = queries.shown(public_id)
    if form is None:
        form = DetailsForm(
            formdata=None, starts_on=draft.starts_on, number=draft.number, audience=draft.audience,
            split_depth=str(draft.split_depth),
        )  # fmt: skip
    is_compared = bool(draft.base) and not (draft.language or draft.is_long)
    hanging = change_queries.hanging(g.person, public_id) if is_compared else []
    costs = change_queries.costs(g.person, public_id) if is_compared else []
    return page(
        "qa/draft_head.html", status, draft=draft, form=form, states=queries.STATES, hanging=hanging, costs=costs
    )


@bp.post("/<public_id>/details")
@needs(*OWNERS)
@_read_first
@writes
def describe(public_id: str) -> Page | Response:
    """Keep day, number, audience and split."""
    form = DetailsForm()
    if not form.validate():
        return _shown(public_id, form, 422)
    try:
        drafts.describe(
            g.person, public_id, starts_on=form.starts_on.data, number=form.number.data or None,
            audience=form.audience.data, split_depth=int(form.split_depth.data),
        )  # fmt: skip
    except BadInput as error:
        _beside(form, error)
        return _shown(public_id, form, 422)
    if queries.shown(public_id).is_stale:
        long.compare(g.person, public_id)
    flash("Kept.")
    return redirect(url_for("policy_drafts.show", public_id=public_id))


@bp.post("/<public_id>/state")
@needs(*OWNERS)
def move(public_id: str) -> Page | Response:
    """Mark a draft reviewed, take it back, publish it, or put it away."""
    wanted = request.form.get("state", "")
    if wanted in ("reviewed", "published") and queries.is_long(public_id):
        return by_job(public_id, "show", "move", state=wanted)
    try:
        published = publishing.move(g.person, public_id, wanted)
    except (BadInput, Refused) as error:
        return _refused(public_id, error)
    if published is not None:
        slug, number = published
        flash("It is published.")
        return redirect(url_for("policies.show_version", slug=slug, number=number))
    if wanted == "dropped":
        return redirect(url_for("policy_drafts.listed"))
    return redirect(url_for("policy_drafts.show", public_id=public_id))


def _beside(form: DetailsForm, error: BadInput) -> None:
    """What was refused, beside the fields of the form, which are not all called as in front matter."""
    said = {"effective": "starts_on", "version": "number"}
    problems = [Problem(one.expected, field=said.get(one.field or "", one.field)) for one in error.problems]
    account_forms.show(form, BadInput(*problems))


def _refused(public_id: str, error: BadInput | Refused) -> Page:
    """The draft's page with what stands in the way, beside the field that it speaks of where there is one."""
    draft = queries.shown(public_id)
    form = DetailsForm(
        formdata=None, starts_on=draft.starts_on, number=draft.number, audience=draft.audience,
        split_depth=str(draft.split_depth),
    )  # fmt: skip
    if isinstance(error, BadInput):
        _beside(form, error)
    else:
        form.form_errors.append(error.message)
    return _shown(public_id, form, error.status)


def _sheet(template: str, public_id: str, sheet: sheets.Sheet) -> Page:
    """A page of a draft with some of a long list."""
    return page(template, draft=queries.shown(public_id), sheet=sheet)


@bp.get("/<public_id>/changes")
@needs(*OWNERS)
def changes(public_id: str) -> Page:
    """What the draft changes in the version before it."""
    return _sheet("qa/draft_changes.html", public_id, change_queries.changed(g.person, public_id, number("from", 0)))


@bp.post("/<public_id>/changes")
@needs(*OWNERS)
@_read_first
@writes
def rule(public_id: str) -> Page | Response:
    """Keep what the owner rules on reworded sections."""
    said = {name.removeprefix("ruling:"): value for name, value in request.form.items() if name.startswith("ruling:")}
    known = change_queries.to_rule(public_id)
    drafts.rule(g.person, public_id, {name: value for name, value in said.items() if name in known})
    flash("Kept.")
    return redirect(url_for("policy_drafts.changes", public_id=public_id, **{"from": number("from", 0)}))


@bp.get("/<public_id>/sections")
@needs(*OWNERS)
def sections(public_id: str) -> Page:
    """Which earlier sections the draft's sections are."""
    return _sections(public_id)


def _sections(public_id: str, said: str = "", status: int = 200) -> Page:
    found = change_queries.keys(public_id, number("from", 0))
    return page("qa/draft_sections.html", status, draft=queries.shown(public_id), keys=found, said=said)


@bp.post("/<public_id>/sections")
@needs(*OWNERS)
@_read_first
@writes
def choose(public_id: str) -> Page | Response:
    """Keep which earlier sections the draft's sections are."""
    found = change_queries.keys(public_id, number("from", 0))
    known = {key for key, _ in found.earlier}
    picked = {row.own: request.form.get(f"is:{row.own}", "") for row in found.rows}
    chosen = {own: key for own, key in found.chosen.items() if own not in picked}
    chosen |= {own: key if key != "-" else own for own, key in picked.items() if key == "-" or key in known}
    try:
        drafts.choose_keys(g.person, public_id, chosen)
    except BadInput:
        return _sections(public_id, "Each earlier section can be only one section of the draft.", 422)
    long.compare(g.person, public_id)
    flash("Kept.")
    return redirect(url_for("policy_drafts.sections", public_id=public_id, **{"from": number("from", 0)}))


def by_job(public_id: str, back: str, deed: str, **args: Any) -> Response:
    """Ask for a deed on a long draft, and go *back* to the page that asked for it."""
    long.ask(g.person, public_id, deed, **args)
    flash("The text is long, so this is done in the background. The bar says how far it is.")
    first = request.form.get("from") or None
    return redirect(url_for(f"policy_drafts.{back}", public_id=public_id, **({"from": first} if first else {})))


def revision() -> int:
    """The revision of the draft that the sender saw."""
    return number("revision", 0)


def number(name: str, default: int) -> int:
    """A number that a form or an address gives."""
    text = request.form.get(name) or request.args.get(name) or ""
    return int(text) if text.isdigit() and len(text) < 9 else default
