"""The modules of a tree: who imports, defines and inherits what.

A module is parsed when it is first asked for, so that what nobody asks for
costs nothing.
"""

import ast
import bisect
import dataclasses
import functools
import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from codemods.model import Failure
from codemods.syntax.source import Source, Unparsed
from codemods.syntax.walk import children, walk

Node = TypeVar("Node", bound=ast.AST)
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclasses.dataclass(eq=False)
class Function:
    """A function or method; `name` is dotted from the module on."""

    module: "Module"
    name: str
    node: Definition | ast.Lambda
    owner: "Class | None" = None
    outer: "Function | None" = None

    @functools.cached_property
    def dotted(self) -> str:
        """The function's name from the tree's top."""
        return f"{self.module.dotted}.{self.name}"

    @functools.cached_property
    def all_parameters(self) -> frozenset[str]:
        """The names of all parameters: the object's own, `*` and `**` among them."""
        args = self.node.args
        named = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
        return frozenset(arg.arg for arg in named if arg is not None)

    @functools.cached_property
    def parameters(self) -> list[str]:
        """The names of the parameters, `self` left out, `*` and `**` too."""
        args = self.node.args
        names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        return names[1:] if self.owner is not None and not self.is_static else names

    def may_be_called_with(self, positional: int, named: Iterable[str]) -> bool:
        """Whether a call with so many positional arguments, and these keywords, fits."""
        args, words = self.node.args, set(named)
        if self.node.args.vararg is None and positional > len(self.parameters):
            return False
        if args.kwarg is None and not words <= set(self.parameters):
            return False
        optional = len(args.defaults)
        required = self.parameters[: len(self.parameters) - len(args.kwonlyargs) - optional]
        return set(required[positional:]) <= words

    @functools.cached_property
    def decorators(self) -> set[str]:
        """The last names of the decorators."""
        found = set()
        for decorator in getattr(self.node, "decorator_list", []):
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(node.id)
        return found

    @property
    def is_static(self) -> bool:
        """Whether the first parameter is not the object."""
        return "staticmethod" in self.decorators

    @functools.cached_property
    def receiver(self) -> str:
        """The name of the first parameter where it is the object or the class; else ""."""
        args = (*self.node.args.posonlyargs, *self.node.args.args)
        return args[0].arg if args and self.owner is not None and not self.is_static else ""

    @functools.cached_property
    def local_imports(self) -> dict[str, str]:
        """The imports within the function: local name to dotted name."""
        return self._bound[1]

    @functools.cached_property
    def local_names(self) -> frozenset[str]:
        """The names that are local to the function: parameters, and what it binds."""
        return self._bound[0]

    @property
    def global_names(self) -> frozenset[str]:
        """The names that the function takes from its module with `global`."""
        return self._bound[2]

    @functools.cached_property
    def _bound(self) -> tuple[frozenset[str], dict[str, str], frozenset[str]]:
        """The local names, the local imports and the global names, found in one walk of the body.

        What stands inside a function or class within is not the function's.
        """
        body, names = self.node.body, set(self.all_parameters)
        shared: set[str] = set()
        imports: dict[str, str] = {}
        waiting: list[ast.AST] = list(body) if isinstance(body, list) else []
        while waiting:
            node = waiting.pop()
            kind = node.__class__
            if kind is ast.Name:
                assert isinstance(node, ast.Name)
                if node.ctx.__class__ is ast.Store:
                    names.add(node.id)
                continue
            if isinstance(node, ast.ExceptHandler) and node.name:
                names.add(node.name)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
                continue
            elif isinstance(node, ast.Import | ast.ImportFrom):
                imports.update(self.module.imported_by(node))
            elif isinstance(node, ast.Global):
                shared.update(node.names)
            elif kind is ast.Lambda:
                continue
            waiting += children(node)
        return frozenset((names | imports.keys()) - shared), imports, frozenset(shared)


@dataclasses.dataclass(eq=False)
class Class:
    """A class; `bases` are dotted names as far as the imports tell."""

    module: "Module"
    name: str
    node: ast.ClassDef
    bases: tuple[str, ...]
    methods: dict[str, Function]

    @property
    def dotted(self) -> str:
        """The class's name from the tree's top."""
        return f"{self.module.dotted}.{self.name}"

    @functools.cached_property
    def kept(self) -> dict[str, list[ast.expr]]:
        """What the class's own statements set attributes to: its own, and those of names in it."""
        found: dict[str, list[ast.expr]] = {}
        for node in walk(self.node):
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    found.setdefault(target.attr, []).append(node.value)
                elif isinstance(target, ast.Name) and node in self.node.body:
                    found.setdefault(target.id, []).append(node.value)
        return found


_PLACE = operator.attrgetter("lineno", "col_offset")


