"""Taking in a file of closed cases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa import number_keys
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.core.models import Person
from qa.intake import runs
from qa.intake.cases import FileRefused, import_cases
from qa.intake.mapping import Mapping
from qa.models.cases import CaseEvent, CaseText, ClosedCase, ImportReject, ImportRun, Message, NumberKey, Touch
from qa.models.policies import Action, Policy
from qa.policies import policies
from qa.sampling.selection import number
from tests.qa.intake import sheets
from tests.qa.intake.sheets import BAD, dump, row, sheet


def count(table: type) -> int:
    """Rows of a table."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_row_becomes_a_case_with_its_section_its_policy_in_play_and_its_touches(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    closed = "2026-11-10 10:30+01:00"
    path = sheet(tmp_path, [row(decided_policy="conduct/in-jokes", handled_by="a2;g1", closed_at=closed)])

    report = import_cases(SYSTEM, path)

    assert report.as_dict() == {"read": 1, "added": 1, "unchanged": 0, "changed": 0, "refused": 0}
    case = db.session.scalars(select(ClosedCase)).one()
    assert (case.decided_key, case.play_key, case.action) == ("conduct/in-jokes", "conduct/insults", "remove")
    assert case.closed_at == datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
    assert case.decided_section_id is not None and case.agent_team_id is not None
    assert db.session.scalars(select(ImportRun.state)).all() == ["published"]
    touched = select(Person.external_id, Touch.how).join(Person, Person.id == Touch.person_id)
    assert sorted(tuple(one) for one in db.session.execute(touched)) == [
        ("a2", "handled"), ("g1", "handled"),
    ]  # fmt: skip
    assert db.session.scalars(select(CaseText.text)).one() == "They said that they would come."
    actions = select(Action.workflow, Action.key, Action.means)
    assert [tuple(one) for one in db.session.execute(actions)] == [("abuse_report", "remove", "violates")]
    key = db.session.scalars(select(NumberKey)).one()
    assert case.number == number(bytes.fromhex(key.key), "default", "c1")


def test_the_same_rows_again_change_nothing_in_whatever_order_or_file_they_come(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    path = sheet(tmp_path, [row(f"c{n}") for n in range(5)])
    import_cases(SYSTEM, path)
    turned = [dict(reversed(row(f"c{n}", queue="").items())) for n in reversed(range(5))]
    before = dump()

    again, other = import_cases(SYSTEM, path), import_cases(SYSTEM, sheet(tmp_path, turned, "other.csv"))

    assert [(one.read, one.unchanged, one.added) for one in (again, other)] == [(5, 5, 0), (5, 5, 0)]
    assert dump() == before


def test_a_known_case_with_other_content_becomes_a_second_row_and_keeps_the_first(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row("c1"), row("c2"), row("c3", decided_policy="none", action="keep")]))
    first = db.session.scalars(select(ClosedCase.id).where(ClosedCase.external_id == "c2")).one()
    grader = db.session.scalars(select(Person.id).where(Person.external_id == "g1")).one()
    write(lambda: db.session.add(Touch(case_id=first, person_id=grader, how="graded")))

    later = sheet(tmp_path, [row("c1"), row("c2", decided_policy="none", action="keep")], "b.csv")
    report = import_cases(SYSTEM, later)

    assert report.as_dict() == {"read": 2, "added": 0, "unchanged": 1, "changed": 1, "refused": 0}
    rows = select(ClosedCase.no, ClosedCase.decided_key, ClosedCase.replaced_at.is_(None), ClosedCase.id)
    old, new = db.session.execute(rows.where(ClosedCase.external_id == "c2").order_by(ClosedCase.no)).all()
    assert (old.no, old.decided_key, bool(old[2])) == (1, "conduct/threats", False)
    assert (new.no, new.decided_key, bool(new[2])) == (2, "none", True)
    assert [tuple(one) for one in db.session.execute(select(CaseEvent.case_id, CaseEvent.kind))] == [
        (old.id, "corrected")
    ]
    knows = select(Touch.how).where(Touch.case_id == new.id, Touch.person_id == grader)
    assert db.session.scalars(knows).all() == ["graded"], "who graded the first row is offered the second"


