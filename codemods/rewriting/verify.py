# SPDX-License-Identifier: Apache-2.0
"""Check a rewritten file before it becomes part of the result."""

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Iterator

from codemods.analysis.local_names import bindings, has_own, readings
from codemods.analysis.named import lacking
from codemods.analysis.project import Module, Project
from codemods.analysis.tree import Tree
from codemods.rewriting.imported import Imported, import_in, imports_of
from codemods.syntax.names import FileNames, names_of
from codemods.syntax.scopes import functions
from codemods.syntax.source import Source, Unparsed, reparsed
from codemods.syntax.tokens import comments
from codemods.syntax.walk import walk

#: The names that every file has without binding them, in Python 2 or 3.
_BUILTINS = frozenset(dir(builtins)) | {
    "basestring",
    "buffer",
    "cmp",
    "execfile",
    "file",
    "intern",
    "long",
    "raw_input",
    "reduce",
    "reload",
    "unichr",
    "unicode",
    "xrange",
    "__file__",
    "__name__",
    "__path__",
}


class Unsound(Exception):
    """The rewritten file is not sound; the message says why."""


def verify_text(before: Source, after: bytes) -> Source:
    """Parse the rewritten file; raises `Unsound`.

    It must parse, and must not read a name that it does not bind unless it did so before.
    """
    try:
        source = reparsed(after)
    except Unparsed as error:
        raise Unsound(f"the rewritten file does not parse: {error}") from None
    unbound = unbound_names(names_of(source))
    unbound = unbound - unbound_names(names_of(before)) if unbound else unbound
    if unbound:
        raise Unsound(f"the rewritten file uses a name that nothing binds: {min(unbound)}")
    return source


def unbound_names(names: FileNames) -> frozenset[str]:
    """The names that are read but never bound; none if the file imports `*`."""
    return frozenset() if names.has_star else names.read - names.bound - _BUILTINS


def unread_lines(after: Source, lines: Iterable[str]) -> frozenset[str]:
    """The new import lines whose name nothing in the rewritten file reads."""
    read = names_of(after).read
    return frozenset(line for line in lines if import_in(line).local not in read)


def verify_comments(before: bytes, after: bytes, dropped: Iterable[str]) -> None:
    """Raise `Unsound` if a comment is lost that was not `dropped` on purpose."""
    lost = _comments(before) - _comments(after) - Counter(dropped)
    if lost:
        raise Unsound(f"the rewritten file has lost a comment: {min(lost)}")


def _comments(text: bytes) -> Counter[str]:
    found = (text[start:end] for start, end in comments(text, 0, len(text)))
    return Counter(one.decode("utf-8").strip() for one in found)


def verify_imports(lines: Iterable[str], project: Project, package: str) -> None:
    """Raise `Unsound` if a new import names something that the tree's package does not have."""
    for line in sorted(set(lines)):
        node = ast.parse(line).body[0]
        if isinstance(node, ast.Import):
            wanted = [(alias.name, "") for alias in node.names]
        else:
            assert isinstance(node, ast.ImportFrom)
            wanted = [(node.module or "", alias.name) for alias in node.names]
        for module, name in wanted:
            own = module.partition(".")[0] == package
            if own and not _exists(project, module, name):
                raise Unsound(f"`{line}` asks for what the tree does not have")


def _exists(project: Project, module: str, name: str) -> bool:
    if project.is_module(f"{module}.{name}".rstrip(".")):
        return True
    found = project.module(module) if name else None
    if found is None:
        return False
    names = names_of(found.source)
    return names.has_star or name in names.bound


def verify_named(before: Module, after: Source, tree: Tree) -> None:
    """Raise `Unsound` if the file names something that a module of the tree does not have.

    What it already named before does not matter.
    """
    for name in lacking(before, tree, names_of(after)):
        raise Unsound(f"the rewritten file names {name}, which the tree does not have")


_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def verify_names(before: Source, after: Source, lines: Iterable[str]) -> None:
    """Raise `Unsound` if a function reads the name of a new import but has a local of that name."""
    for name, function in hidden(before, after, lines):
        raise Unsound(f"line {function.lineno}: `{name}` is a local name here")


def hidden(before: Source, after: Source, lines: Iterable[str]) -> Iterator[tuple[str, _Function]]:
    """The names of new imports that functions read but have a local of, each with the function.

    What a function already read of that local before does not matter.
    """
    wanted = {import_in(line) for line in lines}
    # a name that only one import binds means the same everywhere
    suspects = [one for one in wanted if one.local in names_of(after).rebound]
    if not suspects:
        return
    old, new = _functions(before), _functions(after)
    for one in sorted(suspects):
        for name, group in new.items():
            found = _all_readings(group, one, after)
            if found - _all_readings(old.get(name, []), one, before):
                owners = [f for f in (*old.get(name, ()), *group) if has_own(f, one.local)]
                yield one.local, owners[0]


def _functions(source: Source) -> dict[str, list[_Function]]:
    """The functions of a file by dotted name, and the lambdas, which have none."""
    lambdas: list[_Function] = [n for n in walk(source.tree) if isinstance(n, ast.Lambda)]
    found = {"": sorted(lambdas, key=source.start)}
    for (name, _), function in functions(source).items():
        found.setdefault(name, []).append(function)
    return found


def _all_readings(group: list[_Function], wanted: Imported, source: Source) -> Counter[str]:
    return sum((_own_readings(one, wanted, source) for one in group), Counter())


def _own_readings(function: _Function, wanted: Imported, source: Source) -> Counter[str]:
    """How often a function reads each attribute of its local name; "" is the name itself."""
    if not has_own(function, wanted.local):
        return Counter()
    found = readings(function, wanted.local)
    if found and _is_import(function, wanted, found[0]):
        return Counter()
    parents = (source.parent(one) for one in found)
    return Counter(one.attr if isinstance(one, ast.Attribute) else "" for one in parents)


def _is_import(function: _Function, wanted: Imported, first: ast.Name) -> bool:
    """Whether the local name is the same import, bound above its first reading."""
    found = bindings(function, wanted.local)
    body = function.body if isinstance(function.body, list) else []
    means = [
        one.bound
        for node in found
        for one in (imports_of(node) if isinstance(node, ast.stmt) else [])
        if one.local == wanted.local
    ]
    is_same = len(means) == len(found) and set(means) == {wanted.bound}
    return is_same and any(one in body and one.lineno < first.lineno for one in found)
