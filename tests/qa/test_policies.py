"""Policies: versions with their days, sections with keys that stay, and the commands around them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from qa.core import preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.intake.cases import import_cases
from qa.policies import policies, preparing, section_changes
from qa.policies import queries as policy_queries
from tests.qa.intake import sheets

FIRST = """# Conduct

## Threats

Not allowed:

- Saying that somebody will be hurt

## Praise

Allowed:

- Thanks
"""
SECOND = FIRST.replace("## Threats", "## Threats of harm").replace("## Praise", "## Gifts\n\nNo gifts.\n\n## Praise")

REWORDED = FIRST.replace("Saying", "Announcing")


def publish(text: str, **given: object) -> policies.Imported:
    """Take in a version of the policy `conduct`."""
    return write(lambda: policies.import_text(SYSTEM, text, name="conduct", **given))


def run(app: Flask, *arguments: object) -> tuple[int, str, str]:
    """A command's exit code, output and messages."""
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_version_in_force_on_a_day_is_the_last_that_had_begun(app: Flask) -> None:
    publish(FIRST)
    publish(SECOND, effective=date(2026, 11, 1))

    found = [policy_queries.version_in_force("conduct", date(2026, *day)) for day in ((1, 1), (10, 31), (11, 1))]

    assert [one.number for one in found if one] == ["1", "1", "2"]
    assert policy_queries.section("conduct/gifts", date(2026, 10, 31)) is None
    assert policy_queries.section("conduct/gifts", date(2026, 11, 1)) is not None


def test_a_section_keeps_its_key_when_its_title_changes(app: Flask) -> None:
    publish(FIRST)
    publish(SECOND, effective=date(2026, 11, 1))

    row = policy_queries.section("conduct/threats", date(2026, 11, 2))

    assert row is not None and row.title == "Threats of harm"
    version = policy_queries.version("conduct", "2")
    assert version is not None and 'id="s-threats"' in version.html


def test_the_same_text_again_changes_nothing(app: Flask) -> None:
    first, again = publish(FIRST), publish(FIRST)

    assert (first.what, again.what, again.version) == ("added", "unchanged", "1")


@pytest.mark.parametrize(
    ("text", "given", "field"),
    [
        (SECOND, {}, "effective"),
        (SECOND, {"effective": date(2026, 10, 1)}, "effective"),
        ("---\nversion: 1\n---\n" + SECOND, {"effective": date(2026, 12, 1)}, "version"),
        ("---\nversion: [1]\n---\n" + SECOND, {"effective": date(2026, 12, 1)}, "version"),
        ("---\neffective: soon\n---\n" + SECOND, {}, "effective"),
        ("---\naudience: nobody\n---\n" + SECOND, {}, "audience"),
        ("---\nsplit_depth: 7\n---\n" + SECOND, {}, "split_depth"),
        (SECOND, {"slug": "none"}, "slug"),
        (SECOND, {"slug": "Not a slug"}, "slug"),
        ("  \n", {}, None),
    ],
)
def test_a_version_that_cannot_be_is_refused(
    sqlite_app: Flask, text: str, given: dict[str, object], field: str | None
) -> None:
    publish(FIRST)
    publish(FIRST + "\nMore.\n", effective=date(2026, 10, 1))

    with pytest.raises(BadInput) as refused:
        publish(text, **given)

    assert refused.value.problems[0].field == field


def test_a_day_on_which_cases_were_decided_gets_no_other_version(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheets.sheet(tmp_path, [sheets.row(closed_at="2026-11-10T09:30:00Z")]))

    with pytest.raises(BadInput):
        publish(SECOND, effective=date(2026, 11, 10))
    done = publish(SECOND, effective=date(2026, 11, 11))

    assert done.what == "added"


def test_play_is_cut_to_the_split_depth(sqlite_app: Flask) -> None:
    publish(sheets.POLICY)
    flat = sheets.POLICY.replace("split_depth: 1", "split_depth: 0").replace("slug: conduct", "slug: flat")
    write(lambda: policies.import_text(SYSTEM, flat, name="flat"))

    keys = ("conduct", "conduct/threats", "conduct/in-jokes", "flat/in-jokes")
    rows = [policy_queries.section(key, date(2026, 1, 1)) for key in keys]

    plays = [policy_queries.play_key(row) for row in rows if row]
    assert plays == ["conduct", "conduct/threats", "conduct/insults", "flat"]


