import pytest

from qa.policytext.polarity import flipped, heading_side, lead, outcome_side, stated_side
from qa.policytext.sections import parse
from tests.qa.policytext.gold import GOLD


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("X1 (Scams) – VIOLATES", "prohibited"),
        ("X1 (Scams / Fraud) - SAFE", "permitted"),
        ("3. Prohibited content", "prohibited"),
        ("Examples of unacceptable behaviour", "prohibited"),
        ("What we don’t allow", "prohibited"),
        ("What you can post", "permitted"),
        ("Not a violation", "permitted"),
        ("What is not a violation", "permitted"),
        ("Allowed Content (X0 – harmless)", "permitted"),
        ("Remove", "prohibited"),
        ("We remove", "prohibited"),
        ("What’s allowed", "permitted"),
        ("Do:", "permitted"),
        ("Don’t", "prohibited"),
        ("Not in scope", "exception"),
        ("Includes", "prohibited"),
        ("Excludes", "exception"),
        ("Exceptions to this rule", "exception"),
        ("Acceptable Use", None),
        ("Overview", None),
        ("How to report a violation", None),
        ("Violation history of the account", None),
        ("Restricted goods", None),
        ("2. Prohibited content categories", "prohibited"),
        ("❌ Don’t say", "prohibited"),
        ("Special prohibitions", "prohibited"),
        ("Excludes from this exemption", "exception"),
    ],
)
def test_a_heading_has_the_side_the_lexicon_knows_and_no_other(title, side):
    assert heading_side(title) == side


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("You may not sell counterfeit tickets.", "prohibited"),
        ("Members must never share passwords.", "prohibited"),
        ("Please do not post receipts.", "prohibited"),
        ("We do not tolerate threats.", "prohibited"),
        ("We remove posts that threaten.", "prohibited"),
        ("We remove it within a day.", None),
        ("Ticket resale is strictly prohibited.", "prohibited"),
        ("You may post satire.", "permitted"),
        ("Satire is generally allowed.", "permitted"),
        ("We do not prohibit advertising.", "permitted"),
        ("While jokes may be allowed, we do not allow threats.", "prohibited"),
        ("We allow what would be prohibited elsewhere.", "permitted"),
        ("The Acceptable Use Policies apply.", None),
        ("You may be asked for a receipt.", None),
        ("Answers may not reach everybody.", None),
        ("This may take some time.", None),
        ("Members are encouraged to report touts.", None),
        ("We encourage all guests to report touts.", None),
        ("We encourage satire.", "permitted"),
        ("Posts cannot violate other rules.", "prohibited"),
        ("Posts may not be visible at once.", None),
        ("All human behavior cannot be listed here.", None),
        ("Posts that name a tout may not be shared.", "prohibited"),
        ("Touting will not be tolerated.", "prohibited"),
        ("Gifts are actually ok.", "permitted"),
        ("You cannot sell gifts.", "prohibited"),
        ("You cannot receive a refund.", None),
        ("Check that tickets do not violate this policy.", None),
        ("Touting isn't allowed.", "prohibited"),
        ("Touts are generally not welcome.", "prohibited"),
        ("Abuse is never tolerated.", "prohibited"),
        ("Old tickets may be removed.", None),
        ("You may visit every stall.", "permitted"),
        ("You may appeal within a week.", None),
    ],
)
def test_a_sentence_is_on_the_side_of_its_main_clause(sentence, side):
    assert stated_side(sentence) == side


@pytest.mark.parametrize(
    ("words", "base", "nested", "side"),
    [
        ("We do not allow:", "neither", False, "prohibited"),
        ("We will remove:", "neither", False, "prohibited"),
        ("We do not allow tickets to be resold. This includes:", "neither", False, "prohibited"),
        ("Examples of acceptable behavior include:", "neither", False, "permitted"),
        ("This excludes:", "prohibited", False, "permitted"),
        ("You may sell tickets, except:", "neither", False, "prohibited"),
        ("Reselling through any of:", "prohibited", True, "prohibited"),
        ("Resale among friends. This excludes:", "permitted", True, "prohibited"),
        ("Answering that resale is acceptable, including:", "prohibited", True, "prohibited"),
        ("Requests must include:", "prohibited", False, "neither"),
        ("Just a sentence.", "permitted", False, "permitted"),
        ("Insulting a guest (excludes groups):", "prohibited", True, "prohibited"),
        ("No resale of any kind:", "neither", False, "prohibited"),
        ("We do not allow attacks on guests based on:", "prohibited", False, "neither"),
        ("Satire is allowed if:", "neither", False, "neither"),
        ("Content does not violate if it:", "neither", False, "permitted"),
        ("Sellers and their staff must not:", "neither", False, "prohibited"),
        ("Sellers and their staff may:", "neither", False, "permitted"),
        ("The office does not and cannot:", "neither", False, "neither"),
        ("You may not post pictures if they:", "neither", False, "prohibited"),
        ("We do not allow touts. Here are some ways to go on:", "neither", False, "neither"),
        ("We do not allow touts. Examples are:", "neither", False, "prohibited"),
    ],
)
def test_a_lead_in_decides_for_its_list(words, base, nested, side):
    assert lead(words, base, nested=nested).side == side


@pytest.mark.parametrize(
    ("outcome", "side"),
    [("INVALID + ESCALATE", "prohibited"), ("VALID either way", "permitted"), ("Non-violating", "permitted")]
    + [("Remove and warn", "prohibited"), ("Refer to the lead", "neither")],
)
def test_an_outcome_shows_the_side(outcome, side):
    assert outcome_side(outcome) == side


def test_neither_has_no_other_side():
    assert [flipped(side) for side in ("prohibited", "permitted", "neither")] == ["permitted", "prohibited", "neither"]


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


def test_terms_and_procedures_are_on_neither_side():
    found = sides("## Definitions\n- **Tout**: one who resells. Includes:\n  - bots\n## How we decide\n- Do not guess")

    assert list(found.values()) == ["neither", "neither", "neither"]


def test_the_stated_outcome_decides_where_the_heading_is_unknown():
    found = sides("**Risky (T3)**\n- **T3.a Bait** – “Click now”\n- **T3.b Hook** – “Act fast”\n  **Output:** INVALID")

    assert set(found.values()) == {"prohibited"}


@pytest.mark.shared
def test_every_item_of_the_reference_policies_is_on_the_side_a_person_reads(shared):
    read = {}
    wanted = {(name, line): side for name, gold in GOLD.items() for side, lines in gold.items() for line in lines}

    for name in GOLD:
        document = parse((shared / "policies" / name).read_text(encoding="utf-8"), name="p")
        rules = [rule for section in document.sections for rule in section.rules if rule.unit == "item"]
        read |= {(name, rule.line_from): rule.polarity for rule in rules}

    assert read.keys() == wanted.keys()
    right = sum(side == wanted[item] != "neither" for item, side in read.items())
    precision = right / sum(side != "neither" for side in read.values())
    recall = right / sum(side != "neither" for side in wanted.values())
    print(f"{len(wanted)} items, precision {precision:.4f}, recall {recall:.4f}")
    assert len(wanted) >= 450
    assert precision >= 0.98 and recall >= 0.90
    # Nothing is known to be wrong; an item that becomes so is named here before it costs a share.
    assert {item: side for item, side in read.items() if side != wanted[item]} == {}
