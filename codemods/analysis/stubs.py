"""Which functions of the database, and of the conductor, a unit test replaces, and by what."""

import ast
import dataclasses

from codemods.analysis.inference import Inference
from codemods.analysis.project import Function, Module
from codemods.analysis.values import Values


@dataclasses.dataclass(frozen=True)
class Stub:
    """One replacement: `stubs.Set(db, 'service_get', fake)`, or its like.

    `name` is the function that is replaced; `fake` what takes its place, None
    where only a value to return is given; `returned` what that may be.
    """

    name: str
    node: ast.Call
    fake: ast.expr | None
    function: Function | None
    returned: Values


def database_stubs(module: Module, inference: Inference) -> list[Stub]:
    """The replacements of functions of the database API in a module of unit tests."""
    package = inference.tree.package
    found: list[Stub] = []
    for node in module.nodes.get(ast.Call, []):
        assert isinstance(node, ast.Call)
        func = node.func
        if not isinstance(func, ast.Attribute):
            continue
        if func.attr == "Set" and len(node.args) == 3:
            name = node.args[1]
            if _is_database(module, node.args[0], package) and isinstance(name, ast.Constant):
                found.append(_by_function(module, inference, str(name.value), node, node.args[2]))
        elif func.attr == "AndReturn" and len(node.args) == 1:
            recorded = func.value
            if isinstance(recorded, ast.Call) and isinstance(recorded.func, ast.Attribute):
                if _is_database(module, recorded.func.value, package):
                    values = _evaluated(inference, node.args[0])
                    found.append(Stub(recorded.func.attr, node, None, None, values))
    return found


def _is_database(module: Module, node: ast.expr, package: str) -> bool:
    if module.dotted_name(node) in (f"{package}.db", f"{package}.db.api"):
        return True
    # a manager's `db` attribute is the module
    return isinstance(node, ast.Attribute) and node.attr == "db"


def _by_function(
    module: Module, inference: Inference, name: str, node: ast.Call, fake: ast.expr
) -> Stub:
    function: Function | None = None
    returned: Values = {}
    for value in inference.results.get(fake, {}):
        if value.kind == "function":
            function = inference.function(value.name)
            if function is not None:
                full = f"{function.module.dotted}.{function.name}"
                returned = inference.slots.get(("return", full, ""), {})
    return Stub(name, node, fake, function or _nested(module, fake), returned)


def _nested(module: Module, fake: ast.expr) -> Function | None:
    """The function of that name that is defined around the place that hands it over."""
    if not isinstance(fake, ast.Name):
        return None
    around = module.function_at(module.source.start(fake))
    found = [
        function
        for function in module.all_functions
        if function.outer is around and getattr(function.node, "name", "") == fake.id
    ]
    return found[0] if around is not None and len(found) == 1 else None


def _evaluated(inference: Inference, node: ast.expr) -> Values:
    return inference.results.get(node, {})


def row_places(stubs: list[Stub], inference: Inference) -> set[str]:
    """The places of the literals that the stubs hand out, the nested ones included."""
    places: set[str] = set()
    waiting = [value for stub in stubs for value in stub.returned]
    while waiting:
        value = waiting.pop()
        if value.kind != "container" or value.name in places:
            continue
        places.add(value.name)
        for _, values in inference.elements_of(value.name):
            waiting.extend(values)
    return places
