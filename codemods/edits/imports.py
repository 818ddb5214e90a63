"""Put imports in their place, and take out those that nothing uses any more."""

import ast
import re
import sys
from collections.abc import Iterable

from codemods.syntax.names import names_of
from codemods.syntax.source import Source, Unparsed, reparsed

_STANDARD = frozenset(sys.stdlib_module_names) | {"ConfigParser", "StringIO", "urllib2", "urlparse"}

Import = ast.Import | ast.ImportFrom


class NoPlace(Exception):
    """The file has no place for the import, or uses its name for something else."""


def used_names(source: Source) -> frozenset[str]:
    """Every name that the file reads, `__all__` included."""
    exported: set[str] = set()
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id == "__all__" and isinstance(node.value, ast.List | ast.Tuple):
                exported |= {str(e.value) for e in node.value.elts if isinstance(e, ast.Constant)}
    return names_of(source).read | exported


def imported_names(source: Source) -> set[str]:
    """The local names that the module's imports bind."""
    return {
        local for node in source.tree.body if isinstance(node, Import) for _, local in _names(node)
    }


def _is_rarer(name: str, before: bytes, after: bytes) -> bool:
    word = name.encode()
    return after.count(word) < before.count(word)


def with_imports(text: bytes, lines: Iterable[str]) -> bytes:
    """Return `text` with the import `lines` that it lacks, each in its place.

    Raises `NoPlace`.
    """
    wanted = sorted(set(lines), key=_key)
    head, tail = _split(text) if wanted else (text, b"")
    for line in wanted:
        source = reparsed(head)
        statement = ast.parse(line).body[0]
        assert isinstance(statement, Import)
        if _is_there(source, statement):
            continue
        head = _inserted(source, statement, line)
    return head + tail


_DEFINITION = re.compile(rb"^(?:class|def|async|@)", re.M)
_IMPORT = re.compile(rb"^(?:import|from)\b", re.M)


def _split(text: bytes) -> tuple[bytes, bytes]:
    """The part of the file that holds its imports, which costs little to parse, and the rest."""
    found = _DEFINITION.search(text)
    head = text[: found.start()] if found is not None else text
    tail = text[len(head) :]
    if _IMPORT.search(tail):
        return text, b""
    try:
        return (head, tail) if reparsed(head).tree.body else (text, b"")
    except Unparsed:
        # the definition was one in a text
        return text, b""


def without_unused(text: bytes, before: Source) -> bytes:
    """Return `text` without the imports that only `before` used."""
    # `import nova.conductor` binds a name that new imports have in them, too
    dotted = {
        alias.name.partition(".")[0]
        for node in before.tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
        if "." in alias.name and alias.asname is None
    }
    doubtful = {
        name
        for name in imported_names(before)
        if name in dotted or _is_rarer(name, before.text, text)
    }
    if not doubtful:
        return text
    lost = frozenset((doubtful & used_names(before)) - used_names(reparsed(text)))
    if not lost:
        return text
    for _ in range(50):
        source = reparsed(text)
        # an import that is gone binds nothing, so the loop ends
        span = _first_unused(source, lost)
        if span is None:
            return text
        text = text[: span[0]] + text[span[1] :]
    return text


def _first_unused(source: Source, lost: frozenset[str]) -> tuple[int, int] | None:
    for node in ast.walk(source.tree):
        if not isinstance(node, Import):
            continue
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            if name not in lost:
                continue
            assert node.end_lineno is not None
            if len(node.names) > 1:
                return _alias_span(source, node, alias)
            first = source.line_start(node.lineno)
            last = source.line_start(node.end_lineno + 1)
            alone = not source.line_text(node.lineno - 1).strip() if node.lineno > 1 else True
            after = source.line_text(node.end_lineno + 1).strip()
            if alone and not after:
                last = source.line_start(node.end_lineno + 2)
            return first, last
    return None


def _alias_span(source: Source, node: Import, alias: ast.alias) -> tuple[int, int]:
    position = node.names.index(alias)
    offsets = [
        (
            source.offset(a.lineno, a.col_offset),
            source.offset(a.end_lineno or 0, a.end_col_offset or 0),
        )
        for a in node.names
    ]
    if position + 1 < len(offsets):
        return offsets[position][0], offsets[position + 1][0]
    return offsets[position - 1][1], offsets[position][1]


def _names(node: Import) -> list[tuple[str, str]]:
    """The imported dotted names with their local names."""
    if isinstance(node, ast.ImportFrom):
        return [(f"{node.module}.{a.name}", a.asname or a.name) for a in node.names]
    return [(a.name, a.asname or a.name.split(".")[0]) for a in node.names]


def _is_there(source: Source, wanted: Import) -> bool:
    dotted, local = _names(wanted)[0]
    for node in source.tree.body:
        if not isinstance(node, Import):
            continue
        for other, name in _names(node):
            if name == local and other == dotted:
                return True
            if name == local:
                raise NoPlace(f"`{local}` is {other} here")
    return False


def _key(line: str) -> str:
    """What nova's style check sorts imports by: the whole dotted name, in lower case."""
    node = ast.parse(line).body[0]
    assert isinstance(node, Import)
    return _names(node)[0][0].lower()


def _group(dotted: str, package: str) -> int:
    first = dotted.split(".")[0]
    return 0 if first in _STANDARD else 2 if first == package else 1


def _package(nodes: list[Import], wanted: str) -> str:
    return "nova" if wanted.split(".")[0] != "shim" else "shim"


def _inserted(source: Source, statement: Import, line: str) -> bytes:
    dotted = _names(statement)[0][0]
    nodes = [node for node in source.tree.body if isinstance(node, Import)]
    nodes = [n for n in nodes if not (isinstance(n, ast.ImportFrom) and n.module == "__future__")]
    package = _package(nodes, dotted)
    group = _group(dotted, package)
    own = [n for n in nodes if _group(_names(n)[0][0], package) == group]
    newline = source.newline
    if own:
        before = [n for n in own if _names(n)[0][0].lower() < dotted.lower()]
        anchor = before[-1] if before else None
        if anchor is not None:
            assert anchor.end_lineno is not None
            place = source.line_start(anchor.end_lineno + 1)
        else:
            place = source.line_start(own[0].lineno)
        new = line + newline
    elif nodes:
        later = [n for n in nodes if _group(_names(n)[0][0], package) > group]
        if later:
            place, new = source.line_start(later[0].lineno), line + newline * 2
        else:
            end = nodes[-1].end_lineno
            assert end is not None
            place, new = source.line_start(end + 1), newline + line + newline
    else:
        place, new = _at_top(source, line)
    return source.text[:place] + new.encode("utf-8") + source.text[place:]


def _at_top(source: Source, line: str) -> tuple[int, str]:
    """Where the first import of a file goes, and the text with its blank lines."""
    body, newline = source.tree.body, source.newline
    first = body[0] if body else None
    if first is None:
        raise NoPlace("the file has no statement to put an import before")
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        assert first.end_lineno is not None
        follows = source.line_text(first.end_lineno + 1).strip() if len(body) > 1 else ""
        new = newline + line + newline
        return source.line_start(first.end_lineno + 1), new + newline if follows else new
    number = source.line_at(source.start(first))
    while number > 1 and source.line_text(number - 1).lstrip().startswith("#"):
        number -= 1
    gap = 3 if isinstance(first, ast.FunctionDef | ast.ClassDef) else 2
    return source.line_start(number), line + newline * gap
