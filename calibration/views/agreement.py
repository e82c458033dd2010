"""Graders among themselves: how far blind looks at the same case agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask import Blueprint, Response, g, request, url_for
from markupsafe import Markup

from calibration import agreement_cases, comparing, sentences
from calibration.agreeing import THREE, Agreement
from calibration.agreement_cases import Which
from calibration.comparing import SPLITS, Group
from calibration.periods import Period
from calibration.printing import NAMES
from calibration.stats.agreement import FEWEST_UNITS
from calibration.views.asked import LEVELS, asked_period, link_of
from qa.core import formats
from qa.core.charts.lines import Point, Series, line_chart
from qa.core.charts.matrix import confusion_matrix
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page

bp = Blueprint("agreement", __name__)
_LEADS = ("manager", "observer", "admin")
#: Charts that stand alone in a card are drawn as wide as the page, so that their writing keeps its size.
WIDE = 1180
#: More answers than these do not fit a matrix; the pairs that are confused most stand beside it anyway.
MOST_ANSWERS = 8


@bp.get("/agreement")
@needs(*_LEADS)
def show() -> Page:
    """Agreement over all, over time, by answer, by one split, and by pair of graders."""
    asked = asked_period()
    seen = comparing.compared(g.person, asked, request.args.get("by", "policy"))
    trusted = sentences.trusted(seen.all)
    return page(
        "calibration/agreement.html",
        seen=seen,
        found=seen.all,
        fewest=FEWEST_UNITS,
        trusted=trusted,
        said=sentences.agreement(seen.all),
        names={key: _capital(NAMES[key]) for key in THREE},
        over_time=_over_time(seen.months, trusted.name),
        matrix=_matrix(seen),
        month_links=_month_links(asked, seen),
        link=link_of(asked),
        levels=LEVELS,
        splits=SPLITS,
        opens=g.person.has("manager", "admin"),
    )


@bp.get("/agreement/cases")
@needs("manager", "admin")
def cases() -> Page:
    """The cases behind a figure of agreement, newest first."""
    asked = asked_period()
    only = {name: value for name in SPLITS if (value := request.args.get(name, ""))}
    graders, came = request.args.getlist("grader"), request.args.get("came", "")
    which = Which(only, request.args.getlist("answer"), graders, came)
    seen = agreement_cases.behind(g.person, asked, which, first=max(request.args.get("from", 0, type=int), 0))
    link = link_of(asked) | only | {"answer": which.answers, "grader": graders, "came": came}
    said = comparing.labels(list(which.answers), asked.match)
    return page("calibration/agreement_cases.html", seen=seen, link=link, said=said)


@bp.get("/agreement.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same figures as a table."""
    seen = comparing.compared(g.person, asked_period(), request.args.get("by", "policy"))
    rows = [("all", "", seen.all)] + [(seen.by, group.name, group.agreement) for group in seen.groups]
    rows += [("month", group.name, group.agreement) for group in seen.months]
    header = ("of", "name", "coefficient", "value", "low", "high", "method", "units", "ratings", "note")
    return csv_of("agreement.csv", header, (line for row in rows for line in _lines(*row)))


def _lines(of: str, name: str, found: Agreement) -> Iterable[tuple[object, ...]]:
    for key in THREE:
        known: tuple[object, ...] = (None, None, None, None)
        note: object = f"fewer than {FEWEST_UNITS} cases with two looks"
        if found.is_enough:
            one = found.coefficients[key]
            known, note = (one["value"], one["low"], one["high"], one["method"]), one.get("reason", "")
        yield of, name, NAMES[key], *known, found.units_paired, found.ratings, note


def _over_time(months: Sequence[Group], coefficient: str) -> Markup | None:
    """Raw agreement and the one coefficient by month; None where less than two months have enough cases."""
    if sum(group.agreement.is_enough for group in months) < 2:
        return None
    series = [
        Series(_capital(NAMES[name]), [_point(group, name) for group in months]) for name in ("percent", coefficient)
    ]
    desc = f"{len(months)} months, by the month in which the cases were closed."
    return line_chart(series, title="Agreement by month", desc=desc, floor=None, written=formats.decimal, width=WIDE)


def _point(group: Group, name: str) -> Point:
    label, n = formats.month(group.name), group.agreement.units_paired
    if not group.agreement.is_enough:
        return Point(label, None, n=n)
    one = group.agreement.coefficients[name]
    return Point(label, one["value"], one["low"], one["high"], n) if one["low"] is not None else Point(label, None, n=n)


def _matrix(seen: comparing.Page) -> Markup | None:
    """What one grader says where another says what; None where it would not fit, or says too little."""
    answers = [seen.names[key] for key in seen.all.categories]
    if not seen.all.is_enough or not 2 <= len(answers) <= MOST_ANSWERS:
        return None
    return confusion_matrix(
        seen.matrix, answers, answers, title="Answers to the same case", rows_are="One grader", width=WIDE,
        columns_are="another", desc=f"Pairs of looks at the same case, {seen.all.units_paired} cases; symmetric.",
    )  # fmt: skip


def _month_links(asked: Period, seen: comparing.Page) -> list[tuple[Group, str, str]]:
    """Each month with the address that shows it alone, and that of its cases."""
    found = []
    for group in seen.months:
        first = date.fromisoformat(f"{group.name}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        link = {"match": asked.match, "by": seen.by, "since": first.isoformat(), "until": last.isoformat()}
        cases_of = {name: value for name, value in link.items() if name != "by"}
        found.append((group, url_for("agreement.show", **link), url_for("agreement.cases", **cases_of)))
    return found


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
