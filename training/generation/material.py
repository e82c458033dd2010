"""What generation takes in and what it gives: the plain values that every file of this folder passes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from qa.policytext.sections import Document, parse
from training.generation.skills import SkillKey

VIOLATES = "violates"
NO_VIOLATION = "no_violation"

#: Kinds that ask for a judgement on something concrete; a form needs them, a section without one is short.
APPLICATION_KINDS = frozenset({"case", "clause", "coded_example", "grade", "ladder"})
#: Kinds that show what happened, or was quoted as an example: half of a form.
SITUATION_KINDS = frozenset({"case", "clause", "coded_example"})
#: Kinds that only ask where something stands: in modules of old alone, none is made any more.
NAVIGATION_KINDS = frozenset({"where"})


@dataclass(frozen=True, slots=True)
class Source:
    """One version of one policy, as text and as parsed."""

    slug: str
    version: str
    title: str
    sha256: str
    markdown: str
    document: Document
    #: Fingerprint of what its owner corrected in how its rules read; empty: nothing.
    corrections: str = ""


@dataclass(frozen=True, slots=True)
class ActionLabel:
    """One action that the team can take; *means* is the verdict that it goes with, or a few words of what it is."""

    key: str
    label: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class CaseExample:
    """A settled case; `section` is the truth's full key (no violation: the section in question, if known)."""

    ref: str
    text: str
    verdict: str
    section: str | None
    action: str | None = None
    decided_section: str | None = None
    decided_action: str | None = None
    reason: str | None = None
    #: The learner decided it: it is shown in the lesson and never asked in the quiz.
    mine: bool = False
    locale: str = "en"
    #: A miss on it fails the form.
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence stands: full section key, version, lines of the source (from 1), and its words."""

    section: str
    version: str
    line_from: int
    line_to: int
    quote: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, with what to tell whoever chooses it and the clause that says so."""

    id: str
    text: str
    feedback: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Item:
    """One question with one right answer."""

    id: str
    kind: str
    stem: str
    options: tuple[Option, ...]
    key: tuple[str, ...]
    citation: Citation
    #: 0 easy .. 1 hard: how alike the wrong answers and the right one are.
    difficulty: float
    checks: Mapping[str, bool]
    #: Hash of the rule (or case) it was made from; it carries the item over to the next version.
    unit_hash: str
    skill: SkillKey
    #: The case that it shows, and that case's words as they stand in the stem (so that they can be covered).
    case: str | None = None
    case_text: str | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class DraftOption:
    """An answer before it has a letter."""

    text: str
    feedback: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Draft:
    """An item before its options are shuffled and checked; `right` is the only right answer."""

    kind: str
    stem: str
    right: DraftOption
    wrong: tuple[DraftOption, ...]
    citation: Citation
    unit_hash: str
    skill: SkillKey
    difficulty: float = 0.5
    case: str | None = None
    case_text: str | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a lesson; `citations` holds several clauses only where sections stand side by side."""

    kind: str
    markdown: str
    citation: Citation
    citations: tuple[Citation, ...]
    unit_hash: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is read before the quiz, about one section or one pair."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many items a targeted section got, and what it lacks."""

    section: str
    items: int
    kinds: tuple[str, ...]
    shortage: str | None


@dataclass(frozen=True, slots=True)
class Module:
    """Lessons, items and forms from the policies in force, with what they lack."""

    policies: tuple[Source, ...]
    sections: tuple[str, ...]
    contrast: tuple[str, str] | None
    seed: int
    lessons: tuple[Lesson, ...]
    items: tuple[Item, ...]
    forms: Mapping[str, tuple[str, ...]]
    coverage: tuple[Coverage, ...]
    #: What stands between this module and four full forms; None when nothing does.
    shortage: str | None
    #: Share of source rules that a later form has in common with an earlier one.
    shared_rules: Mapping[str, float] = field(default_factory=dict)
    minutes: int = 0


def source(markdown: str, *, name: str, version: str = "1") -> Source:
    """Parse *markdown* under the file stem *name* into a source whose hash is that of its UTF-8 bytes."""
    document = parse(markdown, name=name)
    digest = sha256(markdown.encode()).hexdigest()
    return Source(document.slug, version, document.title, digest, markdown, document)
