# SPDX-License-Identifier: Apache-2.0
"""Find what is missing from the tree's objects package: classes, getters, registrations."""

import functools
import importlib.resources
import re

from codemods.analysis.columns import columns_in
from codemods.analysis.kept_rows import MODULE, keeps_rows, library, rows_barrier
from codemods.analysis.named import exists, lacking
from codemods.analysis.project import Function, Module
from codemods.analysis.tree import OBJECTS, Tree
from codemods.analysis.versions import text_versions
from codemods.caches import cached_for_run
from codemods.mappings import row_module_parts
from codemods.syntax.source import Source

#: A getter of the list object that only later releases have.
NODES_GETTER = "ComputeNodeList.get_by_service"

_NEEDED_BY = b"instance_type_get("

#: The DB API functions that Flavor's getters call, with the number of parameters passed.
_QUERIES = {"flavor_get": 2, "flavor_get_by_name": 2, "flavor_get_by_flavor_id": 3}

#: What the getter of a service's nodes uses.
_GETTER_PIECES = (
    ("db", "service_get_by_compute_host"),
    ("exception", "ComputeHostNotFound"),
    ("objects.base", "obj_make_list"),
)

_IMPORTED = re.compile(
    rb"__import__\(\s*['\"]([\w.]+)['\"]|^[ \t]*import[ \t]+([\w.]+)[ \t]*$", re.M
)

_REBOUND = re.compile(rb"\bdef\s+__import__\b|\b__import__\b(?!\s*\()")


