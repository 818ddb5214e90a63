# SPDX-License-Identifier: Apache-2.0
"""Which names are those of builtins where they stand."""

import ast

from codemods.analysis.local_names import own_names
from codemods.analysis.project import Module
from codemods.caches import cached_for_run

#: The same scopes are asked for one name after the other.
_own_names = cached_for_run(own_names)


def is_builtin(module: Module, name: ast.Name) -> bool:
    """Whether a name, one of the builtins, is not that of anything else where it stands."""
    is_in_class = True
    for scope in module.source.parents(name):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            # the functions of a class do not see its names
            is_in_class = False
            if name.id in _own_names(scope):
                return False
        elif isinstance(scope, ast.ClassDef) and is_in_class:
            if name.id in _own_names(scope):
                return False
    return name.id not in _own_names(module.source.tree) and not _is_global(module, name.id)


def _is_global(module: Module, name: str) -> bool:
    """Whether a function binds the name for the whole file."""
    if b"global" not in module.source.text:
        return False
    return any(name in one.names for one in module.all(ast.Global))


def called_name(module: Module, call: ast.Call) -> str:
    """The dotted name of what is called, without a module where it is a builtin; "" if no name."""
    name = module.dotted_name(call.func)
    if isinstance(call.func, ast.Name) and not is_builtin(module, call.func):
        return name
    return name.removeprefix(f"{module.dotted}.")
