# SPDX-License-Identifier: Apache-2.0
"""Parse Python 2 with Python 3's `ast`, and restore the Python 2 syntax in the tree.

Only what Python 3's nodes cannot express has another form. Backquotes are a call of
`repr`. A tuple parameter is named `.0` or so, as in Python 2's own code objects, and its
names are keyword-only parameters whose defaults are taken from it. `raise E, v` raises a
tuple, and `print x` is a tuple.
"""

import ast
import bisect
from collections.abc import Iterator
from typing import Any

from codemods.syntax.indentation import LINE_END, evened, uneven_lines
from codemods.syntax.literals import number_value, strings_value
from codemods.syntax.python2 import spelling
from codemods.syntax.spelling import Respelled, Span
from codemods.syntax.tokens import tokens

_SINGLETONS = {"True": True, "False": False}


def parse_python2(source: bytes) -> ast.Module:
    """Return the tree of UTF-8 `source`, with the positions of the source.

    Raises what `ast.parse` raises.
    """
    return _Restorer(source).module()


class _Restorer:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.spelling = spelling(source)
        self._starts = [0, *(match.end() for match in LINE_END.finditer(source))]
        self._items: dict[Span, Respelled] = {}
        self._strings = [i.start for i in self.spelling.respelled if i.kind == "string"]

    def module(self) -> ast.Module:
        text, items = self.spelling.piece(0, len(self.source))
        taken: dict[int, int] = {}
        lines = uneven_lines(self.source)
        if lines:
            text, taken = evened(text, lines)
        tree = ast.parse(text.decode("utf-8"))
        if taken:
            for node in _positioned(tree):
                node.col_offset += taken.get(node.lineno, 0)
                node.end_col_offset += taken.get(node.end_lineno, 0)
        self._restore(tree, items)
        return tree

    # positions

    def _position(self, offset: int) -> Span:
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]

    def _put(self, node: ast.expr, start: int, end: int) -> None:
        """Set the position of a node."""
        node.lineno, node.col_offset = self._position(start)
        node.end_lineno, node.end_col_offset = self._position(end)

    def _expression(self, start: int, end: int) -> ast.expr:
        """The expression between two offsets, parsed on its own."""
        text, items = self.spelling.piece(start, end)
        found = self._parsed(text, start, end)
        holder = ast.Expression(found)
        self._restore(holder, items)
        return holder.body

    def _parsed(self, text: bytes, start: int, end: int) -> ast.expr:
        line, column = self._position(start)
        try:
            found = ast.parse(f"({text.decode('utf-8')})", mode="eval").body
        except SyntaxError as error:
            error.lineno = (error.lineno or 1) + line - 1
            raise
        is_bare_tuple = (found.lineno, found.col_offset) == (1, 0)
        for node in _positioned(found):
            if node.lineno == 1:
                node.col_offset += column - 1
            if node.end_lineno == 1:
                node.end_col_offset += column - 1
            node.lineno += line - 1
            node.end_lineno += line - 1
        if is_bare_tuple:
            # the parentheses are ours
            self._put(found, start, end)
        return found

    # nodes

    def _restore(self, root: ast.AST, items: list[Respelled]) -> None:
        around, self._items = self._items, {self._position(item.at): item for item in items}
        lines = sorted({line for line, _ in self._items})
        waiting: list[ast.AST] = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.stmt) and not _has_line(node, lines):
                continue
            for field in node._fields:
                value = getattr(node, field, None)
                if isinstance(value, ast.AST):
                    value = self._restored(value)
                    setattr(node, field, value)
                    waiting.append(value)
                elif isinstance(value, list):
                    value[:] = [self._restored(item) for item in value]
                    waiting += [item for item in value if isinstance(item, ast.AST)]
                elif isinstance(value, str) and not isinstance(node, ast.Constant):
                    setattr(node, field, self._name(value))
        self._items = around

    def _name(self, name: str) -> str:
        return ".".join(self.spelling.words.get(part, part) for part in name.split("."))

    def _restored(self, node: Any) -> Any:
        """The node that replaces `node`; its children are restored later."""
        if isinstance(node, str):
            return self._name(node)
        if isinstance(node, ast.arguments):
            self._parameters(node)
        elif isinstance(node, ast.ExceptHandler):
            self._handler(node)
        elif isinstance(node, ast.Constant):
            self._constant(node)
        elif isinstance(node, ast.Name):
            return self._for_name(node)
        elif isinstance(node, ast.List):
            return self._for_list(node)
        return node

    def _item(self, node: ast.AST | None) -> Respelled | None:
        """What was respelled at the node's place."""
        place = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        return self._items.get(place)

    def _constant(self, node: ast.Constant) -> None:
        item = self._item(node)
        if isinstance(node.value, str | bytes) and self._strings:
            start, end = self._span(node)
            index = bisect.bisect_left(self._strings, start)
            if index < len(self._strings) and self._strings[index] < end:
                run = [t.text for t in tokens(self.source[start:end]) if t.kind == "string"]
                node.value = strings_value(run, self.spelling.is_unicode)
                node.kind = "u" if run[0][:1] in b"uU" else None
        elif item is not None and item.kind == "number":
            node.value = self._number(item)

    def _number(self, item: Respelled) -> int:
        return number_value(self.source[item.start : item.end])

    def _span(self, node: ast.expr) -> Span:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def _for_name(self, node: ast.Name) -> ast.expr:
        item = self._item(node)
        if item is None:
            return node
        if item.kind in ("raise", "iterable", "lambda"):
            # the expression may start at the same place
            del self._items[self._position(item.at)]
            return self._expression(item.start, item.end)
        if item.kind == "number":
            return ast.copy_location(ast.Constant(self._number(item)), node)
        word = self._name(node.id)
        if item.kind == "statement":
            self._put(node, item.start, item.end)
        if word in _SINGLETONS and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Constant(_SINGLETONS[word]), node)
        return node

    def _for_list(self, node: ast.List) -> ast.expr:
        item = self._item(node)
        if item is None or item.kind != "backquotes":
            return node
        function = ast.Name("repr", ast.Load())
        self._put(function, item.start, item.start + 1)
        argument = node.elts[0]
        if len(node.elts) > 1:
            argument = ast.Tuple(node.elts, ast.Load())
            self._put(argument, self._span(node.elts[0])[0], self._span(node.elts[-1])[1])
        return ast.copy_location(ast.Call(function, [argument], []), node)

    def _handler(self, node: ast.ExceptHandler) -> None:
        item = self._item(node.type)
        if item is None or item.kind != "except":
            return
        caught, bound = item.parts
        node.type = self._expression(*caught)
        target = self._expression(*bound)
        if isinstance(target, ast.Name | ast.Constant):
            node.name = self.source[slice(*bound)].decode("utf-8")
            return
        # a handler has no field for such a target, but its names have to be bound
        _store(target)
        node.type = ast.Tuple([node.type, target], ast.Load())
        self._put(node.type, item.start, item.end)

    def _parameters(self, node: ast.arguments) -> None:
        for index, parameter in enumerate((*node.posonlyargs, *node.args)):
            item = self._item(parameter)
            if item is None or item.kind != "parameter":
                continue
            found = self._parsed(self.source[item.start : item.end], item.start, item.end)
            parameter.arg = found.id if isinstance(found, ast.Name) else f".{index}"
            ast.copy_location(parameter, found)
            for name, path in _unpacked(found, ()):
                node.kwonlyargs.append(ast.copy_location(ast.arg(name.id), name))
                node.kw_defaults.append(_item_of(parameter.arg, path, name))


