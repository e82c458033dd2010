from qa.policytext.sections import parse


def sides(markdown):
    return {rule.text: rule.polarity for section in parse(markdown, name="p").sections for rule in section.rules}


def test_exceptions_within_exceptions_flip_each_time():
    found = sides(
        "## Not allowed\n- **Resale**: any resale. This excludes:\n  - among friends. This does not include:\n"
        "    - for more than the price\n  - to a charity\n- touting"
    )

    assert list(found.values()) == ["prohibited", "permitted", "prohibited", "permitted", "prohibited"]


def test_few_words_above_a_list_decide_for_it_alone():
    found = sides("## Names\n**What it is**: asking for names at the gate\n\n**Don't say**:\n- your name?")

    assert found["your name?"] == "prohibited"


def test_no_before_a_thing_bans_it_and_no_before_a_statement_does_not():
    found = sides("## House rules\n- No touts or bots\n- No longer than a day\n- No appeal is heard twice\n1. No pets")

    assert list(found.values()) == ["prohibited", "neither", "neither", "prohibited"]


def test_what_explains_an_item_is_not_on_its_side():
    found = sides(
        "## House rules\n- Posts cannot be copied.\n  - This is about old posts too\n- Here you can post:\n  - jokes"
    )

    assert list(found.values()) == ["prohibited", "neither", "permitted", "permitted"]


def test_a_tick_says_that_a_thing_is_fine_only_where_others_are_crossed_out():
    contrast = sides("## Signs\n- ❌ “Last chance”\n- ✅ “Open till noon”")
    checklist = sides("## Signs\n- ✅ read\n- ✅ decide")

    assert list(contrast.values()) == ["prohibited", "permitted"]
    assert set(checklist.values()) == {"neither"}


def test_a_stated_outcome_counts_more_than_a_title_that_sounds_like_a_procedure():
    found = sides("## Forging (F2 - instructions)\nExamples:\n- F2.a “Copy it”\n\nOutput: `INVALID`")

    assert found["F2.a “Copy it”"] == "prohibited"


def test_labels_that_qualify_are_on_neither_side_and_what_an_exclusion_lists_is_on_the_other():
    found = sides(
        "## Prohibited\n- **Resale**: any resale:\n  - **Requirement**: must name the seller\n"
        "  - **Note**: also online\n  - **Exclusion**: does not include\n    - gifts\n  - **Methods**: by post"
    )

    assert list(found.values()) == ["prohibited", "neither", "neither", "neither", "permitted", "prohibited"]


def test_a_label_puts_its_own_item_on_a_side():
    found = sides("## Satire\n- **Allowed**: parody\n- **Not allowed**:\n  - threats\n- other")

    assert list(found.values()) == ["permitted", "neither", "prohibited", "neither"]


def test_a_section_inherits_and_an_exception_below_it_flips():
    found = sides(
        "# Prohibited conduct\n## Scams\n- fake shops\n## Exceptions\n- staged fairs\n# Background\n- history"
    )

    assert list(found.values()) == ["prohibited", "permitted", "neither"]


def test_excludes_is_the_other_side_of_includes_beside_it():
    found = sides("## Resale\n### Includes\n- touting\n### Excludes\n- gifts")

    assert list(found.values()) == ["prohibited", "permitted"]


def test_excludes_is_not_the_other_side_of_a_section_further_away():
    found = sides("## Allowed\n- gifts\n## Background\n- history\n## Not in scope\n- mail")

    assert list(found.values()) == ["permitted", "neither", "neither"]


def test_excludes_alone_is_on_neither_side():
    assert list(sides("## Resale\n### Excludes\n- gifts").values()) == ["neither"]


def test_what_is_done_on_each_occasion_is_on_neither_side():
    found = sides("## Violations\n- First offence: a warning\n- Second violation: a ban\n- Touting at the gate")

    assert list(found.values()) == ["neither", "neither", "prohibited"]


def test_an_order_in_front_of_an_item_says_its_side_only_beside_the_opposite_order():
    weighed = sides("## At the gate\n- **Remove**: touts\n- **Keep**: families")
    listed = sides("## Your rights\n- **Delete**: all that we hold\n- **Export**: a copy")

    assert list(weighed.values()) == ["prohibited", "permitted"]
    assert set(listed.values()) == {"neither"}


