"""Modules and questions that come as JSON: taken in when every check passes, as drafts that somebody approves.

Whoever imports this waits for all that builds modules; a command does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.audit import canonical
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from training import authoring, modules, sources, titles
from training.authoring import Written
from training.generation.checks import check
from training.generation.export import from_json
from training.generation.material import Module, Source
from training.models.modules import Item as ItemRow
from training.models.modules import Module as ModuleRow
from training.modules import Draft
from training.queries import evidence

#: Problems that are told of one file.
MOST = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: the module's address, how many questions are new, whether all of it was there before."""

    module: str
    questions: int
    is_known: bool = False


def module(actor: Actor, data: Mapping[str, Any]) -> Taken:
    """Take in a module as `flask training generate --json` prints it. Opens its own transaction.

    Raises BadInput where a check fails, a policy is not in force word for word, or a case may not be taught.
    """
    try:
        results, made = check(data), from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            Problem(f"expected a module as `flask training generate --json` prints it ({error!r})")
        ) from error
    wrong = [
        Problem(one.why or "does not pass", field=one.name, value=one.item or "") for one in results if not one.passed
    ]
    known = {one.slug: one for one in sources.in_force(clock.now().date())}
    wrong += _not_in_force(made, known) + _unknown_cases(made)
    if wrong:
        raise BadInput(*wrong[:MOST])
    return write(lambda: _keep(actor, made, known, sha256(canonical(dict(data)).encode()).hexdigest()))


def _not_in_force(made: Module, known: Mapping[str, Source]) -> list[Problem]:
    keys = {*made.sections, *(option.citation.section for one in made.items for option in one.options)}
    keys |= {one.section for lesson in made.lessons for block in lesson.blocks for one in block.citations}
    cited = {key.partition("/")[0] for key in keys}
    return [
        Problem("expected the policy as it is in force today, word for word", field="policies", value=one.slug)
        for one in made.policies
        if one.slug in cited and not _is_in_force(one, known.get(one.slug))
    ]


def _is_in_force(one: Source, now: Source | None) -> bool:
    return now is not None and (now.sha256, now.version) == (one.sha256, one.version)


def _unknown_cases(made: Module) -> list[Problem]:
    cases = {one.case for one in made.items if one.case}
    cases |= {block.case for one in made.lessons for block in one.blocks if block.case}
    teaching = set(evidence.still_teaching(cases)) if cases else set()
    return [
        Problem("expected settled cases of this installation", field="case", value=one)
        for one in sorted(cases - teaching)
    ]


def _keep(actor: Actor, made: Module, known: Mapping[str, Source], digest: str) -> Taken:
    focus = {
        "sections": list(made.sections), "contrast": list(made.contrast) if made.contrast else None, "own": [],
        "file": digest,
    }  # fmt: skip
    slugs = {key.partition("/")[0] for key in made.sections}
    versions = tuple(
        {"slug": one.slug, "version": one.version, "sha256": one.sha256, "title": one.title}
        | ({"corrections": one.corrections} if one.corrections else {})
        for one in known.values()
        if one.slug in slugs
    )
    focus_hash = sha256(canonical(focus).encode()).hexdigest()
    title = titles.of_module(made.sections, made.contrast)
    before = db.session.scalar(db.select(ModuleRow.public_id).where(ModuleRow.focus_hash == focus_hash))
    if before is not None:
        return Taken(str(before), 0, is_known=True)
    version = modules.keep(actor, Draft(title, focus, focus_hash, made.seed, versions, made))
    row = db.session.get_one(ModuleRow, version.module_id)
    version.state = row.state = "draft"
    items = update(ItemRow).where(ItemRow.module_version_id == version.id).values(state="generated")
    count = len(db.session.execute(items.returning(ItemRow.id)).all())
    db.session.flush()
    audit.note(actor, "took_in", "module", row.public_id, items=count, sha256=digest)
    return Taken(str(row.public_id), count)


def questions(actor: Actor, module_id: str, data: Mapping[str, Any]) -> Taken:
    """Take in questions for a module, as its page hands them out or as people write them; all of them or none.

    Opens its own transaction. Raises BadInput with what speaks against each.
    """
    rows = data.get("items")
    if not isinstance(rows, list) or not rows:
        raise BadInput(Problem("expected a list of questions", field="items"))
    written = [_written(number, one) for number, one in enumerate(rows, 1)]
    return write(lambda: _add(actor, module_id, written))


def _add(actor: Actor, module_id: str, written: list[Written]) -> Taken:
    wrong: list[Problem] = []
    for number, one in enumerate(written, 1):
        try:
            authoring.add(actor, module_id, one)
        except BadInput as error:
            wrong += [Problem(f"question {number}: {problem}", field="items") for problem in error.problems]
    if wrong:
        raise BadInput(*wrong[:MOST])
    return Taken(module_id, len(written))


def _written(number: int, one: Mapping[str, Any]) -> Written:
    """A question as people write it, or as a module's page hands it out."""
    if not isinstance(one, Mapping) or "options" not in one:
        return authoring.read(one)
    try:
        options = {option["id"]: option for option in one["options"]}
        right = options[one["key"][0]]
        case_text = str(one.get("case_text") or "")
        return Written(
            section=str(one["citation"]["section"]), quote=str(one["citation"]["quote"]),
            stem=str(one["stem"]).removeprefix(f"Case: {case_text} ") if case_text else str(one["stem"]),
            right=str(right["text"]), feedback=str(right["feedback"]), case_text=case_text.strip("“”"),
            wrong=tuple(str(option["text"]) for key, option in options.items() if key != right["id"]),
        )  # fmt: skip
    except (KeyError, TypeError, IndexError) as error:
        raise BadInput(Problem(f"question {number}: expected stem, options, key and citation ({error!r})")) from error
