"""The norms of a policy: every list item, every table row, and the sentences that command, limit or except."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from qa.policytext import label_words, lexicon, list_words
from qa.policytext.blocks import Block
from qa.policytext.clauses import clauses
from qa.policytext.contexts import Context, Passage, contexts
from qa.policytext.hashing import text_hash
from qa.policytext.inline import one_line
from qa.policytext.labels import after_label, code_of, label_of, outcomes, quoted
from qa.policytext.measures import Threshold, threshold
from qa.policytext.placing import Place, Role, place, put_on
from qa.policytext.polarity import Lead, Polarity, fold, heading_side, lead, lead_in, stated_side
from qa.policytext.sentences import sentences
from qa.policytext.tables import rows

_DEFINES = re.compile(r"(?:an?|the|for [^,]{1,50},)?\s*[\"“][^\"”]{2,60}[\"”]\s+(?:is|are|means?|refers? to)\b", re.I)
_NAMES = re.compile(
    r"(?:(?:An?|The)\s+(?=\w))?(?!(?:This|That|It|These|Those|Which|What|Here|There|Each|By|If|When|We|You|They)\b)"
    r"(?:(?<=\s)|(?=[A-Z]))\w[\w'’-]*(?:\s+(?!(?:does|do|not|may|can|will|also|must)\b)\(?[\w'’-]+\)?){0,4}"
    r"\s+(?:is where|is when|means?(?! (?:that|you|we|to)\b)|refers? to|stands for|(?:is|are) defined as)\b"
)
_TAKES_BACK = re.compile(r"(?:please note|note that|however|exceptions?\b|unless|except)", re.I)
_ARROW = re.compile(r"\s(?:→|->|=>|⇒)\s*(?P<action>\S.*)$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One norm with its place in the source.

    *parent* is the index, in the same section, of the item that holds it; *unit* says what it was read from (item, row,
    sentence) and *depth* how many lists hold it. *unit_hash* stays through cosmetic edits and changes with the side;
    *conditions* and *exceptions* are the clauses that say when it holds and what is taken out of it, and *lead_in* the
    words that lead to the list or table it stands in.
    """

    text: str
    role: Role
    polarity: Polarity
    line_from: int
    line_to: int
    parent: int | None
    modality: str | None
    threshold: Threshold | None
    action: str | None
    code: str | None
    examples: tuple[str, ...]
    unit_hash: str
    unit: str
    depth: int
    conditions: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    lead_in: str = ""


def read_rules(passages: Sequence[Passage]) -> list[tuple[Rule, ...]]:
    """The rules of each passage in the order of its lines."""
    return [
        _Reader(context).read(passage.blocks) for passage, context in zip(passages, contexts(passages), strict=True)
    ]


def reread(passages: Sequence[Passage], known: Mapping[int, Mapping[int, Polarity]]) -> dict[int, tuple[Rule, ...]]:
    """The rules of the passages of which a side is *known* (passage -> number of a rule -> its side).

    What stands under such a rule follows it, as if it had been read so: its items have its side, what is taken out of
    it has the other. The rules are as many, and in the order, that `read_rules` gives.
    """
    found = contexts(passages)
    return {at: _Reader(found[at], known=sides).read(passages[at].blocks) for at, sides in known.items()}


def _gives_examples(words: str) -> bool:
    """Whether the last words above a list say no more than that examples follow."""
    return list_words.EXAMPLES.fullmatch(fold(lead_in(words))) is not None


