"""The business case sheet: its assumptions stand in the address."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from calibration.reports import keeping
from calibration.views.asked import asked_period
from qa.core import asked
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page
from training.business import facts, sheet
from training.business.sheet import ASSUMED, LIMITS, Line, Sheet

bp = Blueprint("business", __name__)
_LEADS = ("manager", "observer", "admin")
LONGEST = 8


@bp.get("/business-case")
@needs(*_LEADS)
def show() -> Page:
    """The sheet."""
    values, wrong = asked.numbers(LIMITS, {})
    refused = _why_not()
    seen = None if refused else _sheet(values)
    link = {name: value for name, value in request.args.items() if value}
    return page(
        "training/business.html", 422 if wrong else 200, seen=seen, refused=refused, values=values, wrong=wrong,
        limits=LIMITS, assumed=ASSUMED, given=request.args, money=_money(), period=asked_period(), link=link,
    )  # fmt: skip


@bp.get("/business-case.csv")
@needs(*_LEADS)
def download() -> Response:
    """Every line and every assumption; what is wrong in the address counts as not set. Nothing for who sees none."""
    values, _ = asked.numbers(LIMITS, {})
    header = ("part", "line", "unit", "amount", "low", "high", "money", "money_low", "money_high", "source", "missing")
    return csv_of("business-case.csv", header, [] if _why_not() else _rows(_sheet(values), values))


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


def _why_not() -> str | None:
    """Why the reader sees no sheet; None where they do. Observers read what names nobody."""
    if g.person.can_be_given_blind_tasks:
        return "You may be given cases to grade, and this sheet tells what came out of cases."
    if g.person.has("manager", "admin") and keeping.why_not(g.person):
        return "This sheet holds the figures of every team, so it is for those who look after all of them."
    return None
