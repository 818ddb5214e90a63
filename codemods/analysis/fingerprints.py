# SPDX-License-Identifier: Apache-2.0
"""Nova's fingerprint of an object, computed from the source.

Nova's own test hashes what Python 2 prints of the class's fields and remotable
methods. The text is put together here from the tree's source alone; it is only
trusted for a class whose present fingerprint comes out as the tree has it.
"""

import ast
import hashlib

from codemods.analysis.missing_fields import Widened
from codemods.analysis.object_class import ObjectClass
from codemods.analysis.project import Class, Function
from codemods.analysis.tree import Tree

UNSPECIFIED = "<class '{package}.objects.fields.UnspecifiedDefault'>"


#: What counts besides the methods: the objects of a list only since August 2014, and for two weeks
#: of June of that year not even the fields, since the test hashed what sort() returns.
PARTS = (frozenset(("fields", "children")), frozenset(("fields",)), frozenset[str]())


def widened_fingerprint(tree: Tree, widened: Widened, known: str) -> str | None:
    """The fingerprint of what `widened` makes of a class whose present one is `known`.

    None where not even that comes out of the source.
    """
    for parts in PARTS:
        if fingerprint(tree, widened.name, parts=parts) == known:
            return fingerprint(tree, widened.name, widened, parts=parts)
    return None


def fingerprint(
    tree: Tree, name: str, widened: Widened | None = None, *, parts: frozenset[str] = PARTS[0]
) -> str | None:
    """The fingerprint of class `name`, or of what `widened` makes of it.

    `parts` are those of `PARTS` that it is made of besides the methods. None
    where the source does not tell.
    """
    found = tree.object(name)
    module = tree.project.load(found.path) if found is not None else None
    if found is None or module is None:
        return None
    owner = module.classes[name]
    fields = _fields(tree, found, widened)
    if fields is None:
        return None
    shown = [_list(fields) if "fields" in parts else "None", _list(_methods(owner))]
    children = _child_versions(owner) if "children" in parts else None
    if children is not None:
        shown.append(python2_dict(children))
    text = f"({', '.join(shown)})"
    return f"{found.version}-{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}"


def _list(pairs: list[tuple[str, str]]) -> str:
    return "[" + ", ".join(f"('{key}', {value})" for key, value in sorted(pairs)) + "]"


def _fields(
    tree: Tree, found: ObjectClass, widened: Widened | None
) -> list[tuple[str, str]] | None:
    kinds = dict(found.fields)
    if widened is not None:
        kinds.update({field.name: field.kind for field in widened.fields})
    pairs = []
    for name, source in kinds.items():
        shown = _field(tree, source)
        if shown is None:
            return None
        pairs.append((name, shown))
    return pairs


def _field(tree: Tree, source: str) -> str | None:
    """What Python 2 prints of the field made by `source`."""
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


def _methods(owner: Class) -> list[tuple[str, str]]:
    return [
        (name, _argspec(method))
        for name, method in owner.methods.items()
        if method.decorators & {"remotable", "remotable_classmethod"}
    ]


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
                    (str(key.value), str(value.value))
                    for key, value in pairs
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
                ]
    return None


def python2_dict(pairs: list[tuple[str, str]]) -> str:
    """What Python 2 on a 64-bit machine prints of a dict of strings built in that order."""
    table: list[tuple[int, str, str] | None] = [None] * 8
    for used, (key, value) in enumerate(pairs, 1):
        _insert(table, _hash(key), key, value)
        if used * 3 >= len(table) * 2:
            table = _resized(table, used * 4)
    shown = [f"'{slot[1]}': '{slot[2]}'" for slot in table if slot is not None]
    return "{" + ", ".join(shown) + "}"


def _resized(
    table: list[tuple[int, str, str] | None], wanted: int
) -> list[tuple[int, str, str] | None]:
    size = 8
    while size <= wanted:
        size *= 2
    new: list[tuple[int, str, str] | None] = [None] * size
    for slot in table:
        if slot is not None:
            _insert(new, *slot)
    return new


def _insert(table: list[tuple[int, str, str] | None], number: int, key: str, value: str) -> None:
    mask, perturb = len(table) - 1, number
    place = number & mask
    while table[place & mask] is not None:
        place = (place * 5 + perturb + 1) & 0xFFFFFFFFFFFFFFFF
        perturb >>= 5
    table[place & mask] = (number, key, value)


def _hash(text: str) -> int:
    """Python 2's hash of a byte string, as an unsigned 64-bit number."""
    data = text.encode()
    if not data:
        return 0
    number = data[0] << 7
    for byte in data:
        number = ((1000003 * number) ^ byte) & 0xFFFFFFFFFFFFFFFF
    number ^= len(data)
    return number if number != 0xFFFFFFFFFFFFFFFF else number - 1