@dataclass(slots=True)
class _Reader:
    """Reads one passage; per depth it knows the words above a list, the list's lead-in and the item that is open.

    *known* are the sides of rules, by their number, of which somebody knows better.
    """

    context: Context
    known: Mapping[int, Polarity] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    leads: dict[int, Lead] = field(default_factory=dict)
    scopes: dict[int, Polarity] = field(default_factory=dict)
    items: dict[int, int | None] = field(default_factory=dict)
    event: int | None = None

    def read(self, blocks: Sequence[Block]) -> tuple[Rule, ...]:
        """The rules of *blocks*, the passage's own, in the order of their lines."""
        for block in blocks:
            if block.kind == "item":
                self._item(block)
            elif block.kind == "table":
                self._table(block)
            elif block.kind in ("paragraph", "quote"):
                self._paragraph(block)
            else:
                self._leave(block.depth)
        return tuple(self.rules)

    def _leave(self, depth: int, words: str = "") -> None:
        """End the lists that are nested deeper than *depth*; *words* stand above the next one."""
        for known in (self.leads, self.items, self.scopes):
            for deeper in [at for at in known if at > depth]:
                del known[deeper]
        self.words[depth] = words

    def _lead(self, depth: int) -> Lead:
        """The lead-in of the list at *depth*."""
        if depth not in self.leads:
            base = self.scopes.get(depth - 1, "neither") if depth > 1 else self.context.side
            words = self.words.get(depth - 1, "")
            found = lead(words, base, nested=depth > 1) if words else Lead(base)
            if found.side == "neither" and not found.role and self.context.names_breach and _gives_examples(words):
                found = replace(found, side="prohibited")
            is_stepwise = (
                lexicon.STEPWISE.search(fold(words)) is not None if words else self.context.about == "procedure"
            )
            self.leads[depth] = replace(found, is_stepwise=is_stepwise, words=lead_in(words))
        return self.leads[depth]

    def _item(self, block: Block) -> None:
        depth = block.depth
        above = self._lead(depth)
        self._leave(depth, block.text)
        if not block.text:
            self.items[depth], self.scopes[depth] = self._holder(depth), above.side
            return
        label = label_of(block)
        above = self._exemplified(above, depth, block.text)
        found = place(block.text, label, depth=depth, ordered=block.ordered, above=above, context=self.context)
        found = self._known(found, block.text)
        self.scopes[depth] = found.scope
        if found.is_final:
            self.words[depth] = ""
        code = code_of(block.text, in_bold=block.markdown.startswith(("**", "__")))
        examples = quoted(block.text, introduced=code is None and found.role != "example")
        self._add(
            block.text, found, (block.line_from, block.line_to), "item", depth, action=self._done(block, label),
            code=code, examples=examples, lead_in=above.words,
        )  # fmt: skip
        self.items[depth] = at = len(self.rules) - 1
        if found.role == "example":
            self._exemplify(depth, examples or (after_label(block.text, label),))
        self._ladder(label, block, at)

    def _exemplified(self, above: Lead, depth: int, text: str) -> Lead:
        """The lead-in of an item; one that only gives examples of the item that holds it is on that one's side."""
        holder = self._holder(depth)
        if holder is None or above.side != "neither" or above.role or not list_words.EXEMPLIFYING.match(fold(text)):
            return above
        return replace(above, side=self.rules[holder].polarity)

    def _holder(self, depth: int) -> int | None:
        return self.items.get(depth - 1)

    def _done(self, block: Block, label: str) -> str | None:
        """What is done about an item: its own outcome, what its arrow points to, or what the passage orders."""
        if label and label_words.ACTION_LABEL.fullmatch(fold(label)):
            return None
        arrow = _ARROW.search(block.text)
        own = next(outcomes(block), arrow["action"] if arrow else None)
        return own or self.context.action

    def _exemplify(self, depth: int, examples: tuple[str, ...]) -> None:
        holder = self._holder(depth)
        if holder is not None:
            rule = self.rules[holder]
            self.rules[holder] = replace(rule, examples=(*rule.examples, *examples))

    def _ladder(self, label: str, block: Block, at: int | None) -> None:
        """Join the step of a ladder that names an event with the one that names what follows."""
        folded = fold(label)
        if label_words.EVENT_LABEL.fullmatch(folded):
            self.event = at
        elif label_words.ACTION_LABEL.fullmatch(folded) and self.event is not None:
            step = self.rules[self.event]
            self.rules[self.event] = replace(step, role="step", action=after_label(block.text, label))
            self.event = None

    def _paragraph(self, block: Block) -> None:
        before = self.words.get(block.depth, "")
        is_after_words = before and not any(at > block.depth for at in self.leads)
        label = label_of(block) if block.markdown.startswith(("**", "__")) else ""
        folded = fold(label)
        holder = self.items.get(block.depth)
        if label_words.EVENT_LABEL.fullmatch(folded) and after_label(block.text, label):
            found = Place("step", "neither", "neither")
            text = after_label(block.text, label)
            self._add(text, found, (block.line_from, block.line_to), "sentence", block.depth, parent=holder)
            self._ladder(label, block, len(self.rules) - 1)
        elif self.context.about == "definition" and after_label(block.text, label_of(block)) != block.text:
            found = Place("definition", "neither", "neither")
            self._add(block.text, found, (block.line_from, block.line_to), "sentence", block.depth, parent=holder)
        else:
            self._ladder(label, block, None)
            self._sentences(block, label, holder)
        goes_on = is_after_words and len(block.text.split()) < 4 and heading_side(block.text) is None
        self._leave(block.depth, f"{before} {block.text}" if goes_on else block.text)

    def _sentences(self, block: Block, label: str, holder: int | None) -> None:
        text = "\n".join(block.plain_lines)
        line, counted = block.line_from, 0
        for start, end in sentences(text):
            line, counted = line + text.count("\n", counted, start), start
            words = one_line(text[start:end])
            words = after_label(words, label) if start == 0 else words
            found = self._norm(words)
            if found is not None:
                span = (line, line + text.count("\n", start, end))
                code = code_of(words, in_bold=False)
                self._add(words, found, span, "sentence", block.depth, parent=holder, code=code)

    def _norm(self, words: str) -> Place | None:
        """The place of a sentence; None when it commands, limits, excepts, defines nothing, or only leads to a list."""
        folded = fold(words)
        if folded.endswith(":"):
            return None
        if _DEFINES.match(words) or _NAMES.match(words):
            return Place("definition", "neither", "neither")
        is_norm = lexicon.MODALITY.search(folded) or lexicon.EXCEPTION_WORD.search(folded) or threshold(words)
        side = stated_side(words) if not self.context.about else None
        if not is_norm and side is None:
            return None
        role: Role = "exception" if _TAKES_BACK.match(words) else "rule"
        return Place(role, side or "neither", "neither")

    def _table(self, block: Block) -> None:
        above = self._lead(block.depth + 1)
        self._leave(block.depth)
        for row in rows(block, above.side, self.context):
            self._add(
                row.text, row.place, (row.line, row.line), "row", block.depth, action=row.action,
                code=row.code, examples=row.examples, lead_in=above.words,
            )  # fmt: skip

    def _known(self, found: Place, text: str) -> Place:
        """The place of the rule that comes next, with what is known of its side."""
        side = self.known.get(len(self.rules))
        return found if side is None else put_on(found, side, text)

    def _add(
        self, text: str, found: Place, span: tuple[int, int], unit: str, depth: int, *,
        action: str | None = None, parent: int | None = None, code: str | None = None,
        examples: tuple[str, ...] = (), lead_in: str = "",
    ) -> None:  # fmt: skip
        found = self._known(found, text)
        modality = lexicon.MODALITY.search(fold(text))
        parts = clauses(text)
        held = self._holder(depth) if unit == "item" else parent
        self.rules.append(
            Rule(
                text,
                found.role,
                found.side,
                *span,
                held,
                modality[0] if modality else None,
                threshold(text),
                action,
                code,
                examples,
                text_hash(text, found.side),
                unit,
                depth,
                parts.conditions,
                parts.exceptions,
                lead_in,
            )
        )
