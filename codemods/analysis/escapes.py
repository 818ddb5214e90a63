"""The calls whose rows stay dicts because of what is done with them."""

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
            for evidence in _rows(values, survey):
                for step in evidence:
                    if step.call:
                        calls.setdefault((step.path, step.line), Left("row.escapes", detail))
    for slot, path in survey.inference.unread.items():
        for evidence in _rows(survey.inference.slots[slot], survey):
            places = ((step.path, step.line) for step in evidence if step.call)
            calls |= dict.fromkeys(places, Left("call.file-stays", path)) | calls
    return Stays(calls)


def _rows(values: Values, survey: Survey) -> list[Evidence]:
    """How the rows got here that an expression may hold, alone or in a container."""
    found = [evidence for value, evidence in values.items() if value.kind in (*CARRYING, "copied")]
    for value in values:
        found += [evidence for _, evidence in survey.inference.rows_in(value)]
    return found
