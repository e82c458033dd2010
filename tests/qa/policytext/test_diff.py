from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.policytext.diff import diff
from qa.policytext.sections import parse
from qa.policytext.units import units

HEAD = "# Touting\n\n## Not allowed\n\n"
LINES = (
    ["# A\n", "## B\n", "### B\n", "## Not allowed\n", "## Exceptions\n", "**C**\n", "- a\n", "- a b c\n"]
    + ["  - a b d\n", "1. e\n", "You may not tout.\n", "You may tout. It is fine.\n", "\n", "x:\n", "> quoted\n"]
    + ["**Impact**: a first one. Then more.\n\n**Consequence**: A warning.\n", "```\n- code\n```\n"]
    + ["| a | b |\n|---|---|\n| 1 | 2 |\n"]
)  # fmt: skip
POLICIES = st.lists(st.sampled_from(LINES), max_size=14).map("".join)


def compared(old, new):
    return diff(parse(old, name="p"), parse(new, name="p"))


def kinds(old, new):
    return {section.key: section.kind for section in compared(old, new).sections if section.kind != "unchanged"}


def changes(old, new):
    return [
        (unit.kind, unit.why)
        for section in compared(old, new).sections
        for unit in section.units
        if unit.kind != "unchanged"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- resale\n- bots", "* resale\n* bots"),
        ("- resale\n- bots", "- resale\n\n- bots\n"),
        ("- a [form](/old)", "- a [form](/new)"),
        ("- don't resell", "- **Don’t** resell."),
        ("- resale – online", "- resale - online <!-- checked -->"),
    ],
)
def test_marks_targets_quotes_dashes_and_comments_are_cosmetic(old, new):
    assert kinds(HEAD + old, HEAD + new) == {"not-allowed": "cosmetic"}


def test_front_matter_is_no_part_of_any_section():
    assert kinds("---\ntitle: T\nold: a\n---\nWords.", "---\ntitle: T\n---\nWords.") == {}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("You may resell old tickets to friends.", "You must resell old tickets to friends.", "modal"),
        ("You may resell old tickets to friends.", "You may not resell old tickets to friends.", "negation"),
        ("You may resell up to three tickets a day.", "You may resell up to 4 tickets a day.", "number"),
        ("You may sell tickets to all your friends.", "You may sell tickets to some of your friends.", "quantifier"),
        ("You may resell tickets at the fair.", "You may resell tickets at the fair, except online.", "exception"),
        ("You may resell tickets after the fair.", "You may resell tickets before the fair.", "condition"),
    ],
)  # fmt: skip
def test_a_word_on_which_a_norm_turns_makes_a_change_material(old, new, why):
    found = compared(HEAD + old, HEAD + new).sections[-1]

    assert found.kind == "material"
    assert why in found.units[-1].why
    assert not found.needs_ruling


def test_other_words_are_wording_and_the_owner_rules_where_rules_are():
    among_rules = compared(HEAD + "- selling tickets to a stranger", HEAD + "- selling passes to a stranger")
    elsewhere = compared("# T\n\nWe like the old fair.", "# T\n\nWe like the big fair.")

    assert [(one.kind, one.needs_ruling) for one in among_rules.sections[1:]] == [("wording", True)]
    assert [(one.kind, one.needs_ruling) for one in elsewhere.sections] == [("wording", False)]


def test_the_same_number_in_words_is_wording():
    assert changes(HEAD + "- more than three tickets a day", HEAD + "- more than 3 tickets a day") == [("wording", ())]


def test_the_number_of_an_edition_limits_nothing():
    assert kinds("# T\nAdapted from the Fair Code, version 2.0.", "# T\nAdapted from the Fair Code, version 2.1.") == {
        "": "wording"
    }


def test_a_new_rule_is_material_and_a_new_sentence_that_rules_nothing_is_wording():
    assert kinds(HEAD + "- bots", HEAD + "- bots\n- resale") == {"not-allowed": "material"}
    assert kinds(HEAD + "- bots", HEAD + "- bots\n\nThe fair is old.") == {"not-allowed": "wording"}


def test_a_list_that_changes_sides_is_material_though_no_item_was_touched():
    found = changes("# T\n## S\nWe do not allow:\n- resale", "# T\n## S\nWe allow:\n- resale")

    assert found == [("material", ("negation",)), ("material", ("side",))]


def test_another_outcome_is_material_for_all_it_is_ordered_for():
    found = compared(
        "# T\n## S\n- bots\n- resale\n\n**Output:** remove them", "# T\n## S\n- bots\n- resale\n\n**Output:** warn them"
    ).sections[-1]

    assert [unit.kind for unit in found.units if unit.new.kind == "item"] == ["material", "material"]
    assert all("action" in unit.why for unit in found.units if unit.new.kind == "item")


def test_sections_are_new_removed_moved_and_renamed():
    old = (
        "# T\n# A\n## Fees\nA fee is due each week here.\n## Stalls\nTents only.\n# B\n## Music\nBands play at noon.\n"
    )
    new = "# T\n# A\n## Music\nBands play at noon.\n## Charges\nA fee is due each week here.\n# B\n## Gates\nOpen.\n"

    found = {section.key: (section.kind, section.old_key) for section in compared(old, new).sections}

    assert found["music"] == ("moved", "music")
    assert found["charges"] == ("wording", "fees")
    assert found["stalls"] == ("removed", "stalls")
    assert found["gates"] == ("new", None)


def test_a_rule_that_goes_to_another_section_is_named_in_both():
    found = compared("# T\n## A\n- bots\n- cats\n## B\n- dogs", "# T\n## A\n- cats\n## B\n- dogs\n- bots")

    told = [(s.key, s.kind, u.why, u.old and u.old.text, u.new and u.new.text) for s in found.sections for u in s.units]
    assert [line for line in told if line[2]] == [
        ("a", "moved", ("to b",), "bots", None),
        ("b", "moved", ("from a",), None, "bots"),
    ]


