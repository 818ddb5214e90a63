# SPDX-License-Identifier: Apache-2.0
"""One module: its imports, classes, functions, and nodes by type."""

import ast
import bisect
import functools
from collections.abc import Collection, Iterable, Iterator
from typing import TypeGuard

from codemods.analysis.project.definitions import Class, Definition, Function
from codemods.analysis.project.nodes import Nodes
from codemods.syntax.source import Source
from codemods.syntax.walk import walk


class Module(Nodes):
    """A parsed module with its imports, classes and functions by name.

    `beside` are the names of the modules of its package, which Python 2 can
    import by these names alone.
    """

    def __init__(
        self, dotted: str, source: Source, beside: Collection[str] = frozenset[str]()
    ) -> None:
        super().__init__(source.tree)
        self.dotted = dotted
        self.source = source
        self._beside = beside
        #: Local name to dotted name; what functions import is among them, after the module's own.
        self.imports: dict[str, str] = {}
        #: What functions import for themselves; "" for a name that they give several meanings.
        self._inner_imports: dict[str, str] = {}
        self._own_imports: set[str] = set()
        #: What the module binds by statements other than imports and definitions.
        self._assigned: set[str] = set()
        #: The imports of names that it imports from several places, or defines as well.
        self._rebound: set[str] = set()
        self.star_imports: list[str] = []
        self.classes: dict[str, Class] = {}
        self.functions: dict[str, Function] = {}
        self.all_functions: list[Function] = []
        self.function_of: dict[ast.AST, Function] = {}
        self._spans: list[tuple[int, int, int]] | None = None
        self._index(source.tree.body, "", None, None)

    @property
    def package(self) -> str:
        """The dotted name of the package that the module is or is in."""
        is_package = self.source.path.endswith("/__init__.py")
        return self.dotted if is_package else self.dotted.rpartition(".")[0]

    def _index(
        self, body: Iterable[ast.stmt], prefix: str, owner: Class | None, outer: Function | None
    ) -> None:
        for node in body:
            if owner is None and outer is None:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    self._rebound.add(node.name)
                else:
                    self._assigned.update(_assigned_by(node))
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node, outer)
            elif isinstance(node, ast.ClassDef):
                self._class(node, prefix, outer)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._function(node, prefix, owner, outer)
            elif hasattr(node, "body"):
                for field in ("body", "orelse", "finalbody"):
                    self._index(getattr(node, field, []), prefix, owner, outer)
                if handlers := getattr(node, "handlers", []):
                    # what a `try` falls back to does not count
                    imports = dict(self.imports)
                    rebound, assigned = set(self._rebound), set(self._assigned)
                    for handler in handlers:
                        self._index(handler.body, prefix, owner, outer)
                    self.imports.update(imports)
                    self._rebound, self._assigned = rebound, assigned

    def _import(self, node: ast.Import | ast.ImportFrom, outer: Function | None) -> None:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            if any(alias.name == "absolute_import" for alias in node.names):
                self._beside = frozenset()
        found = self.imported_by(node)
        for name, dotted in found.items():
            if outer is None or name in outer.global_names:
                if name in self._own_imports and self.imports[name] != dotted:
                    self._rebound.add(name)
                self._own_imports.add(name)
                self.imports[name] = dotted
                continue
            is_same = self._inner_imports.setdefault(name, dotted) == dotted
            self._inner_imports[name] = dotted if is_same else ""
            if name not in self._own_imports:
                self.imports[name] = dotted
        if "*" in found:
            self.star_imports.append(found["*"].removesuffix(".*"))

    def imported_by(self, node: ast.Import | ast.ImportFrom) -> dict[str, str]:
        """What an import statement binds: local name to dotted name."""
        if isinstance(node, ast.ImportFrom):
            start = self._imported_from(node)
            return {a.asname or a.name: f"{start}.{a.name}".lstrip(".") for a in node.names}
        found = {}
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.split(".")[0]
            found[alias.asname or name] = self._absolute(name)
        return found

    def _imported_from(self, node: ast.ImportFrom) -> str:
        """The dotted name of the module that names are imported from."""
        if not node.level:
            return self._absolute(node.module or "")
        above = self.package.split(".")
        above = above[: len(above) - node.level + 1]
        return ".".join([*above, node.module] if node.module else above)

    def _absolute(self, name: str) -> str:
        """The full dotted name of a module that is imported as `name`."""
        is_beside = name.partition(".")[0] in self._beside
        return f"{self.package}.{name}" if is_beside else name

    def _class(self, node: ast.ClassDef, prefix: str, outer: Function | None) -> None:
        bases = tuple(filter(None, (self.dotted_name(base) for base in node.bases)))
        found = Class(self, prefix + node.name, node, bases, {})
        self.classes[found.name] = found
        self._index(node.body, f"{prefix}{node.name}.", found, outer)

    def _function(
        self, node: Definition, prefix: str, owner: Class | None, outer: Function | None
    ) -> None:
        found = Function(self, prefix + node.name, node, owner, outer)
        self.all_functions.append(found)
        self.function_of[node] = found
        if owner is not None:
            owner.methods.setdefault(node.name, found)
        elif outer is None:
            self.functions[node.name] = found
        self._index(node.body, f"{found.name}.", None, found)

    @functools.cached_property
    def functions_by_name(self) -> dict[str, Function]:
        """The functions, nested ones too, by their dotted names within the module."""
        return {one.name: one for one in reversed(self.all_functions)}

    def inner_function(self, outer: Function, name: str) -> Function | None:
        """The function of that name nested in another one, if there is exactly one."""
        found = self._inner.get((outer, name), [])
        return found[0] if len(found) == 1 else None

    @functools.cached_property
    def _inner(self) -> dict[tuple[Function, str], list[Function]]:
        inner: dict[tuple[Function, str], list[Function]] = {}
        for one in self.all_functions:
            if one.outer is not None and one.owner is None:
                inner.setdefault((one.outer, one.name.rpartition(".")[2]), []).append(one)
        return inner

    def function_around(self, node: ast.AST) -> Function | None:
        """The innermost function around a node; a function is not around itself."""
        for parent in self.source.parents(node):
            if parent in self.function_of:
                return self.function_of[parent]
        return None

    def definition_at(self, offset: int) -> tuple[tuple[int, int], bool]:
        """The span of the module-level statement, or statement of a class body, around an offset.

        It has whole lines, with the comments and blank lines above the statement
        and the comments below that are in its block. The second value says whether
        a class contains nothing else.
        """
        body, first = self.source.tree.body, 0
        while True:
            number = _number_at(self.source, body, offset)
            node = body[number]
            if not isinstance(node, ast.ClassDef) or node.body[0].lineno == node.lineno:
                break
            header = self.source.line_start(self.source.line_at(self.source.start(node.body[0])))
            if offset < header:
                break
            body, first = node.body, self._behind_header(node)
        start, end = number, number
        line_of = self.source.line_at
        # statements that share a line cannot be told apart by lines
        while start > 0 and line_of(self.source.end(body[start - 1])) == line_of(
            self.source.start(body[start])
        ):
            start -= 1
        while end + 1 < len(body) and line_of(self.source.start(body[end + 1])) == line_of(
            self.source.end(body[end])
        ):
            end += 1
        if start > 0:
            first = self._behind(body[start - 1])
        is_last = body is self.source.tree.body and end == len(body) - 1
        last = len(self.source.text) if is_last else self._behind(body[end])
        is_alone = body is not self.source.tree.body and start == 0 and end == len(body) - 1
        return (first, last), is_alone

    def _behind(self, node: ast.stmt) -> int:
        """The offset after the lines of a statement."""
        source = self.source
        line = last = source.line_at(source.end(node))
        while hasattr(node, "body") and source.line_start(line + 1) < len(source.text):
            line += 1
            text = source.line_text(line)
            if text.strip() and not text[node.col_offset :].startswith((" ", "\t")):
                break
            if text.strip():
                if not text.strip().startswith("#"):
                    break
                last = line
        return source.line_start(last + 1)

    def _behind_header(self, node: ast.ClassDef) -> int:
        """The offset where the lines of a class's body begin."""
        # the header ends on the line of the last base, or of the name
        lasts = [one.end_lineno for one in node.bases] + [one.end_lineno for one in node.keywords]
        line = max(node.lineno, *(last or 0 for last in lasts), 0)
        source = self.source
        while not source.line_text(line).partition("#")[0].rstrip().endswith(":"):
            line += 1
        return source.line_start(line + 1)

    def function_at(self, offset: int) -> Function | None:
        """The innermost function around an offset; None for the module itself."""
        if self._spans is None:
            self._spans = sorted(
                (self.source.start(f.node), self.source.end(f.node), n)
                for n, f in enumerate(self.all_functions)
                if not isinstance(f.node, ast.Lambda)
            )
        place = bisect.bisect_right(self._spans, (offset, len(self.source.text) + 1, 0)) - 1
        while place >= 0:
            start, end, number = self._spans[place]
            if start <= offset < end:
                return self.all_functions[number]
            place -= 1
            if place >= 0 and self.all_functions[number].outer is None and end < offset:
                # a top-level function that ends before the offset: no function is around it
                outer = self.all_functions[self._spans[place][2]]
                if outer.outer is None and self._spans[place][1] < offset:
                    return None
        return None

    def dotted_name(self, node: ast.expr) -> str:
        """`a.b` with its first part resolved through the imports; "" if it is not a name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        first = self._imported(node) or f"{self.dotted}.{node.id}"
        return ".".join([first, *reversed(parts)]) if parts else first

    def own_import(self, name: str) -> str | None:
        """What a name of the module itself is imported as; None if it is no import."""
        is_inner = name in self._inner_imports and name not in self._own_imports
        return None if is_inner or self.is_rebound(name) else self.imports.get(name)

    def is_rebound(self, name: str) -> bool:
        """Whether a name that the module imports may be something else as well."""
        is_rebound = name in self._rebound or self.is_assigned(name)
        return is_rebound and name in self.imports

    def is_assigned(self, name: str) -> bool:
        """Whether the module, or a function of it, assigns one of the module's names."""
        return name in self._assigned or name in self._set_by_functions

    @functools.cached_property
    def _set_by_functions(self) -> set[str]:
        """The names that functions declare global and assign."""
        if b"global" not in self.source.text:
            return set()
        return {name for one in self.all_functions for name in one.stored_globals}

    def only_import(self, name: str) -> str | None:
        """What a name is imported as wherever the file uses it; None if that is not sure."""
        found = self.imports.get(name)
        is_sure = self._inner_imports.get(name, found) == found and not self.is_rebound(name)
        return found if is_sure else None

    def _imported(self, name: ast.Name) -> str | None:
        """What a name is imported as where it is used; None if it is no import there."""
        if name.id not in self._inner_imports:
            return None if self.is_rebound(name.id) else self.imports.get(name.id)
        function = self.function_around(name)
        while function is not None:
            if name.id in function.local_names:
                return function.local_imports.get(name.id)
            function = function.outer
        return self.own_import(name.id)


def _assigned_by(node: ast.stmt) -> Iterator[str]:
    """The names that a statement itself assigns."""
    targets = list[ast.AST](getattr(node, "targets", ()))
    targets += filter(None, (getattr(node, "target", None),))
    for item in getattr(node, "items", ()):
        targets += filter(None, (item.optional_vars,))
    for target in targets:
        yield from (one.id for one in walk(target) if _is_store(one))


def _is_store(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _number_at(source: Source, body: list[ast.stmt], offset: int) -> int:
    """The index of the statement of a block around an offset, or of the next one after it."""
    ends = [source.end(node) for node in body]
    return min(bisect.bisect_right(ends, offset), len(body) - 1)
