# SPDX-License-Identifier: Apache-2.0
"""Find the calls whose rows have to stay dicts because of how they are used."""

import ast

from codemods.analysis.project import Module
from codemods.analysis.stays import Left, Place, Stays
from codemods.analysis.survey import Survey
from codemods.analysis.uses import Uses
from codemods.analysis.values import CARRYING, Values
from codemods.mappings import reasons
from codemods.model import Evidence


def escaping_calls(survey: Survey) -> Stays:
    """The calls with a row that is used in a way that is not understood, with that place."""
    calls: dict[Place, Left] = {}
    for module in survey.followed():
        path = module.source.path
        for node, values, left in Uses(module, survey).not_understood():
            detail = f"{path}:{node.lineno}: {reasons()[left.code]}: {left.detail}"
            stored = _storing(node, module, survey)
            if stored is not None:
                # if the row stays a dict, what it holds may not suit the object that is written
                calls.setdefault((path, stored.lineno), Left(left.code, left.detail))
            for evidence in _rows(values, survey):
                for step in evidence:
                    if step.call:
                        calls.setdefault((step.path, step.line), Left("row.escapes", detail))
    for slot, left in survey.inference.out_of_sight.items():
        for evidence in _rows(survey.inference.slots[slot], survey):
            for step in evidence:
                if step.call:
                    calls.setdefault((step.path, step.line), left)
    return Stays(calls)


def _storing(node: ast.expr, module: Module, survey: Survey) -> ast.Call | None:
    """The conductor call that is given an expression with values copied from a row, if any."""
    parent = module.source.parent(node)
    call = module.source.parent(parent) if isinstance(parent, ast.keyword) else parent
    if not isinstance(call, ast.Call) or not survey.inference.is_conductors(call):
        return None
    is_copy = any(v.kind == "copied" for v in survey.inference.contained(module, node))
    return call if is_copy else None


def _rows(values: Values, survey: Survey) -> list[Evidence]:
    """The evidence for the rows that an expression may hold, directly or in a container."""
    found = [evidence for value, evidence in values.items() if value.kind in CARRYING]
    for value in values:
        found += [evidence for _, evidence in survey.inference.rows_in(value)]
    return found
