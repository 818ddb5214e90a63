"""Call the stages of a run in order; the only module that knows them all."""

import ast
import re
import time
import types
from collections.abc import Callable, Iterable, Mapping

from codemods.analysis.additions import additions_of
from codemods.analysis.assumptions import shipped
from codemods.analysis.inference import Inference
from codemods.analysis.missing_fields import plan_of
from codemods.analysis.project import Module, Project
from codemods.analysis.tree import Tree, row_moving_names
from codemods.config import Config
from codemods.discovery import find, mentions
from codemods.mappings import conductor_calls
from codemods.model import Change, Failure, Item, RunResult
from codemods.rules import RELATION_RULES
from codemods.rules.base import Known
from codemods.series import Stage, patches, stages, wanted_at

Progress = Callable[[str, int, int], None]

_NONE_KEPT: Mapping[tuple[str, int], str] = types.MappingProxyType({})


def analyse(
    config: Config, files: dict[str, bytes], kept: Mapping[tuple[str, int], str] = _NONE_KEPT
) -> tuple[Inference, Tree]:
    """Infer what the expressions of the relevant files hold; the calls at `kept` stay."""
    project = Project(files)
    tree = Tree(project, target=config.target)
    tree.kept_calls = kept
    if tree.is_own and additions_of(tree).files:
        tree.add(additions_of(tree).files)
    exceptions = () if tree.is_own else (f"{tree.package}/exception.py",)
    for path in (*seeds(files, tree.package), *commands(files, tree.package), *exceptions):
        project.load(path)
    inference = Inference(project, tree, (*shipped(), *config.assumptions))
    inference.listed.update(suspects(files, tree.package))
    if tree.typed_fields:
        inference.listed.update(additions_of(tree).text_versions)
    for path in sorted(inference.listed):
        project.load(path)
    inference.run()
    load_tests(inference, tree)
    inference.run()
    return inference, tree


def load_tests(inference: Inference, tree: Tree) -> None:
    """Load the unit tests of what will be rewritten, and what holds fixtures of rows.

    The latter are only looked at for their literals, so they are not evaluated.
    """
    project = inference.project
    code = changed_code(inference, tree)
    changed = {project.modules[path].dotted: names for path, names in code.items()}
    # two searches for plain bytes rule most files out before any pattern is tried
    traces = (
        *("from {} import {}".format(*d.rsplit(".", 1)).encode() for d in changed),
        *(f"{d}.".encode() for d in changed),
    )
    stub = _stub_pattern(inference, code)
    columns, stats_are_rows = _columns(tree), plan_of(tree).stats_are_rows
    for path, data in project.files.items():
        if not path.startswith(f"{tree.package}/tests/") or path in project.modules:
            continue
        if mentions(data, traces) and _uses(data, changed):
            inference.fixtures.add(path)
            project.load(path)
        elif "/conductor/" not in path and b"onductor" in data and stub.search(data):
            project.load(path)
        elif _is_looked_at(data, columns) or (stats_are_rows and b"fake_compute_node" in data):
            inference.skipped.add(path)
            project.load(path)
    for path in _object_files(tree):
        inference.skipped.add(path)


def changed_code(inference: Inference, tree: Tree) -> dict[str, frozenset[str]]:
    """The files of the code, unit tests apart, in which a rule finds an edit.

    Each with the classes and functions at its top that hold one; none where an
    edit lies outside of them all.
    """
    modules = [m for m in relevant(inference) if not inference.is_test(m)]
    known = {module.source.path: Known(module, inference, tree) for module in modules}
    wanted = wanted_at(modules, inference, tree, frozenset(Item), known)
    found = {}
    # the exceptions are caught everywhere and say nothing of rows
    for path in sorted(set(wanted.asked) - {f"{tree.package}/exception.py"}):
        module = inference.project.modules[path]
        functions = [module.function_at(edit.start) for edit in wanted.asked[path][0]]
        names = frozenset(f.name.partition(".")[0] for f in functions if f is not None)
        found[path] = names if None not in functions else frozenset()
    return found


_IMPORT = re.compile(rb"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\w+)", re.M)
_QUOTED = re.compile(rb"['\"]([a-z]\w*(?:\.\w+)+)")


