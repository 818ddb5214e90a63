# SPDX-License-Identifier: Apache-2.0
"""With which context a row was read, if another query can use that context.

The rows within a row were read with it, so a later query for them needs the
same rights: those of an elevated context, say, and not those of the context
that was passed to the function around.
"""

import ast
import dataclasses
import re
from collections.abc import Iterable, Iterator

from codemods.analysis.inference import Inference
from codemods.analysis.kept_values import class_of_self
from codemods.analysis.project import Function, Module
from codemods.analysis.sites import bind
from codemods.mappings import conductor_calls
from codemods.model import Evidence, Step

#: The usual names of the parameter for the request context.
_CONTEXTS = ("context", "ctxt", "ctx")

_PASSED = re.compile(r"passed as `\w+` to (\w+)\(\)")
_RETURNED = re.compile(r"returned by (\w+)\(\)")
_KEPT = re.compile(r"assigned to `.*\..*`|assumed: .*|the default of .*|passed to some .*")
#: Functions that return an equal context each time they are called.
_MAKERS = frozenset(("elevated", "get_admin_context"))


def context_at(
    module: Module, inference: Inference, row: ast.expr, chains: Iterable[Evidence]
) -> str | None:
    """The source of the context that rows were read with, as an expression for use at `row`.

    `chains` show how each of the possible rows got there; None if the context
    is not available at that place, or not the same for all rows.
    """
    found = {_context(module, inference, row, chain) for chain in chains}
    # inference knows only one of several ways to the same kind of row
    found |= {
        _context(module, inference, row, (step,)) for step in _bound_to(module, inference, row)
    }
    return found.pop() if len(found) == 1 else None


def _bound_to(module: Module, inference: Inference, row: ast.expr) -> Iterator[Step]:
    """The conductor calls whose rows the function assigns to the same name as `row`."""
    function = module.function_around(row)
    for node in ast.walk(function.node) if function is not None else ():
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.For):
            targets, value = [node.target], node.iter
        else:
            continue
        if isinstance(value, ast.Call) and any(
            module.source.of(target) == module.source.of(row) for target in targets
        ):
            for held in inference.values(value.func):
                if held.kind == "method" and held.name in conductor_calls():
                    yield Step(module.source.path, value.lineno, "", held.name)


@dataclasses.dataclass(frozen=True)
class _Context:
    """A context in a function or at module level, and the offset from which on it is valid."""

    module: Module
    function: Function | None
    offset: int
    value: ast.expr

    @property
    def text(self) -> str:
        """How the context is spelled."""
        return (
            self.value.id if isinstance(self.value, ast.Name) else self.module.source.of(self.value)
        )

    def is_at(self, module: Module, node: ast.expr) -> bool:
        """Whether the same expression has the same value at a later place."""
        source = self.module.source
        if module is not self.module or module.function_around(node) is not self.function:
            return False
        names = _names(self.value)
        # `node` may be the call that returns the row
        if names is None or source.end(node) < self.offset:
            return False
        return not any(
            one.id in names
            and isinstance(one.ctx, ast.Store)
            and self.offset <= source.start(one) < source.start(node)
            for one in module.all(ast.Name)
        )


def _names(value: ast.expr) -> set[str] | None:
    """The names in a context expression; None if it may be a different context each time."""
    if isinstance(value, ast.Name):
        return {value.id}
    if not isinstance(value, ast.Call) or value.keywords:
        return None
    if not all(isinstance(one, ast.Constant) for one in value.args):
        return None
    func = value.func
    if isinstance(func, ast.Name):
        return {func.id} if func.id in _MAKERS else None
    if isinstance(func, ast.Attribute) and func.attr in _MAKERS:
        return {func.value.id} if isinstance(func.value, ast.Name) else None
    return None


