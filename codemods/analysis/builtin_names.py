# SPDX-License-Identifier: Apache-2.0
"""Which names are those of builtins where they stand."""

import ast

from codemods.analysis.local_names import has_own, is_bound_in
from codemods.analysis.project import Module
from codemods.syntax.names import names_of


def is_builtin(module: Module, name: ast.Name) -> bool:
    """Whether a name, one of the builtins, is not that of anything else where it stands."""
    return name.id not in names_of(module.source).bound or not _is_other(module, name)


def _is_other(module: Module, name: ast.Name) -> bool:
    is_in_class = True
    for scope in module.source.parents(name):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            # the functions of a class do not see its names
            is_in_class = False
            if has_own(scope, name.id):
                return True
        elif isinstance(scope, ast.ClassDef) and is_in_class:
            if is_bound_in(scope.body, name.id):
                return True
    is_global = any(name.id in one.names for one in module.all(ast.Global))
    return is_global or is_bound_in(module.source.tree.body, name.id)


def called_name(module: Module, call: ast.Call) -> str:
    """The dotted name of what is called, without a module where it is a builtin; "" if no name."""
    name = module.dotted_name(call.func)
    if isinstance(call.func, ast.Name) and not is_builtin(module, call.func):
        return name
    return name.removeprefix(f"{module.dotted}.")
