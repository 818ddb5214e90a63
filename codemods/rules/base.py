"""What a rule is, and what it sees of a file."""

import ast
import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Iterator

from codemods.analysis.additions import Additions, additions_of
from codemods.analysis.inference import Inference
from codemods.analysis.missing_fields import Plan, plan_of
from codemods.analysis.project import Function, Module
from codemods.analysis.sites import Left, bind, why_left
from codemods.analysis.stubs import Stub, database_stubs, row_places
from codemods.analysis.tree import Tree
from codemods.analysis.values import Value, Values, becomes_object
from codemods.mappings import ConductorCall, conductor_calls, reasons
from codemods.model import (
    ITEM_OF_OBJECT,
    Declined,
    Edit,
    Evidence,
    ImportChange,
    Item,
    NeedsPerson,
    NewFile,
    Step,
)
from codemods.syntax.source import Positioned, Source

#: What may follow a statement on its line, up to a comment.
_BEHIND = re.compile(rb"[ \t]*(?:;[ \t]*)?")

Finding = Edit | ImportChange | NewFile | Declined | NeedsPerson


#: Other files of an example's tree: the path of each, and its text. A directory with None is gone.
Beside = tuple[tuple[str, str | None], ...]


@dataclasses.dataclass(frozen=True)
class Example:
    """A module before and after the rule; the test runs it in a small tree.

    `beside` are files that the tree has besides: the code that a unit test is
    for, say.
    """

    before: str
    after: str
    path: str = "nova/compute/example.py"
    beside: Beside = ()


@dataclasses.dataclass(frozen=True)
class LeftAlone:
    """A module that stays as it is, and the reason code that says why, if any."""

    source: str
    because: str = ""
    path: str = "nova/compute/example.py"
    beside: Beside = ()


@dataclasses.dataclass(frozen=True)
class Rule:
    """One pattern and what becomes of it.

    `check` yields what it found in one file and changes nothing. `name` is
    the module's; `summary` its docstring. `tests` says that the rule looks at
    unit tests too; `own_objects` that it has nothing to do where the objects
    are not the tree's own. A file in whose bytes none of `needles` stands holds
    nothing for the rule; without any every file may.
    """

    name: str
    summary: str
    check: "Callable[[FileContext], Iterator[Finding]]"
    examples: tuple[Example | LeftAlone, ...]
    tests: bool = False
    own_objects: bool = False
    needles: tuple[bytes, ...] = ()

    @classmethod
    def of(
        cls,
        module: str,
        doc: str | None,
        check: "Callable[[FileContext], Iterator[Finding]]",
        examples: Iterable[Example | LeftAlone],
        tests: bool = False,
        own_objects: bool = False,
        needles: tuple[bytes, ...] = (),
    ) -> "Rule":
        """The rule of the module called `module`, described by its docstring."""
        return cls(
            module.rpartition(".")[2],
            doc or "",
            check,
            tuple(examples),
            tests,
            own_objects,
            needles,
        )


@dataclasses.dataclass(frozen=True)
class Holding:
    """What an expression holds: an object of class `name`.

    `sure` says that it is one on every path; `evidence` shows how it got
    there, `contrary` a path on which it is something else.
    """

    name: str
    sure: bool
    evidence: Evidence
    contrary: Evidence = ()
    nullable: bool = False


@dataclasses.dataclass(frozen=True)
class ConductorSite:
    """A call of one of the conductor's row-moving methods; `left` says why it stays, if so."""

    node: ast.Call
    call: ConductorCall
    evidence: Evidence
    arguments: dict[str, ast.expr] | None
    left: Left | None = None


