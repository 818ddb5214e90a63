"""The stages of the rewrite: each work item's patch stands on those before it.

Every stage is the rewrite of the original tree with the items up to there, so
a patch is the difference between two whole and verified trees.
"""

import dataclasses
from collections.abc import Iterable, Mapping

from codemods.analysis.inference import Inference
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree
from codemods.edits.rewrite import rewrite
from codemods.forked import forked_map
from codemods.model import (
    Change,
    Declined,
    Edit,
    Failure,
    ImportChange,
    Item,
    NeedsPerson,
    NewFile,
    Patch,
)
from codemods.rules import LAST_RULES, RULES
from codemods.rules.base import Edited, FileContext, Known, Rule
from codemods.syntax.source import Source


@dataclasses.dataclass(frozen=True)
class Stage:
    """The tree with the items up to `item` done; `considered` are the files looked at for it."""

    item: Item
    texts: dict[str, bytes]
    edits: tuple[Edit, ...]
    declined: tuple[Declined, ...]
    needs_person: tuple[NeedsPerson, ...]
    failures: tuple[Failure, ...]
    considered: frozenset[str]


#: What the rules ask for in one file.
Asked = tuple[tuple[Edit, ...], tuple[ImportChange, ...]]


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the rules ask for with the items up to `item` done."""

    item: Item
    asked: dict[str, Asked]
    declined: tuple[Declined, ...]
    needs_person: tuple[NeedsPerson, ...]
    created: tuple[NewFile, ...]
    considered: frozenset[str]
    unparsed: tuple[Failure, ...]


def stages(
    modules: Iterable[Module],
    inference: Inference,
    tree: Tree,
    items: tuple[Item, ...],
    jobs: int = 1,
) -> list[Stage]:
    """One stage for each of the items, in order."""
    modules = list(modules)
    known = {module.source.path: Known(module, inference, tree) for module in modules}
    done = [frozenset(items[: number + 1]) for number in range(len(items))]
    wanted = forked_map(lambda one: wanted_at(modules, inference, tree, one, known), done, jobs)
    sources = {module.source.path: module.source for module in modules}
    rewritten = _rewritten(wanted, sources, jobs)
    return [_stage(one, rewritten, sources) for one in wanted]


def wanted_at(
    modules: list[Module],
    inference: Inference,
    tree: Tree,
    done: frozenset[Item],
    known: Mapping[str, Known],
) -> Wanted:
    """What the rules ask for with the items `done`."""
    contexts = {
        module.source.path: FileContext(module, inference, tree, done, known[module.source.path])
        for module in modules
    }
    for context in contexts.values():
        context.contexts = contexts
    # what a unit test must become depends on what the code has become
    code = [path for path in sorted(contexts) if not inference.is_test(contexts[path].module)]
    tests = [path for path in sorted(contexts) if inference.is_test(contexts[path].module)]
    for path in code:
        _apply(contexts[path], RULES)
    edited = Edited(contexts[path] for path in code)
    for path in tests:
        contexts[path].edited = edited
        _apply(contexts[path], RULES)
    for path in code:
        _apply(contexts[path], LAST_RULES)
    asked: dict[str, Asked] = {}
    for path in sorted(contexts):
        findings = contexts[path].findings
        edits = tuple(finding for finding in findings if isinstance(finding, Edit))
        imports = tuple(finding for finding in findings if isinstance(finding, ImportChange))
        if edits:
            asked[path] = (edits, imports)
    findings = [f for path in sorted(contexts) for f in contexts[path].findings]
    return Wanted(
        max(done, key=list(Item).index),
        asked,
        tuple(dict.fromkeys(f for f in findings if isinstance(f, Declined))),
        tuple(dict.fromkeys(f for f in findings if isinstance(f, NeedsPerson))),
        tuple(dict.fromkeys(f for f in findings if isinstance(f, NewFile))),
        frozenset(inference.project.modules),
        tuple(inference.project.failures.values()),
    )


def _rewritten(
    wanted: list[Wanted], sources: dict[str, Source], jobs: int
) -> dict[tuple[str, Asked], bytes | Failure]:
    """Every file in every form that a stage asks for; most are the same in several."""
    tasks = list(
        dict.fromkeys((path, asked) for one in wanted for path, asked in one.asked.items())
    )
    # the largest last, so that no process is left with one at the end
    tasks.sort(key=lambda task: len(sources[task[0]].data))
    results = forked_map(lambda task: rewrite(sources[task[0]], *task[1]), tasks, jobs)
    return dict(zip(tasks, results, strict=True))


def _stage(
    wanted: Wanted,
    rewritten: dict[tuple[str, Asked], bytes | Failure],
    sources: dict[str, Source],
) -> Stage:
    texts: dict[str, bytes] = {new.path: new.data for new in wanted.created}
    failures: list[Failure] = []
    edits: list[Edit] = []
    for path, asked in wanted.asked.items():
        new = rewritten[path, asked]
        if isinstance(new, Failure):
            failures.append(new)
        elif new != sources[path].data:
            texts[path] = new
            edits += asked[0]
    return Stage(
        wanted.item,
        texts,
        tuple(edits),
        wanted.declined,
        wanted.needs_person,
        (*wanted.unparsed, *failures),
        wanted.considered,
    )


def _apply(context: FileContext, rules: Iterable[Rule]) -> None:
    is_test = context.inference.is_test(context.module)
    for rule in rules:
        if (is_test and not rule.tests) or (rule.own_objects and not context.tree.is_own):
            continue
        if rule.needles and not any(one in context.source.text for one in rule.needles):
            continue
        context.rule = rule.name
        # a rule sees what the rules before it found, not its own findings
        context.findings += list(rule.check(context))


def patches(found: list[Stage], originals: dict[str, bytes]) -> list[Patch]:
    """The difference that each stage makes to the one before; empty ones left out."""
    made: list[Patch] = []
    before: dict[str, bytes] = {}
    known: set[Edit] = set()
    for stage in found:
        changes = []
        for path in sorted(set(stage.texts) | set(before)):
            old = before.get(path, originals.get(path))
            new = stage.texts.get(path, originals.get(path))
            if new is not None and old != new:
                changes.append(Change(path, old, new))
        edits = tuple(edit for edit in stage.edits if edit not in known)
        known.update(stage.edits)
        if changes:
            made.append(Patch(stage.item, tuple(changes), edits))
        before = stage.texts
    return made
