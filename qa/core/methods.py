"""The methods behind the figures, read from the docstrings of the functions that compute them.

Nothing is written twice: what a page says of a method is what stands beside its code, where tests run its examples.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, current_app

from qa.core.errors import NotFound
from qa.core.settings import ROOT

_HEAD = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)
_SOURCE = re.compile(r"\b(doi:\s*|arXiv:\s*)([^\s,]+)", re.IGNORECASE)
_AT = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/"}


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of a text; with an address it is a link."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """One function: what it computes, from what, what comes out, when it is undefined, and where it comes from."""

    name: str
    signature: str
    summary: str
    more: tuple[str, ...]
    takes: str
    gives: str
    refuses: str
    sources: tuple[tuple[Bit, ...], ...]
    examples: str

    @property
    def undefined(self) -> str:
        """What is said of when there is no answer; empty: there always is one."""
        parts = re.split(r"(?<=[.;])\s+|\n", self.gives)
        return " ".join(part for part in parts if re.search(r"\bnan\b|\bNone\b|undefined|not defined", part))


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of methods."""

    key: str
    title: str
    methods: tuple[Method, ...]


def add(app: Flask, *folders: str) -> None:
    """Let the pages of *app* show the methods in these folders, named as packages."""
    app.extensions.setdefault("methods", []).extend(folders)


def chapters() -> list[Chapter]:
    """All files with methods, in the order of their folders and names."""
    return [chapter for folder in current_app.extensions.get("methods", ()) for chapter in _of_folder(folder)]


def chapter(key: str) -> Chapter:
    """One of them. Raises NotFound."""
    for one in chapters():
        if one.key == key:
            return one
    raise NotFound("method")


@cache
def _of_folder(folder: str) -> tuple[Chapter, ...]:
    """The files of one folder that hold a method with a source or with what it takes and gives."""
    place, found = ROOT.joinpath(*folder.split(".")), []
    for path in sorted(place.glob("*.py")):
        held = tuple(methods(path.read_text(encoding="utf-8")))
        if held:
            found.append(Chapter(f"{place.name}-{path.stem.replace('_', '-')}", _title(path), held))
    return tuple(found)


def _title(path: Path) -> str:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem
    return said.split("\n\n")[0].replace("\n", " ").rstrip(".")


def methods(source: str) -> Iterator[Method]:
    """The public functions of a module that say in full what they compute."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            doc = ast.get_docstring(node)
            if doc and _HEAD.search(doc):
                yield _method(node, doc)


def _method(node: ast.FunctionDef, doc: str) -> Method:
    text, _, examples = doc.partition(">>>")
    opening, *parts = _HEAD.split(text)
    sections = {parts[at]: inspect.cleandoc(parts[at + 1]) for at in range(0, len(parts), 2)}
    summary, *more = [" ".join(one.split()) for one in opening.split("\n\n") if one.strip()]
    extra = [sections[name] for name in ("Formula", "Method", "Notes") if name in sections]
    return Method(
        name=node.name,
        signature=f"{node.name}({', '.join(_arguments(node.args))})",
        summary=summary,
        more=(*more, *extra),
        takes=sections.get("Parameters", ""),
        gives=sections.get("Returns", sections.get("Yields", "")),
        refuses=sections.get("Raises", ""),
        sources=tuple(_bits(one) for one in _paragraphs(sections.get("References", ""))),
        examples=f">>>{examples}".rstrip() if examples else "",
    )


def _arguments(given: ast.arguments) -> list[str]:
    names = [one.arg for one in [*given.posonlyargs, *given.args]]
    return [*names, *(["*"] if given.kwonlyargs else []), *(one.arg for one in given.kwonlyargs)]


def _paragraphs(text: str) -> Iterable[str]:
    return [" ".join(one.split()) for one in re.split(r"\n(?=\S)", text) if one.strip()]


def _whole(number: str) -> str:
    """A number of a source without what ends the sentence; some have brackets of their own."""
    number = number.rstrip(".;:")
    return number.rstrip(").;:") if number.count(")") > number.count("(") else number


def _bits(text: str) -> tuple[Bit, ...]:
    """A source with its DOI as a link."""
    found, end = [], 0
    for match in _SOURCE.finditer(text):
        kind, number = match[1].strip().rstrip(":").lower(), _whole(match[2])
        found += [Bit(text[end : match.start()]), Bit(f"{match[1]}{number}", _AT[kind] + number)]
        end = match.start() + len(match[1]) + len(number)
    return tuple(bit for bit in (*found, Bit(text[end:])) if bit.text)
