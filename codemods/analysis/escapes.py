# SPDX-License-Identifier: Apache-2.0
"""Find the calls whose rows have to stay dicts because of how they are used."""

import ast

from codemods.analysis.project import Module
from codemods.analysis.sites import why_left
from codemods.analysis.stays import Place, Reason, Stays
from codemods.analysis.survey import Survey
from codemods.analysis.use import ESCAPES
from codemods.analysis.uses import Uses
from codemods.analysis.values import CARRYING, Values
from codemods.mappings import conductor_calls, reasons
from codemods.model import Evidence


def escaping_calls(survey: Survey) -> Stays:
    """The calls with a row that is used in a way that is not understood, with that place."""
    calls: dict[Place, Reason] = {}
    for module in survey.followed():
        path = module.source.path
        for node, values, left in Uses(module, survey).not_understood():
            meaning = f"{reasons()[left.code]}: " if left.code != ESCAPES else ""
            detail = _passed_on(node, module, survey)
            detail = detail or f"{path}:{node.lineno}: {meaning}{left.detail}"
            stored = _storing(node, module, survey)
            if stored is not None:
                # if the row stays a dict, what it holds may not suit the object that is written
                calls.setdefault((path, stored.lineno), Reason(left.code, left.detail))
            for evidence in _rows(values, survey):
                for step in evidence:
                    if step.call:
                        calls.setdefault((step.path, step.line), Reason(ESCAPES, detail))
    for slot, left in survey.inference.out_of_sight.items():
        for evidence in _rows(survey.inference.slots[slot], survey):
            for step in evidence:
                if step.call:
                    calls.setdefault((step.path, step.line), left)
    return Stays(calls)


def _given_to(node: ast.expr, module: Module) -> ast.Call | None:
    """The call that has an expression as an argument, if any."""
    parent = module.source.parent(node)
    call = module.source.parent(parent) if isinstance(parent, ast.keyword) else parent
    return call if isinstance(call, ast.Call) and node is not call.func else None


def _passed_on(node: ast.expr, module: Module, survey: Survey) -> str:
    """The call of the conductor's that stays and is given the row, where there is one."""
    call = _given_to(node, module)
    if call is None:
        return ""
    known = conductor_calls()
    for value in survey.inference.values(call.func):
        if value.kind == "method" and value.name in known:
            left = why_left(call, known[value.name], module, survey.tree)
            if left is not None:
                place = f"{module.source.path}:{call.lineno}"
                return (
                    f"{ast.unparse(call.func)}() at {place}, which is left unchanged ({left.code})"
                )
    return ""


def _storing(node: ast.expr, module: Module, survey: Survey) -> ast.Call | None:
    """The conductor call that is given an expression with values copied from a row, if any."""
    call = _given_to(node, module)
    if call is None or not survey.inference.is_conductors(call):
        return None
    is_copy = any(v.kind == "copied" for v in survey.inference.contained(module, node))
    return call if is_copy else None


def _rows(values: Values, survey: Survey) -> list[Evidence]:
    """The evidence for the rows that an expression may hold, directly or in a container."""
    found = [evidence for value, evidence in values.items() if value.kind in CARRYING]
    for value in values:
        found += [evidence for _, evidence in survey.inference.rows_in(value)]
    return found
