# SPDX-License-Identifier: Apache-2.0
"""The literal rows that a file of unit tests keeps in constants, for mocks to return."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from codemods.analysis.local_names import is_load
from codemods.analysis.mocked_rows import has_words, own_pairs
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree
from codemods.mappings import ConductorCall


@dataclasses.dataclass(frozen=True)
class ConstantRows:
    """The literal rows of a file, by the name of a constant that is bound once."""

    module: Module
    tree: Tree
    literals: Mapping[str, ast.Dict]

    def row(self, name: str, of: str) -> ast.Dict | None:
        """The literal row under a name, if the object `of` is sure to accept all its values.

        The object is made when the file is imported: an error there would break every test.
        """
        literal = self.literals.get(name)
        if literal is None or is_known_elsewhere(self.module, self.tree, name):
            return None
        pairs = own_pairs(self.tree, of, literal)
        is_taken = all(self.tree.field_type(of, key).takes(value) for key, value in pairs)
        return literal if is_taken else None

    def without_shared(self, returned: Iterable[tuple[ast.Dict, ConductorCall]]) -> ConstantRows:
        """The constants, without those that mocks return but that have other uses as well.

        `returned` are the rows that mocks return, once for each mention. A row that
        mocks of several methods return has other uses.
        """
        calls: dict[ast.Dict, list[ConductorCall]] = {}
        for row, call in returned:
            calls.setdefault(row, []).append(call)
        loads = [one.id for one in self.module.all(ast.Name) if is_load(one)]
        kept = {
            name: row
            for name, row in self.literals.items()
            if row not in calls
            or (len(calls[row]) == loads.count(name) and len(set(calls[row])) == 1)
        }
        return dataclasses.replace(self, literals=kept)


def constant_rows(module: Module, tree: Tree) -> ConstantRows:
    """The constants of a file of unit tests that objects could replace."""
    is_possible = may_be_made(module, tree)
    return ConstantRows(module, tree, dict(_literals(module)) if is_possible else {})


def is_known_elsewhere(module: Module, tree: Tree, name: str) -> bool:
    """Whether a file of unit tests other than `module` may use its constant."""
    tests, word = f"{tree.package}/tests/", name.encode()
    return any(
        word in data and path != module.source.path
        for path, data in tree.project.files.items()
        if path.startswith(tests)
    )


def may_be_made(module: Module, tree: Tree) -> bool:
    """Whether objects can be made from their fields when a file is imported.

    Their classes must be registered by then.
    """
    if not tree.constructor_takes_fields:
        return False
    text = tree.project.files.get(f"{tree.package}/test.py", b"")
    is_registered = f"{tree.package}.test" in module.imports.values() and b"register_all(" in text
    return is_registered or not tree.has_registry


def _literals(module: Module) -> Iterator[tuple[str, ast.Dict]]:
    for name, value in constants_of(module):
        if isinstance(value, ast.Dict) and has_words(value):
            yield name, value


def constants_of(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """The names that a file binds at its top level, and nowhere else, with their values."""
    top = module.source.tree.body
    bound: dict[str, list[ast.expr | None]] = {}
    for node in module.all(ast.Name):
        if not is_load(node):
            statement = module.source.parent(node)
            is_top = isinstance(statement, ast.Assign) and statement in top
            value = statement.value if isinstance(statement, ast.Assign) and is_top else None
            bound.setdefault(node.id, []).append(value)
    for name, (first, *others) in bound.items():
        if first is not None and not others:
            yield name, first
