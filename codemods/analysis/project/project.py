# SPDX-License-Identifier: Apache-2.0
"""The modules of a tree, loaded when they are first asked for."""

import ast
import copy
import functools
import itertools
from collections.abc import Mapping, Sequence

from codemods.analysis.project.definitions import Class, Function
from codemods.analysis.project.module import Module
from codemods.model import Failure
from codemods.syntax.source import Source, Unparsed

#: The parsed modules of a tree by path and bytes, for several projects to share.
Parsed = dict[tuple[str, bytes], Module]

DEFINES = "defines what a loaded file names"


class Project:
    """The tree's modules; parses one when it is first asked for.

    `files` maps a path, relative to the tree and with slashes, to its bytes.
    Modules have names relative to the tree, or to the one of the `roots` that
    they are below. What is in `parsed` is not parsed again, and what is parsed
    is added to it.
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
        #: Why each module was loaded first.
        self.why: dict[str, str] = {}
        self._ancestries: dict[Class, list[Class]] = {}
        self._heirs: dict[Class, list[Class]] = {}
        self._inherited: set[str] = set()
        #: By name, the number of modules that have been searched for calls, and the calls.
        self._calls: dict[str, tuple[int, list[tuple[Module, ast.Call]]]] = {}
        self._paths = {self._dotted(path): path for path in sorted(files)}

    def _dotted(self, path: str) -> str:
        root = next((one for one in self._roots if path.startswith(one)), "")
        path = path.removeprefix(root)
        return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def with_added(self, files: Mapping[str, bytes]) -> "Project":
        """A project of the tree with new `files` beside its own."""
        other = self._copied()
        other.failures, other.why = dict(self.failures), dict(self.why)
        other.added = {**self.added, **files}
        other._paths.update({self._dotted(path): path for path in files})
        return other

    def aside(self) -> "Project":
        """A copy, to look at more of the tree's files: what it loads does not affect this one."""
        other = self._copied()
        other.files, other.added = {**self.files, **self.added}, {}
        other.failures, other.why = {}, {}
        return other

    def _copied(self) -> "Project":
        other = copy.copy(self)
        other.modules, other._paths = dict(self.modules), dict(self._paths)
        # finding classes and calls again would take as long as everything else
        other._ancestries, other._inherited = dict(self._ancestries), set(self._inherited)
        other._heirs = {found: list(heirs) for found, heirs in self._heirs.items()}
        other._calls = {name: (seen, list(calls)) for name, (seen, calls) in self._calls.items()}
        return other

    def load(self, path: str, why: str = DEFINES) -> Module | None:
        """The module at `path`; None, with a failure recorded, if it cannot be parsed.

        `why` is the reason to record for a file that was not loaded before.
        """
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
        self.why.setdefault(path, why)
        self.modules[path] = self._parsed[path, data] = module
        return module

    def parsed(self, path: str, data: bytes) -> Module:
        """A file as a module of the tree, without adding it to the project.

        Raises `Unparsed` if it cannot be parsed, and RecursionError if it nests too deep.
        """
        beside = self._folders.get(path.rpartition("/")[0], set())
        return Module(self._dotted(path), Source(path, data), beside)

    @functools.cached_property
    def _folders(self) -> dict[str, set[str]]:
        """The names of the modules and packages in each folder."""
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
        """The file that defines `dotted`, a module or something in one; None if there is none."""
        while dotted:
            if dotted in self._paths:
                return self._paths[dotted]
            dotted = dotted.rpartition(".")[0]
        return None

    def is_module(self, dotted: str) -> bool:
        """Whether the tree has a module of that dotted name."""
        return dotted in self._paths

    def find(self, dotted: str) -> Class | Function | Module | None:
        """What a dotted name stands for, following a few re-exports; None if not found."""
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
            imported = owner.own_import(tail)
            if imported is None or imported == dotted:
                return None
            dotted = imported
        return None

    def find_class(self, dotted: str) -> Class | None:
        """The class of that dotted name; None if the tree has none."""
        found = self.find(dotted)
        return found if isinstance(found, Class) else None

    def ancestry(self, found: Class) -> list[Class]:
        """The class and all of its bases that the tree has, nearest first."""
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
        """The method `name` of a class, inherited or not; None if there is none."""
        for current in self.ancestry(found):
            if name in current.methods:
                return current.methods[name]
        return None

    def calls_of(self, name: str) -> list[tuple[Module, ast.Call]]:
        """The calls of functions of that name in the parsed modules."""
        seen, found = self._calls.get(name, (0, []))
        needle = f"{name}(".encode()
        for module in itertools.islice(self.modules.values(), seen, None):
            if needle in module.source.text:
                found += [(module, call) for call in module.calls_of(name)]
        self._calls[name] = len(self.modules), found
        return found

    def descendants(self, found: Class) -> list[Class]:
        """The classes among the parsed modules that inherit from the class."""
        # modules are only added
        new = len(self.modules) > len(self._inherited)
        for path in set(self.modules) - self._inherited if new else ():
            self._inherited.add(path)
            for other in self.modules[path].classes.values():
                for base in self.ancestry(other)[1:]:
                    self._heirs.setdefault(base, []).append(other)
        return sorted(self._heirs.get(found, []), key=lambda heir: heir.dotted)

    def family(self, found: Class) -> list[Class]:
        """The class, its bases, its subclasses, and the other bases of these."""
        heirs = self.descendants(found)
        beside = (base for heir in heirs for base in self.ancestry(heir))
        return list(dict.fromkeys((*self.ancestry(found), *heirs, *beside)))
