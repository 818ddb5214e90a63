# SPDX-License-Identifier: Apache-2.0
"""Names for the conductor that no code reads once its calls are rewritten."""

import ast
import functools
import re
from collections.abc import Collection, Iterator

from codemods.analysis.api_names import is_getattr
from codemods.analysis.facts import Leftover, Span
from codemods.analysis.inference import Inference
from codemods.analysis.logged import is_logger
from codemods.analysis.name_uses import NameUses
from codemods.analysis.project import Module

#: What heads the tuple that an `exec` statement is respelled as, or was written as.
EXEC = ("exe", "exec")
_SHOWING = ("dir", "eval", "exec", "locals", "vars")
_SHOWS = re.compile(rf"\b(?:{'|'.join(_SHOWING)})\b".encode())


def is_taken(node: ast.expr, module: Module, calls: Collection[Span]) -> bool:
    """Whether a read of the API or of one of its methods goes with the call that it is part of.

    `calls` are the places of the calls that are rewritten.
    """
    source = module.source
    parent = source.parent(node)
    if isinstance(parent, ast.Attribute):
        node, parent = parent, source.parent(parent)
    return isinstance(parent, ast.Call) and parent.func is node and source.span(parent) in calls


def unread_aliases(
    module: Module, inference: Inference, calls: Collection[Span], elsewhere: NameUses
) -> dict[Span, ast.Assign]:
    """The statements that bind the API or a method of it to a name only for calls that go.

    The name is local to a function, or of the module if nothing `elsewhere` uses it.
    """
    found: dict[Span, ast.Assign] = {}
    candidates = [node for node in module.all(ast.Assign) if _is_alias(node, module, inference)]
    while True:
        new = {
            module.source.span(node): node
            for node in candidates
            if _is_unread(node, module, calls, found)
        }
        if new.keys() == found.keys():
            return {span: node for span, node in found.items() if _is_own(node, module, elsewhere)}
        found = new


def _is_alias(node: ast.Assign, module: Module, inference: Inference) -> bool:
    values = inference.values(node.value)
    kinds = {value.kind for value in values}
    return (
        len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and kinds in ({"handle"}, {"method"})
        and is_without_effect(node.value, inference)
        # a name in a class body is an attribute
        and not isinstance(_scope(node, module), ast.ClassDef)
    )


def is_without_effect(node: ast.expr, inference: Inference) -> bool:
    """Whether an expression calls nothing except to get the API, so that it may go."""
    return all(
        is_getattr(call) or _makes_api(call, inference)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    )


def _makes_api(call: ast.Call, inference: Inference) -> bool:
    """Whether a call is of the API's class, not of a function that returns an instance."""
    values = inference.values(call)
    return bool(values) and all(
        value.kind == "handle" and len(evidence) == 1 for value, evidence in values.items()
    )


def _scope(node: ast.stmt, module: Module) -> ast.AST | None:
    """The function or class in whose scope a statement is; None for the module."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return next((one for one in module.source.parents(node) if isinstance(one, kinds)), None)


def _is_own(node: ast.Assign, module: Module, elsewhere: NameUses) -> bool:
    """Whether no other file may use the name: it is local to a function or unused elsewhere."""
    target = node.targets[0]
    assert isinstance(target, ast.Name)
    if _scope(node, module) is not None:
        return True
    return not elsewhere.is_known_elsewhere(module, target.id)


def _is_unread(
    node: ast.Assign, module: Module, calls: Collection[Span], gone: Collection[Span]
) -> bool:
    """Whether everything that reads the name goes; a name that was never read stays."""
    target, function = node.targets[0], module.function_around(node)
    assert isinstance(target, ast.Name)
    root: ast.AST = function.node if function is not None else module.source.tree
    uses = [
        use
        for use in ast.walk(root)
        if isinstance(use, ast.Name) and use.id == target.id and not isinstance(use.ctx, ast.Store)
    ]
    if not uses or is_shown(root, target.id) or is_shared(root, target.id):
        return False
    return all(
        is_taken(use, module, calls) or module.source.span(module.source.statement(use)) in gone
        for use in uses
    )


def admin_contexts(module: Module, package: str) -> list[Leftover]:
    """The admin contexts that functions create in a local name, and read somewhere."""
    found = []
    for node in module.all(ast.Assign):
        target, function = node.targets[0], module.function_around(node)
        if not isinstance(target, ast.Name) or len(node.targets) != 1 or function is None:
            continue
        if not isinstance(node.value, ast.Call):
            continue
        if module.dotted_name(node.value.func) != f"{package}.context.get_admin_context":
            continue
        if any(isinstance(one, ast.Call) for arg in node.value.args for one in ast.walk(arg)):
            continue
        if not is_shared(function.node, target.id) and may_be_read(function.node, target.id):
            found.append(Leftover(module.source.span(node), function.name, target.id))
    return found


def may_be_read(root: ast.AST, name: str) -> bool:
    """Whether a name is read or deleted anywhere in a syntax tree."""
    return is_shown(root, name) or any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Store)
        for node in ast.walk(root)
    )


@functools.lru_cache(maxsize=64)
def may_show(text: bytes) -> bool:
    """Whether a file names something that can see all local names, `locals` say."""
    return _SHOWS.search(text) is not None


def is_shown(root: ast.AST, name: str) -> bool:
    """Whether a call that can see all local names, like locals(), may use this one."""
    calls = [
        node
        for node in ast.walk(root)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    if any(map(_is_exec, ast.walk(root))):
        return True
    shown = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _SHOWING]
    if not shown:
        return False
    filling = {id(one) for node in ast.walk(root) for one in _fillings(node)}
    if any(id(call) not in filling for call in shown):
        return True
    # they only fill format strings, which name what they use
    texts = (node.value for node in ast.walk(root) if isinstance(node, ast.Constant))
    return any(f"({name})" in text for text in texts if isinstance(text, str))


def _is_exec(node: ast.AST) -> bool:
    """Whether this stands for a Python 2 `exec x`, which sees the local names.

    `exec x in y`, which is another tuple, sees those of y.
    """
    if not isinstance(node, ast.Tuple) or len(node.elts) != 2:
        return False
    head = node.elts[0]
    return isinstance(head, ast.Name) and head.id in EXEC


def _fillings(node: ast.AST) -> Iterator[ast.expr]:
    """What fills a literal format string: `text % locals()`, `LOG.info(text, locals())`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        if _is_written_out(node.left):
            yield node.right
    elif isinstance(node, ast.Call) and is_logger(node.func):
        if len(node.args) == 2 and _is_written_out(node.args[0]):
            yield node.args[1]


def _is_written_out(text: ast.expr) -> bool:
    """Whether a format string is a literal, translated or not: `_('%(a)s')`."""
    if isinstance(text, ast.Call) and isinstance(text.func, ast.Name) and len(text.args) == 1:
        text = text.args[0]
    if isinstance(text, ast.BinOp) and isinstance(text.op, ast.Mod):
        text = text.left
    return isinstance(text, ast.Constant)


def is_shared(root: ast.AST, name: str) -> bool:
    """Whether a function declares a name global or nonlocal."""
    return any(
        isinstance(node, ast.Global | ast.Nonlocal) and name in node.names
        for node in ast.walk(root)
    )