def test_a_bad_row_is_named_and_leaves_nothing(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    before = dump()
    found = []

    for bad, _, _ in BAD:
        with pytest.raises(FileRefused) as refused:
            import_cases(SYSTEM, sheet(tmp_path, [row("c0"), row(**bad)]))
        problem, report = refused.value.problems[0], refused.value.report.as_dict()
        found.append((problem.file, problem.line, problem.field, problem.value, bool(problem.expected), report))

    counts = {"read": 2, "added": 0, "unchanged": 0, "changed": 0, "refused": 1}
    assert found == [("cases.csv", 3, field, value, True, counts) for _, field, value in BAD]
    assert dump() == before


def test_the_same_id_with_other_content_is_refused_with_both_lines(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()

    with pytest.raises(FileRefused) as refused:
        import_cases(SYSTEM, sheet(tmp_path, [row("c1"), row("c2"), row("c1", text="Something else.")]))
    same = import_cases(SYSTEM, sheet(tmp_path, [row("c1"), row("c2"), row("c1")]))

    assert refused.value.problems[0].line == 4 and "line 2" in refused.value.problems[0].expected
    assert (same.added, same.unchanged) == (2, 1)


def test_a_file_that_is_refused_late_is_taken_back_whole(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.intake.ahead.BATCH", 4)
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row("before")]))
    before = dump()
    rows = [row(f"c{n}", messages='[{"author_role": "reporter", "text": "Hi"}]') for n in range(10)]

    with pytest.raises(FileRefused) as refused:
        import_cases(SYSTEM, sheet(tmp_path, [*rows, row("c1", text="Something else.")], "late.csv"))

    assert refused.value.problems[0].line == 12 and "line 3" in refused.value.problems[0].expected
    assert dump() == before


def test_good_rows_come_in_alone_when_asked_for_and_the_others_are_written_down(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    rejects = tmp_path / "rejects.csv"
    path = sheet(tmp_path, [row("c1"), row("c2", agent_id="=nobody"), row("c3")])

    report = import_cases(SYSTEM, path, partial=True, rejects=rejects)

    assert report.as_dict() == {"read": 3, "added": 2, "unchanged": 0, "changed": 0, "refused": 1}
    assert rejects.read_text().splitlines()[1].startswith("3,agent_id,'=nobody,")
    assert count(ImportReject) == 1 and count(ClosedCase) == 2


def test_a_trial_counts_and_stores_nothing(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.intake.ahead.BATCH", 2)
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row("c1"), row("c2")]))
    before = dump()

    path = sheet(tmp_path, [row("c1"), row("c2", text="Other."), *(row(f"n{n}") for n in range(5)), row("n0")], "b.csv")
    report = import_cases(SYSTEM, path, dry_run=True)

    assert report.as_dict() == {"read": 8, "added": 5, "unchanged": 2, "changed": 1, "refused": 0}
    assert dump() == before


