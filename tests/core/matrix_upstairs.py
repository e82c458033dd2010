"""The lines of the table about what goes upstairs: reports, trends, capacity, the business case, earlier QA."""

from __future__ import annotations

from tests.core.matrix_row import row

ROWS = [
    row("GET /reports", "manager observer admin"),
    row("POST /reports", "manager admin"),
    row("POST /reports/wishes", "manager admin"),
    row("POST /reports/wishes/<public_id>/end", "manager admin", ids="report_wishes"),
    row("GET /reports/<public_id>", "manager observer admin", ids="reports"),
    row("POST /reports/<public_id>/send", "manager admin", ids="reports"),
    row("GET /reports/<public_id>.html", "manager observer admin", ids="reports"),
    row("GET /reports/<public_id>.csv", "manager observer admin", ids="reports"),
    row("GET /evidence", "manager admin"),
    row("POST /evidence", "manager admin"),
    row("GET /evidence/<public_id>.zip", "manager admin", ids="packs"),
    row("GET /earlier-qa", "manager admin"),
    row("POST /earlier-qa", "manager admin"),
    row("POST /earlier-qa/kept", "manager admin"),
    row("GET /earlier-qa/<public_id>", "manager admin", ids="earlier_sheets"),
    row("POST /earlier-qa/<public_id>/check", "manager admin", ids="earlier_sheets"),
    row("POST /earlier-qa/<public_id>/remove", "manager admin", ids="earlier_sheets"),
    row("GET /trend", "manager observer admin"),
    row("GET /trend.csv", "manager observer admin"),
    row("POST /trend/targets", "manager admin"),
    row("POST /trend/targets/<public_id>/remove", "manager admin", ids="targets"),
    row("POST /trend/events", "manager admin"),
    row("POST /trend/events/<public_id>/remove", "manager admin", ids="events"),
    row("GET /business-case", "manager observer admin"),
    row("GET /business-case.csv", "manager observer admin"),
    row("POST /business-case/kept", "manager admin"),
    row("GET /business-case/kept/<public_id>", "manager observer admin", ids="business_sheets"),
    row("POST /business-case/kept/<public_id>/remove", "manager admin", ids="business_sheets"),
    row("GET /capacity", "manager observer admin"),
    row("GET /capacity.csv", "manager observer admin"),
    row("GET /planner", "manager observer admin"),
    row("GET /planner.csv", "manager observer admin"),
]
