"""A section as the smallest pieces that a reader can agree with: titles, sentences, list items, table rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa.policytext.blocks import Block
from qa.policytext.hashing import canonical, text_hash
from qa.policytext.inline import one_line
from qa.policytext.labels import after_label, label_of
from qa.policytext.polarity import Polarity
from qa.policytext.rules import Rule
from qa.policytext.sections import Section
from qa.policytext.sentences import sentences


@dataclass(frozen=True, slots=True)
class Unit:
    """One title, sentence, list item or table row, as *kind* says; *rule* is the norm that was read from it, if any."""

    kind: str
    text: str
    line_from: int
    line_to: int
    rule: Rule | None = None
    depth: int = 0
    ordered: bool = False

    @property
    def polarity(self) -> Polarity:
        """The side of its rule; what holds no rule is on neither."""
        return self.rule.polarity if self.rule is not None else "neither"

    @property
    def unit_hash(self) -> str:
        """What stays through cosmetic edits and changes with the words or the side."""
        return self.rule.unit_hash if self.rule is not None else text_hash(self.text, self.polarity)

    @property
    def words(self) -> str:
        """The text without what an editor may change and nobody must relearn."""
        return canonical(self.text)


def units(section: Section) -> tuple[Unit, ...]:
    """All of *section*, piece by piece in the order of its lines, the title first."""
    return (Unit("title", section.title, section.line_from, section.line_from), *_Reader(section).read())


class _Reader:
    """Walks a section's blocks beside its rules, which were read from them in the same order."""

    def __init__(self, section: Section) -> None:
        self.blocks = section.blocks
        self.listed = iter([rule for rule in section.rules if rule.unit != "sentence"])
        self.said = [rule for rule in section.rules if rule.unit == "sentence"]
        self.at = 0

    def read(self) -> Iterator[Unit]:
        for block in self.blocks:
            if not block.text or block.kind in ("heading", "rule"):
                continue
            if block.kind == "item":
                yield self._unit(block, next(self.listed))
            elif block.kind == "table":
                yield from self._rows(block)
            elif block.kind == "code":
                yield self._unit(block, None)
            else:
                yield from self._sentences(block)

    def _unit(self, block: Block, rule: Rule | None) -> Unit:
        kind = "item" if block.kind == "item" else "sentence"
        return Unit(kind, block.text, block.line_from, block.line_to, rule, block.depth, block.ordered)

    def _rows(self, block: Block) -> Iterator[Unit]:
        for count, cells in enumerate(block.cells):
            line = block.line_from + count + (count > 0)
            yield Unit("row", " | ".join(cells), line, line, next(self.listed) if count else None, block.depth)

    def _sentences(self, block: Block) -> Iterator[Unit]:
        whole = self._next(block.line_from)
        if whole is not None and (whole.role == "step" or whole.text == block.text):
            self.at += 1
            yield self._unit(block, whole)
            return
        text = "\n".join(block.plain_lines)
        label = label_of(block) if block.markdown.startswith(("**", "__")) else ""
        line, counted = block.line_from, 0
        for start, end in sentences(text):
            line, counted = line + text.count("\n", counted, start), start
            words = one_line(text[start:end])
            rule = self._next(line)
            if rule is not None and rule.text == (after_label(words, label) if start == 0 else words):
                self.at += 1
            else:
                rule = None
            yield Unit("sentence", words, line, line + text.count("\n", start, end), rule, block.depth)

    def _next(self, line: int) -> Rule | None:
        """The next rule of the section's sentences when it begins in *line*."""
        rule = self.said[self.at] if self.at < len(self.said) else None
        return rule if rule is not None and rule.line_from == line else None
