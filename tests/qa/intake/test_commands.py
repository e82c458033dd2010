"""The commands that take in cases, from outside: what is printed where, and what bad files get."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import duckdb
import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core.db import db
from qa.intake import cases
from qa.models.cases import CaseEvent, ClosedCase, ImportRun
from tests.qa.intake import sheets
from tests.qa.intake.sheets import row, sheet

HEADER = "case_id,text,agent_id,decided_policy,action,closed_at\n"
GOOD = "c1,Hello,a1,none,keep,2026-11-10T09:30:00Z\n"


def run(app: Flask, *arguments: object) -> tuple[int, str, str]:
    """A command's exit code, output and messages."""
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def xlsx_bomb() -> bytes:
    """A workbook that would unpack to far more than we take."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 250_000_000)
    return packed.getvalue()


def gzip_bomb() -> bytes:
    """The same of a table; both are packed for the one test alone, not whenever this file is read."""
    return gzip.compress(b"0" * 250_000_000, 1)


BAD = {
    "empty.csv": (b"", "empty.csv", "empty"),
    "header.csv": (HEADER.encode(), "header.csv", "at least one row"),
    "columns.csv": (b"case_id,text\nc1,x\n", "columns.csv:1", "decided_policy"),
    "latin.csv": ((HEADER + GOOD.replace("Hello", "Ol\u00e9")).encode("latin-1"), "latin.csv:2", "UTF-8"),
    "wide.csv": ((HEADER + GOOD).encode("utf-16"), "wide.csv", "UTF-16"),
    "short.csv": ((HEADER + "c1,Hello,a1\n" + GOOD).encode(), "short.csv:2", "6 fields"),
    "long.csv": ((HEADER + GOOD.strip() + ",more\n").encode(), "long.csv:2", "6 fields"),
    "quote.csv": ((HEADER + 'c1,"Hello,a1\n').encode(), "quote.csv:2", "quote"),
    "bomb.csv.gz": (gzip_bomb, "bomb.csv.gz", "unpacks to at most"),
    "bomb.xlsx": (xlsx_bomb, "bomb.xlsx", "unpacks to at most"),
    "broken.jsonl": (b'{"case_id": "c1"\n', "broken.jsonl", "JSON object"),
    "what.pdf": (b"%PDF", "what.pdf", "ends in one of"),
}


def test_a_bad_file_gets_a_message_and_leaves_nothing(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    wrong = []

    for name, (content, where, expected) in BAD.items():
        (tmp_path / name).write_bytes(content() if callable(content) else content)
        code, _, said = run(sqlite_app, "cases", "import", tmp_path / name, "--json")
        if code != 1 or where not in said or expected not in said:
            wrong.append((name, code, said))

    assert wrong == []
    assert db.session.scalar(select(func.count()).select_from(ClosedCase)) == 0
    assert db.session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_counts_go_to_the_output_and_everything_else_beside_it(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    path = sheet(tmp_path, [row("c1"), row("c2", agent_id="nobody")])

    refused = run(sqlite_app, "cases", "import", path, "--json")
    partial = run(sqlite_app, "cases", "import", path, "--json", "--partial", "--rejects", tmp_path / "r.csv")
    wrong = run(sqlite_app, "cases", "import", path, "--map", "case_id")

    counts = {"read": 2, "added": 0, "unchanged": 0, "changed": 0, "refused": 1}
    assert (refused[0], json.loads(refused[1])) == (1, counts)
    assert 'cases.csv:3: agent_id: "nobody"' in refused[2]
    assert (partial[0], json.loads(partial[1])) == (0, counts | {"added": 1})
    assert (tmp_path / "r.csv").exists() and wrong[0] == 2


def test_every_kind_of_file_says_the_same(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    rows = [row(f"c{n}", text='=1+1 <b>"x"</b> \u202e', handle_seconds="30") for n in range(3)]
    path = sheet(tmp_path, rows)
    lines = tmp_path / "cases.jsonl.gz"
    lines.write_bytes(gzip.compress("".join(json.dumps(one) + "\n" for one in rows).encode()))
    parquet = tmp_path / "cases.parquet"
    read = "read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"')"
    duckdb.sql(f"COPY (SELECT * FROM {read}) TO '{parquet}' (FORMAT parquet)", params=[str(path)])

    counts = [json.loads(run(sqlite_app, "cases", "import", one, "--json")[1]) for one in (path, lines, parquet)]

    assert [one["added"] for one in counts] == [3, 0, 0]
    assert [one["unchanged"] for one in counts] == [0, 3, 3]


def test_columns_are_renamed_and_classed_by_a_mapping_that_is_kept(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    first = {("Ticket" if name == "case_id" else name): value for name, value in row(Link="L").items()}
    how = tmp_path / "how.toml"
    how.write_text('[columns]\nTicket = "case_id"\n[classes]\nLink = "evidence"\n')
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[classes]\nLink = "public"\n')

    made = run(sqlite_app, "cases", "import", sheet(tmp_path, [first]), "--mapping", how, "--mapping-name", "desk")
    kept = run(sqlite_app, "cases", "import", sheet(tmp_path, [first | {"Ticket": "c2"}]), "--mapping-name", "desk")
    unknown = run(sqlite_app, "cases", "import", sheet(tmp_path, [first]), "--mapping-name", "other")
    bad = run(sqlite_app, "cases", "import", sheet(tmp_path, [first]), "--mapping", wrong)

    assert [made[0], kept[0], unknown[0], bad[0]] == [0, 0, 1, 1], made[2] + kept[2]
    assert "classes.Link" in bad[2] and "evidence" in bad[2]
    cases = db.session.scalars(select(ClosedCase).order_by(ClosedCase.external_id)).all()
    assert [(case.external_id, case.evidence) for case in cases] == [("c1", {"Link": "L"}), ("c2", {"Link": "L"})]


def test_events_come_in_whole_and_only_once(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    run(app, "cases", "import", sheet(tmp_path, [row("c1")]))
    event = {"case_id": "c1", "at": "2026-11-12T10:00:00Z", "kind": "appealed_overturned", "detail": "Back up."}
    good = sheet(tmp_path, [event], "events.csv")
    bad = sheet(tmp_path, [event | {"detail": "New"}, event | {"case_id": "c9"}, event | {"kind": "lost"}], "bad.csv")

    first, again = run(app, "cases", "events", good, "--json"), run(app, "cases", "events", good, "--json")
    refused = run(app, "cases", "events", bad, "--json")
    unknown = run(app, "cases", "events", sheet(tmp_path, [event | {"case_id": "c9"}], "u.csv"))

    assert (json.loads(first[1])["added"], json.loads(again[1])["added"]) == (1, 0)
    assert refused[0] == 1 and "bad.csv:4: kind" in refused[2]
    assert unknown[0] == 1 and "u.csv:2: case_id" in unknown[2]
    assert db.session.scalar(select(func.count()).select_from(CaseEvent)) == 1


def test_an_import_that_nobody_will_end_can_be_taken_back(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets.set_up()
    path = sheet(tmp_path, [row("c1")])

    def stopped(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(cases.Reading, "publish", stopped)
        left = run(sqlite_app, "cases", "import", path)
    listed = json.loads(run(sqlite_app, "cases", "runs", "--json")[1])["runs"]
    taken = run(sqlite_app, "cases", "abandon", listed[0]["id"][:8])

    assert left[0] == 1 and listed[0]["state"] == "loading" and taken[0] == 0
    assert db.session.scalar(select(func.count()).select_from(ClosedCase)) == 0
    assert run(sqlite_app, "cases", "abandon", "ffffffff")[0] == 1


def test_agents_are_made_events_mapped_and_an_import_taken_back(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    path = sheet(tmp_path, [row("c1", agent_id="new-one")])
    later = tmp_path / "later.csv"
    later.write_text("Fall,Datum,Ereignis\nc1,14.11.2026,neu\n")
    how = tmp_path / "how.toml"
    how.write_text(
        '[columns]\nFall = "case_id"\nDatum = "at"\nEreignis = "kind"\n'
        '[values.kind]\nneu = "reopened"\n[writings]\nat = "day_first"\n'
    )

    refused = run(sqlite_app, "cases", "import", path)
    made, _, _ = run(sqlite_app, "cases", "import", path, "--make-people")
    _, tried, _ = run(sqlite_app, "cases", "events", later, "--mapping", how, "--dry-run", "--json")
    _, came, _ = run(sqlite_app, "cases", "runs", "--json")
    back, _, _ = run(sqlite_app, "cases", "undo", json.loads(came)["runs"][0]["id"])
    _, left, _ = run(sqlite_app, "cases", "runs", "--json")

    assert refused[0] == 1 and "have people made" in refused[2]
    assert (made, back) == (0, 0) and json.loads(tried)["added"] == 1
    assert json.loads(left)["runs"][0]["state"] == "withdrawn"
