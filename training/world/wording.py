"""Case texts: acts of the policies in two languages, put into a frame and filled with places, people and times."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"
CHOICE = re.compile(r"\{([^{}]*)\}")
SLOT = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did: a clause of a section (*code*) or something that the section leaves free."""

    section: str
    code: str
    kind: str
    en: str
    es: str
    #: First and last version of the policy in which the act has this verdict.
    since: int
    until: int

    @property
    def violates(self) -> bool:
        """Whether the policy forbids it."""
        return not self.code.startswith("ok-")

    @property
    def clause(self) -> str:
        """The code in the policy, for instance `OP1.a`; empty for what is left free."""
        return self.code.partition(" ")[0] if self.violates else ""


@cache
def slots() -> Mapping[str, Any]:
    """The fillings: by language, and `both` for names that have none."""
    return tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))


@cache
def acts(section: str) -> tuple[Act, ...]:
    """All acts written for a section, in the order of their file."""
    return _all()[section]


def choose(rng: random.Random, section: str, *, violates: bool, version: int) -> Act:
    """One act of *section* that has this verdict in this version of the policy."""
    fitting = [act for act in acts(section) if act.violates == violates and act.since <= version <= act.until]
    return rng.choice(fitting)


def write(rng: random.Random, act: Act, *, language: str, urgent: bool, strikes: int | None) -> str:
    """The text of a case about *act*; *strikes* is added where the ladder needs it."""
    told = _fill(rng, act.es if language == "es" else act.en, language)
    words = slots()[language]
    text = _fill(rng, rng.choice(words[act.kind]), language, act=told)
    if urgent:
        text = _fill(rng, rng.choice(words["escalated"]), language) + text
    if strikes is not None:
        text = f"{text}\n{words['strikes'].replace('<strikes>', str(strikes))}"
    return text


def say(rng: random.Random, what: str, language: str) -> tuple[str, str]:
    """A line for a conversation in *language*, and the same line in English."""
    start = rng.getrandbits(32)
    told = _line(random.Random(start), what, language)
    return told, told if language == "en" else _line(random.Random(start), what, "en")


def _line(rng: random.Random, what: str, language: str) -> str:
    lines = slots()[language][what]
    return _fill(rng, lines if isinstance(lines, str) else rng.choice(lines), language)


def _fill(rng: random.Random, template: str, language: str, *, act: str | None = None) -> str:
    while found := CHOICE.search(template):
        template = template[: found.start()] + rng.choice(found[1].split("|")) + template[found.end() :]

    def filling(slot: re.Match[str]) -> str:
        return act if slot[1] == "act" and act is not None else _slot(rng, slot[1], language)

    filled = SLOT.sub(filling, template)
    return filled[:1].upper() + filled[1:]


def _slot(rng: random.Random, name: str, language: str) -> str:
    words = slots()[language]
    both = slots()["both"]
    if name == "Work":
        return str(rng.choice(words["work"])).capitalize()
    if name in ("work", "day", "month"):
        return str(rng.choice(words[name]))
    if name == "weekday":
        return str(rng.choice(words["day"]))
    if name in both:
        return str(rng.choice(both[name]))
    return _number(rng, name)


def _number(rng: random.Random, name: str) -> str:
    if name in ("time", "clock"):
        step = 5 if name == "time" else 1
        return f"{rng.randrange(6, 23)}:{rng.randrange(0, 60, step):02d}"
    if name == "account":
        return f"{rng.randrange(10, 100)}-{rng.randrange(1000, 10000)}"
    if name == "file":
        return f"{rng.randrange(100, 1000)}/{rng.choice('ABCDEFGH')}{rng.randrange(10, 100)}"
    low, high = {"n": (3, 9), "mins": (10, 55), "money": (12, 60), "big": (70, 420)}[name]
    return str(rng.randint(low, high))


@cache
def _all() -> dict[str, tuple[Act, ...]]:
    found: dict[str, tuple[Act, ...]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.stem == "slots":
            continue
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, entries in table.items():
            key = f"{path.stem}/{name}"
            found[key] = tuple(_act(key, code, entry) for code, entry in entries.items())
    return found


def _act(section: str, code: str, entry: Sequence[str]) -> Act:
    kind, english, spanish, *when = entry
    word, _, number = when[0].partition(" ") if when else ("", "", "")
    since = int(number) if word == "since" else 1
    until = int(number) if word == "until" else 99
    return Act(section, code, kind, english, spanish, since, until)
