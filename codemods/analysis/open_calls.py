# SPDX-License-Identifier: Apache-2.0
"""Calls that may be of one conductor method or another, or not of the conductor at all."""

import ast
from typing import TYPE_CHECKING

from codemods.analysis.sites import why_left
from codemods.analysis.stays import Place, Reason, Stays
from codemods.analysis.values import Values, called_method
from codemods.mappings import conductor_calls

if TYPE_CHECKING:
    from codemods.analysis.survey import Survey


def why_open(func: ast.expr, called: Values) -> Reason | None:
    """Why a call of `func`, which may be any of `called`, stays; None if it is certain which."""
    if called_method(called) is not None:
        return None
    methods = sorted({value.name for value in called if value.kind == "method"})
    if len(methods) > 1:
        return Reason("call.bound-method", "one of " + ", ".join(methods))
    if isinstance(func, ast.Attribute) and func.attr in methods:
        return Reason("call.unknown-handle")
    return Reason("call.bound-method", f"{methods[0]} or something else")


def open_calls(survey: "Survey") -> Stays:
    """The calls of the code that may be of one method or another, or of none.

    Inference takes such a call for one of the first method that it finds; by the
    time it finds another, it has followed what that gives.
    """
    known, calls = conductor_calls(), dict[Place, Reason]()
    for module in survey.code():
        for node in module.all(ast.Call):
            values = survey.inference.values(node.func)
            methods = [v.name for v in values if v.kind == "method" and v.name in known]
            left = why_open(node.func, values) if methods else None
            if left is not None and any(
                why_left(node, known[name], module, survey.tree) is None for name in methods
            ):
                calls[module.source.path, node.lineno] = left
    return Stays(calls)