class _NodesByType(dict[type[ast.AST], list[ast.AST]]):
    """Nodes by type, put in the order of the source when a type is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._sorted: set[type[ast.AST]] = set()

    def get(self, kind: type[ast.AST], default: Any = None) -> Any:
        """The nodes of a type; `default` where there are none."""
        return self[kind] if kind in self else default  # noqa: SIM401 - this is it

    def __getitem__(self, kind: type[ast.AST]) -> list[ast.AST]:
        nodes = super().__getitem__(kind)
        if kind not in self._sorted:
            self._sorted.add(kind)
            if "lineno" in kind._attributes:
                nodes.sort(key=_PLACE)
        return nodes


class Module:
    """A parsed module, its imports, classes and functions by name.

    `beside` are the names of the modules of its package: Python 2 imports
    them by these alone.
    """

    def __init__(
        self, dotted: str, source: Source, beside: Collection[str] = frozenset[str]()
    ) -> None:
        self.dotted = dotted
        self.source = source
        self._beside = beside
        self.imports: dict[str, str] = {}
        self.star_imports: list[str] = []
        self.classes: dict[str, Class] = {}
        self.functions: dict[str, Function] = {}
        self.all_functions: list[Function] = []
        self.function_of: dict[ast.AST, Function] = {}
        self._spans: list[tuple[int, int, int]] | None = None
        self._index(source.tree.body, "", None, None)

    @property
    def package(self) -> str:
        """The dotted name of the package that the module is, or lies in."""
        is_package = self.source.path.endswith("/__init__.py")
        return self.dotted if is_package else self.dotted.rpartition(".")[0]

    def _index(
        self, body: Iterable[ast.stmt], prefix: str, owner: Class | None, outer: Function | None
    ) -> None:
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)
            elif isinstance(node, ast.ClassDef):
                self._class(node, prefix, outer)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._function(node, prefix, owner, outer)
            else:
                for field in ("body", "orelse", "finalbody"):
                    self._index(getattr(node, field, []), prefix, owner, outer)
                for handler in getattr(node, "handlers", []):
                    self._index(handler.body, prefix, owner, outer)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            if any(alias.name == "absolute_import" for alias in node.names):
                self._beside = frozenset()
        found = self.imported_by(node)
        self.imports.update(found)
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
        """The dotted name, from the tree's top, of a module that is imported as `name`."""
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
    def nodes(self) -> dict[type[ast.AST], list[ast.AST]]:
        """The module's nodes by type, in the order of the source."""
        found = _NodesByType()
        for node in walk(self.source.tree):
            found.setdefault(node.__class__, []).append(node)
        return found

    def all(self, kind: type[Node]) -> list[Node]:
        """The module's nodes of one type, in the order of the source."""
        found: list[Node] = self.nodes.get(kind, [])  # type: ignore[assignment]
        return found

    @functools.cached_property
    def functions_by_name(self) -> dict[str, Function]:
        """The functions by their names from the module on, those within others too."""
        return {one.name: one for one in reversed(self.all_functions)}

    def inner_function(self, outer: Function, name: str) -> Function | None:
        """The function of that name within another one, if that has one, and but one."""
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
        """The innermost function that holds a node; a function does not hold itself."""
        for parent in self.source.parents(node):
            if parent in self.function_of:
                return self.function_of[parent]
        return None

    def definition_at(self, offset: int) -> tuple[tuple[int, int], bool]:
        """The lines of the statement of the module's top, or of a class's, around an offset.

        The comments and blank lines above it count to it, and so do comments
        below that stand in its block. The second answer says whether a class
        holds nothing else.
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
        """Where the lines of a statement end."""
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
        """Where the lines of a class's body begin."""
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
                # what starts before a function that is over can only be around it
                outer = self.all_functions[self._spans[place][2]]
                if outer.outer is None and self._spans[place][1] < offset:
                    return None
        return None

    def dotted_name(self, node: ast.expr) -> str:
        """`a.b` with its first part resolved through the imports; "" if no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        local = f"{self.dotted}.{node.id}"
        first = self.imports.get(node.id, local)
        return ".".join([first, *reversed(parts)])


def _number_at(source: Source, body: list[ast.stmt], offset: int) -> int:
    """Which statement of a block holds an offset, or comes first behind it."""
    ends = [source.end(node) for node in body]
    return min(bisect.bisect_right(ends, offset), len(body) - 1)


#: The modules of a tree by path and bytes, for as many projects as look at it.
Parsed = dict[tuple[str, bytes], Module]


class Project:
    """The tree's modules; parses one when it is first asked for.

    `files` maps a path, relative to the tree and with slashes, to its bytes.
    Modules are named from the tree's top, and from the `roots` below it. What
    is in `parsed` is not parsed again, and what is parsed is added to it.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        roots: Sequence[str] = (),
        parsed: Parsed | None = None,
    ) -> None:
        self.files = files
        self._parsed: Parsed = {} if parsed is None else parsed
        self._roots = tuple(f"{root}/" for root in sorted(roots, key=len, reverse=True))
        self.added: dict[str, bytes] = {}
        self.modules: dict[str, Module] = {}
        self.failures: dict[str, Failure] = {}
        self._ancestries: dict[Class, list[Class]] = {}
        self._heirs: dict[Class, list[Class]] = {}
        self._inherited: set[str] = set()
        self._paths = {self._dotted(path): path for path in sorted(files)}

    def _dotted(self, path: str) -> str:
        root = next((one for one in self._roots if path.startswith(one)), "")
        path = path.removeprefix(root)
        return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def add(self, files: Mapping[str, bytes]) -> None:
        """Let the tree have `files` that are written anew."""
        self.added.update(files)
        self._paths.update({self._dotted(path): path for path in files})

    def aside(self) -> "Project":
        """The same tree, for a look at more of its files: what it parses has no part in this."""
        other = Project({**self.files, **self.added})
        other.modules.update(self.modules)
        return other

    def load(self, path: str) -> Module | None:
        """The module at `path`; None, and a failure on record, if it cannot be parsed."""
        if path in self.modules:
            return self.modules[path]
        data = self.added.get(path, self.files.get(path))
        if data is None or path in self.failures:
            return None
        try:
            module = self._parsed.get((path, data)) or self.parsed(path, data)
        except Unparsed as error:
            self.failures[path] = Failure(
                path, "parse", str(error), "mend the file, or leave it out of the tree"
            )
            return None
        except RecursionError:
            self.failures[path] = Failure(
                path, "parse", "nests too deep to be indexed", "leave the file out of the tree"
            )
            return None
        self.modules[path] = self._parsed[path, data] = module
        return module

    def parsed(self, path: str, data: bytes) -> Module:
        """The file as a module of the tree, whether it has a part in it or not.

        Raises `Unparsed`, and RecursionError where it nests too deep.
        """
        beside = self._folders.get(path.rpartition("/")[0], set())
        return Module(self._dotted(path), Source(path, data), beside)

    @functools.cached_property
    def _folders(self) -> dict[str, set[str]]:
        """The names of the modules in each folder."""
        found: dict[str, set[str]] = {}
        for path in self.files:
            folder, _, name = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")
            found.setdefault(folder, set()).add(name)
        return found

    def module(self, dotted: str) -> Module | None:
        """The module of that dotted name, parsed; None if the tree has none."""
        path = self._paths.get(dotted)
        return self.load(path) if path is not None else None

    def path_of(self, dotted: str) -> str | None:
        """The file in which `dotted`, a module or something in one, is defined."""
        while dotted:
            if dotted in self._paths:
                return self._paths[dotted]
            dotted = dotted.rpartition(".")[0]
        return None

    def is_module(self, dotted: str) -> bool:
        """Whether the tree has a module of that dotted name."""
        return dotted in self._paths

    def find(self, dotted: str) -> Class | Function | Module | None:
        """What a dotted name stands for, following one re-export at a time."""
        for _ in range(5):
            module = self.module(dotted)
            if module is not None:
                return module
            head, _, tail = dotted.rpartition(".")
            owner = self.module(head) if head in self._paths else None
            if owner is None:
                outer, _, name = head.rpartition(".")
                owner = self.module(outer) if outer in self._paths else None
                if owner is None:
                    return None
                found = owner.classes.get(name)
                return found.methods.get(tail) if found is not None else None
            if tail in owner.classes:
                return owner.classes[tail]
            if tail in owner.functions:
                return owner.functions[tail]
            if tail not in owner.imports or owner.imports[tail] == dotted:
                return None
            dotted = owner.imports[tail]
        return None

    def find_class(self, dotted: str) -> Class | None:
        """The class of that dotted name."""
        found = self.find(dotted)
        return found if isinstance(found, Class) else None

    def ancestry(self, found: Class) -> list[Class]:
        """The class and its bases as far as the tree has them, nearest first."""
        known = self._ancestries.get(found)
        if known is None:
            known = self._ancestries[found] = self._find_ancestry(found)
        return known

    def _find_ancestry(self, found: Class) -> list[Class]:
        line, seen = [found], {found.dotted}
        for current in line:
            for base in current.bases:
                parent = self.find_class(base)
                if parent is not None and parent.dotted not in seen:
                    seen.add(parent.dotted)
                    line.append(parent)
        return line

    def method(self, found: Class, name: str) -> Function | None:
        """The method that `name` is on an instance of the class."""
        for current in self.ancestry(found):
            if name in current.methods:
                return current.methods[name]
        return None

    def descendants(self, found: Class) -> list[Class]:
        """The classes among the parsed modules that inherit from the class."""
        for path in set(self.modules) - self._inherited:
            self._inherited.add(path)
            for other in self.modules[path].classes.values():
                for base in self.ancestry(other)[1:]:
                    self._heirs.setdefault(base, []).append(other)
        return sorted(self._heirs.get(found, []), key=lambda heir: heir.dotted)
