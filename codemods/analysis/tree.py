"""What the objects of a given tree offer, read from the tree itself."""

import ast
import dataclasses
import functools

from codemods.analysis.project import Class, Project
from codemods.mappings import conductor_calls

OBJECTS = ("ComputeNode", "Instance", "Migration", "Flavor", "Service")


@dataclasses.dataclass(frozen=True, eq=False)
class ObjectClass:
    """A versioned object of the tree.

    `fields` maps a field to the source of its type; `methods` a method to its
    parameters, `self` and `cls` left out.
    """

    name: str
    module: str
    path: str
    version: str
    fields: dict[str, str]
    methods: dict[str, tuple[str, ...]]

    @property
    def takes_context(self) -> bool:
        """Whether save() and create() take the context (Juno), or not (Kilo)."""
        for method in ("save", "create", "destroy"):
            if method in self.methods:
                return "context" in self.methods[method]
        return False


class Tree:
    """The objects of a tree, and the style in which it reaches them."""

    def __init__(self, project: Project, package: str = "nova") -> None:
        self.project = project
        self.package = package
        self.objects_path = f"{package}/objects"

    @functools.cached_property
    def tests(self) -> str:
        """The dotted name of the package of unit tests."""
        unit = f"{self.package}/tests/unit/__init__.py"
        return (
            f"{self.package}.tests.unit" if unit in self.project.files else f"{self.package}.tests"
        )

    @functools.cached_property
    def has_registry(self) -> bool:
        """Whether `objects.X` works, or X must be imported from its module."""
        base = self.project.files.get(f"{self.objects_path}/base.py", b"")
        if b"setattr(objects," in base:
            return True
        package = self.project.files.get(f"{self.objects_path}/__init__.py", b"")
        return b"import ComputeNode" in package

    @functools.cached_property
    def constructor_takes_fields(self) -> bool:
        """Whether `X(context, field=value)` works; in 2013.2 only `X()` does."""
        base = self.project.module(f"{self.package}.objects.base")
        found = base.classes.get("NovaObject") if base is not None else None
        if found is None:
            return True
        init = found.methods.get("__init__")
        return init is not None and init.node.args.kwarg is not None

    @functools.cached_property
    def typed_fields(self) -> bool:
        """Whether fields are typed, or plain functions as in 2013.2."""
        fields = self.project.files.get(f"{self.objects_path}/fields.py", b"")
        return b"class StringField" in fields

    @functools.cached_property
    def dict_access(self) -> bool:
        """Whether objects answer to subscripts, `get` and `update`."""
        base = self.project.files.get(f"{self.objects_path}/base.py", b"")
        return b"def __getitem__" in base or b"DictCompat" in base

    def is_added(self, name: str) -> bool:
        """Whether the object called `name` is one that the tree lacks and is given."""
        needle = f"class {name}(".encode()
        return any(needle in data for data in self.project.added.values())

    def add(self, files: dict[str, bytes]) -> None:
        """Give the tree the objects that are written anew in `files`."""
        self.project.add(files)
        Tree.object.cache_clear()

    @functools.cache  # noqa: B019 - one Tree lives as long as the run
    def object(self, name: str) -> ObjectClass | None:
        """The object or list class called `name`; None if the tree has none."""
        needle = f"class {name}(".encode()
        files = (
            {**self.project.files, **self.project.added}
            if self.project.added
            else (self.project.files)
        )
        for path in sorted(files):
            if path.startswith(self.objects_path + "/") and needle in files[path]:
                module = self.project.load(path)
                if module is not None and name in module.classes:
                    return _read(module.classes[name])
        return None

    def has(self, call: str) -> bool:
        """Whether the tree has the class method `X.get_by_id`, say."""
        name, _, method = call.partition(".")
        found = self.object(name)
        return found is not None and method in found.methods

    def spelling(self, name: str) -> tuple[str, str]:
        """How a module names object `name`, and the import that it needs."""
        found = self.object(name)
        if self.has_registry or found is None:
            return f"objects.{name}", f"from {self.package} import objects"
        module = found.module.rpartition(".")[2]
        alias = f"{module}_obj"
        return f"{alias}.{name}", f"from {self.package}.objects import {module} as {alias}"

    def field_kind(self, name: str, field: str) -> str:
        """The source of a field's type, "" where there is no such field."""
        found = self.object(name)
        return found.fields.get(field, "") if found is not None else ""


def _read(found: Class) -> ObjectClass:
    fields: dict[str, str] = {}
    version = "1.0"
    for statement in found.node.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name, value = statement.targets[0].id, statement.value
        if name == "VERSION" and isinstance(value, ast.Constant):
            version = str(value.value)
        elif name == "fields" and isinstance(value, ast.Dict):
            for key, kind in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant):
                    fields[str(key.value)] = found.module.source.of(kind)
    if any("PersistentObject" in base for base in found.bases):
        for name in ("created_at", "updated_at", "deleted_at"):
            fields.setdefault(name, "fields.DateTimeField(nullable=True)")
        fields.setdefault("deleted", "fields.BooleanField(default=False)")
    methods = {
        name: tuple(arg.arg for arg in method.node.args.args[1:])
        for name, method in found.methods.items()
    }
    return ObjectClass(
        found.name, found.module.dotted, found.module.source.path, version, fields, methods
    )


def row_moving_names() -> tuple[bytes, ...]:
    """The names of the conductor's methods, as bytes to search for."""
    return tuple(sorted(name.encode() for name in conductor_calls()))
