import pytest

from qa.policytext.polarity import flipped, heading_side, lead, outcome_side, stated_side
from qa.policytext.sections import parse


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


# The side of every list item of the reference policies as a person reads it, by line; qualifiers and terms are on
# neither side.
GOLD = {
    "roost-drug-policy.md": {
        "neither": [*range(11, 22), 25, 26, 43, 61, 84, 98, 101, 106, 107, 111, 115, 123, 124],
        "prohibited": [
            *range(34, 39), 40, 41, 42, *range(45, 54), *range(55, 61), *range(63, 68), *range(69, 73), *range(74, 81),
            82, 83, 86, 91, 92,
        ],
        "permitted": [90, 94, 95, 96, 97, 100, 103, 104, 105, 109, 110, 113, 114, 117, 119],
    },
    "roost-spam-policy.md": {
        "neither": [6, 8, 10, 12, 14, 70, 72, 82, 84, 86, 88],
        "permitted": [19, 21, 23, 25, 27, 29, 31],
        "prohibited": [38, 40, 42, 48, 50, 52, 54, 60, 62, 64],
    },
    "roost-content-moderation-policy.md": {
        "prohibited": [
            43, 44, 45, 55, 56, 57, 67, 68, 69, 70, 80, 81, 82, 83, 93, 94, 95, 96, 106, 107, 108, 109, 118, 119, 120,
            130, 131, 132,
        ],
        "permitted": [
            48, 49, 50, 60, 61, 62, 73, 74, 75, 86, 87, 88, 99, 100, 101, 112, 113, 123, 124, 125, 135, 136, 137,
        ],
    },
    "github-acceptable-use-policies.md": {
        "prohibited": [*range(24, 41, 2), 46, 48, 50, 52, *range(57, 68), 73, 74],
        "permitted": [86, 87],
    },
    "github-bullying-and-harassment.md": {"prohibited": [*range(13, 19)]},
    "github-doxxing-and-invasion-of-privacy.md": {"prohibited": [*range(13, 22)]},
    "github-hate-speech-and-discrimination.md": {"prohibited": [*range(13, 20)]},
    "github-impersonation.md": {"prohibited": [*range(13, 18)]},
    "github-threats-of-violence-and-gratuitously-violent-content.md": {"prohibited": [15, 16, 17]},
    "github-appeal-and-reinstatement.md": {"neither": [16, 17, 18, 19]},
    "github-private-information-removal-policy.md": {
        "permitted": [21, 22, 23, 24],
        "prohibited": [*range(28, 35)],
        "neither": [48, 50, 52, 54, 58, 60, 62, *range(80, 85)],
    },
    "basecamp-how-we-handle-abuse.md": {"neither": [32, 33, 34, 40, 41, 42, 50, 51, 52, 56, 57, 58]},
    "carpentries-enforcement-guidelines.md": {
        "neither": [*range(16, 20), *range(25, 45), *range(56, 61), *range(70, 78), *range(85, 107), 115, 116, 117]
    },
    "contributor-covenant-2.1.md": {"permitted": [25, 26, 27, 28, 30], "prohibited": [35, 37, 38, 39, 41]},
}  # fmt: skip


@pytest.mark.shared
def test_every_item_of_the_reference_policies_is_on_the_side_a_person_reads(shared):
    wrong, total = [], 0

    for name, gold in GOLD.items():
        wanted = {line: side for side, lines in gold.items() for line in lines}
        document = parse((shared / "policies" / name).read_text(encoding="utf-8"), name=name)
        items = [rule for section in document.sections for rule in section.rules if rule.unit == "item"]
        assert {rule.line_from for rule in items} == set(wanted), name
        wrong += [(name, rule.line_from, rule.polarity) for rule in items if rule.polarity != wanted[rule.line_from]]
        total += len(items)

    assert total >= 300
    assert wrong == []
