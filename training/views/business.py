"""The business case sheet: its assumptions stand in the address, and it may be kept under a name."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from calibration.periods import FILTERS
from calibration.views.asked import asked_period
from qa.core import asked
from qa.core.downloads import csv_of
from qa.core.forms import Form, strip
from qa.core.web import Page, needs, page, writes
from training.business import facts, keeping, sheet
from training.business.sheet import ASSUMED, LIMITS, Line, Sheet

bp = Blueprint("business", __name__)
_LEADS, _DECIDERS = ("manager", "observer", "admin"), ("manager", "admin")
LONGEST = 8


class NameForm(Form):
    """What a sheet is kept under."""

    name = StringField(
        "Keep it as", [InputRequired("Give it a name."), Length(max=keeping.LONGEST)], filters=[strip],
        description="As it stands now, with its assumptions, the day and your name.",
    )  # fmt: skip


@bp.get("/business-case")
@needs(*_LEADS)
def show() -> Page:
    """The sheet, and those that were kept."""
    return _shown(NameForm(formdata=None))


def _shown(form: NameForm, status: int = 200) -> Page:
    values, wrong = asked.numbers(LIMITS, {})
    refused = keeping.why_not(g.person)
    seen = None if refused else _sheet(values)
    return page(
        "training/business.html", 422 if wrong else status, seen=seen, refused=refused, values=values, wrong=wrong,
        limits=LIMITS, assumed=ASSUMED, given=request.args, money=_money(), period=asked_period(), link=_link(),
        form=form if keeping.keeps(g.person) and not wrong else None, kept=keeping.listed(g.person),
    )  # fmt: skip


@bp.get("/business-case.csv")
@needs(*_LEADS)
def download() -> Response:
    """Every line and every assumption; what is wrong in the address counts as not set. Nothing for who sees none."""
    values, _ = asked.numbers(LIMITS, {})
    header = ("part", "line", "unit", "amount", "low", "high", "money", "money_low", "money_high", "source", "missing")
    return csv_of("business-case.csv", header, [] if keeping.why_not(g.person) else _rows(_sheet(values), values))


@bp.post("/business-case/kept")
@needs(*_DECIDERS)
@writes
def keep() -> Page | AnyResponse:
    """Keep the sheet of this address under a name."""
    form = NameForm()
    values, wrong = asked.numbers(LIMITS, {})
    if not form.validate() or wrong:
        return _shown(form, 422)
    seen = _sheet(values) if keeping.keeps(g.person) else None
    if seen is None:
        return _shown(form, 422)
    row = keeping.keep(g.person, seen, asked_period(), name=form.name.data or "", money=_money(), asked=_link())
    flash("Kept. It stays as it is; the figures of today are a link away.", "ok")
    return redirect(url_for("business.one", public_id=row.public_id))


@bp.get("/business-case/kept/<public_id>")
@needs(*_LEADS)
def one(public_id: str) -> Page:
    """A kept sheet, as it was."""
    kept = keeping.one(g.person, public_id)
    return page("training/business_kept.html", kept=kept, assumed=ASSUMED, may_remove=keeping.keeps(g.person))


@bp.post("/business-case/kept/<public_id>/remove")
@needs(*_DECIDERS)
@writes
def remove(public_id: str) -> AnyResponse:
    """Let a kept sheet go."""
    keeping.remove(g.person, public_id)
    flash("The sheet is no longer kept.", "ok")
    return redirect(url_for("business.show"))


def _link() -> dict[str, str]:
    """What the address says of the sheet."""
    return asked.link("since", "until", "match", "estimand", "money", *FILTERS, *ASSUMED)


def _rows(seen: Sheet, values: dict[str, float]) -> list[tuple[object, ...]]:
    parts = (("put in", seen.put_in), ("came out", seen.came_out), ("saved", seen.saved))
    rows: list[tuple[object, ...]] = [(part, *_row(line)) for part, lines in parts for line in lines]
    rows.append(("balance", "Balance", _money(), *_three(None), *_three(seen.balance), "", ""))
    rows += [
        ("assumption", said, unit, values.get(name), *[None] * 5, "set by you" if name in values else "not set", "")
        for name, (said, unit) in ASSUMED.items()
    ]
    return rows


def _row(line: Line) -> tuple[object, ...]:
    return (line.name, line.unit, *_three(line.amount), *_three(line.money), line.source, line.missing)


def _three(limits: tuple[float, float, float] | None) -> tuple[float | None, ...]:
    return (None, None, None) if limits is None else limits


def _sheet(values: dict[str, float]) -> Sheet:
    return sheet.sheet(facts.facts(asked_period()), values)


def _money() -> str:
    """What money is called on the sheet."""
    return request.args.get("money", "").strip()[:LONGEST] or "EUR"
