"""From what the rules found in one file to its new bytes."""

import ast
import re
from collections.abc import Iterable, Iterator

from codemods.edits.apply import Conflict, splice
from codemods.edits.imports import NoPlace, with_imports, without_unused
from codemods.edits.layout import relaid
from codemods.edits.verify import Unsound, verify
from codemods.model import Edit, Failure, ImportChange
from codemods.syntax.source import Source, Unparsed, encode
from codemods.syntax.walk import children, walk


def rewrite(
    source: Source, edits: Iterable[Edit], imports: Iterable[ImportChange]
) -> bytes | Failure:
    """Return the file's new bytes, in its own encoding and line endings.

    A `Failure` where the edits do not go together or the result is unsound;
    the file then stays as it is.
    """
    try:
        spliced = splice(source.text, edits)
        text = relaid(spliced.text, spliced.spans)
        text = with_imports(text, [change.line for change in imports])
        text = without_unused(text, source)
        verify(source, text)
        _refuse_shadowed(source, edits, imports)
    except (Conflict, NoPlace, Unparsed, Unsound) as error:
        return Failure(
            source.path,
            "verify",
            str(error),
            "the file is left as it is; rewrite it by hand, and report the pattern",
        )
    return encode(text, source.encoding, source.marked)


def _refuse_shadowed(
    source: Source, edits: Iterable[Edit], imports: Iterable[ImportChange]
) -> None:
    """Raise `Unsound` where a name of the new imports means something else in a function."""
    names = {local for change in imports for local in _bound(change.line)}
    edits = sorted(edits, key=lambda edit: edit.start) if names else []
    for node in _functions(source.tree) if edits else ():
        start, end = source.start(node), source.end(node)
        inside = [edit for edit in edits if start <= edit.start < end]
        for name in sorted(names & _bound_in(node)) if inside else ():
            for edit in inside:
                if re.search(rf"(?<![\w.]){name}\.", edit.text):
                    raise Unsound(f"line {edit.line}: `{name}` is a local name here")


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Every function, those in others included; expressions hold none."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            yield node
        waiting += [n for n in children(node) if not isinstance(n, ast.expr)]


def _bound(line: str) -> list[str]:
    return [line.rpartition(" ")[2]]


def _bound_in(function: ast.FunctionDef) -> set[str]:
    """The names that a function binds, its parameters included."""
    names = {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)}
    for node in walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names
