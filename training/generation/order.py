"""An order: what is to be made, from which policies, and the questions that every kind of item asks of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from qa.policytext.hashing import text_hash
from training.generation.catalogue import Act, Catalogue, Place
from training.generation.citing import cite
from training.generation.material import ActionLabel, CaseExample, Citation
from training.generation.similarity import Similarity
from training.generation.skills import SkillKey, pair
from training.generation.wording import quoted, roots, sentences

#: So many words of a clause are repeated in feedback; the citation holds all of them.
FEEDBACK_WORDS = 40


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or list item that can be cited."""

    place: Place
    text: str
    line_from: int
    line_to: int
    unit: str
    #: Part of a list item without a side: it may wait for its lead-in.
    is_fragment: bool = False

    @property
    def words(self) -> str:
        """The whole of it."""
        return self.text

    def cite(self) -> Citation | None:
        """Where it stands."""
        return cite(self.place.source, self.place.key, self.line_from, self.line_to, self.text)


@dataclass(frozen=True)
class Order:
    """The catalogue, what is targeted in it (all of it when nothing is named), and the team's own evidence."""

    catalogue: Catalogue
    targets: tuple[str, ...] = ()
    contrast: tuple[str, str] | None = None
    cases: tuple[CaseExample, ...] = ()
    actions: tuple[ActionLabel, ...] = ()
    #: (decided section, true section): how often the team took one for the other.
    confusions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    seed: int = 0
    #: Cases that the lesson works through; they are never asked about.
    worked: frozenset[str] = frozenset()

    @cached_property
    def aimed(self) -> tuple[str, ...]:
        """The targeted sections, the two of a contrast among them."""
        return tuple(dict.fromkeys((*(self.contrast or ()), *self.targets)))

    def target_of(self, key: str) -> str | None:
        """The targeted section that covers *key*, the nearest one; every home is its own when none is named."""
        if not self.aimed:
            return self.catalogue.places[key].home
        slug = self.catalogue.places[key].source.slug
        return next((at for at in (key, *self.catalogue.above(key), slug) if at in self.aimed), None)

    def skill(self, target: str, wrong: Sequence[str] = ()) -> SkillKey:
        """The pair when the item tells its two halves apart, else the section."""
        if self.contrast is not None and target in self.contrast:
            other = self.contrast[1 - self.contrast.index(target)]
            if any(self.target_of(key) == other for key in wrong):
                return pair(*self.contrast)
        return SkillKey("section", target)

    def acts(self) -> Iterator[tuple[Act, str]]:
        """The acts to be asked about, with their target."""
        for act in self.catalogue.acts:
            target = self.target_of(act.place.key)
            if target is not None:
                yield act, target

    def parts(self, place: Place, unit: str, kind: str, slot: int = 0) -> tuple[object, ...]:
        """What every choice about one item is read off."""
        return place.source.sha256, place.key, unit, kind, slot, self.seed

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """All homes, in document order."""
        return tuple(dict.fromkeys(place.home for place in self.catalogue.places.values()))

    @cached_property
    def _likeness(self) -> Similarity:
        return Similarity([self.catalogue.text_of(home) for home in self.homes])

    def nearness(self, text: str) -> dict[str, float]:
        """The cosine of *text* with each home."""
        return dict(zip(self.homes, map(float, self._likeness.to_all(text)), strict=True))

    def name(self, home: str) -> str:
        """A home's name as an option; with its policy's title where the name alone is not unique."""
        place = self.catalogue.places[home]
        twins = [other for other in self.homes if self.catalogue.places[other].name == place.name]
        return place.name if len(twins) == 1 else f"{place.source.title}: {place.name}"

    def clause(self, home: str, about: str, polarity: str | None = None) -> tuple[Citation, str] | None:
        """The clause of *home* nearest to the words *about*, with its text; its first sentence if it has no acts."""
        wanted = roots(about)
        acts = [a for a in self.catalogue.acts_at(home) if polarity is None or a.rule.polarity == polarity]
        acts.sort(
            key=lambda act: (act.rule.polarity == "neither", -len(act.roots & wanted), act.place.section.line_from)
        )
        listed: list[Act | Statement] = list(acts)
        prose: list[Act | Statement] = list(self.prose(self.catalogue.places[home]))
        says_something = bool(acts) and bool(acts[0].roots & wanted)
        for found in [*listed, *prose] if says_something or polarity else [*prose, *listed]:
            citation = found.cite()
            if citation is not None:
                return citation, found.words
        return None

    def prose(self, place: Place) -> Iterator[Statement]:
        """The sentences of a place's running text."""
        for block in place.section.blocks:
            if block.kind == "paragraph":
                for sentence in sentences(block.text):
                    yield Statement(place, sentence, block.line_from, block.line_to, text_hash(sentence))

    def statements(self, place: Place) -> Iterator[Statement]:
        """The sentences of list items and of running text, each once."""
        yield from self._statements[place.key]

    @cached_property
    def _statements(self) -> dict[str, tuple[Statement, ...]]:
        return {place.key: tuple(self._read(place)) for place in self.catalogue.places.values()}

    def _read(self, place: Place) -> Iterator[Statement]:
        seen = set()
        for rule in place.section.rules:
            for sentence in sentences(rule.text):
                seen.add(sentence)
                loose = rule.unit == "item" and rule.polarity == "neither" and not sentence.endswith((".", "!"))
                yield Statement(place, sentence, rule.line_from, rule.line_to, rule.unit_hash, loose)
        yield from (statement for statement in self.prose(place) if statement.text not in seen)

    def held(self, slug: str) -> Mapping[str, int]:
        """How many sections of a policy hold each root: what many hold tells none of them from another."""
        return self._held[slug]

    @cached_property
    def _held(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for home in self.homes:
            slug = self.catalogue.places[home].source.slug
            found.setdefault(slug, Counter()).update(roots(self.catalogue.text_of(home)))
        return found


def shortened(text: str, most: int = FEEDBACK_WORDS) -> str:
    """*text* in quotation marks, cut after *most* words."""
    words = text.split()
    return quoted(text if len(words) <= most else " ".join(words[:most]).rstrip(",;:–—-") + " …")
