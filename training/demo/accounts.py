"""Who can sign in to the demonstration: one person for each role, with a password that is drawn anew each time."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from qa.core.access import SYSTEM
from qa.core.accounts import accounts, passwords
from qa.core.db import write
from training.demo.sittings import Room

FILE = "demo_people.txt"
_CONSONANTS, _VOWELS = "bdfghklmnprstvz", "aeiou"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in, and what there is for them to see."""

    role: str
    email: str
    password: str
    look_at: str


def open_all(room: Room, disputing: str | None) -> tuple[Account, ...]:
    """Give one person of each role a password."""
    drop = room.world.planted.drop.agent_id
    wanted = [
        ("agent", drop, "results, an accuracy alert's training, a failed quiz to sit again, a short check"),
        ("reviewer", "gr01", "this morning's cases to grade, a dispute to hear"),
        ("reviewer", "gr05", "cases to grade in two languages, and an adjudication"),
        ("manager", "mg01", "an accuracy alert that waits, another with its training"),
        ("policy owner", "po01", "a question about a clause that many misread"),
        ("manager", "mg02", "training that is overdue, and the team Mesa"),
        ("observer", "ob01", "samples, agreement and accuracy, without names"),
        ("admin", "ad01", "people, settings, the audit log"),
    ]
    if disputing is not None:
        wanted.insert(1, ("agent", disputing, "a dispute that is open"))
    made = []
    for role, person, look_at in wanted:
        actor, password = room.cast[person], _password()
        _keep(actor.id or 0, passwords.hashed(password))
        made.append(Account(role, actor.email or "", password, look_at))
    return tuple(made)


def _keep(person_id: int, password_hash: str) -> None:
    write(lambda: accounts.keep_password(SYSTEM, person_id=person_id, password_hash=password_hash))


def _password() -> str:
    """Three words that can be said aloud; 62 bits."""
    return "-".join(
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(3)) + secrets.choice(_CONSONANTS)
        for _ in range(3)
    )


def lines(made: tuple[Account, ...]) -> str:
    """The list as people read it."""
    cells = [(one.role, one.email, one.password) for one in made]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = []
    for one, plain in zip(made, cells, strict=True):
        padded = [cell.ljust(width) for cell, width in zip(plain, widths, strict=True)]
        rows.append("  ".join([*padded, one.look_at]))
    return "\n".join(rows) + "\n"


def write_list(folder: Path, made: tuple[Account, ...]) -> Path:
    """Keep the list where only the owner of the installation can read it."""
    path = folder / FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(lines(made))
    return path
