"""On real policies: everything is cited, one answer is right, nothing is left of the markup."""

import pytest

from training.generation.build import generate
from training.generation.checks import check
from training.generation.export import as_json
from training.generation.lexicon import RESIDUE
from training.generation.material import source

pytestmark = pytest.mark.shared

#: Policies of one publisher belong together; the rest stand alone.
TOGETHER = "github-*.md"
ALONE = [
    "basecamp-how-we-handle-abuse",
    "carpentries-enforcement-guidelines",
    "contributor-covenant-2.1",
    "roost-content-moderation-policy",
    "roost-drug-policy",
    "roost-spam-policy",
]
#: Items per 1,000 words, from below: list policies need ten.
LIST_POLICIES = ["roost-content-moderation-policy", "roost-drug-policy", "roost-spam-policy"]


@pytest.fixture(scope="module")
def modules(shared):
    """A module for each policy that stands alone, and one for those of one publisher."""
    folder = shared / "policies"
    groups = {name: [folder / f"{name}.md"] for name in ALONE} | {"github": sorted(folder.glob(TOGETHER))}
    sources = {
        name: [source(path.read_text(encoding="utf-8"), name=path.stem) for path in paths]
        for name, paths in groups.items()
    }
    return {name: generate(read) for name, read in sources.items()}


def test_no_check_of_any_module_fails(modules):
    failed = [
        (name, result)
        for name, module in modules.items()
        for result in check(as_json(module), module.policies)
        if not result.passed
    ]

    assert failed == []


def test_every_policy_gets_items_and_the_list_policies_ten_for_each_thousand_words(modules):
    def share(name: str) -> float:
        module = modules[name]
        return 1000 * len(module.items) / sum(len(policy.markdown.split()) for policy in module.policies)

    assert all(module.items for module in modules.values())
    assert {name: share(name) >= 10 for name in LIST_POLICIES} == dict.fromkeys(LIST_POLICIES, True)


def test_no_markup_is_left_in_anything_that_is_asked(modules):
    texts = [
        text
        for module in modules.values()
        for item in module.items
        for option in item.options
        for text in (item.stem.replace("____", ""), option.text, option.feedback, option.citation.quote)
    ]

    assert [text for text in texts if RESIDUE.search(text)] == []


def test_no_template_tag_or_comment_is_left_in_any_lesson(modules):
    shown = [block.markdown for m in modules.values() for lesson in m.lessons for block in lesson.blocks]

    assert [text for text in shown if "{%" in text or "AUTOTITLE" in text or "<!--" in text] == []


def test_no_policy_lends_another_its_wrong_answers(modules):
    asked = modules["github"].items

    sources = [{option.citation.section.partition("/")[0] for option in item.options} for item in asked]
    assert asked
    assert all(len(of) == 1 for of in sources)


def test_an_exception_of_an_exception_is_never_taught_as_allowed(modules):
    """Impaired driving stands under what is allowed of alcohol, as what that excludes."""
    allowed = [
        item.citation.quote
        for item in modules["roost-drug-policy"].items
        if item.kind == "boundary" or "is allowed" in item.stem
    ]

    assert allowed
    assert not any("Operating vehicles" in quote for quote in allowed)


def test_every_section_that_holds_words_is_quoted_in_a_lesson(modules):
    module = modules["roost-drug-policy"]

    quoted = {block.citation.section for lesson in module.lessons for block in lesson.blocks if block.kind == "quote"}

    held = {f"{policy.slug}/{s.key}".rstrip("/") for policy in module.policies for s in policy.document.sections
            if len(s.text.split()) > 5}  # fmt: skip
    assert held <= quoted
