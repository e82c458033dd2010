"""Modules: built from the policies in force and settled cases, used again while they fit, kept with all citations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qa.core import audit
from qa.core.access import Actor
from qa.core.audit import canonical
from qa.core.db import db
from training import authoring, casework, skill_keys, titles
from training.casework import Casework
from training.generation import delta, quiz_forms
from training.generation.build import generate
from training.generation.citing import provenance, texts_of
from training.generation.export import as_json
from training.generation.material import Block, Citation, Item, Lesson, Module, Source
from training.models.modules import Item as ItemRow
from training.models.modules import LessonBlock, ModuleVersion, QuizForm
from training.models.modules import Module as ModuleRow
from training.targeting import Target

#: Named in every version, so that a change of the rules of building makes the next version.
BUILDER = "generation 4"
#: A module goes live by itself with one full form.
FULL_FORM = quiz_forms.SIZES["initial"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a module is to hold, ready to be kept; *version_id* when there is one already that fits."""

    title: str
    focus: dict[str, Any]
    focus_hash: str
    seed: int
    versions: tuple[dict[str, Any], ...]
    module: Module | None
    sensitive: frozenset[str] = frozenset()
    version_id: int | None = None
    unsure: bool = False


def draft(target: Target, known: tuple[Source, ...]) -> Draft:
    """Find or build the module for *target*. Reads only, and may take seconds: do it outside a writing transaction."""
    work = casework.about(target.person_id, target.sections, target.cases, known)
    own = sorted(case.ref for case in work.cases if case.mine)
    focus = {
        "sections": list(target.sections),
        "contrast": list(target.contrast) if target.contrast else None,
        "own": own,
    }
    digest = sha256(canonical(focus).encode()).hexdigest()
    seed = int(digest[:8], 16)
    versions = _versions(known, target.sections)
    title = titles.of_module(target.sections, target.contrast)
    empty = Draft(title, focus, digest, seed, versions, None, work.sensitive, unsure=target.unsure)
    found = _fitting(digest, versions)
    if found is not None:
        return replace(empty, version_id=found)
    return replace(empty, module=_built(target, known, work, seed))


def _built(target: Target, known: tuple[Source, ...], work: Casework, seed: int) -> Module:
    module = generate(
        known,
        sections=target.sections,
        contrast=target.contrast,
        cases=work.cases,
        actions=work.actions,
        confusions=dict(target.confusions),
        seed=seed,
    )
    return cited(module, known)


def cited(module: Module, known: tuple[Source, ...]) -> Module:
    """*module* without what cannot cite the versions in force; forms are filled anew when an item had to go."""
    texts = texts_of(known)

    def holds(citation: Citation) -> bool:
        return provenance(citation, texts) is None

    def item_holds(item: Item) -> bool:
        return holds(item.citation) and all(holds(option.citation) for option in item.options)

    def block_holds(block: Block) -> bool:
        return all(holds(citation) for citation in (block.citation, *block.citations))

    items = tuple(item for item in module.items if item_holds(item))
    lessons = (
        Lesson(one.id, one.title, tuple(block for block in one.blocks if block_holds(block))) for one in module.lessons
    )
    forms = module.forms
    if len(items) < len(module.items):
        made = quiz_forms.forms(items, module.seed)
        forms = {purpose: tuple(ids) for purpose, ids in made.items()}
    return replace(module, items=items, lessons=tuple(one for one in lessons if one.blocks), forms=forms)


def draft_change(title: str, known: tuple[Source, ...], before: Source, sections: tuple[str, ...]) -> Draft:
    """Find or build the module on what changed in *sections* since *before*. Reads only, as `draft` does."""
    focus = {"sections": list(sections), "contrast": None, "own": [], "since": [before.slug, before.version]}
    digest = sha256(canonical(focus).encode()).hexdigest()
    seed = int(digest[:8], 16)
    versions = _versions(known, sections)
    found = _fitting(digest, versions)
    empty = Draft(title[:300], focus, digest, seed, versions, None, version_id=found)
    return empty if found is not None else replace(empty, module=delta.delta(known, before, sections, seed=seed))


