"""What this room's addresses are called on the page of who can see what, and whose things each role meets there."""

from __future__ import annotations

from qa.core.models import ROLES
from qa.core.rights import rights

_LED, _OWN_RESULTS, _OWN = {"manager": "led"}, {"agent": "own"}, {"reviewer": "own"}
_PART = dict.fromkeys(ROLES, "part")

RIGHTS = [
    *rights("Results of decisions", [
        ("Own results with the settled decision, once they are out", "GET /results", _OWN_RESULTS),
        ("Acknowledge and dispute an own result", "POST /results", _OWN_RESULTS),
    ]),
    *rights("Grading", [
        ("A case to grade: its evidence and the policy of its day, never the decision; the own batch, reveals and "
         "differences", "GET /grade", _OWN),
        ("Grade, skip, report danger, explain, challenge", "POST /grade", _OWN),
        ("My day: pace and exposure", "GET /my-day", _OWN),
        ("Set a stricter limit of exposure", "POST /my-day", _OWN),
        ("Practice of a new grader", "GET /practice, GET /practice/<practice_id>", _OWN),
        ("Answer practice cases", "POST /practice", _OWN),
        ("New graders, and how far they are", "GET /practice/people", {}),
        ("Say that a grader is ready", "POST /practice/people", {}),
        ("Files beside a case in hand, or of one whose decision one may see", "GET /media", {**_PART, "admin": "all"}),
    ]),
    *rights("Cases", [
        ("A case with its decision; for whoever may be given it to grade only by a deed that is noted and takes it "
         "away", "GET /cases", _LED),
        ("Open, hand over or settle a case", "POST /cases", _LED),
        ("Differences, and those of the week without names", "GET /differences", _LED),
        ("Contested process slips", "GET /process-slips", _LED),
        ("Decide a contested process slip", "POST /process-slips", _LED),
        ("Looks in hand, without the case", "GET /looks", {}),
        ("Let a look go, or give it to somebody else", "POST /looks", {}),
        ("Covered texts", "GET /masks", _LED),
        ("Open and rule on covered texts", "POST /masks", _LED),
        ("Who is on call; a report of danger for whoever is called", "GET /on-call", _PART),
        ("Answer and close a call", "POST /on-call", _PART),
        ("The rota", "POST /on-call/shifts, POST /on-call/test", {}),
        ("Scorecards", "GET /scorecards", {}),
        ("Write the next scorecard", "POST /scorecards", {}),
        ("Imports and what was refused", "GET /imports", {}),
        ("Take in files, and take whole imports back", "POST /imports", {}),
        ("The set-up guide", "GET /setup", {}),
        ("Draw the first sample", "POST /setup/sample", {}),
        ("Grade besides leading; open the own data or the demonstration", "POST /setup/grade, POST /setup/open", {}),
        ("Plans and samples", "GET /plans, GET /draws", {}),
        ("Make plans, draw samples", "POST /plans", {}),
    ]),
    *rights("Policies", [
        ("Policies, every version, what changed", "GET /policies", {}),
        ("Rule on what a rewording means", "POST /policies", {}),
        ("Drafts, linked clauses, stand-ins", "GET /policy-drafts, GET /clause-links, GET /stand-ins", {}),
        ("Write and publish", "POST /policy-drafts, POST /clause-links, POST /stand-ins", {}),
        ("Policy questions: the answers, and those one is concerned by", "GET /questions",
         dict.fromkeys(("agent", "reviewer", "observer"), "part")),
        ("Ask, take in hand, answer", "POST /questions", {}),
        ("The form for a question", "GET /questions/new", {}),
    ]),
]  # fmt: skip
