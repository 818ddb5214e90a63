# SPDX-License-Identifier: Apache-2.0
"""Remove the imports that only removed code used."""

import ast
import re
from collections.abc import Collection

from codemods.rewriting.code import code_of
from codemods.rewriting.import_removal import without_imports, without_own_imports
from codemods.rewriting.imported import Imported, imports_of
from codemods.rewriting.stretches import line_behind, parsed
from codemods.syntax.names import names_of
from codemods.syntax.scopes import (
    Function,
    bindings,
    functions,
    is_declared_global,
    is_read_in,
    own_statements,
)
from codemods.syntax.skips import skips_in
from codemods.syntax.source import Source, reparsed
from codemods.syntax.walk import walk

_INDENTED = re.compile(rb"^[ \t]+(?:import|from)[ \t]", re.M)

#: The dotted name of a function, and its number among those of that name.
Place = tuple[str, int]

_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def without_unused(text: bytes, before: Source, replaced: bytes | None = None) -> bytes:
    """Return `text` without the imports that only `before` used.

    `replaced` is the part of `before` that was rewritten, by default all of it: a name
    that does not occur there is used as before. If in doubt, an import stays. Raises
    `Unparsed` if the text is not Python.
    """
    source = reparsed(text)
    lost = _lost(source, before, before.text if replaced is None else replaced)
    for start, end in reversed(_stretches(source, lost)):
        module = parsed(text[start:end])
        if module is not None:
            module = without_imports(module, lost, start == 0, end == len(source.text))
            text = text[:start] + code_of(module).encode("utf-8") + text[end:]
    if _INDENTED.search(text):
        for place, names in _lost_within(reparsed(text), before).items():
            text = _without_within(text, place, names) if names else text
    return text


def _lost(source: Source, before: Source, replaced: bytes) -> frozenset[Imported]:
    """The module's imports that only `before` used."""
    skips = skips_in(before)
    had = {
        one
        for statement in before.tree.body
        if not any(skip.start <= before.start(statement) < skip.end for skip in skips)
        for one in imports_of(statement)
    }
    found = {one for statement in source.tree.body for one in imports_of(statement)}
    return frozenset(
        one
        for one in found & had
        if one.local != "*"
        and one.local.encode() in replaced
        and not _is_used(source, one.local)
        and _is_only_imported(source, one.local)
        and _was_used(before, one)
    )


def _is_used(source: Source, name: str) -> bool:
    """Whether the file reads the module's `name`, exports it or declares it global."""
    names = names_of(source)
    if name in names.read and (name not in names.rebound or is_read_in(source, source.tree, name)):
        return True
    return is_declared_global(source, name) or name in _exported(source)


def _was_used(before: Source, one: Imported) -> bool:
    is_used = one.local in _exported(before) or is_read_in(before, before.tree, one.local)
    return is_used and _is_reached(before.tree, one)


def _is_reached(scope: ast.AST, one: Imported) -> bool:
    """Whether the full name is read: `import nova.conductor` binds only `nova`."""
    return one.bound == one.dotted or any(_dotted(node) == one.dotted for node in walk(scope))


def _dotted(node: ast.AST) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return ".".join([node.id, *names]) if isinstance(node, ast.Name) else ""


def _is_only_imported(source: Source, name: str) -> bool:
    """Whether only plain imports, outside of any block, bind the name."""
    plain = {id(statement) for statement in source.tree.body if imports_of(statement)}
    return all(id(found.node) in plain for found in bindings(source.tree.body, name))


def _exported(source: Source) -> set[str]:
    """The names in `__all__`, however they get there."""
    if b"__all__" not in source.text:
        return set()
    found: set[str] = set()
    for statement in own_statements(source.tree):
        nodes = [] if isinstance(statement, _DEFINITIONS) else [*walk(statement)]
        if any(isinstance(node, ast.Name) and node.id == "__all__" for node in nodes):
            found |= {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    return found


def _stretches(source: Source, lost: Collection[Imported]) -> list[tuple[int, int]]:
    """The stretches that hold lost imports, each at most from one definition to the next."""
    found: list[tuple[int, int]] = []
    start, last = 0, -1
    for number, statement in enumerate(source.tree.body):
        if any(one in lost for one in imports_of(statement)):
            last = number
        elif isinstance(statement, _DEFINITIONS):
            if last >= 0:
                found.append((start, line_behind(source, last)))
            start, last = source.line_start((statement.end_lineno or 0) + 1), -1
    return [*found, (start, line_behind(source, last))] if last >= 0 else found


def _lost_within(source: Source, before: Source) -> dict[Place, frozenset[Imported]]:
    """The imports within functions that only `before` used there."""
    here, there = _importing(source), _importing(before)
    return {
        place: frozenset(
            one
            for one in _own_imports(here[place]) & _own_imports(there[place])
            if not is_read_in(source, here[place], one.local)
            and is_read_in(before, there[place], one.local)
            and _is_reached(there[place], one)
            and _is_only_imported_within(here[place], one.local)
        )
        for place in sorted(here.keys() & there.keys())
    }


def _is_only_imported_within(function: Function, name: str) -> bool:
    return all(isinstance(found.node, _IMPORTS) for found in bindings(function.body, name))


def _importing(source: Source) -> dict[Place, Function]:
    """The functions with an import in them, by place."""
    return {
        place: function
        for place, function in functions(source).items()
        if _INDENTED.search(source.text, *_lines(source, function))
    }


def _lines(source: Source, function: Function) -> tuple[int, int]:
    start = source.line_start(source.line_at(source.start(function)))
    return start, source.line_start((function.end_lineno or function.lineno) + 1)


def _own_imports(function: Function) -> set[Imported]:
    return {one for statement in own_statements(function) for one in imports_of(statement)}


def _without_within(text: bytes, place: Place, lost: Collection[Imported]) -> bytes:
    """Return `text` without the imports of the function at `place`."""
    source = reparsed(text)
    start, end = _lines(source, functions(source)[place])
    # an indented function needs a block around it
    block = b"if 1:\n" if text[start : start + 1].isspace() else b""
    module = parsed(block + text[start:end])
    if module is None:
        return text
    function = code_of(without_own_imports(module, lost)).encode("utf-8")
    return text[:start] + function[len(block) :] + text[end:]
