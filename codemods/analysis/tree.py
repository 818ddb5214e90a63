# SPDX-License-Identifier: Apache-2.0
"""What the objects that rewritten code will use offer, as read from their source."""

import ast
import dataclasses
import functools
import importlib.util
import pathlib
import re

from codemods.analysis.field_types import NO_FIELD, FieldType
from codemods.analysis.local_names import own_names
from codemods.analysis.object_class import ObjectClass, object_class
from codemods.analysis.project import Module, Project
from codemods.analysis.stays import NOTHING_STAYS, Stays
from codemods.caches import cached_for_run
from codemods.mappings import conductor_calls, undeclared_fields

#: The package whose objects are used if a tree has none of its own.
SHIM = "shim"

#: The source of a typed field.
_TYPE = re.compile(r"\b\w*Field\(")

OBJECTS = ("ComputeNode", "Instance", "Migration", "Flavor", "Service")


class Tree:
    """The objects that a tree is to use, and how it refers to them.

    `target` is the package that they come from: the tree's own or the shim; by
    default the tree's own, if that has objects. `stays` are the conductor calls
    that go on returning dicts. `bare` is the tree as it was before files were added.
    """

    def __init__(
        self,
        project: Project,
        package: str = "nova",
        target: str | None = None,
        stays: Stays = NOTHING_STAYS,
        bare: "Tree | None" = None,
    ) -> None:
        self.bare: Tree = self if bare is None else bare
        self.project = project
        self.package = package
        self.stays = stays
        own = f"{package}/objects/__init__.py" in project.files
        self.target = target or (package if own else SHIM)
        self.objects_path = f"{self.target}/objects"
        self._objects = project if self.target == package else Project(_shim_sources())

    @property
    def is_own(self) -> bool:
        """Whether the objects are the tree's own."""
        return self.target == self.package

    @property
    def exceptions_path(self) -> str:
        """The path of the module with the exceptions that the tree's code catches."""
        return f"{self.package}/exception.py"

    @property
    def base_import(self) -> str:
        """The statement that imports the objects' base module as `obj_base`."""
        return f"from {self.target}.objects import base as obj_base"

    def takes_objects_elsewhere(self, module: Module) -> bool:
        """Whether a module imports the objects of the other package; it must not get both."""
        other = SHIM if self.is_own else self.package
        inside = (f"{other}.objects", f"{other}.objects.")
        return any(
            dotted == inside[0] or dotted.startswith(inside[1])
            for dotted in module.imports.values()
        )

    @functools.cached_property
    def tests(self) -> str:
        """The dotted name of the package of unit tests."""
        unit = f"{self.package}/tests/unit/__init__.py"
        return (
            f"{self.package}.tests.unit" if unit in self.project.files else f"{self.package}.tests"
        )

    @functools.cached_property
    def has_registry(self) -> bool:
        """Whether `objects.X` works; if not, X must be imported from its module."""
        base = self._objects.files.get(f"{self.objects_path}/base.py", b"")
        if b"setattr(objects," in base:
            return True
        package = self._objects.files.get(f"{self.objects_path}/__init__.py", b"")
        return b"import ComputeNode" in package

    @functools.cached_property
    def constructor_takes_fields(self) -> bool:
        """Whether `X(context, field=value)` works; in 2013.2 only `X()` does."""
        base = self._objects.module(f"{self.target}.objects.base")
        found = base.classes.get("NovaObject") if base is not None else None
        if found is None:
            return True
        init = self._objects.method(found, "__init__")
        return init is not None and init.node.args.kwarg is not None

    @functools.cached_property
    def typed_fields(self) -> bool:
        """Whether the fields of objects are typed; in 2013.2 they are plain functions.

        A tree in between has both; ComputeNode decides.
        """
        found = self.object("ComputeNode")
        kinds = found.own_fields.values() if found is not None else ()
        if kinds:
            return any(_TYPE.search(kind) for kind in kinds)
        fields = self._objects.files.get(f"{self.objects_path}/fields.py", b"")
        return b"StringField" in fields

    def is_added(self, name: str) -> bool:
        """Whether the tree lacked the object called `name`, and it is added."""
        needle = f"class {name}(".encode()
        return any(needle in data for data in self.project.added.values())

    def with_added(self, files: dict[str, bytes]) -> "Tree":
        """The tree with the new objects in `files`."""
        project = self.project.with_added(files)
        return Tree(project, self.package, self.target, self.stays, self.bare)

    @cached_for_run
    def object(self, name: str) -> ObjectClass | None:
        """The object or list class called `name`; None if the tree has none."""
        needle = f"class {name}(".encode()
        files = self._objects.files
        if self._objects.added:
            files = {**files, **self._objects.added}
        for path in sorted(files):
            if path.startswith(self.objects_path + "/") and needle in files[path]:
                module = self._objects.load(path)
                if module is not None and name in module.classes:
                    found = module.classes[name]
                    one = object_class(
                        found, self._objects.ancestry(found)[1:], self._refuses_context
                    )
                    return self._with_undeclared(one)
        return None

    def _with_undeclared(self, found: ObjectClass) -> ObjectClass:
        more = undeclared_fields(found.name) if self.is_own else {}
        return dataclasses.replace(found, fields={**found.fields, **more}) if more else found

    @functools.cached_property
    def _refuses_context(self) -> bool:
        """Whether remotable methods fail when they are called with a context."""
        base = self._objects.module(f"{self.target}.objects.base")
        found = base.functions.get("remotable") if base is not None else None
        return found is not None and "ObjectActionError" in ast.unparse(found.node)

    def has(self, call: str) -> bool:
        """Whether the tree has a method, given as `X.get_by_id`, say."""
        name, _, method = call.partition(".")
        found = self.object(name)
        return found is not None and method in found.methods

    @cached_for_run
    def offers(self, name: str) -> frozenset[str]:
        """The methods and class attributes of the object `name`, including inherited ones."""
        found = self.object(name)
        module = self._objects.load(found.path) if found is not None else None
        if module is None:
            return frozenset()
        return frozenset(
            offered
            for member in self._objects.ancestry(module.classes[name])
            for offered in own_names(member.node)
        )

    def spelling(self, name: str) -> tuple[str, str]:
        """How a module refers to the object `name`, and the import that this needs."""
        found = self.object(name)
        if self.has_registry or found is None:
            return f"objects.{name}", f"from {self.target} import objects"
        module = found.module.rpartition(".")[2]
        alias = f"{module}_obj"
        return f"{alias}.{name}", f"from {self.target}.objects import {module} as {alias}"

    @cached_for_run
    def converts(self, name: str, field: str) -> bool:
        """Whether an object's field has another type than the row has under that key."""
        found = self.field_type(name, field)
        # what the row of a compute node has as JSON is a dict in its object
        is_dict = name == "ComputeNode" and found.is_dict
        return is_dict or field == "deleted" or found.is_converted

    def field_type(self, name: str, field: str) -> FieldType:
        """The type of a field; false if there is no such field."""
        found = self.object(name)
        source = found.fields.get(field) if found is not None else None
        return FieldType(source) if source else NO_FIELD


@functools.cache
def _shim_sources() -> dict[str, bytes]:
    """The sources of the shim's objects, by path from the folder that holds the package."""
    # not imported, because its imports of the bus and the database take a second
    found = importlib.util.find_spec(SHIM)
    folders = found.submodule_search_locations if found is not None else None
    return {
        f"{SHIM}/objects/{file.name}": file.read_bytes()
        for folder in folders or ()
        for file in sorted(pathlib.Path(folder, "objects").glob("*.py"))
    }


def folders(package: str, *parts: str) -> tuple[str, ...]:
    """The path prefixes of the folders `parts` of a tree's package: `nova/db/`, say."""
    return tuple(f"{package}/{part}/" for part in parts)


def row_moving_names() -> tuple[bytes, ...]:
    """The names of the conductor's methods, as bytes to search for."""
    return tuple(sorted(name.encode() for name in conductor_calls()))