def test_what_a_house_says_of_itself_is_on_neither_side_whatever_its_signs():
    found = sides("## What we don't do\n- ❌ cookies\n- ❌ sell names\n## How we work\n- We cannot read letters")

    assert set(found.values()) == {"neither"}


def test_what_comes_of_a_breach_or_whom_to_tell_is_no_conduct():
    found = sides(
        "## Prohibited\n- touting\n- Violations may result in a ban\n- Report any tout to the office\n"
        "- If you are unsure, ask\n## Exceptions\n- staged fairs\n- Exceptions must be approved in writing"
    )

    assert list(found.values()) == ["prohibited", "neither", "neither", "neither", "permitted", "neither"]


def test_what_takes_an_exception_is_none():
    found = sides(
        "## Prohibited\n### Touting\n- at the gate\n### Exceptions\n- staged fairs\n"
        "- They must be approved in writing by the office"
    )

    assert list(found.values()) == ["prohibited", "permitted", "neither"]


def test_a_name_set_off_before_a_command_does_not_hide_it():
    found = sides("## House rules\n- **Names**: do not share them\n- **Tidy.** Sweep the stall\n- **Never shout**")

    assert list(found.values()) == ["prohibited", "neither", "prohibited"]


def test_what_is_to_be_forborne_is_not_welcome():
    found = sides("## Encouraged\n- greeting guests\n- Refrain from shouting")

    assert list(found.values()) == ["permitted", "prohibited"]


def test_not_before_what_is_owed_forbids_it():
    found = sides("## Guests\nAll guests will:\n- Not sell gifts\n- Keep the gate clear\n## Fairs\n- Not a market")

    assert list(found.values()) == ["prohibited", "neither", "neither"]


def test_what_is_said_besides_says_nothing_of_conduct():
    assert list(sides("## Overview\n- We welcome small fairs\n- You may not know us").values()) == [
        "neither",
        "neither",
    ]


def test_terms_and_procedures_are_on_neither_side():
    found = sides("## Definitions\n- **Tout**: one who resells. Includes:\n  - bots\n## How we decide\n- Do not guess")

    assert list(found.values()) == ["neither", "neither", "neither"]


def test_the_stated_outcome_decides_where_the_heading_is_unknown():
    found = sides("**Risky (T3)**\n- **T3.a Bait** – “Click now”\n- **T3.b Hook** – “Act fast”\n  **Output:** INVALID")

    assert set(found.values()) == {"prohibited"}


def test_what_staff_are_to_do_and_what_is_requested_judges_nobodys_conduct():
    found = sides("## Work\nModerators should:\n- avoid long shifts\n\nRespect requests to:\n- avoid names")

    assert set(found.values()) == {"neither"}


def test_a_breach_is_named_where_a_text_tells_what_is_done_too():
    found = sides(
        "## False reports\n- Reporting a stall for fun is a violation of these rules\n"
        "- Anonymous guests who report again and again are spoken to"
    )

    assert list(found.values()) == ["prohibited", "neither"]


def test_what_people_are_able_to_do_once_something_happened_is_no_permission():
    found = sides("## If your stall is reported\nYou can:\n- Hand in another picture")
    allowed = sides("## Pictures\nYou can:\n- Hand in another picture")

    assert (*found.values(), *allowed.values()) == ("neither", "permitted")


def test_what_a_rule_is_for_is_not_on_its_side():
    found = sides("## Touting prohibition\n- touting at the gate\n- This rule exists for those who queue")

    assert list(found.values()) == ["prohibited", "neither"]


def test_examples_under_a_ban_that_is_a_sentence_are_on_its_side():
    found = sides("## Stalls\n- Stalls must not cheat guests.\n  - e.g., false scales, wet flour\n")

    assert list(found.values()) == ["prohibited", "prohibited"]


def test_a_nested_list_of_what_the_sentence_before_bans_is_banned():
    found = sides(
        "## Manners\n- Be kind. Insults are not acceptable. This includes, but is not limited to:\n  - jeers\n"
    )

    assert found["jeers"] == "prohibited"


def test_a_firm_ban_holds_under_a_title_that_puts_nothing_on_a_side():
    found = sides("## Scope\n- Stalls must not block the gate.\n- Stalls on the meadow\n")

    assert list(found.values()) == ["prohibited", "neither"]


def test_to_include_something_in_a_report_is_no_ban():
    found = sides("## Reporting\nInclude:\n- the date\n")

    assert list(found.values()) == ["neither"]
