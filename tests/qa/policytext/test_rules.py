import pytest

from qa.policytext.hashing import canonical
from qa.policytext.measures import Threshold
from qa.policytext.sections import parse


def rules(markdown):
    return [rule for section in parse(markdown, name="p").sections for rule in section.rules]


def test_items_know_the_item_that_holds_them_and_their_lines():
    found = rules("## Not allowed\n- a\n  - b,\n    long\n    - c\n- d")

    assert [(rule.text, rule.parent, rule.depth, rule.line_from, rule.line_to) for rule in found] == [
        ("a", None, 1, 2, 2),
        ("b, long", 0, 2, 3, 4),
        ("c", 1, 3, 5, 5),
        ("d", None, 1, 6, 6),
    ]


def test_a_sentence_with_a_modal_verb_or_a_limit_is_a_rule_and_others_are_not():
    found = rules("We like fairs. Staff must answer.\nA case closes after 3 days. The sky\nis blue. You may not tout!")

    assert [(rule.text, rule.modality, rule.line_from, rule.line_to) for rule in found] == [
        ("Staff must answer.", "must", 1, 1),
        ("A case closes after 3 days.", None, 2, 2),
        ("You may not tout!", "may not", 3, 3),
    ]
    assert found[1].threshold == Threshold(3, "day", "after")
    assert [rule.polarity for rule in found] == ["neither", "neither", "prohibited"]


def test_a_sentence_that_leads_to_a_list_is_no_rule_of_its_own():
    assert [rule.text for rule in rules("You must not sell:\n- tickets")] == ["tickets"]


def test_a_coded_item_has_its_code_its_example_and_what_is_done():
    found = rules(
        "**Risky (T3)**\n- **T3.a Bait** – “Click now!”\n- **T3.b Hook** – “Act fast.”\n\n  **Output:** INVALID"
    )

    assert [(rule.code, rule.examples, rule.action, rule.role) for rule in found] == [
        ("T3.a", ("Click now!",), "INVALID", "rule"),
        ("T3.b", ("Act fast",), "INVALID", "rule"),
    ]


def test_quotes_under_an_item_are_its_examples():
    found = rules("## Not allowed\n- Bait\n  - “Click now!”\n  - Example: Act fast")

    assert [rule.role for rule in found] == ["rule", "example", "example"]
    assert found[0].examples == ("Click now!", "Act fast")


def test_what_one_item_orders_is_not_ordered_for_the_others():
    found = rules("## Cases\n- one\n  Action: warn\n- two\n  Action: remove\n- three")

    assert [rule.action for rule in found] == ["warn", "remove", None]


def test_a_ladder_of_paragraphs_is_a_step_with_its_action():
    found = rules("### 1. Warning\n\n**Impact**: A first\noffence.\n\n**Consequence**: A written warning.")

    assert [(rule.text, rule.role, rule.action) for rule in found] == [
        ("A first offence.", "step", "A written warning.")
    ]


def test_a_ladder_of_items_and_one_of_rows_are_steps_too():
    items = rules("- **Event**: first offence\n- **Action**: warning")
    rows = rules("## Prohibited\n| Offence | Action |\n|---|---|\n| first | warn |\n| second | ban |")

    assert (items[0].role, items[0].action) == ("step", "warning")
    assert [(row.text, row.action, row.polarity, row.line_from) for row in rows] == [
        ("first | warn", "warn", "prohibited", 4),
        ("second | ban", "ban", "prohibited", 5),
    ]


def test_a_table_of_terms_holds_definitions_with_their_codes():
    found = rules("## Terms used\n| Code | Meaning |\n|---|---|\n| T1 | Touting |")

    assert [(rule.role, rule.code, rule.polarity, rule.unit) for rule in found] == [
        ("definition", "T1", "neither", "row")
    ]


@pytest.mark.parametrize(
    ("markdown", "role"),
    [
        ("## How we work\n1. Read\n2. Decide", "step"),
        ("Your request must include:\n- a link", "element"),
        ("## Not allowed\n- resale, except:\n  - gifts", "exception"),
        ("## Allowed\n- fairs:\n  - **Covered types**: spring fairs", "facet"),
        ("## Allowed\n- fairs:\n  - **Requirement**: a permit", "qualifier"),
        ("## Glossary\n- **Fair**: a market", "definition"),
        ("A “fair” is a market.", "definition"),
        ("Touting is where a ticket is sold on for more.", "definition"),
        ("Touting means selling on.", "definition"),
        ("Touting may mean a ban.", "rule"),
        ("This means that you must ask.", "rule"),
        ("Touting does not refer to gifts; gifts are allowed.", "rule"),
        ("## Key terms\n**Tout**: one who sells on.", "definition"),
        ("Fairs are banned. However, small fairs may go on.", "exception"),
    ],
)
def test_the_last_rule_has_the_role(markdown, role):
    assert rules(markdown)[-1].role == role