def test_nothing_is_seen_until_all_is_there_and_an_import_that_was_killed_goes_on(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.intake.ahead.BATCH", 3)
    sheets.set_up()
    path = sheet(tmp_path, [row(f"c{n}", action=("remove", "warn")[n % 2]) for n in range(10)])

    def killed(done: int, _total: int | None, _line: str) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_cases(SYSTEM, path, progress=killed)
    half = (count(ClosedCase), db.session.scalars(select(ImportRun.state)).all(), count(Action))
    db.session.rollback()
    report = import_cases(SYSTEM, path)

    assert half == (6, ["loading"], 0)
    assert (report.read, report.added, count(ClosedCase), count(ImportRun)) == (10, 10, 10, 1)
    assert db.session.scalars(select(Action.key).order_by(Action.key)).all() == ["remove", "warn"]
    assert count(CaseText) == 10


def test_two_files_that_hold_the_same_case_do_not_come_in_at_once(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.intake.ahead.BATCH", 2)
    sheets.set_up()

    def killed(_done: int, _total: int | None, _line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_cases(SYSTEM, sheet(tmp_path, [row(f"c{n}") for n in range(5)]), progress=killed)
    other = sheet(tmp_path, [row("c0")], "other.csv")
    with pytest.raises(Refused):
        import_cases(SYSTEM, other)
    runs.give_up(db.session.scalars(select(ImportRun.id)).one(), keep_report=False)
    report = import_cases(SYSTEM, other)

    assert report.added == 1 and count(ClosedCase) == 1


def test_a_case_is_read_by_the_version_of_the_day_on_which_it_was_decided(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    later = sheets.POLICY.replace("split_depth: 1", "split_depth: 1\neffective: 2026-11-05")
    later = later.replace("## Insults", "## Slurs")
    write(lambda: policies.import_text(SYSTEM, later, name="conduct"))
    early, late = row("c1", closed_at="2026-11-04T23:59:59Z"), row("c2", closed_at="2026-11-05T00:00:00Z")

    import_cases(SYSTEM, sheet(tmp_path, [early, late]))

    found = db.session.scalars(select(ClosedCase.decided_section_id).order_by(ClosedCase.external_id)).all()
    assert None not in found and found[0] != found[1]


def test_an_unclassed_column_is_kept_and_is_no_evidence(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    path = sheet(tmp_path, [row(Url="https://example.org", outcome_code="7", secret="x", ticket="T1")])
    how = Mapping({"ticket": "ticket_id"}, {"Url": "evidence", "outcome_code": "outcome", "secret": "drop"})

    import_cases(SYSTEM, path, mapping=how, mapping_name="desk")
    again = import_cases(SYSTEM, sheet(tmp_path, [row("c2", Url="u")], "b.csv"), mapping_name="desk")

    case = db.session.scalars(select(ClosedCase).order_by(ClosedCase.external_id)).first()
    assert case is not None and again.added == 1
    assert case.evidence == {"Url": "https://example.org"}
    assert case.withheld == {"outcome_code": "7", "ticket_id": "T1"}


def test_what_the_agent_wrote_and_what_came_after_the_decision_is_withheld(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    talk = (
        '[{"at": "2026-11-10T09:00:00Z", "author_role": "reporter", "text": "1"},'
        ' {"at": "2026-11-10T09:01:00Z", "author_role": "agent", "text": "2"},'
        ' {"at": "2026-11-10T09:31:00Z", "author_role": "reporter", "text": "3"},'
        ' {"author_role": "subject", "text": "4"}]'
    )

    import_cases(SYSTEM, sheet(tmp_path, [row(messages=talk)]))

    shown = db.session.scalars(select(Message.text).where(~Message.withheld)).all()
    assert shown == ["1"] and count(Message) == 4


def test_labels_without_a_section_get_stand_ins_when_asked_for(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    first = sheet(tmp_path, [row("c1", decided_policy="Hate Speech"), row("c2", decided_policy="spam/fake_shop")])
    second = sheet(tmp_path, [row("c3", decided_policy="spam/chain-letter")], "b.csv")

    with pytest.raises(FileRefused):
        import_cases(SYSTEM, first)
    import_cases(SYSTEM, first, stub_policies=True)
    import_cases(SYSTEM, second, stub_policies=True)

    keys = db.session.scalars(select(ClosedCase.decided_key).order_by(ClosedCase.external_id)).all()
    assert keys == ["hate-speech", "spam/fake-shop", "spam/chain-letter"]
    assert None not in db.session.scalars(select(ClosedCase.decided_section_id)).all()
    stubs = select(Policy.slug).where(Policy.stub).order_by(Policy.slug)
    assert db.session.scalars(stubs).all() == ["hate-speech", "spam"]


def test_a_case_that_a_model_decided_needs_no_agent(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()

    import_cases(SYSTEM, sheet(tmp_path, [row(agent_id="", decided_by="model")]))

    assert db.session.scalars(select(ClosedCase.agent_id)).all() == [None]


def test_actions_that_a_workflow_does_not_know_are_refused_and_named(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row("c1"), row("c2", action="keep", decided_policy="none")]))

    with pytest.raises(FileRefused) as refused:
        import_cases(SYSTEM, sheet(tmp_path, [row("c3", action="ban")], "b.csv"))

    assert "keep, remove" in refused.value.problems[0].expected


def test_a_number_key_is_promised_at_once_and_told_when_its_month_is_over(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row()]))

    early = write(lambda: number_keys.reveal(SYSTEM))
    with clock.fixed(datetime(2026, 12, 1, tzinfo=UTC)):
        told, again = write(lambda: number_keys.reveal(SYSTEM)), write(lambda: number_keys.reveal(SYSTEM))

    assert (early, told, again) == (0, 1, 0)