def test_a_folder_comes_in_whole_or_not_at_all_and_what_is_about_the_others_is_named(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("# About\n")
    (tmp_path / "one.md").write_text(FIRST)
    (tmp_path / "two.md").write_text("---\nversion: [x]\n---\n# Two\n")
    (tmp_path / "deeper").mkdir()

    refused = run(sqlite_app, "policy", "import", tmp_path)
    none = json.loads(run(sqlite_app, "policy", "list", "--json")[1])
    (tmp_path / "two.md").write_text("# Two\n\nBe kind.\n")
    taken = run(sqlite_app, "policy", "import", tmp_path, "--json")
    listed = json.loads(run(sqlite_app, "policy", "list", "--json")[1])

    assert refused[0] == 1 and "two.md: version" in refused[2] and none == {"policies": []}
    assert taken[0] == 0 and "README.md: skipped" in taken[2]
    assert [one["what"] for one in json.loads(taken[1])["files"]] == ["skipped", "added", "added"]
    assert [one["slug"] for one in listed["policies"]] == ["one", "two"]


def test_sections_and_rules_are_printed(sqlite_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "conduct.md"
    path.write_text(FIRST)
    run(sqlite_app, "policy", "import", path)

    sections = json.loads(run(sqlite_app, "policy", "sections", "conduct", "--json")[1])
    parsed = json.loads(run(sqlite_app, "policy", "parse", path, "--json")[1])
    absent = [run(sqlite_app, "policy", "sections", *how)[0] for how in (["gone"], ["conduct", "--version", "9"])]

    assert [one["key"] for one in sections["sections"]] == ["conduct", "conduct/threats", "conduct/praise"]
    threats = parsed["documents"][0]["sections"][1]
    assert (threats["key"], threats["line_from"]) == ("threats", 3)
    assert [rule["polarity"] for rule in threats["rules"] if "hurt" in rule["text"]] == ["prohibited"]
    assert absent == [1, 1]


def test_versions_and_files_are_held_against_each_other(sqlite_app: Flask, tmp_path: Path) -> None:
    old, new = tmp_path / "conduct.md", tmp_path / "later.md"
    old.write_text(FIRST)
    new.write_text(SECOND)
    run(sqlite_app, "policy", "import", old)
    run(sqlite_app, "policy", "import", new, "--slug", "conduct", "--effective", "2026-12-01")

    stored = json.loads(run(sqlite_app, "policy", "diff", "conduct", "1", "2", "--json")[1])
    files = json.loads(run(sqlite_app, "policy", "diff", old, new, "--json")[1])
    told = run(sqlite_app, "policy", "diff", old, new)
    refused = [run(sqlite_app, "policy", "diff", *how)[0] for how in (["conduct", "1", "9"], [old], [old, "gone.md"])]

    assert [(one["key"], one["old_key"], one["change"], one["needs_ruling"]) for one in stored["sections"]] == [
        ("conduct/threats", "conduct/threats", "wording", True),
        ("conduct/gifts", None, "new", False),
    ]
    assert [one["key"] for one in files["sections"]] == ["threats-of-harm", "gifts"]
    assert stored["sections"][0]["units"][0]["new"]["text"] == "Threats of harm"
    assert told[0] == 0 and "wording   threats-of-harm" in told[1] and "was: Threats" in told[1]
    assert refused == [1, 2, 2]


def test_what_is_odd_in_a_file_is_named_with_its_line(sqlite_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "conduct.md"
    path.write_bytes(b"# Conduct\n\n#### Deep\n\nNo caf\xe9s.\n")

    code, printed, told = run(sqlite_app, "policy", "parse", path)

    assert code == 0 and "deep" in printed
    assert "conduct.md: line 3:" in told and "conduct.md: line 5: Not UTF-8" in told


@pytest.mark.shared
def test_real_policies_come_in_and_the_same_again_changes_nothing(sqlite_app: Flask, shared: Path) -> None:
    first = json.loads(run(sqlite_app, "policy", "import", shared / "policies", "--json")[1])["files"]
    again = json.loads(run(sqlite_app, "policy", "import", shared / "policies", "--json")[1])["files"]

    assert {one["what"] for one in first} == {"added", "skipped"}
    assert {one["what"] for one in again} == {"unchanged", "skipped"}


def test_an_import_reads_mixed_encodings_and_names_the_lines(sqlite_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "conduct.md"
    file.write_bytes(FIRST.encode() + "\n## Größe\n\nNie.\n".encode("cp1252"))

    code, out, said = run(sqlite_app, "policy", "import", file, "--json")

    assert code == 0 and "line 15: Not UTF-8: this line was read as Windows-1252." in said
    assert json.loads(out)["files"][0]["oddities"] == ["line 15: Not UTF-8: this line was read as Windows-1252."]
    version = policy_queries.version("conduct", "1")
    assert version is not None and "Größe" in version.markdown


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00" + bytes(range(200)),
    ],
)
@pytest.mark.parametrize("command", ["import", "parse"])
def test_a_binary_file_is_refused_and_named(sqlite_app: Flask, tmp_path: Path, raw: bytes, command: str) -> None:
    file = tmp_path / "conduct.md"
    file.write_bytes(raw)

    code, _, said = run(sqlite_app, "policy", command, file)

    assert code == 1 and "conduct.md" in said and "a binary file" in said
    assert policy_queries.version_list() == ()


def test_a_file_above_the_limit_of_the_settings_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "conduct.md"
    file.write_text(FIRST + "\nMore words.\n" * 100_000)
    write(lambda: preferences.put(SYSTEM, "policy_file_mb", 1))

    code, _, said = run(sqlite_app, "policy", "import", file)

    assert code == 1 and "a policy of at most 1 MB" in said and "1.3 MB" in said


def test_an_import_names_the_reworded_sections_that_wait_for_their_owner(app: Flask, tmp_path: Path) -> None:
    publish(FIRST)
    file = tmp_path / "conduct.md"
    file.write_text(REWORDED)

    _, out, said = run(app, "policy", "import", file, "--effective", "2026-12-01", "--json")

    first, second = (policy_queries.version("conduct", number) for number in ("1", "2"))
    assert first is not None and second is not None
    assert json.loads(out)["files"][0]["needs_ruling"] == ["conduct/threats"]
    assert "conduct/threats was reworded" in said
    found = section_changes.meanings(first.id, second.id)["conduct/threats"]
    assert (found.kind, found.counts_as) == ("wording", "material")


def test_what_the_owner_says_afterwards_is_kept_and_can_be_said_anew(app: Flask) -> None:
    first, second = publish(FIRST), publish(REWORDED, effective=date(2026, 12, 1))
    before, after = (policy_queries.version("conduct", one.version) for one in (first, second))
    assert before is not None and after is not None
    waited = section_changes.waiting()

    changed = [
        write(lambda said=said: section_changes.rule(SYSTEM, "conduct", "2", {"conduct/threats": said}))
        for said in ("same", "same", "material")
    ]

    found = section_changes.meanings(before.id, after.id)["conduct/threats"]
    assert [(one.slug, one.number, one.sections) for one in waited] == [("conduct", "2", 1)]
    assert changed == [1, 0, 1] and found.counts_as == "material" and section_changes.waiting() == []
    with pytest.raises(BadInput):
        write(lambda: section_changes.rule(SYSTEM, "conduct", "2", {"conduct/threats": "perhaps"}))


def test_two_versions_in_one_import_follow_each_other(app: Flask, tmp_path: Path) -> None:
    for number, text in (("1", FIRST), ("2", SECOND.replace("Saying", "Announcing"))):
        day = "" if number == "1" else "effective: 2026-12-01\n"
        (tmp_path / f"v{number}.md").write_text(f"---\nslug: conduct\n{day}---\n" + text)

    done = policies.import_paths(SYSTEM, [tmp_path])

    assert [(one.version, one.needs_ruling) for one in done] == [("1", ()), ("2", ("conduct/threats",))]
    assert policy_queries.sections_by_key(["conduct/threats"])["conduct/threats"].title == "Threats of harm"


def test_a_text_prepared_before_another_version_came_in_follows_that_one(sqlite_app: Flask) -> None:
    publish(FIRST)
    prepared = preparing.prepare(SECOND, name="conduct", effective=date(2026, 12, 1))
    publish(FIRST.replace("## Threats", "## Menaces"), effective=date(2026, 11, 20))

    write(lambda: policies.publish(SYSTEM, prepared))

    assert policy_queries.sections_by_key(["conduct/threats"])["conduct/threats"].title == "Threats of harm"
    second, third = (policy_queries.version("conduct", number) for number in ("2", "3"))
    assert second is not None and third is not None and section_changes.meanings(second.id, third.id)