def test_a_norm_knows_when_it_holds_and_what_is_taken_out_of_it():
    rule = rules("You may not resell tickets if the fair is free, except to friends.")[0]

    assert rule.conditions == ("if the fair is free",)
    assert rule.exceptions == ("except to friends",)


def test_items_and_rows_know_the_words_that_lead_to_them():
    found = rules("## S\nWe like fairs. We do not allow:\n- touts, such as:\n  - bots\n\nWords.\n\n- last")

    assert [(rule.text, rule.lead_in) for rule in found] == [
        ("touts, such as:", "We do not allow:"),
        ("bots", "touts, such as:"),
        ("last", ""),
    ]
    assert rules("## S\nWe remove:\n\n| a |\n|---|\n| tout |")[0].lead_in == "We remove:"


def test_a_numbered_clause_has_its_number_as_its_code():
    found = rules("## S\n2.1 You must ask. You must wait.\n\n§ 4a Nobody may tout.")

    assert [rule.code for rule in found] == ["2.1", None, "4a"]


def test_an_arrow_says_what_is_done():
    assert rules("- If unclear → ask the lead")[0].action == "ask the lead"


def test_the_hash_stays_through_cosmetic_edits_and_changes_with_words_and_side():
    first, cosmetic, worded, moved = (
        rules(text)[0].unit_hash
        for text in (
            "## Not allowed\n- a friend's **tickets**",
            "## Not allowed\n* A friend’s tickets.",
            "## Not allowed\n- a friend's passes",
            "## Allowed\n- a friend's tickets",
        )
    )

    assert first == cosmetic
    assert len({first, worded, moved}) == 3


def words_only(text):
    return "".join(character for character in canonical(text) if character.isalnum())


@pytest.mark.shared
def test_every_rule_of_the_reference_policies_stands_in_the_lines_it_names(shared):
    lost, total = [], 0

    for file in sorted((shared / "policies").rglob("*.md")):
        lines = file.read_text(encoding="utf-8").split("\n")
        for section in parse(file.read_text(encoding="utf-8"), name=file.stem).sections:
            for rule in section.rules:
                total += 1
                source = [without_targets(line) for line in lines[rule.line_from - 1 : rule.line_to]]
                if words_only(rule.text) not in words_only(" ".join(source)):
                    lost.append((file.name, rule.line_from, rule.text))

    assert total > 700
    # One link has no title of its own, and is named after its target.
    assert [(name, "a fork of" in text) for name, _, text in lost] == [
        ("github-private-information-removal-policy.md", True)
    ]


def without_targets(line):
    for opening, closing in (("](", ")"), ("][", "]"), ("{%", "%}"), ("<!--", "-->")):
        while opening in line:
            head, _, tail = line.partition(opening)
            line = head + tail.partition(closing)[2]
    return line


@pytest.mark.shared
def test_no_rule_of_the_reference_policies_keeps_a_mark_of_markdown(shared):
    marks = ("**", "{%", "AUTOTITLE", "<!--", "](", "\n- ", "\n* ")

    for file in sorted((shared / "policies").rglob("*.md")):
        for section in parse(file.read_text(encoding="utf-8"), name=file.stem).sections:
            texts = [rule.text for rule in section.rules]
            kept = [text for text in [section.title, section.text, *texts] if any(mark in text for mark in marks)]

            assert kept == []
            assert not [text for text in texts if text.startswith(("- ", "* ", "1. ", "+ "))]


@pytest.mark.parametrize(
    ("table", "sides"),
    [
        ("| Thing | Allowed? |\n|---|---|\n| gift | yes |\n| tout | No |", ["permitted", "prohibited"]),
        ("| Thing | Verdict |\n|---|---|\n| gift | Allowed |\n| tout | Not permitted |", ["permitted", "prohibited"]),
        ("| Thing | Status |\n|---|---|\n| swap | Restricted |", ["neither"]),
        ("| Violates? | Thing |\n|---|---|\n| ✅ | tout |\n| ❌ | gift |", ["prohibited", "permitted"]),
        ("| Where | Not allowed |\n|---|---|\n| gate | touting |", ["prohibited"]),
        ("| Allowed | Not allowed |\n|---|---|\n| gifts | touting |", ["neither"]),
        ("| Thing | Action |\n|---|---|\n| tout | Remove |\n| gift | Keep |", ["prohibited", "permitted"]),
        ("| Thing | Size |\n|---|---|\n| tent | big |", ["neither"]),
    ],
)
def test_the_head_of_a_table_says_on_which_side_its_rows_are(table, sides):
    assert [rule.polarity for rule in rules(f"## Things\n{table}")] == sides


def test_a_table_of_two_sides_is_on_neither_even_where_all_is_prohibited():
    found = rules("## Prohibited\n| Don't | Do |\n|---|---|\n| touting | asking |")

    assert [rule.polarity for rule in found] == ["neither"]


def test_an_action_does_not_take_a_prohibited_row_back():
    found = rules("## Prohibited\n| Offence | Action |\n|---|---|\n| first touting | No action |")

    assert [(rule.polarity, rule.action) for rule in found] == [("prohibited", "No action")]
