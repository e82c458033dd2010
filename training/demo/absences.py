"""Who will be away: entered by a file this morning, so that working days and portions have something to go by."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from qa.core import clock
from qa.core.access import Actor
from qa.core.leave import days_off_file
from training.world.people import LANTERN

#: (days from now, how many, kind, person, team): leave of an agent and of a grader, a day off of a team.
AHEAD = ((8, 5, "leave", "ag07", ""), (15, 3, "leave", "gr02", ""), (11, 1, "holiday", "", LANTERN.name))


def enter(actor: Actor, path: Path, moment: datetime) -> None:
    """Enter what lies ahead, and the two holidays of everybody that the year's end brings."""
    today = moment.date()
    rows = [
        (today + timedelta(days=ahead), today + timedelta(days=ahead + count - 1), *whose)
        for ahead, count, *whose in AHEAD
    ]
    rows += [(day, day, "holiday", "", "") for day in (date(today.year, 12, 25), date(today.year, 12, 31))]
    with path.open("w", newline="", encoding="utf-8") as handle:
        written = csv.writer(handle)
        written.writerow(("from", "to", "kind", "person", "team"))
        written.writerows(rows)
    with clock.fixed(moment):
        days_off_file.import_file(actor, path)
