# SPDX-License-Identifier: Apache-2.0
"""The lists of literal rows that a unit test module keeps in module-level names."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Collection, Iterator, Mapping

from codemods.analysis.columns import columns_in, columns_of
from codemods.analysis.constant_rows import constants_of, is_known_elsewhere, may_be_made
from codemods.analysis.copy_calls import is_copy
from codemods.analysis.facts import ALL_ITEMS, Span
from codemods.analysis.inference import Inference
from codemods.analysis.kept_dicts import attributes_of_objects
from codemods.analysis.local_names import is_load
from codemods.analysis.missing_fields import plan_of
from codemods.analysis.mocked_rows import has_words
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree
from codemods.mappings import relations


@dataclasses.dataclass(frozen=True)
class ListedRow:
    """A literal row that an object of the class `object` replaces.

    `left_out` are the keys for which the object has no field.
    """

    object: str
    left_out: frozenset[str]


@dataclasses.dataclass(frozen=True)
class ListedRows:
    """Module-level lists of literal rows that tests store where the code keeps objects, by name.

    `objects` has the object class of each list. `around` has the other literal rows
    that hold the list, and the functions nested in tests that name it: whether the
    list may change depends on what these become.
    """

    lists: Mapping[str, ast.List] = dataclasses.field(default_factory=dict)
    objects: Mapping[str, str] = dataclasses.field(default_factory=dict)
    around: Mapping[str, tuple[ast.AST, ...]] = dataclasses.field(default_factory=dict)

    def confirmed(self, followed: Collection[ast.AST]) -> ListedRows:
        """The lists whose `around` are all among the nodes `followed`."""
        lists = {
            name: one
            for name, one in self.lists.items()
            if all(other in followed for other in self.around[name])
        }
        return dataclasses.replace(self, lists=lists)

    def rows(self, module: Module, tree: Tree) -> dict[Span, ListedRow]:
        """The rows of the lists, by place."""
        found = {}
        for name, one in self.lists.items():
            of = self.objects[name]
            for row in one.elts:
                assert isinstance(row, ast.Dict)
                left_out = frozenset(key for key, _ in _pairs(row) if is_no_field(tree, of, key))
                found[module.source.span(row)] = ListedRow(of, left_out)
        return found


def listed_rows(module: Module, inference: Inference) -> ListedRows:
    """The lists of rows in a unit test module that could become lists of objects."""
    if not may_be_made(module, inference.tree):
        return ListedRows()
    lists = {
        name: value
        for name, value in constants_of(module)
        if isinstance(value, ast.List) and value.elts and all(map(_is_row, value.elts))
    }
    kept = attributes_of_objects(inference, ALL_ITEMS) if lists else {}
    found: dict[str, _Uses] = {name: _Uses(module, name, kept) for name in lists}
    known = {
        name: min(uses.objects)
        for name, uses in found.items()
        if uses.are_known
        and not is_known_elsewhere(module, inference.tree, name)
        and all(_is_taken(inference, min(uses.objects), row) for row in lists[name].elts)
    }
    return ListedRows(
        {name: lists[name] for name in known},
        known,
        {name: tuple(found[name].around) for name in known},
    )


def is_no_field(tree: Tree, of: str, key: str) -> bool:
    """Whether `key` is a column or a joined row for which the object `of` will have no field."""
    if tree.field_type(of, key) or any(one.name == key for one in columns_in(tree).lacking):
        return False
    columns = {name for name, _, _ in columns_of(tree, of)}
    return key in columns or (of, key) in relations()


def _is_row(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and has_words(node)


def _pairs(row: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(row.keys, row.values, strict=True):
        assert isinstance(key, ast.Constant)
        yield str(key.value), value


def _is_taken(inference: Inference, of: str, row: ast.expr) -> bool:
    """Whether the object `of` accepts every value of a row, apart from keys without a field.

    It is made when the module is imported: a refused value would fail every test.
    """
    assert isinstance(row, ast.Dict)
    tree = inference.tree
    keeps = of == "ComputeNode" and plan_of(inference).keeps_columns
    for key, value in _pairs(row):
        field = tree.field_type(of, key)
        if is_no_field(tree, of, key):
            continue
        if field.is_object or not (field.takes(value) or keeps):
            return False
        if not field and not keeps:
            return False
    return True


class _Uses:
    """The uses of the list with a name: `objects` are the classes that its rows stand in for.

    `others` says whether there are uses that we do not understand.
    """

    def __init__(self, module: Module, name: str, kept: Mapping[str, str]) -> None:
        self.module = module
        self.kept = kept
        self.objects: set[str] = set()
        self.around: list[ast.AST] = []
        self.others = False
        for node in module.all(ast.Name):
            if node.id == name and is_load(node):
                self._use(node)

    @property
    def are_known(self) -> bool:
        """Whether the rows stand in for one object class, and are used for nothing else."""
        return len(self.objects) == 1 and not self.others

    def _use(self, node: ast.Name) -> None:
        fake = self.module.function_around(node)
        parent = self.module.source.parent(node)
        if fake is not None and fake.outer is not None:
            self.around.append(fake.node)
        elif isinstance(parent, ast.Dict):
            self.around.append(parent)
        elif (of := self._object(node)) is not None:
            self.objects.add(of)
        else:
            self.others = True

    def _object(self, node: ast.Name) -> str | None:
        """The object for which a test substitutes one of the rows, or a copy of one."""
        source = self.module.source
        row = source.parent(node)
        if not isinstance(row, ast.Subscript) or not isinstance(row.slice, ast.Constant):
            return None
        call = source.parent(row)
        is_copied = isinstance(call, ast.Call) and is_copy(self.module, call)
        statement = source.parent(call) if is_copied else call
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return None
        (target,) = statement.targets
        return self.kept.get(target.attr) if isinstance(target, ast.Attribute) else None