def _context(module: Module, inference: Inference, node: ast.expr, chain: Evidence) -> str | None:
    """The context at the end of a row's chain; None if it is lost on the way."""
    start = max((n for n, step in enumerate(chain) if step.call), default=None)
    known = _given(inference, chain[start]) if start is not None else None
    for number, step in enumerate(chain):
        if start is None or number <= start or known is None:
            continue
        if _KEPT.fullmatch(step.text):
            return None
        if passed := _PASSED.fullmatch(step.text):
            known = _passed(inference, known, step, passed[1])
        elif returned := _RETURNED.fullmatch(step.text):
            later = chain[number + 1] if number + 1 < len(chain) else None
            known = _returned(inference, known, returned[1], later, (module, node))
    return known.text if known is not None and known.is_at(module, node) else None


def _given(inference: Inference, step: Step) -> _Context | None:
    """The context of the conductor call that returned the row."""
    module = inference.project.modules.get(step.path)
    for node in module.all(ast.Call) if module is not None else ():
        held = inference.values(node.func)
        if node.lineno != step.line or all(value.name != step.call for value in held):
            continue
        value = (bind(node, conductor_calls()[step.call].parameters) or {}).get("context")
        if value is None:
            return None
        assert module is not None
        function = module.function_around(node)
        return _Context(module, function, module.source.start(value), value)
    return None


def _passed(inference: Inference, known: _Context, step: Step, name: str) -> _Context | None:
    """The context as a parameter of the function that the row is passed to."""
    for call in known.module.calls_of(name):
        if call.lineno != step.line or not known.is_at(known.module, call):
            continue
        functions = list(_functions(inference, known.module, call, name))
        given = [_argument(call, function) for function in functions]
        if len(functions) != 1 or given[0] is None:
            return None
        if known.module.source.of(given[0]) != known.text:
            return None
        function = functions[0]
        parameter = _context_of(function)
        assert parameter is not None
        inside = ast.Name(parameter, ast.Load())
        return _Context(
            function.module, function, function.module.source.start(function.node), inside
        )
    return None


def _returned(
    inference: Inference,
    known: _Context,
    name: str,
    later: Step | None,
    end: tuple[Module, ast.expr],
) -> _Context | None:
    """The context as it was passed to the function that returns the row."""
    function = known.function
    if function is None or not isinstance(known.value, ast.Name):
        return None
    if known.text != _context_of(function) or known.text in _bound(function):
        return None
    module = inference.project.modules.get(later.path) if later is not None else end[0]
    if module is None:
        return None
    around = module.function_around(end[1])
    found = [
        call
        for call in module.calls_of(name)
        if (later is not None and call.lineno == later.line)
        or (later is None and module.function_around(call) is around)
    ]
    given = [_argument(call, function) for call in found]
    if len(given) != 1 or given[0] is None:
        return None
    start = module.source.start(given[0])
    return _Context(module, module.function_around(found[0]), start, given[0])


def _functions(
    inference: Inference, module: Module, call: ast.Call, name: str
) -> Iterator[Function]:
    """The functions of the loaded code with that short name that a call may be of."""
    own = class_of_self(call.func, module)
    owners = None if own is None else inference.attribute_owners(own.dotted)
    for other in inference.project.modules.values():
        if not inference.is_test(other) and name.encode() in other.source.text:
            for function in other.all_functions:
                owner = function.owner.dotted if function.owner is not None else ""
                is_others = owners is not None and owner not in owners
                if function.name.rpartition(".")[2] == name and not is_others:
                    yield function


def _argument(call: ast.Call, function: Function) -> ast.expr | None:
    """The argument of a call for a function's context."""
    parameters = tuple(function.parameters)
    return (bind(call, parameters) or {}).get(_context_of(function) or "")


def _context_of(function: Function) -> str | None:
    """The parameter for the request context."""
    return next((name for name in function.parameters if name in _CONTEXTS), None)


def _bound(function: Function) -> set[str]:
    return {
        node.id
        for node in ast.walk(function.node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
