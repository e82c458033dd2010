"""An invented team's spreadsheet: column names of its own, two languages, and notes that give the outcome away."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

HEADER = (
    "Ticket", "Bearbeiter", "Entscheidung", "Maßnahme", "Closed on", "What was said", "Sprache", "Platform", "Notes",
)  # fmt: skip
LABELS = ("Threats", "Insults", "kein Verstoß", "kein Verstoß")
ACTIONS = ("Content removed", "Account warned", "left up", "left up")
SAID = {
    "English": (
        "They said they would wait at my door",
        "They called me worthless in front of all",
        "They asked me twice",
    ),
    "Deutsch": ("Er will mir am Tor auflauern", "Sie nannte mich vor allen wertlos", "Er fragte zweimal nach Hilfe"),
}
#: Words that stand in the notes alone.
SECRET = "overturn-proof"
BEGAN = datetime(2026, 10, 1, 8, 0)  # noqa: DTZ001  (a sheet knows no time zones)


def rows(count: int) -> list[tuple[object, ...]]:
    """So many rows, each with its own words."""
    found: list[tuple[object, ...]] = []
    for number in range(count):
        kind, language = number % 4, ("English", "Deutsch")[number % 7 % 2]
        said = f"{SAID[language][min(kind, 2)]}, case {number} of that week."
        note = f"{SECRET}: {LABELS[kind]}, {ACTIONS[kind]}, all clear in {number}" if number % 3 else ""
        closed = BEGAN + timedelta(minutes=11 * number)
        found.append((f"T-{number:05}", f"agent{number % 6}", LABELS[kind], ACTIONS[kind], closed, said, language,
                      ("web", "app")[number % 5 % 2], note))  # fmt: skip
    return found


def workbook(folder: Path, count: int, name: str = "export.xlsx") -> Path:
    """The spreadsheet with so many cases."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Oktober")
    sheet.append(HEADER)
    for row in rows(count):
        sheet.append(row)
    path = folder / name
    book.save(path)
    return path