def _uses(data: bytes, changed: dict[str, frozenset[str]]) -> bool:
    """Whether a unit test imports one of the modules, or names it, and what has changed in it.

    An option that is imported from a module says nothing of its rows.
    """
    named = {f"{head.decode()}.{tail.decode()}" for head, tail in _IMPORT.findall(data)}
    for quoted in _QUOTED.findall(data):
        name = quoted.decode()
        while name := name.rpartition(".")[0]:
            named.add(name)
    return any(
        not changed[dotted]
        or re.search(rf"\b(?:{'|'.join(sorted(changed[dotted]))})\b".encode(), data)
        for dotted in sorted(named & changed.keys())
    )


def _stub_pattern(inference: Inference, code: Iterable[str]) -> "re.Pattern[bytes]":
    """How a unit test replaces one of the conductor's methods that the code called."""
    called = {
        value.name
        for path in code
        for node in inference.project.modules[path].nodes.get(ast.Attribute, [])
        for value in inference.values(node)
        if value.kind == "method"
    }
    names = "|".join(sorted(called & set(conductor_calls()))) or "$^"
    pattern = rf"(?:LocalAPI|ConductorAPI|conductor_api)[.,]\s*'?(?:{names})\b"
    return re.compile(pattern.encode())


def _columns(tree: Tree) -> tuple[tuple[bytes, bytes], ...]:
    """The columns that a row of a compute node has so far, as they are quoted."""
    found = tree.object("ComputeNode")
    if found is None or not plan_of(tree).bumps:
        return ()
    return tuple((f"'{name}'".encode(), f'"{name}"'.encode()) for name in sorted(found.fields))


def _is_looked_at(data: bytes, columns: tuple[tuple[bytes, bytes], ...]) -> bool:
    """Whether a file of unit tests matters for its literals, or for remote objects."""
    if b".indirection_api = " in data and b".start_service(" in data:
        return True
    if columns and (b"object_relationships =" in data or b"object_data =" in data):
        return True
    return bool(columns) and all(one in data or other in data for one, other in columns)


def _object_files(tree: Tree) -> list[str]:
    """The files of the package of objects in which something may be added."""
    additions, names, paths = additions_of(tree), [*plan_of(tree).bumps], []
    if additions.lacks_nodes_getter:
        names.append("ComputeNodeList")
    if additions.unregistered:
        paths.append(f"{tree.objects_path}/__init__.py")
    found = (tree.object(name) for name in names)
    paths += [one.path for one in found if one is not None]
    return [path for path in dict.fromkeys(paths) if tree.project.load(path) is not None]


#: How a file comes by the conductor's API: it makes one, in any spelling, or is given one under a
#: telling name. The package of the conductor has other things as well, which move no rows.
_HANDLE = re.compile(
    rb"conductor_api|\bconductor\.(?:api\.)?(?:API|LocalAPI)\b|import (?:API|LocalAPI)\b"
    rb"|\bconductor[ \t]+(?:as|import)\b|[(,=]\s*conductor\s*[,)=\n]"
)


def seeds(files: dict[str, bytes], package: str) -> list[str]:
    """The files, unit tests apart, that may call the conductor for rows.

    One that is given the API under any other name is loaded when it is called.
    """
    names = row_moving_names()
    own = tuple(f"{package}/{part}/" for part in ("conductor", "db", "objects", "tests"))
    return [
        path
        for path, data in files.items()
        if not path.startswith(own)
        and b"conductor" in data
        and _HANDLE.search(data)
        and mentions(data, names)
    ]


def suspects(files: dict[str, bytes], package: str) -> list[str]:
    """The files in which something that is named like it may be, or lead to, the conductor."""
    names = b"|".join(row_moving_names())
    pattern = re.compile(rb"\b_?(?:virtapi|conductor|conductor_api|capi)\.(?:%s)\(" % names)
    own = tuple(f"{package}/{part}/" for part in ("conductor", "db", "objects", "tests"))
    return [
        path
        for path, data in files.items()
        if not path.startswith(own)
        and (b"conductor" in data or b"virtapi." in data)
        and pattern.search(data)
    ]


