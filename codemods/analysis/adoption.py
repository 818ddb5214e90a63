# SPDX-License-Identifier: Apache-2.0
"""Find where to tell the shim about the exceptions that the code catches."""

import ast

from codemods.analysis.facts import Span
from codemods.analysis.project import Module
from codemods.analysis.tree import SHIM, Tree


def adoption(module: Module, tree: Tree) -> dict[Span, bool]:
    """The last statement of the exceptions module, by place; empty if nothing is to be added."""
    body = module.source.tree.body
    if module.source.path != tree.exceptions_path or tree.is_own or not body:
        return {}
    names = (module.dotted_name(call.func) for call in module.all(ast.Call))
    if f"{SHIM}.exception.adopt" in names:
        return {}
    return {module.source.span(body[-1]): True}