class Known:
    """What is known of a file whatever the work items done so far."""

    def __init__(self, module: Module, inference: Inference, tree: Tree) -> None:
        self.module = module
        self.inference = inference
        self.tree = tree

    @functools.cached_property
    def sites(self) -> list[ConductorSite]:
        """The calls of the conductor's row-moving methods."""
        known, found = conductor_calls(), []
        for node in self.module.nodes.get(ast.Call, []):
            assert isinstance(node, ast.Call)
            values = self.inference.values(node.func)
            for value, evidence in values.items():
                if value.kind == "method" and value.name in known:
                    call = known[value.name]
                    left = why_left(node, call, self.module, self.tree)
                    if any(other.kind != "method" for other in values):
                        left = left or Left("value.mixed")
                    arguments = bind(node, call.parameters)
                    found.append(ConductorSite(node, call, evidence, arguments, left))
        return found

    @functools.cached_property
    def row_subscripts(self) -> list[ast.Subscript]:
        """The subscripts of what may be rows, in the order of the source."""
        found = self.module.nodes.get(ast.Subscript, [])
        return [n for n in found if isinstance(n, ast.Subscript) and self._is_row(n.value)]

    @functools.cached_property
    def row_methods(self) -> list[tuple[ast.Call, ast.Attribute]]:
        """The calls of methods of what may be rows, in the order of the source."""
        return [
            (n, n.func)
            for n in self.module.nodes.get(ast.Call, [])
            if isinstance(n, ast.Call)
            and isinstance(n.func, ast.Attribute)
            and self._is_row(n.func.value)
        ]

    @functools.cached_property
    def row_calls(self) -> list[ast.Call]:
        """The calls of methods of what may be rows, and those that are given such."""
        return [
            n
            for n in self.module.nodes.get(ast.Call, [])
            if isinstance(n, ast.Call)
            and (
                (isinstance(n.func, ast.Attribute) and self._is_row(n.func.value))
                or any(map(self._is_row, n.args))
                or any(word.arg is None and self._is_row(word.value) for word in n.keywords)
            )
        ]

    @functools.cached_property
    def row_attributes(self) -> list[ast.Attribute]:
        """The attributes of what may be rows, in the order of the source."""
        found = self.module.nodes.get(ast.Attribute, [])
        return [n for n in found if isinstance(n, ast.Attribute) and self._is_row(n.value)]

    def _is_row(self, node: ast.AST) -> bool:
        return any(value.kind in ("row", "rows") for value in self.inference.values(node))

    @functools.cached_property
    def stubs(self) -> list[Stub]:
        """The functions of the database that a file of unit tests replaces."""
        return database_stubs(self.module, self.inference)

    @functools.cached_property
    def row_places(self) -> set[str]:
        """Where the literals stand that the stubs hand out."""
        return row_places(self.stubs, self.inference)


class Edited:
    """What the rules have found in the code, for those that look at its unit tests."""

    def __init__(self, code: "Iterable[FileContext]" = ()) -> None:
        self._by_rule: dict[str, set[str]] = {}
        self.saves_instances = False
        for context in code:
            for finding in context.findings:
                if isinstance(finding, Edit):
                    self._by_rule.setdefault(finding.rule, set()).add(context.module.dotted)
                    if finding.item is Item.INSTANCE and ".save(" in finding.text:
                        self.saves_instances = True

    def modules(self, rules: tuple[str, ...] = ()) -> set[str]:
        """The dotted names of the modules that one of the rules, or any, changed."""
        return set().union(*(self._by_rule.get(rule, ()) for rule in rules or self._by_rule))