def test_a_rule_that_goes_to_the_other_side_is_material_in_both():
    old, new = (
        "# T\n## Not allowed\n- bots\n- cats\n## Allowed\n- dogs",
        "# T\n## Not allowed\n- cats\n## Allowed\n- bots",
    )

    found = compared(old, new)

    assert {section.key: section.kind for section in found.sections[1:]} == {
        "not-allowed": "material",
        "allowed": "material",
    }


def test_sections_of_one_title_go_with_those_that_say_the_same():
    old = "# Stalls\n## Exceptions\n- gifts\n# Gates\n## Exceptions\n- dogs\n"
    new = "# Market stalls\n## Exemptions\n- gifts\n# Old gates\n## Exceptions\n- dogs\n"

    found = {one.key: one.old_key for one in compared(old, new).sections}

    assert (found["exemptions"], found["exceptions"]) == ("exceptions", "gates-exceptions")


def test_steps_in_another_order_have_moved():
    assert changes(HEAD + "1. read\n2. ask\n3. decide", HEAD + "1. ask\n2. read\n3. decide") == [("moved", ("order",))]


def test_a_text_given_up_for_another_is_no_edit():
    found = changes(HEAD + "- selling tickets", HEAD + "- noise at night")

    assert sorted(kind for kind, _ in found) == ["new", "removed"]


@given(POLICIES)
def test_a_version_held_against_itself_is_unchanged(text):
    assert all(
        section.kind == "unchanged" and {unit.kind for unit in section.units} <= {"unchanged"}
        for section in compared(text, text).sections
    )


@settings(deadline=None)  # the first example compiles the lexicon
@given(POLICIES, POLICIES)
def test_every_unit_of_both_versions_is_accounted_for_once(old, new):
    before, after = parse(old, name="p"), parse(new, name="p")

    found = [unit for section in diff(before, after).sections for unit in section.units]

    assert Counter(unit.old for unit in found if unit.old) == Counter(u for s in before.sections for u in units(s))
    assert Counter(unit.new for unit in found if unit.new) == Counter(u for s in after.sections for u in units(s))


@settings(deadline=None)  # the first example compiles the lexicon
@example("# A\n# A\n## B\n- a\n", "## B\n## B\n- a\n# A\n- a\n")  # one of two equals has moved
@given(POLICIES, POLICIES)
def test_what_is_new_one_way_is_removed_the_other_way(old, new):
    there, back = compared(old, new), compared(new, old)

    assert sorted(s.key for s in there.sections if s.kind == "new") == sorted(
        s.key for s in back.sections if s.kind == "removed"
    )
    told = Counter(unit.new for s in there.sections for unit in s.units if unit.kind == "new")
    assert told == Counter(unit.old for s in back.sections for unit in s.units if unit.kind == "removed")


@given(POLICIES)
def test_every_rule_belongs_to_one_unit(text):
    for section in parse(text, name="p").sections:
        assert [unit.rule for unit in units(section) if unit.rule is not None] == list(section.rules)


def classes(folder, old, new):
    texts = [parse((folder / name).read_text(encoding="utf-8"), name="p") for name in (old, new)]
    found = diff(*texts)
    return found, {section.key: section.kind for section in found.sections if section.kind != "unchanged"}


@pytest.mark.shared
def test_real_versions_are_classified_as_their_sources_say(shared):
    folder = shared / "policies"
    doxxing = "versions/github-doxxing-and-invasion-of-privacy@{}-3ec3b21.md"
    posing = "versions/github-impersonation@{}-ffe1415.md"
    appeal = "versions/github-appeal-and-reinstatement@{}-759baeb.md"

    markers = classes(folder, doxxing.format("before"), doxxing.format("after"))[1]
    act, act_kinds = classes(folder, posing.format("before"), posing.format("after"))
    rewrite = classes(folder, appeal.format("before"), appeal.format("after"))[1]
    appended = classes(folder, appeal.format("after"), "github-appeal-and-reinstatement.md")[1]
    covenant = classes(folder, "versions/contributor-covenant@2.0.md", "contributor-covenant-2.1.md")[1]

    assert set(markers.values()) == {"cosmetic"}
    assert set(act_kinds.values()) == {"material"}
    one = [unit for section in act.sections for unit in section.units if unit.kind != "unchanged"]
    assert [(unit.kind, unit.new.kind, unit.new.line_from) for unit in one] == [("new", "item", 19)]
    assert Counter(rewrite.values()) == {"material": 3, "new": 3, "wording": 1}
    assert rewrite["transparency"] == "wording"
    assert set(appended.values()) == {"cosmetic", "wording"} and appended["legal-rights"] == "wording"
    assert {key for key, kind in covenant.items() if kind != "cosmetic"} == {"our-pledge", "attribution"}
    assert covenant["our-pledge"] == covenant["attribution"] == "wording"


@pytest.mark.shared
def test_many_edited_rules_are_found_in_their_sections(shared):
    old, new = "versions/roost-content-moderation-policy@v001.md", "versions/roost-content-moderation-policy@v002.md"
    folder = shared / "policies"

    first = classes(folder, old, new)[1]
    second, kinds_of_second = classes(folder, new, "roost-content-moderation-policy.md")

    assert Counter(first.values())["material"] >= 16
    assert first["category-definitions"] == "removed"
    assert {"material", "wording"} == set(kinds_of_second.values())
    # What changed in this section turns on no word of the lexicon but on "regardless of": it must not be silent.
    assert kinds_of_second["definitions"] == "material"
    assert all(section.needs_ruling for section in second.sections if section.kind == "wording")