def _has_line(node: ast.stmt, lines: list[int]) -> bool:
    """Whether the statement covers one of the sorted lines."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    index = bisect.bisect_left(lines, first)
    return index < len(lines) and lines[index] <= (node.end_lineno or 0)


def _positioned(tree: ast.AST) -> Iterator[Any]:
    """The nodes that have a position."""
    return (node for node in ast.walk(tree) if hasattr(node, "end_col_offset"))


def _unpacked(
    target: ast.expr, path: tuple[int, ...]
) -> Iterator[tuple[ast.Name, tuple[int, ...]]]:
    """The names in a tuple, each with the indexes that lead to it."""
    for index, element in enumerate(getattr(target, "elts", ())):
        if isinstance(element, ast.Name):
            yield element, (*path, index)
        else:
            yield from _unpacked(element, (*path, index))


def _item_of(name: str, path: tuple[int, ...], place: ast.Name) -> ast.expr:
    """`name[0][1]`, for example, at the position of `place`."""
    found: ast.expr = ast.copy_location(ast.Name(name, ast.Load()), place)
    for index in path:
        key = ast.copy_location(ast.Constant(index), place)
        found = ast.copy_location(ast.Subscript(found, key, ast.Load()), place)
    return found


def _store(target: ast.expr) -> None:
    """Mark a target as assigned to."""
    waiting = [target]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Starred):
            node.ctx = ast.Store()
        elif isinstance(node, ast.Tuple | ast.List):
            node.ctx = ast.Store()
            waiting += node.elts