class FileContext:
    """One file, what is known of it, and what the rules before have found in it."""

    def __init__(
        self,
        module: Module,
        inference: Inference,
        tree: Tree,
        converted: frozenset[Item],
        known: "Known | None" = None,
    ) -> None:
        self.module = module
        self.inference = inference
        self.tree = tree
        self.converted = converted
        self.findings: list[Finding] = []
        self.rule = ""
        self._known = known or Known(module, inference, tree)
        self.edited: Edited = Edited()
        self.contexts: dict[str, FileContext] = dict.fromkeys((module.source.path,), self)

    @property
    def source(self) -> Source:
        """The file."""
        return self.module.source

    @property
    def path(self) -> str:
        """The file's path in the tree."""
        return self.module.source.path

    @property
    def nodes(self) -> dict[type[ast.AST], list[ast.AST]]:
        """The file's nodes by type, in the order of the source."""
        return self.module.nodes

    def calls(self) -> list[ast.Call]:
        """Every call, in the order of the source."""
        return self.nodes.get(ast.Call, [])  # type: ignore[return-value]

    def subscripts(self) -> list[ast.Subscript]:
        """Every subscript, in the order of the source."""
        return self.nodes.get(ast.Subscript, [])  # type: ignore[return-value]

    def row_subscripts(self) -> list[ast.Subscript]:
        """The subscripts of what may be rows, in the order of the source."""
        return self._known.row_subscripts

    def row_methods(self) -> list[tuple[ast.Call, ast.Attribute]]:
        """The calls of methods of what may be rows, with the methods."""
        return self._known.row_methods

    def row_calls(self) -> list[ast.Call]:
        """The calls of methods of what may be rows, and those that are given such."""
        return self._known.row_calls

    def row_attributes(self) -> list[ast.Attribute]:
        """The attributes of what may be rows, in the order of the source."""
        return self._known.row_attributes

    # what expressions hold

    def values(self, node: ast.AST) -> Values:
        """What inference found that `node` may hold."""
        return self.inference.values(node)

    def holding(self, node: ast.AST) -> Holding | None:
        """The object that `node` holds once the items so far are done.

        None where no path brings one.
        """
        values = {v: e for v, e in self.values(node).items() if v.kind != "none"}
        objects = {
            v: e
            for v, e in values.items()
            if becomes_object(v, self.converted) and v.name in ITEM_OF_OBJECT
        }
        if not objects:
            return None
        # a row of the conductor's is the reason to look at the place at all
        first = next((v for v in objects if v.kind == "row"), next(iter(objects)))
        others = {v: e for v, e in values.items() if v not in objects or v.name != first.name}
        contrary: Evidence = next(iter(others.values())) if others else ()
        nullable = any(v.kind == "none" or v.nullable for v in self.values(node))
        return Holding(first.name, not others, objects[first], contrary, nullable)

    def comes_from_conductor(self, node: ast.AST) -> bool:
        """Whether one of the values of `node` is a row that the conductor gave."""
        return any(value.kind in ("row", "rows") for value in self.values(node))

    def is_handle(self, node: ast.AST) -> bool:
        """Whether `node` is the conductor's API and nothing else."""
        values = self.values(node)
        return bool(values) and all(value.kind == "handle" for value in values)

    def sites(self) -> list[ConductorSite]:
        """The calls of the conductor's row-moving methods in this file."""
        return self._known.sites

    def item_of(self, name: str) -> Item:
        """The work item of object `name`."""
        return ITEM_OF_OBJECT[name]

    def function(self, node: ast.AST) -> Function | None:
        """The function around `node`."""
        for parent in self.source.parents(node):
            if parent in self.module.function_of:
                return self.module.function_of[parent]
        return None

    @property
    def plan(self) -> Plan:
        """What must be added to the tree's objects."""
        return plan_of(self.tree)

    @property
    def additions(self) -> Additions:
        """What the tree's package of objects lacks as a whole."""
        return additions_of(self.tree)

    def adds_nodes_getter(self) -> bool:
        """Whether the list of nodes is given the getter that reads those of a service."""
        return (
            Item.OBJECT_FIELDS in self.converted
            and self.additions.lacks_nodes_getter
            and any(True for other in self.contexts.values() for _ in other.node_lists())
        )

    def node_lists(self) -> "Iterator[ast.Subscript | ast.Call]":
        """Where the list of nodes of a service's row is read."""
        if b"compute_node" not in self.source.text or self.inference.is_test(self.module):
            return
        for node in self.subscripts():
            if literal_key(node) == "compute_node" and self._is_service(node.value):
                yield node
        for call in self.calls():
            func = call.func
            if isinstance(func, ast.Attribute) and func.attr == "get" and call.args:
                key = call.args[0]
                if isinstance(key, ast.Constant) and key.value == "compute_node":
                    if self._is_service(func.value):
                        yield call

    def _is_service(self, node: ast.expr) -> bool:
        return any(v.kind == "row" and v.name == "Service" for v in self.values(node))

    def field_kind(self, name: str, field: str) -> str:
        """The source of a field's type, those that are added included; "" if there is none."""
        bump = self.plan.bumps.get(name) if Item.OBJECT_FIELDS in self.converted else None
        added = {one.name: one.kind for one in bump.fields} if bump is not None else {}
        return added.get(field) or self.tree.field_kind(name, field)

    @property
    def nodes_hold_devices(self) -> bool:
        """Whether a compute node of the tree is an object by now, its PCI devices one within it.

        The shim's takes the text of the column, too, and makes dicts of text.
        """
        if Item.COMPUTE_NODE not in self.converted or not self.tree.is_own:
            return False
        return "PciDeviceList" in self.field_kind("ComputeNode", "pci_stats")

    def stubs(self) -> list[Stub]:
        """The functions of the database that this file of unit tests replaces."""
        return self._known.stubs

    def is_row_source(self, node: ast.expr) -> bool:
        """Whether a stub of the database hands this literal out."""
        return f"{self.path}:{node.lineno}:{node.col_offset}" in self._known.row_places

    def tracker_saves_instances(self) -> bool:
        """Whether some file now saves an Instance where it called the conductor."""
        return self.edited.saves_instances

    def tests_what(self, *rules: str) -> bool:
        """Whether this file of unit tests imports a module that one of the rules changed.

        Without rules, that any changed.
        """
        changed = self.edited.modules(rules)
        return any(dotted in changed for dotted in self.module.imports.values())

    @property
    def has_edits(self) -> bool:
        """Whether a rule before has found an edit in this file."""
        return any(isinstance(finding, Edit) for finding in self.findings)

    def all_contexts(self, paths: Iterable[str] | None = None) -> "Iterator[FileContext]":
        """Every file that the rules look at, or those of `paths`, by path."""
        for path in sorted(self.contexts if paths is None else self.contexts.keys() & paths):
            yield self.contexts[path]

    def remains(self, node: Positioned) -> bool:
        """Whether `node` is still there after the edits found so far."""
        start, end, text = self.source.start(node), self.source.end(node), self.source.of(node)
        whole = re.compile(rf"(?<![\w.]){re.escape(text)}(?!\w)")
        return not any(
            isinstance(edit, Edit)
            and edit.start <= start
            and end <= edit.end
            and not whole.search(edit.text)
            for edit in self.findings
        )

    # what the rules say

    def text(self, node: Positioned) -> str:
        """The source of `node` with the edits inside it that were found so far."""
        return self.range_text(self.source.start(node), self.source.end(node))

    def range_text(self, start: int, end: int) -> str:
        """The source from `start` to `end` with the edits inside it."""
        inside = sorted(
            (
                edit
                for edit in self.findings
                if isinstance(edit, Edit) and start <= edit.start and edit.end <= end
            ),
            key=lambda edit: (edit.start, -edit.end),
        )
        pieces: list[str] = []
        position = start
        for edit in inside:
            if edit.start >= position:
                pieces += [self.source.slice(position, edit.start), edit.text]
                position = edit.end
        pieces.append(self.source.slice(position, end))
        return "".join(pieces)

    def replace(self, node: Positioned, text: str, item: Item, evidence: Evidence = ()) -> Edit:
        """An edit that puts `text` in the place of `node`."""
        return self.replace_range(
            self.source.start(node), self.source.end(node), text, item, evidence
        )

    def replace_range(
        self, start: int, end: int, text: str, item: Item, evidence: Evidence = ()
    ) -> Edit:
        """An edit that puts `text` in the place of a range."""
        line = self.source.line_at(start)
        return Edit(self.path, start, end, text, item, self.rule, line, evidence)

    def replace_statement(
        self, node: ast.stmt, lines: list[str], item: Item, evidence: Evidence = ()
    ) -> Edit:
        """An edit that puts whole `lines` in the place of a statement's lines.

        A comment in it or behind it moves above the lines, and goes with the
        statement where there are none. Other statements on its lines get lines
        of their own.
        """
        source, newline, indent = self.source, self.source.newline, self.source.indent(node)
        start, end = source.start(node), source.end(node)
        before = source.text[source.line_start(source.line_at(start)) : start]
        following = source.line_start(source.line_at(end) + 1)
        gap = _BEHIND.match(source.text, end)
        assert gap is not None
        alone = gap.end() >= following or source.text[gap.end() : gap.end() + 1] in b"#\r\n"
        last = following if alone else gap.end()
        if self._is_inline(node):
            # its block begins on the line of the `if` or `for`
            lines = ["    " + line for line in lines or [f"{indent}pass"]]
            indent += "    "
        elif not lines and self._is_only(node):
            lines = [f"{indent}pass"]
        if lines:
            lines = [*(indent + one for one in source.comments(start, last)), *lines]
        text = "".join(line + newline for line in lines) + ("" if alone else indent)
        if before.strip():
            return self.replace_range(
                start - len(before) + len(before.rstrip(b" \t;")),
                last,
                newline + text,
                item,
                evidence,
            )
        return self.replace_range(start - len(before), last, text, item, evidence)

    def _is_only(self, node: ast.stmt) -> bool:
        """Whether a block would be empty without the statement."""
        block = self.source.block(node)
        return block == [node] and block is not self.source.tree.body and not self.is_elif(node)

    def is_elif(self, node: ast.stmt) -> bool:
        """Whether the statement is the `elif` of another."""
        return isinstance(node, ast.If) and self.source.of(node).startswith("elif")

    def _is_inline(self, node: ast.stmt) -> bool:
        first = self.source.block(node)[0]
        line = self.source.line_start(first.lineno)
        return self.source.slice(line, self.source.start(first)).rstrip().endswith(":")

    def declined(
        self, node: ast.AST, item: Item, code: str, evidence: Evidence = (), detail: str = ""
    ) -> Declined:
        """A record of a place that is left as it is."""
        text = reasons()[code] + (f": {detail}" if detail else "")
        line = getattr(node, "lineno", 1)
        return Declined(self.path, line, item, self.rule, code, text, evidence)

    def wants_import(self, line: str, item: Item) -> ImportChange:
        """A record that the file needs the import `line`."""
        return ImportChange(self.path, line, item, self.rule)

    def step(self, node: ast.AST, text: str) -> Step:
        """One more link for a chain."""
        return Step(self.path, getattr(node, "lineno", 0), text)


def literal_key(node: ast.Subscript) -> str | None:
    """The string between the brackets, None if it is anything else."""
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    return None


def variable_for(name: str) -> str:
    """The usual name of a variable that holds an object: compute_node for ComputeNode."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def is_row(value: Value) -> bool:
    """Whether the value is what the conductor gave."""
    return value.kind == "row"
