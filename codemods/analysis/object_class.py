# SPDX-License-Identifier: Apache-2.0
"""A versioned object of the tree, as read from the source of its class."""

import ast
import dataclasses

from codemods.analysis.project import Class, Module

#: The columns that the row of every object has, with the sources of their typed fields.
_PERSISTENT = {
    **dict.fromkeys(
        ("created_at", "updated_at", "deleted_at"), "fields.DateTimeField(nullable=True)"
    ),
    "deleted": "fields.BooleanField(default=False)",
}


@dataclasses.dataclass(frozen=True, eq=False)
class ObjectClass:
    """A versioned object of the tree.

    `fields` maps a field to the source of its type, and `own_fields` has only
    those that the class itself declares; `methods` maps a method to its
    parameters without the first, `self` or `cls`. `refuses_context` says that
    remotable methods must be called without the context, whatever their parameters.
    """

    name: str
    module: str
    path: str
    version: str
    fields: dict[str, str]
    methods: dict[str, tuple[str, ...]]
    own_fields: dict[str, str] = dataclasses.field(default_factory=dict)
    refuses_context: bool = False

    @property
    def takes_context(self) -> bool:
        """Whether save(), create() and destroy() take the context (Juno) or not (Kilo)."""
        if self.refuses_context:
            return False
        for method in ("save", "create", "destroy"):
            if method in self.methods:
                return "context" in self.methods[method]
        return False


def object_class(found: Class, bases: list[Class], refuses_context: bool) -> ObjectClass:
    """The object that a class of the tree defines; `bases` are all its base classes."""
    fields, version = _fields_of(found), "1.0"
    for statement in found.node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            if any(isinstance(one, ast.Name) and one.id == "VERSION" for one in statement.targets):
                version = str(statement.value.value)
    own = dict(fields)
    inherited = [name for base in bases for name in _fields_of(base)]
    if not inherited and any("PersistentObject" in base for base in found.bases):
        inherited = list(_PERSISTENT)
    for name in inherited:
        if name in _PERSISTENT:
            fields.setdefault(name, _PERSISTENT[name])
    methods = {
        name: tuple(arg.arg for arg in method.node.args.args[1:])
        for name, method in found.methods.items()
    }
    path, dotted = found.module.source.path, found.module.dotted
    return ObjectClass(
        found.name, dotted, path, version, fields, methods, own, refuses_context=refuses_context
    )


def _fields_of(found: Class) -> dict[str, str]:
    """The fields that a class declares itself, with the sources of their types."""
    fields: dict[str, str] = {}
    for statement in found.node.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        if isinstance(target, ast.Name) and target.id == "fields":
            if isinstance(statement.value, ast.Dict):
                fields.update(_fields(found.module, statement.value))
    return fields


def _fields(module: Module, value: ast.Dict) -> dict[str, str]:
    """The fields of a dict literal, those of `**{name: kind for name in NAMES}` included."""
    fields: dict[str, str] = {}
    for key, kind in zip(value.keys, value.values, strict=True):
        if isinstance(key, ast.Constant):
            fields[str(key.value)] = module.source.of(kind)
        elif isinstance(kind, ast.DictComp):
            for name in _strings(module, kind.generators[0].iter):
                fields[name] = module.source.of(kind.value)
    return fields


def _strings(module: Module, node: ast.expr) -> list[str]:
    """The strings of a tuple, including those of unpacked tuples and of module-level names."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.Starred):
        return _strings(module, node.value)
    if isinstance(node, ast.Tuple | ast.List):
        return [name for element in node.elts for name in _strings(module, element)]
    if isinstance(node, ast.Name):
        for statement in module.source.tree.body:
            if (
                isinstance(statement, ast.Assign)
                and module.source.of(statement.targets[0]) == node.id
            ):
                return _strings(module, statement.value)
    return []