class Additions:
    """What has to be added to `nova/objects` before the code can use it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree.bare
        self._with_added = tree

    @functools.cached_property
    def files(self) -> dict[str, bytes]:
        """The new files by path: modules that the tree lacks, with unit tests if they can run."""
        made = self._rows
        if not self._wants_flavor or self.lacks_for_flavor:
            return made
        made[self._flavor_path] = self._text("flavor")
        if self._can_test_flavor:
            path = f"{self._tests}/test_flavor.py"
            made[path] = self._text("test_flavor")
        return made

    @property
    def _rows(self) -> dict[str, bytes]:
        """The module through which compute nodes pass on their rows, if needed, and its tests."""
        columns, path = columns_in(self.tree), f"{self.tree.objects_path}/{MODULE}.py"
        if path in self.tree.project.files:
            return {}
        if not (columns.lacking and not columns.barrier) and not self.lacks_nodes_getter:
            return {}
        typed, objects = self.tree.typed_fields, self.tree.objects_path.replace("/", ".")
        modules = ("base", "fields") if typed else ("base",)
        lines = [f"from {objects} import {name}" for name in modules]
        lines += [library(self.tree, one) for one in ("jsonutils", "timeutils")[: 2 - typed]]
        kept = self._text("kept_fields" if typed else "kept_functions").decode()
        text = self._text(MODULE).decode().replace("@imports@", "\n".join(sorted(lines)))
        text = text.replace("@kept@", kept.rstrip())
        text = text.replace("@nodes@\n", self._of_getter("nodes_of_host", "\n\n"))
        for name, value in row_module_parts("classes" if typed else "functions").items():
            text = text.replace(f"@{name}@", value)
        return {path: text.encode(), **self._rows_tests}

    @property
    def _rows_tests(self) -> dict[str, bytes]:
        """The unit tests of that module, if the compute node keeps columns through it."""
        tree, columns, node = self.tree, columns_in(self.tree), self.tree.object("ComputeNode")
        kept = [one.name for one in columns.lacking if "str" in one.kind.lower()]
        names = {*node.fields, *(one.name for one in columns.lacking)} if node else set()
        helpers = tree.project.files.get(f"{self._tests}/test_compute_node.py", b"")
        if columns.barrier or columns.difference or not kept:
            return {}
        if not {"cpu_info", "memory_mb", "vcpus", "stats"} <= names:
            return {}
        source = tree.project.files.get(node.path, b"") if node else b""
        # values that are not fields of the object are written through this method
        if b"\nfake_compute_node = {" not in helpers or b".obj_get_changes()" not in source:
            return {}
        pieces = self._text(f"test_kept_{'fields' if tree.typed_fields else 'functions'}")
        text = self._text(f"test_{MODULE}").decode()
        text = text.replace("@kept@", pieces.decode()).replace("@column@", kept[0])
        text = text.replace("@nodes@\n", self._of_getter("test_nodes_of_host", "\n"))
        made = "fields" if tree.typed_fields else ""
        line = f"from {tree.package}.objects import {made}\n" if made else ""
        data = text.replace("@fields@\n", line).encode()
        new = f"{tree.objects_path.replace('/', '.')}.{MODULE}"
        if any(not one.startswith(new) for one in lacking(_module(data), tree)):
            return {}
        return {f"{self._tests}/test_{MODULE}.py": data}

    def _of_getter(self, name: str, before: str) -> str:
        """A text that only the getter of a service's nodes needs; "" if that is not added."""
        return before + self._text(name).decode() if self.lacks_nodes_getter else ""

    @property
    def _can_test_flavor(self) -> bool:
        """Whether the tree has everything that the unit tests of Flavor use."""
        tree, new = self.tree, f"{self.tree.package}.objects.flavor"
        helpers = tree.project.files.get(f"{self._tests}/test_objects.py", b"")
        missing = lacking(_module(self._text("test_flavor")), tree)
        return b"def compare_obj(" in helpers and not set(missing) - {new}

    @property
    def _tests(self) -> str:
        """The folder of the objects' unit tests."""
        return f"{self.tree.tests.replace('.', '/')}/objects"

    @property
    def _flavor_path(self) -> str:
        return f"{self.tree.objects_path}/flavor.py"

    @functools.cached_property
    def _wants_flavor(self) -> bool:
        """Whether the code in compute/ reads flavors and the tree has no Flavor object."""
        tree, known = self.tree, self.tree.project.files
        if not tree.is_own or self._flavor_path in known or tree.object("Flavor") is not None:
            return False
        return any(
            _NEEDED_BY in data and path.startswith(f"{tree.package}/compute/")
            for path, data in known.items()
        )

    @functools.cached_property
    def lacks_for_flavor(self) -> str:
        """What Flavor needs and the tree lacks; "" if nothing."""
        tree = self.tree
        if barred := tree.stays.bars("flavor"):
            return barred
        # our Flavor is written in the style of the releases without typed fields
        if tree.typed_fields:
            return "fields that are plain functions"
        for name in lacking(_module(self._text("flavor")), tree):
            return name
        for name, count in _QUERIES.items():
            query = tree.project.find(f"{tree.package}.db.api.{name}")
            if not isinstance(query, Function) or len(query.parameters) < count:
                return f"{tree.package}.db.{name}() with {count} parameters"
        return ""

    def _text(self, name: str) -> bytes:
        folder = importlib.resources.files("codemods.mappings").joinpath("added")
        text = folder.joinpath(f"{name}.py.in").read_text(encoding="utf-8")
        text = text.replace("@package@", self.tree.package).replace("@tests@", self.tree.tests)
        return text.encode()

    @functools.cached_property
    def lacks_nodes_getter(self) -> bool:
        """Whether the list object has no getter of a service's nodes, and can be given one."""
        if self.tree.has(NODES_GETTER) or self.tree.object("ComputeNodeList") is None:
            return False
        return self.tree.is_own and not self.lacks_for_getter

    @property
    def lacks_for_getter(self) -> str:
        """What the getter of a service's nodes needs and the tree lacks; "" if nothing."""
        if barred := self.tree.stays.bars("nodes"):
            return barred
        for module, name in _GETTER_PIECES:
            dotted = f"{self.tree.package}.{module}"
            if not exists(self.tree, dotted, name):
                return f"{dotted}.{name}"
        name, _, getter = NODES_GETTER.partition(".")
        if getter in self.tree.offers(name):
            return f"that {name} has nothing else of the name {getter}"
        return rows_barrier(self.tree)

    @functools.cached_property
    def text_versions(self) -> tuple[str, ...]:
        """The virt drivers that report their version as text, if no field keeps it."""
        if columns_in(self.tree).lacking or keeps_rows(self.tree):
            return ()
        return text_versions(self.tree)

    def lacks_for(self, name: str) -> str:
        """What the object called `name` needs and the tree lacks.

        "" if nothing, or if we do not add such an object.
        """
        return self.lacks_for_flavor if name == "Flavor" and self._wants_flavor else ""

    @functools.cached_property
    def unregistered(self) -> tuple[str, ...]:
        """The object modules that `register_all()` does not import yet, and will."""
        return () if self.tree.stays.bars("registration") else self._unregistered

    @functools.cached_property
    def imports_by_name(self) -> bool:
        """Whether `__import__` is the builtin in the objects' own file: it is only called."""
        text = self.tree.project.files.get(f"{self.tree.objects_path}/__init__.py", b"")
        return _REBOUND.search(text) is None

    @functools.cached_property
    def _unregistered(self) -> tuple[str, ...]:
        path = f"{self.tree.objects_path}/__init__.py"
        text = self.tree.project.files.get(path, b"")
        if b"def register_all" not in text or not self.tree.is_own:
            return ()
        found = (self._with_added.object(name) for name in OBJECTS)
        modules = sorted(one.module for one in found if one is not None)
        known = {
            (statement or by_name).decode()
            for by_name, statement in _IMPORTED.findall(text)
            if statement or self.imports_by_name
        }
        return tuple(one for one in modules if one not in known)

    def unregistrable(self, module: str) -> str:
        """What the tree lacks to register an object module; "" if it is, or can be, registered."""
        path = f"{self.tree.objects_path}/__init__.py"
        can_be = self.imports_by_name and b"__import__(" in self.tree.project.files.get(path, b"")
        if module not in self._unregistered or (can_be and module in self.unregistered):
            return ""
        return f"a register_all() that imports {module}"


@cached_for_run
def additions_of(tree: Tree) -> Additions:
    """The additions to a tree; created once per run."""
    return Additions(tree)


def _module(text: bytes) -> Module:
    return Module("", Source("", text))
