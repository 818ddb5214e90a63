# SPDX-License-Identifier: Apache-2.0
"""Insert new imports in order, and remove those that nothing uses any more."""

import ast
import itertools
import re
from collections.abc import Collection, Iterable

from codemods.rewriting.code import code_of
from codemods.rewriting.import_insertion import Insertion
from codemods.rewriting.imported import Imported, import_in, imports_of
from codemods.rewriting.stretches import line_behind, parsed
from codemods.rewriting.unused_imports import without_unused
from codemods.syntax.scopes import bindings, is_declared_global
from codemods.syntax.source import Source, Unparsed, newline_of, reparsed

__all__ = ["NoPlace", "with_imports", "without_unused"]

_DEFINITION = re.compile(rb"^(?:class|def|async|@)", re.M)
# a line at module level that starts no definition, with what is indented below it
_LOOSE = re.compile(
    rb"^(?![\s#@]|(?:class|def|async)\b)[^\n]*\n?(?:[ \t#][^\n]*(?:\n|\Z)|[ \t\r\f]*\n)*", re.M
)


class NoPlace(Exception):
    """The file has no place for an import, or uses its name for something else."""


def with_imports(text: bytes, lines: Iterable[str], package: str) -> bytes:
    """Return `text` with the import `lines` that it lacks, each in its place.

    A line imports one name. `package` is the tree's own, whose imports come after the
    others. Raises `NoPlace`, and `Unparsed` if the text is not Python.
    """
    wanted = {line: import_in(line) for line in lines}
    if not wanted:
        return text
    head = _head(text)
    missing = _missing(_judged(text, head, {one.local for one in wanted.values()}), wanted)
    if not missing:
        return text
    end = _end_of_imports(head)
    module = parsed(text[:end])
    if module is None:
        raise NoPlace("the lines around its imports are not understood")
    insertion = Insertion(package, newline_of(text), text[end:])
    for line, one in missing.items():
        module = insertion.into(module, line, one.dotted)
    return code_of(module).encode("utf-8") + text[end:]


def _missing(source: Source, wanted: dict[str, Imported]) -> dict[str, Imported]:
    """The lines that the file lacks, sorted by what they import; raises `NoPlace`."""
    missing: dict[str, Imported] = {}
    for line in sorted(wanted, key=lambda line: (wanted[line].dotted.lower(), line)):
        one = wanted[line]
        rivals = [other for other in missing.values() if other.local == one.local]
        if any(other.bound != one.bound for other in rivals):
            raise NoPlace(f"`{one.local}` would be both {rivals[0].dotted} and {one.dotted}")
        if one not in rivals and not _is_there(source, one):
            missing[line] = one
    return missing


def _is_there(source: Source, wanted: Imported) -> bool:
    """Whether the module has the import; raises `NoPlace` if the name is something else."""
    name = wanted.local
    found = list(bindings(source.tree.body, name))
    same = [one for one in found if _has(one.node, wanted)]
    is_sure = any(one.is_sure for one in same)
    # the fallback of a `try` does not matter
    others = [_described(one.node, wanted) for one in found if not (is_sure and one.is_fallback)]
    if is_declared_global(source, name):
        others.append("a variable")
    if any(others):
        raise NoPlace(f"`{name}` is {min(filter(None, others))} here")
    if same and not is_sure:
        raise NoPlace(f"`{name}` is imported on a condition here")
    if not same and any(bindings(source.tree.body, "*")):
        raise NoPlace(f"`{name}` may come from an import of `*` here")
    return is_sure


def _has(node: ast.AST, wanted: Imported) -> bool:
    """Whether a node is the import, or one that serves as well."""
    return isinstance(node, ast.stmt) and any(
        (one.local, one.bound) == (wanted.local, wanted.bound)
        and wanted.dotted in (one.dotted, one.bound)
        for one in imports_of(node)
    )


def _described(node: ast.AST, wanted: Imported) -> str:
    """What a node binds the wanted name to; "" if it is the import."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        rivals = (one for one in imports_of(node) if one.local == wanted.local)
        return next((one.dotted for one in rivals if one.bound != wanted.bound), "")
    if isinstance(node, ast.ClassDef):
        return "a class"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return "a function"
    return "a variable"


def _head(text: bytes) -> Source:
    """The file down to its first class or function, which is cheap to parse."""
    for match in itertools.islice(_DEFINITION.finditer(text), 9):
        try:
            return reparsed(text[: match.start()])
        except Unparsed:
            # the match was inside a string
            continue
    return reparsed(text)


def _judged(text: bytes, head: Source, names: Collection[str]) -> Source:
    """The file, or only its head if nothing below can bind one of the names in the module."""
    tail = text[len(head.text) :]
    word = b"(?:%s)" % b"|".join(name.encode() for name in sorted(names))
    definition = re.compile(rb"^(?:class|(?:async[ \t]+)?def)[ \t]+%s\b" % word, re.M)
    declared = re.compile(rb"\bglobal\s[\w\s,\\]*\b%s\b" % word)
    loose = re.compile(
        rb"(?<![\w.])%s\b(?!\s*\.)|\bimport\b(?:[\s\\]*\*|[^\n]*\b%s\b)" % (word, word)
    )
    is_bound = definition.search(tail) or declared.search(tail)
    if is_bound or any(loose.search(match.group()) for match in _LOOSE.finditer(tail)):
        return reparsed(text)
    return head


def _end_of_imports(head: Source) -> int:
    """Where the imports of a file's head end or, without imports, its docstring."""
    body = head.tree.body
    numbers = [number for number, one in enumerate(body) if imports_of(one)]
    if numbers:
        return line_behind(head, numbers[-1])
    first = body[0] if body else None
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return line_behind(head, 0 if is_docstring else -1)
