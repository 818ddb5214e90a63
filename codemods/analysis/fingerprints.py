# SPDX-License-Identifier: Apache-2.0
"""Compute nova's fingerprint of an object from the source.

Nova's own test hashes what Python 2 prints for the fields and remotable methods of
a class. That text is rebuilt here from the tree's source alone. It is only trusted
for a class whose current fingerprint comes out as the tree has it.
"""

import ast
import dataclasses
import hashlib
from collections.abc import Iterable, Iterator

from codemods.analysis.missing_fields import Widened
from codemods.analysis.object_class import ObjectClass
from codemods.analysis.project import Class, Function, Module
from codemods.analysis.python2_dicts import Python2Dict
from codemods.analysis.tree import Tree

UNSPECIFIED = "<class '{package}.objects.fields.UnspecifiedDefault'>"


@dataclasses.dataclass(frozen=True)
class _Printed:
    """What Python 2 prints for the parts of a class, by name, in source order.

    `own` are the fields that it declares, in a dict that is copied once more if the class
    `keeps` columns; `wrappers` are the remotable methods with the signatures of their
    wrappers, `children` the versions of the objects in a list.
    """

    own: list[tuple[str, str]]
    inherited: list[tuple[str, str]]
    keeps: bool
    methods: list[tuple[str, str]]
    wrappers: list[tuple[str, str]]
    children: list[tuple[str, str]] | None


def widened_fingerprint(tree: Tree, widened: Widened, known: str) -> str | None:
    """The fingerprint of a class as `widened` changes it; `known` is its current one.

    None if even that cannot be computed from the source.
    """
    found = tree.object(widened.name)
    module = tree.project.load(found.path) if found is not None else None
    if found is None or module is None:
        return None
    present, future = (_parts(tree, found, module, one) for one in (None, widened))
    if present is None or future is None:
        return None
    for before, after in zip(_hashed(present), _hashed(future), strict=True):
        if _fingerprint(found, before) == known:
            return _fingerprint(found, after)
    return None


def _fingerprint(found: ObjectClass, text: str) -> str:
    return f"{found.version}-{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}"


def _hashed(printed: _Printed) -> Iterator[str]:
    """What the tree's test may hash, the latest format first."""
    fields = _list(sorted((*printed.own, *printed.inherited)))
    methods = _list(sorted(printed.methods))
    children = printed.children
    shown = (str(Python2Dict.literal(children)),) if children is not None else ()
    yield _tuple(fields, methods, *shown)
    # until August 2014 the versions of the objects in a list were not included
    yield _tuple(fields, methods)
    # in June of that year the fields were what sort() returns: None
    yield _tuple("None", methods)
    # until the middle of that month methods had the signatures of their wrappers
    yield _tuple("None", _list(sorted(printed.wrappers)))
    # before the tenth nothing was sorted
    yield _dict(printed)


def _list(pairs: Iterable[tuple[str, str]]) -> str:
    return "[" + ", ".join(f"('{key}', {value})" for key, value in pairs) + "]"


def _tuple(*shown: str) -> str:
    return f"({', '.join(shown)})"


def _dict(printed: _Printed) -> str:
    """The dict of the fields and the methods, in the order in which Python 2 prints it."""
    own = Python2Dict.literal(printed.own)
    fields = (Python2Dict(own) if printed.keeps else own).copy()
    for name, shown in Python2Dict.literal(printed.inherited):
        fields[name] = shown
    methods = str(Python2Dict(sorted(printed.wrappers)))
    return str(Python2Dict.literal([("fields", _list(fields)), ("methods", methods)]))


def _parts(
    tree: Tree, found: ObjectClass, module: Module, widened: Widened | None
) -> _Printed | None:
    """What is printed for a class, as `widened` changes it if given; None if it is not known."""
    added = widened.fields if widened is not None else ()
    own = {**found.own_fields, **{field.name: field.kind for field in added}}
    inherited = {name: kind for name, kind in found.fields.items() if name not in own}
    pairs = []
    for name, source in {**own, **inherited}.items():
        shown = _field(tree, source)
        if shown is None:
            return None
        pairs.append((name, shown))
    owner = module.classes[found.name]
    return _Printed(
        pairs[: len(own)],
        pairs[len(own) :],
        widened is not None,
        [(name, _argspec(method)) for name, method, _ in _remotables(owner)],
        [(name, _wrapper(tree, decorator)) for name, _, decorator in _remotables(owner)],
        _child_versions(owner),
    )


def _field(tree: Tree, source: str) -> str | None:
    """What Python 2 prints for the field made by `source`; None if it is not known."""
    call = ast.parse(source, mode="eval").body
    if not isinstance(call, ast.Call):
        return None
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    kind = _auto_type(tree, name)
    if kind is None:
        return None
    words = {word.arg: word.value for word in call.keywords}
    nullable = _printed(words.get("nullable")) if "nullable" in words else "False"
    default = _printed(words.get("default")) if "default" in words else None
    default = default or UNSPECIFIED.format(package=tree.package)
    return f"{kind}(default={default},nullable={nullable})"


def _printed(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "?"


def _auto_type(tree: Tree, name: str) -> str | None:
    module = tree.project.load(f"{tree.objects_path}/fields.py")
    found = module.classes.get(name) if module is not None else None
    for node in ast.walk(found.node) if found is not None else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            target = node.targets[0]
            last = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
            if last == "AUTO_TYPE" and isinstance(node.value.func, ast.Name):
                return node.value.func.id
    return None


def _remotables(owner: Class) -> Iterator[tuple[str, Function, str]]:
    """The remotable methods of a class, by name, each with its decorator."""
    for name, method in owner.methods.items():
        for decorator in method.decorators & {"remotable", "remotable_classmethod"}:
            yield name, method, decorator


def _wrapper(tree: Tree, decorator: str) -> str:
    """The signature of the wrapper that a decorator of the tree's objects returns."""
    module = tree.project.load(f"{tree.objects_path}/base.py")
    if module is not None and (outer := module.functions.get(decorator)) is not None:
        for inner in module.all_functions:
            if inner.outer is outer:
                return _argspec(inner)
    return "?"


def _argspec(method: Function) -> str:
    args = method.node.args
    names = ", ".join(f"'{arg.arg}'" for arg in args.args)
    varargs = f"'{args.vararg.arg}'" if args.vararg else "None"
    keywords = f"'{args.kwarg.arg}'" if args.kwarg else "None"
    defaults = "None"
    if args.defaults:
        values = [repr(d.value) if isinstance(d, ast.Constant) else "?" for d in args.defaults]
        defaults = f"({', '.join(values)}{',' if len(values) == 1 else ''})"
    return f"ArgSpec(args=[{names}], varargs={varargs}, keywords={keywords}, defaults={defaults})"


def _child_versions(owner: Class) -> list[tuple[str, str]] | None:
    for statement in owner.node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            target = statement.targets[0]
            if isinstance(target, ast.Name) and target.id == "child_versions":
                pairs = zip(statement.value.keys, statement.value.values, strict=True)
                return [
                    (str(key.value), f"'{value.value!s}'")
                    for key, value in pairs
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
                ]
    return None
