# SPDX-License-Identifier: Apache-2.0
"""Where a unit test makes every object remote without undoing that."""

import ast
import dataclasses

from codemods.analysis.facts import Span
from codemods.analysis.project import Function, Module

_ATTRIBUTE = "indirection_api"


@dataclasses.dataclass(frozen=True)
class MadeRemote:
    """A statement that sets the objects' indirection API.

    `receiver` is the name of `self` in the test case around it, "" if there is no
    test case to add a clean-up to.
    """

    receiver: str


def made_remote(module: Module) -> dict[Span, MadeRemote]:
    """These statements in a file that starts services, by place, unless the test undoes them."""
    text = module.source.text
    if f".{_ATTRIBUTE} = ".encode() not in text or b".start_service(" not in text:
        return {}
    found = {}
    for node in module.all(ast.Assign):
        function = module.function_around(node)
        if function is None or not isinstance(node.value, ast.Call):
            continue
        is_set = any(
            isinstance(one, ast.Attribute) and one.attr == _ATTRIBUTE for one in node.targets
        )
        method = _method(function)
        if is_set and method is not None and not _is_taken_back(function):
            receiver = method.receiver if _is_test_case(method) else ""
            found[module.source.span(node)] = MadeRemote(receiver)
    return found


def _method(function: Function) -> Function | None:
    """The method that a function is, or is nested in."""
    found: Function | None = function
    while found is not None and found.owner is None:
        found = found.outer
    return found


def _is_test_case(method: Function) -> bool:
    bases = method.owner.bases if method.owner is not None else ()
    return any(not base.endswith(".object") for base in bases)


def _is_taken_back(function: Function) -> bool:
    """Whether the function already adds a clean-up for it."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "addCleanup"
        and any(isinstance(one, ast.Constant) and one.value == _ATTRIBUTE for one in node.args)
        for node in ast.walk(function.node)
    )
