# SPDX-License-Identifier: Apache-2.0
"""Calls that may reach the conductor but cannot be rewritten."""

import ast
import dataclasses

from codemods.analysis.facts import Span
from codemods.analysis.followed import Lookup, is_of_drivers, lookups, open_lookups
from codemods.analysis.project import Module
from codemods.analysis.receivers import Receivers
from codemods.mappings import conductor_calls
from codemods.model import ITEM_OF_OBJECT, Item


@dataclasses.dataclass(frozen=True)
class Suspect:
    """A place that may use the conductor and stays: the work item, a reason code, and details.

    The item is the last one if the row may be of any object.
    """

    item: Item
    code: str
    text: str


def suspects_in(module: Module, receivers: Receivers) -> dict[Span, Suspect]:
    """The suspicious calls and lookups of a file, by place."""
    found = {}
    for node, name in open_lookups(module, receivers):
        parent = module.source.parent(node)
        is_called = isinstance(parent, ast.Call) and parent.func is node
        place = parent if isinstance(parent, ast.Call) and is_called else node
        found[module.source.span(place)] = _suspect(node, name, module)
    return found


def _suspect(node: Lookup, name: str, module: Module) -> Suspect:
    """The suspect that one lookup is."""
    if not name:
        text = f"`{module.source.of(node)}` may be any method of the conductor's API"
        return Suspect(Item.CONDUCTOR, "call.bound-method", text)
    item = ITEM_OF_OBJECT[conductor_calls()[name].object]
    if is_of_drivers(node):
        return Suspect(item, "call.indirect", f"{name}() of the API that virt drivers are given")
    base = next((base for one, base, _ in lookups(module) if one is node), None)
    text = f"`{module.source.of(base)}`" if base is not None else f"what has {name}()"
    return Suspect(item, "call.unknown-handle", f"{text} may be the conductor's API")
