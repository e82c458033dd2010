"""What this room's addresses are called on the page of who can see what, and whose things each role meets there."""

from __future__ import annotations

from qa.core.models import ROLES
from qa.core.rights import rights

_LED, _NAMELESS = {"manager": "led"}, {"observer": "nameless"}
_BOTH = {**_LED, **_NAMELESS}
_PART = dict.fromkeys(ROLES, "part")

RIGHTS = [
    *rights("Figures", [
        ("Own accuracy", "GET /me", {"agent": "own"}),
        ("An agent's figures; noted, and told to the agent", "GET /accuracy/agents", {"agent": "own", **_LED}),
        ("Accuracy, who is below standard, the planner",
         "GET /accuracy, GET /below-standard, GET /planner, GET /capacity, GET /trend", _BOTH),
        ("Write targets and events into trends", "POST /trend", {"manager": "above"}),
        ("The cases behind a figure", "GET /accuracy/cases, GET /agreement/cases", _LED),
        ("Set the weights of harm", "POST /accuracy/harm", {}),
        ("Agreement, could graders guess, quality of the work, graders among themselves",
         "GET /agreement, GET /guessing, GET /quality, GET /graders", _BOTH),
        ("Own figures as a grader", "GET /graders/me", {"reviewer": "own"}),
        ("Accuracy alerts", "GET /signals", _BOTH),
        ("An alert with its evidence; noted, and told to the agent", "GET /signals/<public_id>", _LED),
        ("Act on an alert", "POST /signals", _LED),
        ("Disputes and how they end", "GET /disputes", _LED),
        ("Reports", "GET /reports", {"manager": "above", "observer": "part"}),
        ("Compose and send reports", "POST /reports", {"manager": "above"}),
        ("Evidence packs", "GET /evidence", {"manager": "above"}),
        ("Make an evidence pack", "POST /evidence", {"manager": "above"}),
        ("Earlier QA sheets", "GET /earlier-qa", {"manager": "above"}),
        ("Check a sheet", "POST /earlier-qa", {"manager": "above"}),
    ]),
    *rights("Calibration", [
        ("Calibration sessions; votes only once they are shown", "GET /sessions", _PART),
        ("Vote", "POST /sessions/<public_id>/vote", _PART),
        ("Plan and lead sessions", "GET /sessions/new, POST /sessions", {}),
        ("Precedents", "GET /precedents", {}),
        ("Retire or renew a precedent", "POST /precedents", {}),
        ("Known-answer cases", "GET /known-answers", {}),
        ("Keep and void known answers", "POST /known-answers", {}),
    ]),
]  # fmt: skip
