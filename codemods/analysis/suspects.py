"""Calls that may reach the conductor, but not in a way that can be rewritten."""

import ast
import dataclasses

from codemods.analysis.facts import Span
from codemods.analysis.project import Module
from codemods.analysis.survey import Survey
from codemods.mappings import conductor_calls
from codemods.model import ITEM_OF_OBJECT, Item

#: The API that virt drivers are given, as they name it.
VIRT = ("virtapi", "_virtapi")

#: What is named like the conductor's API.
HANDLES = ("conductor", "conductor_api", "_conductor_api", "capi")


@dataclasses.dataclass(frozen=True)
class Suspect:
    """A call that stays: whose row it moves, the reason code, and what was seen."""

    object: str
    code: str
    text: str


def suspects_in(module: Module, survey: Survey, done: frozenset[Item]) -> dict[Span, Suspect]:
    """The suspicious calls of a file, by place."""
    found = {}
    for node in module.all(ast.Call):
        func = node.func
        call = conductor_calls().get(func.attr) if isinstance(func, ast.Attribute) else None
        if call is None or ITEM_OF_OBJECT[call.object] not in done:
            continue
        assert isinstance(func, ast.Attribute)
        base = func.value
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        if name in VIRT and not module.dotted_name(base).endswith(".virt.virtapi"):
            text = f"{call.name}() of the API that virt drivers are given"
            found[module.source.span(node)] = Suspect(call.object, "call.indirect", text)
        elif name in HANDLES and all(v.kind != "method" for v in survey.inference.values(func)):
            text = f"`{name}` may be the conductor's API"
            found[module.source.span(node)] = Suspect(call.object, "call.unknown-handle", text)
    return found
