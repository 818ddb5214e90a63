# SPDX-License-Identifier: Apache-2.0
"""Which conductor calls stay as they are; both the inference and the rules ask this.

A row that such a call returns stays a dict: only rewritten calls return objects.
"""

import ast

from codemods.analysis.call_options import lost_option
from codemods.analysis.local_names import bindings, has_own
from codemods.analysis.offered import differing_piece, missing_piece
from codemods.analysis.project import Module
from codemods.analysis.stays import Reason
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run
from codemods.mappings import ConductorCall
from codemods.syntax import scopes
from codemods.syntax.source import Source


def bind(node: ast.Call, parameters: tuple[str, ...]) -> dict[str, ast.expr] | None:
    """The call's arguments by parameter; None if they cannot be matched.

    `**values` is found under "**".
    """
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    if len(node.args) > len(parameters):
        return None
    found = dict(zip(parameters, node.args, strict=False))
    for keyword in node.keywords:
        name = keyword.arg or "**"
        if name in found:
            return None
        found[name] = keyword.value
    return found


def why_left(node: ast.Call, call: ConductorCall, module: Module, tree: Tree) -> Reason | None:
    """Why the call stays, as far as its own place shows; None if it can be rewritten."""
    if call.declined is not None:
        return Reason(call.declined)
    left = tree.stays.why(module.source.path, node.lineno)
    if left is not None:
        return left
    if tree.takes_objects_elsewhere(module):
        return Reason("import.other-package")
    if _serves_drivers(node, module.source):
        return Reason("call.indirect")
    if _is_without_database(module.source, tree):
        return Reason("call.no-indirection")
    if piece := missing_piece(call, tree):
        return Reason("call.no-object", piece)
    if piece := differing_piece(call, tree):
        return Reason("call.object-differs", piece)
    if option := lost_option(call, tree):
        return Reason("call.options", option)
    if name := _name_taken(node, call, module, tree):
        return Reason("import.name-taken", name)
    arguments = bind(node, call.parameters)
    if call.kind in ("get", "list"):
        return None if _are_taken(node, call, arguments, tree) else Reason("call.arguments")
    if arguments is None or not _is_complete(call, arguments):
        return Reason("call.arguments")
    return _misplaced(module.source, node, call)


def keywords_of(call: ConductorCall, tree: Tree) -> dict[str, str]:
    """The object's class method's names for the conductor's parameters."""
    name, _, getter = (call.call or "").partition(".")
    found = tree.object(name)
    names = found.methods.get(getter, ()) if found is not None else ()
    return dict(zip(call.arguments, names, strict=False))


def _are_taken(
    node: ast.Call, call: ConductorCall, arguments: dict[str, ast.expr] | None, tree: Tree
) -> bool:
    """Whether the call has exactly the arguments that the object's class method takes."""
    if arguments is None or arguments.keys() != set(call.arguments):
        return False
    return {word.arg for word in node.keywords} <= keywords_of(call, tree).keys()


def _name_taken(node: ast.Call, call: ConductorCall, module: Module, tree: Tree) -> str:
    """The name that the object's import would bind, if it means something else here; else ""."""
    spelled, line = tree.spelling(call.object)
    name, source = spelled.partition(".")[0], module.source
    if _is_bound_at_top(source, "*") and not _is_bound_at_top(source, name):
        return name
    if _means_other_at_top(module, name, _imported(line)):
        return name
    for parent in source.parents(node):
        if not isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if has_own(parent, name):
            found = bindings(parent, name)
            is_import = all(isinstance(one, ast.Import | ast.ImportFrom) for one in found)
            return "" if is_import else name
    return ""


@cached_for_run
def _is_bound_at_top(source: Source, name: str) -> bool:
    return any(scopes.bindings(source.tree.body, name))


def _imported(line: str) -> str:
    """The dotted name, `a.b.c`, of what `from a.b import c` imports."""
    (statement,) = ast.parse(line).body
    assert isinstance(statement, ast.ImportFrom)
    return f"{statement.module}.{statement.names[0].name}"


