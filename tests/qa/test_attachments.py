"""Files beside a sheet are copied and hashed, pictures painted anew, and handed out to whoever sees the case."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from qa.attachments import attaching, attachments, beside, images
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.core.models import Person
from qa.grading import blind
from qa.intake import cases
from qa.intake.mapping import Mapping
from qa.models.texts import Attachment
from tests.desk import Desk
from tests.factories import actor, browser
from tests.qa.pictures import CAMERA, TAKEN, photograph, picture

LINK = "https://example.org/watch?v=1"


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    return Desk(graders=2)


def sheet(folder: Path, desk: Desk, named: str) -> Path:
    """A sheet of one case that names files."""
    agent = db.session.get_one(Person, desk.agent.id).external_id
    row = {
        "case_id": "t-1", "agent_id": agent, "decided_policy": "conduct/threats", "action": "remove",
        "closed_at": "2026-11-10T10:00:00Z", "text": "Look.", "attachments": named,
    }  # fmt: skip
    path = folder / "cases.jsonl"
    path.write_text(json.dumps(row) + "\n")
    db.session.rollback()
    return path


def taken(desk: Desk, folder: Path, named: str, where: Path | None = None) -> list[Attachment]:
    path = sheet(folder, desk, named)
    report = cases.import_cases(SYSTEM, path)
    attaching.take_in(SYSTEM, report.run_public_id or "", where or folder)
    return list(db.session.scalars(select(Attachment).order_by(Attachment.ordinal)))


def test_a_picture_keeps_nothing_but_the_picture() -> None:
    made = images.painted_anew(photograph())

    assert made is not None and made[1] == "image/jpeg"
    assert not [word for word in (CAMERA, TAKEN, "decided", "<script>", "Exif") if word.encode() in made[0]]
    turned = Image.open(io.BytesIO(made[0]))
    assert turned.size == (20, 40) and dict(turned.getexif()) == {} and "comment" not in turned.info


def test_what_is_no_honest_picture_is_not_shown_as_one() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")

    assert images.painted_anew(b"<svg onload=alert(1)>") is None
    assert images.painted_anew(picture()[:40]) is None
    assert images.painted_anew(bomb.getvalue()) is None


def test_a_transparent_and_a_moving_picture_are_shown() -> None:
    for data in (picture(mode="RGBA"), picture("GIF", mode="P"), picture("WEBP"), picture("TIFF", mode="CMYK")):
        made = images.painted_anew(data)

        assert made is not None and Image.open(io.BytesIO(made[0])).size == (8, 6)


def test_files_beside_the_sheet_are_copied_hashed_and_named_by_nothing(desk: Desk, tmp_path: Path) -> None:
    photo = photograph()
    (tmp_path / "removed_by_kim.jpg").write_bytes(photo)
    (tmp_path / "talk.pdf").write_bytes(b"%PDF-1.7 talk")

    rows = taken(desk, tmp_path, f"removed_by_kim.jpg; talk.pdf;{LINK}; gone.png")

    assert [row.kind for row in rows] == ["image", "file", "link", "missing"]
    assert rows[0].sha256 == hashlib.sha256(photo).hexdigest()
    assert attachments.path(rows[1].public_id).read_bytes() == b"%PDF-1.7 talk"
    assert [one.label for one in attachments.of(rows[0].case_id)] == ["Image 1", "File 2", "Link 3", "File 4"]


def test_taken_in_again_only_what_is_missing_is_added(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    before = {row.ordinal: row.public_id for row in taken(desk, tmp_path, "a.png;b.png")}
    (tmp_path / "b.png").write_bytes(picture())

    counts = attaching.take_in(SYSTEM, attaching.run_of(tmp_path / "cases.jsonl") or "", tmp_path)
    again = attaching.take_in(SYSTEM, attaching.run_of(tmp_path / "cases.jsonl") or "", tmp_path)

    rows = {row.ordinal: row for row in db.session.scalars(select(Attachment))}
    assert (counts.images, counts.missing) == (1, 0) and again == attaching.Taken()
    assert rows[1].public_id == before[1] and rows[2].kind == "image"


def test_nothing_outside_of_the_folder_is_read(desk: Desk, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.png").write_bytes(picture())
    (inside / "way.png").symlink_to(tmp_path / "secret.png")

    rows = taken(desk, tmp_path, f"../secret.png;{tmp_path}/secret.png;way.png", where=inside)

    assert [row.kind for row in rows] == ["missing"] * 3


def zipped(folder: Path, **members: bytes) -> Path:
    path = folder / "files.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_files_come_in_a_zip_too(desk: Desk, tmp_path: Path) -> None:
    rows = taken(desk, tmp_path, "a.png", where=zipped(tmp_path, **{"a.png": picture()}))

    assert [row.kind for row in rows] == ["image"]


def test_a_zip_that_bursts_or_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="usual size"):
        beside.Zip(zipped(tmp_path, **{"a": bytes(50_000_000)}), name="files.zip", most_unpacked=10**9)
    with pytest.raises(BadInput, match="lead elsewhere"):
        beside.Zip(zipped(tmp_path, **{"../a": b"1"}), name="files.zip", most_unpacked=10**9)


def test_whether_a_sheet_names_files_is_asked_of_its_head(desk: Desk, tmp_path: Path) -> None:
    path = sheet(tmp_path, desk, "a.png")

    assert attaching.are_named_in(path, name=path.name, mapping=None)
    assert not attaching.are_named_in(path, name=path.name, mapping=Mapping({}, {"attachments": "drop"}))


def test_only_whoever_sees_the_case_is_handed_its_files(desk: Desk, tmp_path: Path) -> None:
    case = desk.drawn_case()
    row = Attachment(case_id=case.id, ordinal=1, kind="image", media_type="image/png", named="removed.png")
    write(lambda: db.session.add(row))
    attachments.path(row.public_id).write_bytes(picture())
    url = f"/media/{row.public_id}"
    mine, other = (browser(desk.app, grader) for grader in desk.graders)
    assert mine.get(url).status_code == 404

    write(lambda: blind.claim(desk.graders[0]))
    answer = mine.get(url)

    assert answer.status_code == 200 and answer.mimetype == "image/png"
    assert "removed" not in str(answer.headers) and answer.headers["Cache-Control"] == "no-store"
    assert f'src="{url}"' in mine.get("/grade").text
    assert other.get(url).status_code == browser(desk.app, actor("agent")).get(url).status_code == 404
    assert browser(desk.app, desk.manager).get(url).status_code == 200


def test_any_other_file_is_a_download_and_a_link_stands_beside_the_decision_only(desk: Desk) -> None:
    case = desk.drawn_case()
    file = Attachment(case_id=case.id, ordinal=1, kind="file", named="a.html")
    link = Attachment(case_id=case.id, ordinal=2, kind="link", named=LINK)
    write(lambda: db.session.add_all([file, link]))
    attachments.path(file.public_id).write_bytes(b"<script>alert(1)</script>")
    grader, lead = browser(desk.app, desk.graders[0]), browser(desk.app, desk.manager)
    write(lambda: blind.claim(desk.graders[0]))

    answer, blind_page, page = (
        grader.get(f"/media/{file.public_id}"),
        grader.get("/grade"),
        lead.get(f"/cases/{case.public_id}"),
    )

    assert answer.headers["Content-Disposition"] == "attachment; filename=file-1.bin"
    assert answer.mimetype == "application/octet-stream" and "sandbox" in answer.headers["Content-Security-Policy"]
    assert LINK not in blind_page.text and "1 link came with this case" in blind_page.text
    assert f'<a href="{LINK}" rel="noreferrer' in page.text


def test_files_that_were_let_go_are_gone(desk: Desk) -> None:
    case = desk.drawn_case()
    row = Attachment(case_id=case.id, ordinal=1, kind="file", named="a.bin")
    write(lambda: db.session.add(row))
    place = attachments.path(row.public_id)
    place.write_bytes(b"1")

    gone = write(lambda: attachments.let_go([case.id]))

    assert attachments.remove(gone) == 1 and not place.exists()
    assert attachments.of(case.id) == () and attachments.remove(gone) == 0
