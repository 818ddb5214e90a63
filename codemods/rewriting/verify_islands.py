# SPDX-License-Identifier: Apache-2.0
"""Show from the changed islands alone that a file is still sound, since the rest is unchanged.

This needs no tree of the whole new text, which takes a tenth of a second and 25 MB for
nova's largest files. What the islands alone cannot show is left to `verify`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codemods.analysis.named import lacking
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree
from codemods.rewriting.changed_text import ChangedText
from codemods.rewriting.imported import imports_of
from codemods.rewriting.island import Island
from codemods.rewriting.verify import unbound_names
from codemods.syntax.names import FileNames, names_of
from codemods.syntax.scopes import functions, is_read_in
from codemods.syntax.source import Source, Unparsed

_INDENTED_IMPORT = re.compile(rb"^[ \t]+(?:import|from)[ \t]", re.M)
_INDENT = re.compile(rb"^([ \t]*)[^\s#]", re.M)


class _Form(NamedTuple):
    """An island before and after the rewrite."""

    old: Source
    new: Source


def is_known_sound(before: Module, changed: ChangedText, lines: Iterable[str], tree: Tree) -> bool:
    """Whether the changed islands show that the file is sound and still needs all its imports.

    `lines` are the new imports. False only means that the islands do not show it.
    """
    wanted = [ast.parse(line).body[0] for line in lines]
    try:
        forms = [_form(island, new) for island, new in changed.islands if _fits(island, new)]
    except Unparsed:
        return False
    if len(forms) < len(changed.islands):
        return False
    return _Islands(before, changed, forms, wanted).are_sound(tree)


def _fits(island: Island, new: bytes) -> bool:
    """Whether an island's new form fits into the text around it like the old one."""
    old = island.text
    return _indent(old) == _indent(new) and old.endswith(b"\n") == new.endswith(b"\n")


def _indent(text: bytes) -> bytes | None:
    """The white space before the first statement; None if there is no statement."""
    match = _INDENT.search(text)
    return match.group(1) if match is not None else None


def _form(island: Island, new: bytes) -> _Form:
    """An island before and after the rewrite; raises `Unparsed`."""
    old, made = (Source("", island.head + text, "utf-8") for text in (island.text, new))
    return _Form(old, made)


class _Islands:
    """The names in the islands before and after the rewrite, and in the file before it."""

    def __init__(
        self, before: Module, changed: ChangedText, forms: list[_Form], wanted: list[ast.stmt]
    ) -> None:
        self._before = before
        self._names = names_of(before.source)
        self._forms = forms
        self._spans = [(island.start, island.end) for island, _ in changed.islands]
        self._old = [names_of(form.old) for form in forms]
        self._new = [names_of(form.new) for form in forms]
        self._wanted = wanted
        body = before.source.tree.body
        self._imported = {one.local for node in body for one in imports_of(node)}
        self._given = {one.local for statement in wanted for one in imports_of(statement)}
        self._read = frozenset[str]().union(*(one.read for one in self._new))
        self._bound = frozenset[str]().union(*(one.bound for one in self._new))

    def are_sound(self, tree: Tree) -> bool:
        """Whether the islands show that the file is sound."""
        return (
            not any(one.imports for one in (*self._old, *self._new))
            and self._has_same_functions()
            and self._uses_its_imports()
            and self._given_are_free()
            and self._binds_what_it_reads()
            and not any(lacking(self._before, tree, self._most_named()))
        )

    def _has_same_functions(self) -> bool:
        """Whether functions that import something keep their names and numbers."""
        if not _INDENTED_IMPORT.search(self._before.source.text):
            return True
        return all(functions(one.old).keys() == functions(one.new).keys() for one in self._forms)

    def _uses_its_imports(self) -> bool:
        """Whether each import that the islands used is clearly still used."""
        read = frozenset[str]().union(*(one.read for one in self._old))
        return all(map(self._is_used, self._imported & read))

    def _is_used(self, name: str) -> bool:
        if name in self._names.rebound | self._bound:
            return any(is_read_in(form.new, form.new.tree, name) for form in self._forms)
        return name in self._read or self._is_read_elsewhere(name)

    def _given_are_free(self) -> bool:
        """Whether each new import is read, and nothing else in the file has its name."""
        # a name that is bound in a function is not one of the file's imports
        taken = self._names.rebound | self._bound | (self._names.bound - self._imported)
        return self._given <= self._read and self._given.isdisjoint(taken)

    def _binds_what_it_reads(self) -> bool:
        """Whether every name that is read is bound, or was already unbound before."""
        known = self._names.bound | self._bound | self._given
        new = self._names._replace(read=self._read, bound=known)
        if not unbound_names(new) <= unbound_names(self._names):
            return False
        gone = frozenset[str]().union(*(one.bound for one in self._old)) - self._bound
        return not any(
            (name in self._read or self._is_read_elsewhere(name))
            and not self._is_bound_elsewhere(name)
            for name in gone
        )

    def _most_named(self) -> FileNames:
        """The names of the file, with at least the attributes of modules that it has now."""
        old = frozenset[str]().union(*(one.rebound for one in self._old))
        new = frozenset[str]().union(*(one.rebound for one in self._new))
        imports = (one for one in self._wanted if isinstance(one, ast.Import | ast.ImportFrom))
        return self._names._replace(
            imports=(*self._names.imports, *imports),
            rebound=(self._names.rebound - old) | new,
            attributes=self._names.attributes.union(*(one.attributes for one in self._new)),
        )

    def _is_read_elsewhere(self, name: str) -> bool:
        return any(not isinstance(node.ctx, ast.Store) for node in self._elsewhere(name))

    def _is_bound_elsewhere(self, name: str) -> bool:
        """Whether something is assigned to the name; definitions are not found."""
        return any(isinstance(node.ctx, ast.Store) for node in self._elsewhere(name))

    def _elsewhere(self, name: str) -> Iterator[ast.Name]:
        """The occurrences of the name outside the islands."""
        for node in self._before.names(name):
            place = self._before.source.start(node)
            if not any(start <= place < end for start, end in self._spans):
                yield node