def commands(files: dict[str, bytes], package: str) -> list[str]:
    """The commands that start a service but do not register the objects."""
    return [
        path
        for path, data in files.items()
        if path.startswith(f"{package}/cmd/")
        and b"service.Service.create" in data
        and b"register_all" not in data
    ]


def settle(
    config: Config,
    files: dict[str, bytes],
    show: Progress = lambda stage, done, total: None,
    mark: Callable[[str], None] = lambda name: None,
) -> tuple[Inference, list[Stage]]:
    """Infer and rewrite until every call stays whose rows a rule had to leave in part."""
    kept: dict[tuple[str, int], str] = {}
    while True:
        show("inferring", 1, 3)
        inference, tree = analyse(config, files, kept)
        mark("infer")
        show("rewriting", 2, 3)
        found = stages(relevant(inference), inference, tree, config.items, config.jobs)
        mark("rewrite")
        unreadable = _unreadable(found[-1]) if found else {}
        if not unreadable.keys() - kept.keys():
            return inference, found
        kept |= unreadable


def run(config: Config, progress: Progress | None = None) -> RunResult:
    """Rewrite the tree in memory; nothing is written. Raises `NotATree`."""
    clock = _Clock()
    show = progress or (lambda stage, done, total: None)
    show("reading", 0, 3)
    files, unread = find(config.root)
    clock.mark("read")
    inference, found = settle(config, files, show, clock.mark)
    made = patches(found, files, plan_of(inference.tree).wordings)
    last = found[-1] if found else None
    # a rule may have looked at a file that nobody had looked at before, in another process
    unparsed = [f for stage in found for f in stage.failures if f.stage == "parse"]
    failures = list(dict.fromkeys([*unread, *unparsed, *(last.failures if last else ())]))
    considered = {path for stage in found for path in stage.considered}
    considered |= {failure.path for failure in failures}
    changed = last.texts if last else {}
    changes = tuple(Change(path, files.get(path), changed[path]) for path in sorted(changed))
    failed = {failure.path for failure in failures}
    counted = sum(1 for change in changes if change.before is not None)
    not_considered = len(set(files) - considered)
    total = len(files) + len(unread)
    clock.mark("series")
    return RunResult(
        root=str(config.root),
        target=inference.tree.target,
        items=config.items,
        found=total,
        unchanged=total - counted - not_considered - len(failed),
        not_considered=not_considered,
        changes=changes,
        patches=tuple(made),
        declined=last.declined if last else (),
        needs_person=last.needs_person if last else (),
        failures=tuple(sorted(failures, key=lambda failure: (failure.path, failure.stage))),
        seconds=clock.marks,
    )


def _unreadable(stage: Stage) -> dict[tuple[str, int], str]:
    """The calls, by path and line, whose rows hold rows that a rule had to leave, and where.

    The object answers there with something else than the row did, so such a
    call has to stay with what it feeds.
    """
    return {
        (step.path, step.line): f"{one.path}:{one.line}"
        for one in stage.declined
        if one.rule in RELATION_RULES and "/tests/" not in one.path
        for step in one.evidence
        if step.call
    }


def relevant(inference: Inference) -> list[Module]:
    """The modules in which a rule may find something."""
    project, package = inference.project, inference.tree.package
    own = tuple(f"{package}/{part}/" for part in ("conductor", "db", "objects"))
    always = (f"{package}/cmd/", f"{package}/tests/", f"{package}/exception.py")
    return [
        project.modules[path]
        for path in sorted(project.modules.keys() - project.failures.keys())
        if path in inference.skipped
        or path in inference.listed
        or (path in inference.touched and not path.startswith(own))
        or path.startswith(always)
    ]


class _Clock:
    """CPU seconds of each stage."""

    def __init__(self) -> None:
        self.marks: tuple[tuple[str, float], ...] = ()
        self._last = time.process_time()

    def mark(self, name: str) -> None:
        now = time.process_time()
        self.marks += ((name, round(now - self._last, 3)),)
        self._last = now


__all__ = ["Failure", "Progress", "analyse", "relevant", "run", "seeds", "settle"]
