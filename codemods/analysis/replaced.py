# SPDX-License-Identifier: Apache-2.0
"""Find functions and classes that something else may be put in the place of."""

import ast
import re

from codemods.analysis.holders import Holders
from codemods.analysis.project import Class, Function, Project
from codemods.mappings import passing_decorators

#: What sets attributes of `self` by names made at run time.
_MADE = re.compile(
    rb"\bsetattr\(\s*self\s*,(?!\s*(['\"])\w*\1\s*,)"
    rb"|(?:\bself\s*\.\s*__dict__|\bvars\(\s*self\s*\))\s*(?:\.update\b|=(?!=)|\[[^]\n]*\]\s*=(?!=))"
)


def may_be_replaced(found: Function | Class, project: Project, holders: Holders) -> bool:
    """Whether some code may bind a function's or class's name to something else.

    A definition of the same name does not count: which of these is called is known.
    """
    name = found.name.rpartition(".")[2]
    if isinstance(found, Function) and found.owner is not None:
        if any(_may_replace(one, name) for one in project.family(found.owner)):
            return True
    elif isinstance(found, Function) and found.outer is not None:
        return name in found.outer.stored_names
    elif found.module.is_assigned(name) or (isinstance(found, Class) and _is_decorated(found)):
        return True
    return _is_set(found, name, holders)


def _may_replace(found: Class, name: str) -> bool:
    """Whether a class may have something else in the place of a method."""
    is_other = found.module.is_assigned(found.name) or _is_decorated(found)
    return is_other or _sets_any(found) or _is_assigned(found.node, name)


def _sets_any(found: Class) -> bool:
    """Whether a class sets attributes of its own object by names made at run time."""
    module, (start, end) = found.module, found.module.source.span(found.node)
    places = (one.start() for one in _MADE.finditer(module.source.text, start, end))
    around = filter(None, map(module.function_at, places))
    # these are called with names that other code says
    return any(one.name.rpartition(".")[2] not in ("__setattr__", "__setstate__") for one in around)


def _is_decorated(found: Class) -> bool:
    """Whether a decorator may change the methods of a class."""
    return not found.decorators <= passing_decorators()


def _is_assigned(node: ast.ClassDef, name: str) -> bool:
    """Whether the body of a class binds a name other than by a definition of a function."""
    return any(
        isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
        for statement in node.body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for one in ast.walk(statement)
    )


def _is_set(found: Function | Class, name: str, holders: Holders) -> bool:
    """Whether a file that speaks of the owner sets an attribute of that name."""
    setting = re.compile(rb"\.%b\s*=(?!=)" % name.encode())
    is_method = isinstance(found, Function) and found.owner is not None
    return any(
        holders.first_in(path, setting) is not None
        for path in holders.naming(
            b".%b" % name.encode(), holders.words(found.dotted.rpartition(".")[0])
        )
        if is_method or path != found.module.source.path
    )
