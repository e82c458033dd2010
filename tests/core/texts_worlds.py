"""Covered texts and files of the matrix: a case of each team, looked through, with a picture beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa import scanning
from qa.attachments import attachments
from qa.core.db import write
from qa.core.models import Team
from qa.models.texts import Attachment
from tests import factories
from tests.desk import Desk
from tests.qa.pictures import picture

WHAT = ("masks", "media")


@dataclass(frozen=True)
class Texts:
    """Addresses by kind: of Amber's case and of Birch's."""

    owned: dict[str, tuple[str, str]]

    def ids(self, what: str, persona: str) -> tuple[str, Sequence[str], Sequence[str]]:
        """The name in the address, what *persona* may open, what is somebody else's."""
        mine, theirs = self.owned[what]
        name = "case_id" if what == "masks" else "public_id"
        if persona == "admin":
            return name, (mine, theirs), ()
        return (name, (mine,), (theirs,)) if persona == "manager" else (name, (), (mine, theirs))


def build(desk: Desk, amber: Team, birch: Team) -> Texts:
    """A case of each team whose text may tell its outcome."""
    pairs = []
    for team in (amber, birch):
        desk.team = team
        case = desk.drawn_case(text="Decision: removed. Write to mia@example.org.")
        scan = scanning.look_through([case.id])
        write(lambda scan=scan, case=case: scanning.keep(scan, of=[case.id]))
        file = factories.kept(
            Attachment(case_id=case.id, ordinal=1, kind="image", media_type="image/png", named="shot.png")
        )
        attachments.path(file.public_id).write_bytes(picture())
        pairs.append((case.public_id, file.public_id))
    (mine, my_file), (theirs, their_file) = pairs
    return Texts({"masks": (mine, theirs), "media": (my_file, their_file)})