@cached_for_run
def _means_other_at_top(module: Module, name: str, dotted: str) -> bool:
    """Whether the module binds a name to anything other than the one with the dotted name."""
    is_import = module.imports.get(name) == dotted
    found = list(scopes.bindings(module.source.tree.body, name))
    same = [one for one in found if is_import and isinstance(one.node, ast.Import | ast.ImportFrom)]
    is_sure = any(one.is_sure for one in same)
    # what a `try` falls back to does not count
    others = [one for one in found if one not in same and not (is_sure and one.is_fallback)]
    is_global = scopes.is_declared_global(module.source, name)
    return bool(others) or is_global or (bool(same) and not is_sure)


def passes_keywords_on(node: ast.Call, source: Source) -> bool:
    """Whether the call passes on the `**kwargs` of the function around it."""
    for parent in source.parents(node):
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            own = parent.args.kwarg
            handed = [word.value for word in node.keywords if word.arg is None]
            return own is not None and any(
                isinstance(value, ast.Name) and value.id == own.arg for value in handed
            )
    return False


def _is_without_database(source: Source, tree: Tree) -> bool:
    """Whether the module runs where only the conductor reaches the database."""
    if not source.path.startswith(f"{tree.package}/api/metadata/"):
        return False
    command = tree.project.files.get(f"{tree.package}/cmd/api_metadata.py")
    return command is not None and b"indirection_api" not in command


def keeps_dict(node: ast.Call, source: Source) -> bool:
    """Whether the result is stored where the same class stores dicts made from objects.

    `self.node = create(...)` next to `self.node = self._get()`, where `_get()`
    returns obj_to_primitive(...): the readers of `self.node` expect a dict.
    """
    statement = source.statement(node)
    if not isinstance(statement, ast.Assign) or b"obj_to_primitive" not in source.text:
        return False
    target = statement.targets[0]
    owner = next((p for p in source.parents(node) if isinstance(p, ast.ClassDef)), None)
    if owner is None or not isinstance(target, ast.Attribute):
        return False
    getters = {
        one.value.func.attr
        for one in ast.walk(owner)
        if isinstance(one, ast.Assign)
        and source.of(one.targets[0]) == source.of(target)
        and isinstance(one.value, ast.Call)
        and isinstance(one.value.func, ast.Attribute)
    }
    return any(
        isinstance(method, ast.FunctionDef) and method.name in getters and _makes_dict(method)
        for method in owner.body
    )


def _makes_dict(method: ast.FunctionDef) -> bool:
    return any(
        isinstance(one, ast.Return)
        and isinstance(one.value, ast.Call)
        and getattr(one.value.func, "attr", "") == "obj_to_primitive"
        for one in ast.walk(method)
    )


def _serves_drivers(node: ast.Call, source: Source) -> bool:
    """Whether the call is in the API that virt drivers get, a VirtAPI."""
    if b"VirtAPI)" not in source.text:
        return False
    return any(
        isinstance(parent, ast.ClassDef)
        and any(source.of(base).endswith("VirtAPI") for base in parent.bases)
        for parent in source.parents(node)
    )


def _is_complete(call: ConductorCall, arguments: dict[str, ast.expr]) -> bool:
    if call.kind == "create":
        return set(arguments) == {"context", "values"}
    if call.kind == "destroy":
        return set(arguments) == set(call.parameters)
    if call.named_values:
        return {"context", "uuid"} <= set(arguments)
    return {"context", "row"} <= set(arguments) and bool({"values", "status"} & set(arguments))


def _misplaced(source: Source, node: ast.Call, call: ConductorCall) -> Reason | None:
    """Why the call's statement cannot become several; None if it can."""
    statement = source.statement(node)
    alone = isinstance(statement, ast.Expr) and statement.value is node
    assigned = (
        isinstance(statement, ast.Assign)
        and statement.value is node
        and len(statement.targets) == 1
    )
    returned = isinstance(statement, ast.Return) and statement.value is node
    if call.named_values and assigned:
        if passes_keywords_on(node, source):
            return Reason("call.open-values", "the returned row is used")
        return Reason("call.result-used")
    # in the body of a class, the names of the object would become attributes
    is_in_class = _is_in_class_body(source, statement)
    places = {
        "create": (alone or assigned or returned) and not is_in_class,
        "update": (alone or assigned) and not is_in_class,
        "destroy": alone,
    }
    return None if places[call.kind] else Reason("call.position")


def _is_in_class_body(source: Source, statement: ast.stmt) -> bool:
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    around = next((one for one in source.parents(statement) if isinstance(one, scopes)), None)
    return isinstance(around, ast.ClassDef)
