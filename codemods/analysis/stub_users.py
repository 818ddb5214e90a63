# SPDX-License-Identifier: Apache-2.0
"""The unit tests that use a helper which was not carried over."""

import ast
import dataclasses
from collections.abc import Collection, Iterator

from codemods.analysis.project import Module
from codemods.analysis.uncarried import Uncarried, test_at


@dataclasses.dataclass(frozen=True)
class Helper:
    """A function, class or method of the tests that replaces one of the conductor's methods.

    `dotted` is its full dotted name; a method, with `is_method`, is only
    known in its own file. `reason` says what the helper does; `is_user` that it
    only uses another helper.
    """

    dotted: str
    is_method: bool
    reason: str
    method: str
    is_user: bool = False

    @property
    def name(self) -> str:
        """The last part of its dotted name."""
        return self.dotted.rpartition(".")[2]


def helpers_in(module: Module, places: Collection[Uncarried]) -> list[Helper]:
    """The helpers, as opposed to tests, among the places of a file."""
    found = []
    for place in places:
        inner = place.test.removeprefix(f"{module.dotted}.")
        top, _, method = inner.partition(".")
        owner = module.classes.get(top)
        is_case = owner is not None and any(one.startswith("test") for one in owner.methods)
        if not place.method or inner == module.dotted or method.startswith("test"):
            continue
        if not is_case:
            found.append(
                Helper(f"{module.dotted}.{top}", False, place.reason, place.method, place.is_use)
            )
        elif method:
            found.append(Helper(place.test, True, place.reason, place.method, place.is_use))
    return list(dict.fromkeys(found))


def users_in(module: Module, helpers: Collection[Helper]) -> list[Uncarried]:
    """The places of a file that use helpers, directly or through other helpers."""
    found: dict[str, Uncarried] = {}
    waiting = list(helpers)
    while waiting:
        helper = waiting.pop()
        new = [
            use
            for use in _uses(module, helper)
            if use.test not in found and not f"{use.test}.".startswith(f"{helper.dotted}.")
        ]
        found |= {use.test: use for use in new}
        waiting += helpers_in(module, new)
    return list(found.values())


def _uses(module: Module, helper: Helper) -> Iterator[Uncarried]:
    if helper.name.encode() not in module.source.text:
        return
    nodes: list[ast.Name | ast.Attribute] = [*module.all(ast.Name), *module.all(ast.Attribute)]
    for node in nodes:
        if not isinstance(node.ctx, ast.Load):
            continue
        if helper.is_method:
            is_it = isinstance(node, ast.Attribute) and node.attr == helper.name
        else:
            is_it = module.dotted_name(node) == helper.dotted
        if is_it:
            test = test_at(module, module.source.start(node))
            # for a helper that uses another one, keep the reason of that one
            reason = helper.reason
            if not helper.is_user:
                reason = f"uses {helper.name}, which {reason}"
            yield Uncarried(test, node.lineno, "", reason, helper.method, is_use=True)
