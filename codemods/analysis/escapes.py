"""The calls whose rows stay dicts because of what is done with them."""

import ast

from codemods.analysis.project import Module
from codemods.analysis.stays import Left, Place, Stays
from codemods.analysis.survey import Survey
from codemods.analysis.uses import Uses
from codemods.analysis.values import CARRYING, Values
from codemods.mappings import reasons
from codemods.model import Evidence


def escaping_calls(survey: Survey) -> Stays:
    """The calls of which some row is used in a way that is not understood, with that place."""
    calls: dict[Place, Left] = {}
    for module in survey.followed():
        path = module.source.path
        for node, values, left in Uses(module, survey).not_understood():
            detail = f"{path}:{node.lineno}: {reasons()[left.code]}: {left.detail}"
            stored = _storing(node, module, survey)
            if stored is not None:
                # what a row holds is no more what the object may be given when the row stays
                calls.setdefault((path, stored.lineno), Left(left.code, left.detail))
            for evidence in _rows(values, survey):
                for step in evidence:
                    if step.call:
                        calls.setdefault((step.path, step.line), Left("row.escapes", detail))
    for slot, path in survey.inference.unread.items():
        for evidence in _rows(survey.inference.slots[slot], survey):
            places = ((step.path, step.line) for step in evidence if step.call)
            calls |= dict.fromkeys(places, Left("call.file-stays", path)) | calls
    return Stays(calls)


def _storing(node: ast.expr, module: Module, survey: Survey) -> ast.Call | None:
    """The call of the conductor's that is given the values in an expression."""
    parent = module.source.parent(node)
    call = module.source.parent(parent) if isinstance(parent, ast.keyword) else parent
    copied = any(v.kind == "copied" for v in survey.inference.contained(module, node))
    is_one = isinstance(call, ast.Call) and survey.inference.is_conductors(call)
    return call if copied and is_one and isinstance(call, ast.Call) else None


def _rows(values: Values, survey: Survey) -> list[Evidence]:
    """How the rows got here that an expression may hold, alone or in a container."""
    found = [evidence for value, evidence in values.items() if value.kind in CARRYING]
    for value in values:
        found += [evidence for _, evidence in survey.inference.rows_in(value)]
    return found
