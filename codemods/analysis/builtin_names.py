# SPDX-License-Identifier: Apache-2.0
"""Tell whether a name refers to a builtin."""

import ast

from codemods.analysis.local_names import own_names
from codemods.analysis.project import Module
from codemods.caches import cached_for_run

#: Cached because the same scopes are asked for many names.
_own_names = cached_for_run(own_names)


def is_builtin(module: Module, name: ast.Name) -> bool:
    """Whether the name of a builtin is not shadowed where it is used."""
    is_in_class = True
    for scope in module.source.parents(name):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            # methods do not see the names of their class
            is_in_class = False
            if name.id in _own_names(scope):
                return False
        elif isinstance(scope, ast.ClassDef) and is_in_class:
            if name.id in _own_names(scope):
                return False
    return name.id not in _own_names(module.source.tree) and not _is_global(module, name.id)


def _is_global(module: Module, name: str) -> bool:
    """Whether a function declares the name global."""
    if b"global" not in module.source.text:
        return False
    return any(name in one.names for one in module.all(ast.Global))


def called_name(module: Module, call: ast.Call) -> str:
    """The dotted name of the callee, without a module if it is a builtin; "" if it has no name."""
    name = module.dotted_name(call.func)
    if isinstance(call.func, ast.Name) and not is_builtin(module, call.func):
        return name
    return name.removeprefix(f"{module.dotted}.")
