"""What this room's addresses are called on the page of who can see what, and whose things each role meets there."""

from __future__ import annotations

from qa.core.rights import rights

_OWN = {"agent": "own", "manager": "own"}
_LED = {"manager": "led"}

RIGHTS = [
    *rights("Training", [
        ("Own training and checks; for a manager also what is due of the people led", "GET /training, GET /checks",
         _OWN),
        ("Learn, answer, flag a question", "POST /training, POST /checks", _OWN),
        ("Say that a miss was talked over", "POST /checks/talked-over", _LED),
        ("Give, confirm and withdraw training", "GET /assignments, POST /assignments, GET /paths, POST /paths, "
         "POST /training-starts", _LED),
        ("Clearances", "GET /clearances", _LED),
        ("Notes on talks: the two who talked, nobody else", "GET /coaching", _OWN),
        ("Write or confirm a note", "POST /coaching", _OWN),
        ("Modules and their questions", "GET /modules", {}),
        ("Approve and edit modules", "POST /modules", {}),
        ("Announcements to the own team, and questions on them", "GET /announcements",
         {"agent": "part", "reviewer": "part", "manager": "led"}),
        ("Answer an announcement's questions", "POST /announcements",
         {"agent": "part", "reviewer": "part", "manager": "led"}),
        ("The business case: its sheet and every assumption", "GET /business-case", {}),
        ("Kept sheets: only of who leads all teams and is given no cases", "GET /business-case/kept, "
         "POST /business-case/kept", {"manager": "above", "observer": "part"}),
        ("What training changed", "GET /training-changes", {}),
    ]),
]  # fmt: skip
