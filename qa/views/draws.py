"""Draws, as an auditor can follow them: rule, promise, counts, strata, cases, and all of it as files."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from qa.core import released
from qa.core.errors import NotFound
from qa.core.tables.writing import csv_lines, json_lines
from qa.core.web import Page, needs, page
from qa.draws import describing, handing_out, response
from qa.queries import plans as queries

bp = Blueprint("draws", __name__)

LEADS = ("manager", "admin", "observer")
#: Rows of one page.
ROWS = 200
WRITERS = {"csv": (csv_lines, "text/csv"), "jsonl": (json_lines, "application/x-ndjson")}


@bp.get("/draws/<public_id>")
@needs(*LEADS)
def show(public_id: str) -> Page:
    """A draw with its strata."""
    row = describing.one(public_id)
    shown = describing.strata(row.id)
    part = max(0, request.args.get("part", 0, type=int))
    return page(
        "qa/draw.html",
        draw=row,
        rule=queries.rule_of(row),
        keys=describing.keys(row),
        strata=shown[part * ROWS : (part + 1) * ROWS],
        total=len(shown),
        part=part,
        progress=describing.progress([row.id], known_at=released.known_at(g.person))[row.id],
        may_see_cases=handing_out.may_see_cases(g.person),
        unanswered=response.without_answer(g.person, row.id),
    )


@bp.get("/draws/<public_id>/cases")
@needs(*LEADS)
def cases(public_id: str) -> Page:
    """The cases of a draw, for whoever is never given one of them to grade."""
    part = max(0, request.args.get("part", 0, type=int))
    rows = handing_out.case_rows(g.person, public_id, start=part * ROWS, most=ROWS + 1)
    row = describing.one(public_id)
    return page("qa/draw_cases.html", draw=row, cases=rows[:ROWS], part=part, more=len(rows) > ROWS)


@bp.get("/draws/<public_id>/strata.<ending>")
@needs(*LEADS)
def strata_file(public_id: str, ending: str) -> Response:
    """The strata as a file."""
    return _file("strata", ending, handing_out.STRATA_HEADER, list(handing_out.strata_rows(public_id)))


@bp.get("/draws/<public_id>/no-answer.<ending>")
@needs(*LEADS)
def response_file(public_id: str, ending: str) -> Response:
    """The strata with what came of their cases as a file, for whoever is never given one of them to grade."""
    return _file("no-answer", ending, response.HEADER, list(response.rows(g.person, public_id)))


@bp.get("/draws/<public_id>/cases.<ending>")
@needs(*LEADS)
def cases_file(public_id: str, ending: str) -> Response:
    """The cases as a file, for whoever is never given one of them to grade."""
    return _file("cases", ending, handing_out.CASES_HEADER, handing_out.case_rows(g.person, public_id))


def _file(name: str, ending: str, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> Response:
    if ending not in WRITERS:
        raise NotFound("page")
    lines, kind = WRITERS[ending]
    answer = Response(list(lines(header, rows)), mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