def _versions(known: tuple[Source, ...], sections: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    slugs = {key.partition("/")[0] for key in sections}
    return tuple(
        {"slug": one.slug, "version": one.version, "sha256": one.sha256, "title": one.title}
        | ({"corrections": one.corrections} if one.corrections else {})
        for one in known
        if one.slug in slugs
    )


def _fitting(digest: str, versions: tuple[dict[str, Any], ...]) -> int | None:
    """The newest version of the module with this focus, if it was built from the same policy versions."""
    newest = (
        select(ModuleVersion)
        .join(ModuleRow, ModuleRow.id == ModuleVersion.module_id)
        .where(ModuleRow.focus_hash == digest, ModuleVersion.state.in_(("draft", "approved", "live")))
        .order_by(ModuleVersion.no.desc())
        .limit(1)
    )
    row = db.session.scalar(newest)
    same = row is not None and row.builder == BUILDER and list(row.policy_versions) == list(versions)
    return row.id if row is not None and same else None


def keep(actor: Actor, made: Draft, known: tuple[Source, ...] = ()) -> ModuleVersion:
    """Keep what was drafted; when somebody kept the same meanwhile, that one.

    What people wrote for the version before comes along, cited in *known*, by default what the module was built from.
    """
    found = made.version_id or _fitting(made.focus_hash, made.versions)
    if found is not None:
        return db.session.get_one(ModuleVersion, found)
    if made.module is None:
        raise ValueError("a draft without a version holds a module")
    row = _module_row(made)
    before = select(ModuleVersion).where(ModuleVersion.module_id == row.id).order_by(ModuleVersion.no)
    older = list(db.session.scalars(before))
    for one in older:
        one.state = "retired" if one.state == "retired" else "stale"
    version = _version_row(row, made, made.module)
    _keep_content(version, made.module, made.sensitive)
    if older:
        authoring.carry(older[-1], version, known or made.module.policies)
    row.state = version.state
    db.session.flush()
    audit.note(actor, "built", "module", row.public_id, no=version.no, sha256=version.sha256, state=version.state)
    return version


def _module_row(made: Draft) -> ModuleRow:
    """The module with this focus, locked; made when there is none."""
    query = select(ModuleRow).where(ModuleRow.focus_hash == made.focus_hash).with_for_update()
    row = db.session.scalar(query)
    if row is None:
        row = ModuleRow(title=made.title, focus_hash=made.focus_hash, focus=made.focus, state="draft")
        try:
            with db.session.begin_nested():
                db.session.add(row)
                db.session.flush()
        except IntegrityError:
            return db.session.scalars(query).one()
    return row


def _version_row(row: ModuleRow, made: Draft, module: Module) -> ModuleVersion:
    last = db.session.scalar(
        select(ModuleVersion.no).where(ModuleVersion.module_id == row.id).order_by(ModuleVersion.no.desc()).limit(1)
    )
    content = {name: part for name, part in as_json(module).items() if name != "policies"}
    version = ModuleVersion(
        module_id=row.id,
        no=(last or 0) + 1,
        seed=made.seed,
        builder=BUILDER,
        policy_versions=list(made.versions),
        sha256=sha256(canonical(content).encode()).hexdigest(),
        minutes=module.minutes,
        coverage=content["coverage"],
        shortage=module.shortage,
        state="live" if _is_full(module) else "draft",
    )
    db.session.add(version)
    db.session.flush()
    return version


def _is_full(module: Module) -> bool:
    """Whether there is one full form; what changed is asked by a short one."""
    return len(module.forms["initial"]) >= FULL_FORM or len(module.forms.get("delta", ())) >= delta.LEAST


def _keep_content(version: ModuleVersion, module: Module, sensitive: frozenset[str]) -> None:
    """The blocks in reading order, the items, the forms."""
    plain = as_json(module)
    blocks = [(lesson, block) for lesson in plain["lessons"] for block in lesson["blocks"]]
    for ordinal, (lesson, block) in enumerate(blocks, 1):
        db.session.add(
            LessonBlock(
                module_version_id=version.id, lesson=lesson["id"], lesson_title=lesson["title"][:300],
                ordinal=ordinal, kind=block["kind"], markdown=block["markdown"], citation=block["citation"],
                citations=block["citations"], unit_hash=block["unit_hash"], case_ref=block["case"],
                sensitive=block["case"] in sensitive,
            )
        )  # fmt: skip
    for item, row in zip(module.items, plain["items"], strict=True):
        db.session.add(
            ItemRow(
                module_version_id=version.id, ref=item.id, kind=item.kind, stem=item.stem, options=row["options"],
                key=row["key"], citation=row["citation"], skill=skill_keys.written(item.skill),
                difficulty=item.difficulty, checks=row["checks"], unit_hash=item.unit_hash, case_ref=item.case,
                case_text=item.case_text, sensitive=item.case in sensitive, critical=item.critical,
                state="live" if version.state == "live" else "generated",
            )
        )  # fmt: skip
    for purpose, ids in module.forms.items():
        db.session.add(QuizForm(module_version_id=version.id, purpose=purpose, items=list(ids), seed=version.seed))
    db.session.flush()
